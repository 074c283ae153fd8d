"""What AWS Config holds: one `Home` for each account and region.

Configuration items are kept as the API gives them, but for `configuration` and `supplementaryConfiguration`, which are
values here and JSON text there.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from orgctl.sandbox.pending import Pending


@dataclass(slots=True)
class Recorder:
    """A configuration recorder: `settings` as the API gives them, when it was started and stopped."""

    settings: dict[str, Any]
    recording: bool = False
    started: float | None = None
    stopped: float | None = None
    tags: dict[str, str] = field(default_factory=dict)

    @property
    def principal(self) -> str | None:
        """The service it is linked to; None for the customer's own."""
        found: str | None = self.settings.get("servicePrincipal")
        return found


@dataclass(slots=True)
class Result:
    """What a rule said of a resource. `ordered` is the time it is about, `invoked` when the rule was called."""

    resource_type: str
    resource_id: str
    compliance: str
    ordered: float
    recorded: float
    invoked: float
    annotation: str | None = None


@dataclass(slots=True)
class Rule:
    """A rule: `settings` as the API gives them, results by `type|id`, the members of its evaluation status."""

    settings: dict[str, Any]
    created: float
    results: dict[str, Result] = field(default_factory=dict)
    status: dict[str, Any] = field(default_factory=dict)
    checked: float = 0.0
    pack: str | None = None
    tags: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Its ConfigRuleName."""
        return str(self.settings["ConfigRuleName"])


@dataclass(slots=True)
class Pack:
    """A conformance pack of one account: `settings` as the API gives them, its rules by their names, its state.

    `owner` is the account whose organization pack it came from.
    """

    settings: dict[str, Any]
    template: str
    state: str
    requested: float
    rules: list[str] = field(default_factory=list)
    reason: str | None = None
    completed: float | None = None
    owner: str | None = None
    pending: Pending | None = None
    tags: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Member:
    """How far an organization's pack is in one account. `patience` is until when a lacking recorder is waited for."""

    status: str
    pack: str
    updated: float
    pending: Pending | None = None
    code: str | None = None
    message: str | None = None
    patience: float = 0.0


@dataclass(slots=True)
class OrganizationPack:
    """A pack of the organization, of the account that put it; `members` are the accounts it is in, or comes into."""

    settings: dict[str, Any]
    template: str
    rules: int
    members: dict[str, Member] = field(default_factory=dict)
    action: str = "CREATE"
    created: float = 0.0
    tags: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Its name."""
        return str(self.settings["OrganizationConformancePackName"])


@dataclass(slots=True)
class Aggregator:
    """A configuration aggregator, as the API gives it."""

    settings: dict[str, Any]
    tags: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Remediation:
    """How a rule's resources are mended; executions by `type|id` (ids of automations), exceptions likewise."""

    settings: dict[str, Any]
    executions: dict[str, str] = field(default_factory=dict)
    attempts: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class Home:
    """AWS Config in one account and region. `items` has the history of each resource (`type|id`), the newest last."""

    account: str
    region: str
    recorders: dict[str, Recorder] = field(default_factory=dict)
    channels: dict[str, dict[str, Any]] = field(default_factory=dict)
    rules: dict[str, Rule] = field(default_factory=dict)
    packs: dict[str, Pack] = field(default_factory=dict)
    organization_packs: dict[str, OrganizationPack] = field(default_factory=dict)
    aggregators: dict[str, Aggregator] = field(default_factory=dict)
    remediations: dict[str, Remediation] = field(default_factory=dict)
    exceptions: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    items: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    @property
    def recorder(self) -> Recorder | None:
        """The customer's own recorder."""
        return next((found for found in self.recorders.values() if found.principal is None), None)

    def arn(self, kind: str, name: str) -> str:
        """`arn:aws:config:<region>:<account>:<kind>/<name>`."""
        return f"arn:aws:config:{self.region}:{self.account}:{kind}/{name}"


@dataclass(slots=True)
class Token:
    """What a result token stands for."""

    account: str
    region: str
    rule: str
    invoked: float


@dataclass(slots=True)
class Config:
    """All of AWS Config: homes by `account/region`, and result tokens.

    `recording`: since when every account records, without anybody's doing; None: whoever wants it starts a recorder.
    """

    homes: dict[str, Home] = field(default_factory=dict)
    tokens: dict[str, Token] = field(default_factory=dict)
    recording: float | None = None

    def home(self, account: str, region: str) -> Home:
        """The home of an account in a region; made if need be."""
        place = f"{account}/{region}"
        if place not in self.homes:
            home = self.homes[place] = Home(account, region)
            if self.recording is not None:
                home.recorders["default"] = _recorder(home, self.recording)
                channel = {"name": "default", "s3BucketName": f"config-{account}", "put": self.recording}
                home.channels["default"] = channel
        return self.homes[place]


def _recorder(home: Home, since: float) -> Recorder:
    """A recorder of everything, as whoever sets up accounts puts it there."""
    role = f"arn:aws:iam::{home.account}:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig"
    group = {
        "allSupported": True,
        "includeGlobalResourceTypes": True,
        "resourceTypes": [],
        "exclusionByResourceTypes": {"resourceTypes": []},
        "recordingStrategy": {"useOnly": "ALL_SUPPORTED_RESOURCE_TYPES"},
    }
    settings = {
        "name": "default",
        "roleARN": role,
        "recordingGroup": group,
        "recordingMode": {"recordingFrequency": "CONTINUOUS"},
        "arn": home.arn("configuration-recorder", f"default/{home.account}"),
        "recordingScope": "PAID",
    }
    return Recorder(settings, recording=True, started=since)
