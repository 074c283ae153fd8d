"""What the sandbox holds: one `Cloud`, with at most one organization in it.

Mutable on purpose, and only touched under the sandbox's lock. Everything is JSON-shaped, so that it can be saved as it
stands. Times are seconds since 1970.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from orgctl.sandbox.athena_state import Athena
from orgctl.sandbox.automation_state import Automation
from orgctl.sandbox.backstage import Backstage
from orgctl.sandbox.clock import Clock
from orgctl.sandbox.config_state import Config
from orgctl.sandbox.glue_state import Glue
from orgctl.sandbox.ids import Ids
from orgctl.sandbox.lambda_state import Lambda
from orgctl.sandbox.pending import Pending
from orgctl.sandbox.settings import Settings
from orgctl.sandbox.stack_state import StackSet

if TYPE_CHECKING:
    from orgctl.sandbox.front import Front


class State(StrEnum):
    """Where an account is in its life (botocore's `AccountState`)."""

    PENDING_ACTIVATION = "PENDING_ACTIVATION"
    ACTIVE = "ACTIVE"
    SUSPENDED = "SUSPENDED"
    PENDING_CLOSURE = "PENDING_CLOSURE"
    CLOSED = "CLOSED"


@dataclass(slots=True)
class Account:
    """An AWS account, in the organization (`parent` is the id of its root or OU) or outside (`parent` is None).

    `role` is the access role that the organization has in it; `role_pending` runs until it can be assumed.
    """

    id: str
    email: str
    name: str
    created: float
    parent: str | None = None
    joined: float = 0.0
    joined_method: str = "CREATED"
    state: State = State.ACTIVE
    closing: Pending | None = None
    role: str | None = None
    role_pending: Pending | None = None
    tags: dict[str, str] = field(default_factory=dict)
    contacts: dict[str, dict[str, str]] = field(default_factory=dict)


@dataclass(slots=True)
class Unit:
    """An organizational unit."""

    id: str
    name: str
    parent: str
    tags: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Policy:
    """A policy of any type."""

    id: str
    name: str
    type: str
    description: str
    content: str
    aws_managed: bool = False
    tags: dict[str, str] = field(default_factory=dict)
    updated: float = 0.0


@dataclass(slots=True)
class Creation:
    """A CreateAccount request."""

    id: str
    email: str
    name: str
    role: str
    requested: float
    pending: Pending
    state: str = "IN_PROGRESS"
    completed: float | None = None
    account: str | None = None
    failure: str | None = None
    tags: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Handshake:
    """An invitation, or the enabling of all features. `account` is the one that has to answer."""

    id: str
    action: str
    account: str
    target: dict[str, str]
    requested: float
    expires: float
    state: str = "OPEN"
    notes: str | None = None
    tags: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class EnabledType:
    """A policy type of the root that is not disabled. `pending` runs until the status is final."""

    status: str
    pending: Pending | None


@dataclass(slots=True)
class ResourcePolicy:
    """The organization's delegation policy."""

    id: str
    content: str
    tags: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Trail:
    """A CloudTrail trail: its settings as the API gives them, and what is beside them."""

    account: str
    region: str
    settings: dict[str, Any]
    logging: bool = False
    started: float | None = None
    stopped: float | None = None
    selectors: list[dict[str, Any]] | None = None
    advanced_selectors: list[dict[str, Any]] | None = None
    tags: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Organization:
    """The organization. `attached` maps a target's id to the ids of its policies, in the order of attachment; `version`
    goes up whenever an account comes, moves or goes."""

    id: str
    root: str
    management: str
    features: str
    root_tags: dict[str, str] = field(default_factory=dict)
    accounts: dict[str, Account] = field(default_factory=dict)
    units: dict[str, Unit] = field(default_factory=dict)
    policies: dict[str, Policy] = field(default_factory=dict)
    types: dict[str, EnabledType] = field(default_factory=dict)
    attached: dict[str, dict[str, None]] = field(default_factory=dict)
    targets: dict[str, dict[str, None]] = field(default_factory=dict)
    children: dict[str, dict[str, None]] = field(default_factory=dict)
    creations: dict[str, Creation] = field(default_factory=dict)
    handshakes: dict[str, Handshake] = field(default_factory=dict)
    trusted: dict[str, float] = field(default_factory=dict)
    delegated: dict[str, dict[str, float]] = field(default_factory=dict)
    resource_policy: ResourcePolicy | None = None
    closures: list[float] = field(default_factory=list)
    version: int = 0

    def add_unit(self, unit: Unit) -> None:
        """Put an OU under its parent."""
        self.units[unit.id] = unit
        self.children.setdefault(unit.parent, {})[unit.id] = None

    def add_account(self, account: Account, parent: str) -> None:
        """Put an account under a parent; it must not be under another one."""
        account.parent = parent
        self.version += 1
        self.accounts[account.id] = account
        self.children.setdefault(parent, {})[account.id] = None

    def move_account(self, account: Account, parent: str) -> None:
        """Put a member account under another parent."""
        self.children[account.parent or ""].pop(account.id, None)
        self.add_account(account, parent)

    def remove(self, node: str) -> None:
        """Take an OU or account out, with its attachments."""
        parent = self.parent_of(node)
        self.version += 1
        if parent is not None:
            self.children[parent].pop(node, None)
        for policy in tuple(self.attached.pop(node, {})):
            self.targets[policy].pop(node, None)
        self.units.pop(node, None)
        self.accounts.pop(node, None)
        self.children.pop(node, None)

    def attach(self, policy: str, target: str) -> None:
        """Attach, whatever the rules say."""
        self.attached.setdefault(target, {})[policy] = None
        self.targets.setdefault(policy, {})[target] = None

    def detach(self, policy: str, target: str) -> None:
        """Detach, whatever the rules say."""
        self.attached.get(target, {}).pop(policy, None)
        self.targets.get(policy, {}).pop(target, None)

    def parent_of(self, node: str) -> str | None:
        """The id of what an OU or account is under; None for the root, or for what there is not."""
        found = self.units.get(node) or self.accounts.get(node)
        return found.parent if found else None

    def ancestry(self, node: str) -> list[str]:
        """The ids from the root down to the node, both included."""
        path: list[str] = []
        current: str | None = node
        while current is not None:
            path.append(current)
            current = self.parent_of(current)
        return path[::-1]

    def path(self, node: str) -> str:
        """AWS's path of a node: `o-…/r-…/ou-…/`, with the account's id at the end for an account."""
        return "/".join((self.id, *self.ancestry(node))) + "/"

    def subtree(self) -> Iterator[str]:
        """The root, every OU and every account."""
        yield self.root
        yield from self.units
        yield from self.accounts

    def tags_of(self, resource: str) -> dict[str, str] | None:
        """The tags of a root, OU, account, policy or resource policy; None if there is no such thing."""
        if resource == self.root:
            return self.root_tags
        if self.resource_policy is not None and resource == self.resource_policy.id:
            return self.resource_policy.tags
        found = self.units.get(resource) or self.accounts.get(resource) or self.policies.get(resource)
        return found.tags if found else None


@dataclass(slots=True)
class Cloud:
    """All of the sandbox's own state. `outside` holds accounts that are in no organization of ours; `followed` is the
    organization's version that packs and stacks were last brought in line with; `jobs` is what an operation wants to be
    done after its answer, outside of the lock.
    """

    settings: Settings
    clock: Clock
    ids: Ids
    organization: Organization | None = None
    outside: dict[str, Account] = field(default_factory=dict)
    trails: dict[str, Trail] = field(default_factory=dict)
    lambdas: Lambda = field(default_factory=Lambda)
    list_calls: int = 0
    config: Config = field(default_factory=Config)
    automation: Automation = field(default_factory=Automation)
    athena: Athena = field(default_factory=Athena)
    glue: Glue = field(default_factory=Glue)
    stack_sets: dict[str, StackSet] = field(default_factory=dict)
    backstage: Backstage = field(default_factory=Backstage)
    followed: int = 0
    jobs: list[Callable[[Front], None]] = field(default_factory=list)

    def __post_init__(self) -> None:
        if self.settings.recording:
            self.config.recording = self.clock.now()

    def account(self, account_id: str) -> Account | None:
        """An account by its id, inside or outside."""
        inside = self.organization.accounts.get(account_id) if self.organization else None
        return inside or self.outside.get(account_id)

    def outsider(self, account_id: str) -> Account:
        """An account that is outside; one is made up if nobody has heard of it."""
        known = self.account(account_id)
        if known is None:
            email = f"owner+{account_id}@sandbox.example"
            known = self.outside[account_id] = Account(account_id, email, f"account-{account_id}", self.clock.now())
        return known
