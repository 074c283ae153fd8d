"""What AWS Config needs across an organization, as resources: roles, functions, the stack set, aggregator and packs.

As in `orgctl.model.resources`, an attribute that is None was not declared or not read, and is not compared. Accounts
are addresses (`account:audit`). Texts of policies may hold placeholders such as `@{accounts.audit}`, for ids that AWS
will only give during the apply.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

FUNCTION_PREFIX = "orgctl-rule-"
"""What the names of our rules' functions begin with; the rule's own name follows."""

RULES_ROLE = "orgctl-config-rules"
"""The role that every rule's function runs with, in the administrator's account."""

AGGREGATOR_ROLE = "orgctl-config-aggregator"
"""The role by which the aggregator lists the organization's accounts, in the administrator's account."""

ORGANIZATION_VARIABLE = "ORGCTL_ORGANIZATION_ID"
"""The environment variable by which a function knows its organization."""

HASH_TAG = "orgctl:sha256"
"""The tag that holds the hash of a pack's template: AWS gives no template back."""


def role_address(name: str, account: str) -> str:
    """`role:orgctl-config-rules@audit`, from the name and the account's address."""
    return f"role:{name}@{account.removeprefix('account:')}"


def function_address(rule: str, region: str) -> str:
    """`function:LAMBDA_LAYER_REQUIRED@eu-west-1`."""
    return f"function:{rule}@{region}"


def document_address(name: str, region: str) -> str:
    """`document:orgctl-add-lambda-layer@eu-west-1`."""
    return f"document:{name}@{region}"


def pack_address(name: str, region: str) -> str:
    """`pack:serverless-governance@eu-west-1`."""
    return f"pack:{name}@{region}"


@dataclass(frozen=True, slots=True)
class Role:
    """An IAM role in one account. `trust` and `permissions` (inline policies, by name) are minified JSON."""

    name: str
    account: str
    trust: str
    permissions: Mapping[str, str] = field(default_factory=dict)
    tags: Mapping[str, str] | None = None

    @property
    def address(self) -> str:
        return role_address(self.name, self.account)


@dataclass(frozen=True, slots=True)
class FunctionSettings:
    """How a rule's function runs: `timeout` in seconds, `memory` in MB."""

    role: str
    organization: str
    runtime: str = "python3.13"
    timeout: int = 300
    memory: int = 256


@dataclass(frozen=True, slots=True)
class RuleFunction:
    """The Lambda function of a custom rule, in the administrator's account, one for each region.

    `sha256` is the code's hash as Lambda gives it (base64); `code` is the zip, on the desired side only. `policy` is
    the function's resource policy, minified: for which accounts AWS Config may invoke it.
    """

    rule: str
    region: str
    account: str
    settings: FunctionSettings
    sha256: str
    code: bytes | None = None
    policy: str | None = None
    tags: Mapping[str, str] | None = None

    @property
    def address(self) -> str:
        return function_address(self.rule, self.region)

    @property
    def name(self) -> str:
        """What AWS calls it: `orgctl-rule-LAMBDA_LAYER_REQUIRED`."""
        return f"{FUNCTION_PREFIX}{self.rule}"


@dataclass(frozen=True, slots=True)
class RoleStackSet:
    """The stack set that keeps the evaluation role in every member, accounts that join later included.

    It is service-managed, and lives in `region` of the management account. `template` is JSON, minified. `everywhere`:
    it is deployed to the whole organization; `automatic`: accounts that join get it by themselves.
    """

    name: str
    region: str
    template: str
    everywhere: bool = True
    automatic: bool = True
    tags: Mapping[str, str] | None = None

    @property
    def address(self) -> str:
        return f"stack-set:{self.name}"


@dataclass(frozen=True, slots=True)
class Aggregator:
    """The organization's configuration aggregator. `role` is the name of the role by which it lists the accounts."""

    name: str
    region: str
    account: str
    role: str
    all_regions: bool = True
    tags: Mapping[str, str] | None = None
    arn: str | None = None

    @property
    def address(self) -> str:
        return f"aggregator:{self.name}"


@dataclass(frozen=True, slots=True)
class AutomationDocument:
    """A Systems Manager Automation document by which packs mend resources, in the administrator's account.

    `content` is JSON, minified. `shared` are the accounts (addresses) that may run it, None where that was not read.
    """

    name: str
    region: str
    account: str
    content: str
    shared: frozenset[str] = frozenset()
    tags: Mapping[str, str] | None = None

    @property
    def address(self) -> str:
        return document_address(self.name, self.region)


@dataclass(frozen=True, slots=True)
class ConformancePack:
    """An organization conformance pack in one region.

    `sha256` is the hash of its template (from the tag on the actual side; None: it has none). Desired: `template` is
    the text, `targets` the OUs and accounts (addresses) that it is for and `exclude` those that are left out of them;
    `bucket` is where a template too long to be sent inline is put; `functions` are the rules that it calls and
    `documents` those of ours by which it mends. Actual: `excluded` are the addresses of the accounts that are left out.
    """

    name: str
    region: str
    account: str
    sha256: str | None
    template: str | None = None
    targets: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    excluded: frozenset[str] | None = None
    functions: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    bucket: str | None = None
    tags: Mapping[str, str] | None = None

    @property
    def address(self) -> str:
        return pack_address(self.name, self.region)


ConfigResource = Role | RuleFunction | RoleStackSet | Aggregator | AutomationDocument | ConformancePack
