"""The resources of an organization, each a frozen value with an address.

The same types describe what the manifest wants and what AWS has. An attribute that is None was not declared (on the
desired side) or not read (on the actual side), and is not compared. Ids are known on the actual side only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from orgctl.model.address import (
    UnitPath,
    account_address,
    attachment_address,
    policy_address,
    unit_address,
)
from orgctl.model.config_resources import ConfigResource
from orgctl.model.policy_name import aws_name
from orgctl.model.query_resources import QueryResource
from orgctl.model.rollout_mark import RolloutMark

OWNER_TAG = "orgctl:managed"
"""The tag that says orgctl owns a thing. What lacks it is foreign: counted, shown, never changed."""

Tags = Mapping[str, str]


def is_owned(tags: Tags | None) -> bool:
    """Whether these tags say that orgctl owns their bearer."""
    return tags is not None and OWNER_TAG in tags


class FeatureSet(Enum):
    """What the organization can do; policies need ALL."""

    ALL = "ALL"
    CONSOLIDATED_BILLING = "CONSOLIDATED_BILLING"


@dataclass(frozen=True, slots=True)
class Organization:
    """The organization itself. `partition` is `aws`, `aws-us-gov` or `aws-cn`."""

    management_account: str
    features: FeatureSet = FeatureSet.ALL
    id: str | None = None
    enabling_all_features: bool = False

    @property
    def address(self) -> str:
        return "organization"


@dataclass(frozen=True, slots=True)
class PolicyTypeSwitch:
    """Whether a policy type is enabled on the root; `api_name` as AWS writes it. `pending`: it is on its way.

    A type that has no switch in the manifest is left as it is; one that has none in AWS is disabled.
    """

    api_name: str
    enabled: bool = True
    pending: bool = False

    @property
    def address(self) -> str:
        return f"policy-type:{self.api_name.lower()}"


@dataclass(frozen=True, slots=True)
class TrustedAccess:
    """A service that may act in the organization: `cloudtrail.amazonaws.com`."""

    service: str

    @property
    def address(self) -> str:
        return f"trusted-access:{self.service}"


@dataclass(frozen=True, slots=True)
class DelegatedAdministrators:
    """The accounts (by address) that administer `service` for the organization."""

    service: str
    accounts: frozenset[str]

    @property
    def address(self) -> str:
        return f"delegated-administrators:{self.service}"


@dataclass(frozen=True, slots=True)
class DelegationPolicy:
    """The organization's resource policy, as minified JSON text."""

    content: str
    tags: Tags | None = None

    @property
    def address(self) -> str:
        return "delegation-policy"


@dataclass(frozen=True, slots=True)
class Unit:
    """An organizational unit, or with the path `()` the root."""

    path: UnitPath
    tags: Tags | None = None
    id: str | None = None
    adopt: bool = False

    @property
    def address(self) -> str:
        return unit_address(self.path)


class AccountState(Enum):
    """Where an account is in its life. INVITED and CREATING accounts are not yet members."""

    ACTIVE = "ACTIVE"
    INVITED = "INVITED"
    CREATING = "CREATING"
    PENDING_ACTIVATION = "PENDING_ACTIVATION"
    PENDING_CLOSURE = "PENDING_CLOSURE"
    CLOSED = "CLOSED"
    SUSPENDED = "SUSPENDED"


class ContactType(Enum):
    """The three alternate contacts of an account."""

    BILLING = "BILLING"
    OPERATIONS = "OPERATIONS"
    SECURITY = "SECURITY"


@dataclass(frozen=True, slots=True)
class Contact:
    """An alternate contact, as AWS Account Management holds it."""

    name: str
    title: str
    email: str
    phone: str


@dataclass(frozen=True, slots=True)
class Account:
    """A member account, or the management account.

    `key` is its name in the manifest (on the actual side too, once matched by id or e-mail; else AWS's name with the
    id), `name` the name that AWS holds. `parent` is the OU it is in. `join` says what to do when AWS has no such
    account: `create` it, `invite` it, or `none`: it must exist. `request_id` is a creation or a handshake under way.
    `contacts` maps a type to the contact, or to None where the contact is to be absent.
    """

    key: str
    name: str | None = None
    email: str | None = None
    id: str | None = None
    parent: UnitPath = ()
    state: AccountState = AccountState.ACTIVE
    tags: Tags | None = None
    contacts: Mapping[ContactType, Contact | None] | None = None
    join: str = "create"
    request_id: str | None = None
    adopt: bool = False

    @property
    def address(self) -> str:
        return account_address(self.key)


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy. `name` is `scp/region-lock`: the folder of its type, and AWS's own name as a file's stem.

    `content` is JSON text, minified. On the desired side it may still hold placeholders such as
    `@{accounts.audit}` for ids that AWS will only give during the apply.
    """

    name: str
    content: str | None
    description: str | None = None
    tags: Tags | None = None
    id: str | None = None
    aws_managed: bool = False
    adopt: bool = False

    @property
    def address(self) -> str:
        return policy_address(self.name)

    @property
    def aws_name(self) -> str:
        """What AWS calls it: `region-lock`."""
        return aws_name(self.name.partition("/")[2])

    @property
    def folder(self) -> str:
        """The folder of its type: `scp`."""
        return self.name.partition("/")[0]


@dataclass(frozen=True, slots=True)
class Attachment:
    """A policy (`scp/region-lock`) on a target (the address of the root, an OU or an account)."""

    policy: str
    target: str

    @property
    def address(self) -> str:
        return attachment_address(self.policy, self.target)

    @property
    def folder(self) -> str:
        """The folder of the policy's type: `scp`."""
        return self.policy.partition("/")[0]


LIFECYCLE_RULE, RESULTS_RULE = "orgctl", "orgctl-results"
"""The ids of our rules of a bucket's lifecycle: for log files, and for results of queries."""


@dataclass(frozen=True, slots=True)
class Bucket:
    """The trail's S3 bucket, in `account` (an address; None: the management account).

    `policy` is JSON text, minified; `lifecycle_days` maps `expire` and the storage class names to days, and
    `results` to those after which results of queries go.
    """

    name: str
    region: str
    account: str | None = None
    policy: str | None = None
    kms_key: str | None = None
    encrypted: bool = True
    versioned: bool = True
    public_access_blocked: bool = True
    lifecycle_days: Mapping[str, int] = field(default_factory=dict)
    tags: Tags | None = None
    adopt: bool = False

    @property
    def address(self) -> str:
        return f"bucket:{self.name}"


@dataclass(frozen=True, slots=True)
class Trail:
    """The organization trail, in the management account.

    `event_selectors` is the JSON text (minified, sorted) of its AdvancedEventSelectors; None: not declared.
    """

    name: str
    region: str
    bucket: str
    prefix: str = ""
    kms_key: str | None = None
    organization: bool = True
    multi_region: bool = True
    validated: bool = True
    logging: bool = True
    event_selectors: str | None = None
    tags: Tags | None = None
    arn: str | None = None
    adopt: bool = False

    @property
    def address(self) -> str:
        return f"trail:{self.name}"


Resource = (
    Organization
    | PolicyTypeSwitch
    | TrustedAccess
    | DelegatedAdministrators
    | DelegationPolicy
    | Unit
    | Account
    | Policy
    | Attachment
    | Bucket
    | Trail
    | RolloutMark
    | ConfigResource
    | QueryResource
)
