"""`Pack`: a conformance pack as its file means it, every name resolved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from orgctl.rules.rule import Rule, Scope
from orgctl.source import Place, Source

ADMINISTRATOR = "AdministratorAccountId"
"""The template's parameter for the account with the rules' functions and the remediation documents."""

MANAGEMENT = "ManagementAccountId"
"""The template's parameter for the management account, whose id is its default."""

EXECUTION_ROLE = "ExecutionRoleName"
"""The parameter of every custom rule that names the role by which it looks at an account (rdklib's name for it)."""

RESOURCE_ID = "RESOURCE_ID"
"""The value of a remediation's parameter that stands for the resource (AWS Config's word)."""


@dataclass(frozen=True, slots=True)
class PackRemediation:
    """How a rule's resources are mended. `own`: the document is one of ours, in the administrator's account."""

    document: str
    own: bool
    automatic: bool
    parameters: Mapping[str, tuple[str, ...]]
    role: str | None
    attempts: int
    retry_seconds: int


@dataclass(frozen=True, slots=True)
class PackRule:
    """One rule of a pack. `custom` or `managed` is given, not both; `place` is where it stands in the pack's file.

    `parameters` are text, as AWS Config wants them, the manifest's values inserted (ids that it does not know stay
    placeholders). `regions` are those of the pack where it runs. `once`: in the management account alone.
    """

    name: str
    place: Place
    custom: Rule | None
    managed: str | None
    parameters: Mapping[str, str]
    resource_types: tuple[str, ...]
    frequency: str | None
    scope: Scope
    once: bool
    regions: tuple[str, ...]
    remediation: PackRemediation | None = None

    @property
    def written(self) -> str:
        """The rule as the file names it: `LAMBDA_DLQ_CHECK`."""
        return self.custom.name if self.custom else self.managed or self.name


@dataclass(frozen=True, slots=True)
class PackWaiver:
    """Resources that need not comply until the end of the day `expires`.

    `rule` is the rule's name in AWS Config, `account` an address (`account:sandbox`, `ou:/Sandbox`) or None for all,
    `resource` a pattern with `*` and `?`.
    """

    rule: str
    account: str | None
    resource: str
    owner: str
    reason: str
    expires: date
    place: Place

    def expired(self, today: date) -> bool:
        """Whether its last day is over."""
        return self.expires < today


@dataclass(frozen=True, slots=True)
class Pack:
    """A conformance pack.

    `targets` and `exclude` are addresses of OUs and accounts; no target means the whole organization. `accounts` are
    the names of the accounts of the manifest that get it, `excluded` those of all others, in the manifest's order.
    `management` is the management account's id.
    """

    name: str
    description: str
    source: Source
    management: str
    targets: tuple[str, ...]
    exclude: tuple[str, ...]
    accounts: tuple[str, ...]
    excluded: tuple[str, ...]
    regions: tuple[str, ...]
    rules: tuple[PackRule, ...]
    waivers: tuple[PackWaiver, ...] = ()
