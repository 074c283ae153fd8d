"""What AWS answered, as frozen values close to AWS's own shapes and linked by AWS's ids.

An attribute that is None was not read, or is absent in AWS; each says which.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from orgctl.aws.read.config_shapes import ConfigInfo
from orgctl.aws.read.query_shapes import QueryInfo
from orgctl.model.resources import AccountState, Contact, ContactType, FeatureSet, Tags
from orgctl.model.state import Finding

Json = Mapping[str, object]
"""A structure as AWS answered it."""


@dataclass(frozen=True, slots=True)
class OrganizationInfo:
    """DescribeOrganization. `management_account` is a twelve-digit id."""

    id: str
    arn: str
    management_account: str
    features: FeatureSet


@dataclass(frozen=True, slots=True)
class HandshakeInfo:
    """A handshake that is still open. `action` is INVITE or ENABLE_ALL_FEATURES.

    `account` and `email` are what an invitation names: one of the two, or both.
    """

    id: str
    action: str
    state: str
    account: str | None = None
    email: str | None = None


@dataclass(frozen=True, slots=True)
class RootInfo:
    """The root. Policy types that are disabled appear in neither set."""

    id: str
    name: str
    enabled: frozenset[str] = frozenset()
    pending_enable: frozenset[str] = frozenset()
    pending_disable: frozenset[str] = frozenset()
    tags: Tags = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class UnitInfo:
    """An OU; `parent_id` is the root's or another OU's id."""

    id: str
    parent_id: str
    name: str
    tags: Tags


@dataclass(frozen=True, slots=True)
class AccountInfo:
    """A member (or the management account). `tags` and `contacts` are None where the scope did not ask for them.

    `contacts` maps each type to the contact, or to None where AWS has none; a type that could not be read is left
    out. `name` and `email` are empty where AWS gives none (an account whose activation is pending).
    """

    id: str
    name: str
    email: str
    state: AccountState
    parent_id: str
    tags: Tags | None = None
    contacts: Mapping[ContactType, Contact | None] | None = None


@dataclass(frozen=True, slots=True)
class CreationInfo:
    """An account creation that is IN_PROGRESS. AWS gives its name, but not its e-mail."""

    request_id: str
    account_name: str


@dataclass(frozen=True, slots=True)
class PolicyInfo:
    """A policy of an enabled type. `type` as AWS writes it.

    `content` is JSON text as AWS holds it; None for AWS's own policies, which are not described.
    """

    id: str
    arn: str
    type: str
    name: str
    description: str
    content: str | None
    tags: Tags
    aws_managed: bool


@dataclass(frozen=True, slots=True)
class AttachmentInfo:
    """A policy on a target (root, OU or account), both by id."""

    policy_id: str
    target_id: str


@dataclass(frozen=True, slots=True)
class DelegatedAdministratorInfo:
    """An account that administers these services for the organization."""

    account_id: str
    services: frozenset[str]


@dataclass(frozen=True, slots=True)
class ResourcePolicyInfo:
    """The organization's delegation policy; `content` is JSON text as AWS holds it."""

    id: str
    arn: str
    content: str
    tags: Tags


@dataclass(frozen=True, slots=True)
class TrailInfo:
    """GetTrail, GetTrailStatus, GetEventSelectors and ListTags of one trail.

    `trail` is AWS's `Trail` structure. `event_selectors` are its AdvancedEventSelectors; None: it has basic ones.
    """

    name: str
    region: str
    arn: str
    trail: Json
    logging: bool
    event_selectors: tuple[Json, ...] | None
    tags: Tags


@dataclass(frozen=True, slots=True)
class BucketInfo:
    """The trail's bucket. `account` is the id of the account that it was read in.

    `encryption` is the default-encryption rule's `ApplyServerSideEncryptionByDefault`; None: none is set.
    `versioning` is `Enabled`, `Suspended` or None; `public_access_block` AWS's four switches, None: not set;
    `lifecycle` AWS's rules.
    """

    name: str
    account: str
    region: str
    policy: str | None
    encryption: Json | None
    versioning: str | None
    public_access_block: Mapping[str, bool] | None
    lifecycle: tuple[Json, ...]
    tags: Tags


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All that was read. With `organization` None the caller's account is in no organization, and the rest is empty.

    `account` is the caller's, `partition` its partition. `policies` are those of enabled types. `attachments` leave
    out `p-RCPFullAWSAccess`: while its type is enabled it is on every target and cannot be detached. `config` and
    `queries` are None where they were not asked for, or could not be read: a finding says so then.
    """

    account: str
    partition: str
    organization: OrganizationInfo | None = None
    handshakes: tuple[HandshakeInfo, ...] = ()
    root: RootInfo | None = None
    units: tuple[UnitInfo, ...] = ()
    accounts: tuple[AccountInfo, ...] = ()
    creations: tuple[CreationInfo, ...] = ()
    policies: tuple[PolicyInfo, ...] = ()
    attachments: tuple[AttachmentInfo, ...] = ()
    trusted_access: frozenset[str] = frozenset()
    delegated_administrators: tuple[DelegatedAdministratorInfo, ...] = ()
    resource_policy: ResourcePolicyInfo | None = None
    trail: TrailInfo | None = None
    bucket: BucketInfo | None = None
    config: ConfigInfo | None = None
    queries: QueryInfo | None = None
    findings: tuple[Finding, ...] = ()
