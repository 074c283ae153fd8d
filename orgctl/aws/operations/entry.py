"""One operation of AWS that orgctl may make, with what it needs and how it may fail."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Where(Enum):
    """The account that a call is made in."""

    MANAGEMENT = "management"
    """The caller's own credentials."""
    BUCKET = "bucket"
    """The account of the trail's bucket: entered through the access role where it is not the caller's."""
    QUERIES = "queries"
    """The same account, where the trail is queried."""
    CONFIG = "config"
    """The administrator's account of AWS Config, entered through the access role."""
    ROLES = "roles"
    """That account, and the caller's own: both hold roles that AWS Config needs."""
    STACK_SETS = "stack sets"
    """The caller's own credentials, where AWS Config is managed."""
    MEMBERS = "members"
    """Every account that conformance packs are for, entered through the access role."""
    EVENTS = "events"
    """The account of the trail's bucket for recorded events that lie there, else the caller's own credentials."""
    LOCK = "lock"
    """The caller's own credentials, on the lock's bucket."""


class Reach(Enum):
    """The resources that a permission can be narrowed to; `ANY` where AWS checks the action on `*` only."""

    ANY = "any"
    ORGANIZATION = "organization"
    """The ARNs of Organizations in this management account: root, OUs, accounts, policies."""
    ORGANIZATIONS_ROLE = "service-linked roles"
    """Service-linked roles that AWS makes for Organizations and the services with trusted access."""
    ACCESS_ROLE = "access role"
    ACCOUNTS = "accounts"
    TRAIL = "trail"
    BUCKET = "bucket"
    ROLES = "config roles"
    """The roles that AWS Config needs, in the account of the call."""
    FUNCTIONS = "rule functions"
    DOCUMENTS = "automation documents"
    AGGREGATOR = "aggregator"
    PACKS = "conformance packs"
    LINKED_ROLE = "linked roles"
    """Service-linked roles, in the account of the call."""
    TEMPLATES = "pack templates"
    """Templates too long to be sent inline, in the bucket that the manifest names for them."""
    STACK_SET = "stack set"
    CATALOG = "catalog"
    """The database and the tables that the trail is queried by, in the Glue catalog."""
    CATALOG_CONTENTS = "catalog contents"
    """Whatever else is in that database."""
    WORKGROUP = "workgroup"
    LOG_FILES = "log files"
    RESULTS = "query results"
    QUERIED_BUCKETS = "queried buckets"
    """The buckets of log files and results."""
    QUERY_KEYS = "query keys"
    """The KMS keys that encrypt log files and results."""
    EVENT_BUCKETS = "event buckets"
    """The buckets with recorded events that are replayed."""
    EVENT_FILES = "event files"
    EVENT_KEYS = "event keys"
    """The KMS key that encrypts the trail's log files."""
    LOCK_BUCKET = "lock bucket"
    LOCK_OBJECT = "lock object"


@dataclass(frozen=True, slots=True)
class Permission:
    """An IAM action, and the resources that it can be narrowed to."""

    action: str
    reach: Reach = Reach.ANY


@dataclass(frozen=True, slots=True)
class Read:
    """An operation that changes nothing: it may be repeated at will.

    `for_compliance_only` and `for_impact_only`: no plan makes it.
    """

    service: str
    operation: str
    permissions: tuple[Permission, ...]
    where: Where = Where.MANAGEMENT
    for_apply_only: bool = False
    for_compliance_only: bool = False
    for_impact_only: bool = False

    @property
    def title(self) -> str:
        """`organizations:ListRoots`."""
        return f"{self.service}:{self.operation}"


@dataclass(frozen=True, slots=True)
class Write:
    """An operation that changes AWS.

    `already` are the error codes that mean "it is so already": a repeated write is done, not failed. `repeatable`:
    when its answer was lost it may be sent again, since a second time has no further effect. `settles` are error
    codes that pass by themselves (what an earlier write brought is not yet seen everywhere, too much is in flight):
    AWS did nothing, and is asked again for up to `settles_within` seconds. `under_way` are codes that mean, after a
    lost answer, that the lost call arrived and AWS is at it. `for_impact_only`: no apply makes it.
    """

    service: str
    operation: str
    permissions: tuple[Permission, ...]
    where: Where = Where.MANAGEMENT
    already: frozenset[str] = frozenset()
    repeatable: bool = True
    settles: frozenset[str] = frozenset()
    settles_within: float = 60.0
    under_way: frozenset[str] = frozenset()
    for_impact_only: bool = False

    @property
    def title(self) -> str:
        """`organizations:AttachPolicy`."""
        return f"{self.service}:{self.operation}"


Entry = Read | Write
