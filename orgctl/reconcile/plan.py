"""A plan is a value: what would change, the AWS calls that would do it, and what they were worked out from.

Nothing here talks to AWS. `Operation` is one AWS call as data; its parameters may hold `Ref` and `Join` values for
ids that only an earlier operation of the same plan will bring.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from orgctl.access.change import Access
from orgctl.model.state import Finding
from orgctl.reconcile.replayed import Replayed
from orgctl.reconcile.rollout.step import Step


class Action(Enum):
    """What happens to a resource."""

    NO_OP = "no-op"
    CREATE = "create"
    ADOPT = "adopt"
    UPDATE = "update"
    MOVE = "move"
    REPLACE = "replace"
    DELETE = "delete"
    WAIT = "wait"


@dataclass(frozen=True, slots=True)
class Ref:
    """An attribute (`id`, `arn`) of the resource at `address`, known once its operation has run."""

    address: str
    attribute: str = "id"


@dataclass(frozen=True, slots=True)
class Join:
    """Text with references in it."""

    parts: tuple[str | Ref, ...]


@dataclass(frozen=True, slots=True)
class Moment:
    """The time at which the call is made, in UTC, as text: `2026-11-23T06:12:33Z`."""


Value = object
"""A JSON value whose leaves may be `Ref`, `Join` or `Moment`."""


@dataclass(frozen=True, slots=True)
class AttributeChange:
    """One attribute before and after; None: absent. `known` is False where only the apply will tell."""

    name: str
    before: object
    after: object
    known: bool = True


@dataclass(frozen=True, slots=True)
class Reach:
    """How many accounts a change bears on, and the names of the first few."""

    count: int
    sample: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """What happens to one resource, attribute by attribute.

    `kind` is the resource type's name (`policy`, `account`, …). `notes` are sentences that the reader has to see.
    `destructive`: it deletes, detaches a last guardrail, closes or disables, and has to be confirmed. `problem` says
    why it cannot be made, with the way out in `hint`; no apply starts while there is one. `reach` is the accounts
    on which it bears.
    """

    action: Action
    kind: str
    address: str
    attributes: tuple[AttributeChange, ...] = ()
    notes: tuple[str, ...] = ()
    irreversible: bool = False
    destructive: bool = False
    problem: str | None = None
    hint: str | None = None
    reach: Reach | None = None


class Wait(Enum):
    """What an operation waits for after its call, before it counts as done."""

    ORGANIZATION_READY = "organization-ready"
    POLICY_TYPE_ENABLED = "policy-type-enabled"
    POLICY_TYPE_DISABLED = "policy-type-disabled"
    ACCOUNT_CREATED = "account-created"
    ACCOUNT_CLOSED = "account-closed"
    FUNCTION_READY = "function-ready"
    STACK_SET_OPERATION = "stack-set-operation"
    PACK_DEPLOYED = "pack-deployed"
    PACK_GONE = "pack-gone"


@dataclass(frozen=True, slots=True)
class Operation:
    """One AWS call. `number` counts from 1 in plan order; `after` holds the numbers that must be done before.

    `account` is the account in which the call is made, entered through the access role: an id, or a Ref for one that
    the plan creates; None is the management account. `yields` maps what later operations refer to (as
    `address#attribute`) to JMESPath expressions over the answer, or over what the wait brought.
    """

    number: int
    address: str
    service: str
    action: str
    parameters: Mapping[str, Value]
    after: tuple[int, ...] = ()
    account: str | Ref | None = None
    region: str | None = None
    yields: Mapping[str, str] = field(default_factory=dict)
    wait: Wait | None = None
    guardrail_gap: str | None = None

    @property
    def title(self) -> str:
        """`organizations:AttachPolicy`."""
        return f"{self.service}:{self.action}"


@dataclass(frozen=True, slots=True)
class Usage:
    """How much of a quota is used once the plan is applied: `used` of `limit` (None: AWS publishes none)."""

    address: str
    quota: str
    used: int
    limit: int | None


@dataclass(frozen=True, slots=True)
class FailedCase:
    """A policy test that failed: its id, `policies/scp/x.test.yaml::nobody does it`, and one sentence on why."""

    id: str
    problem: str


@dataclass(frozen=True, slots=True)
class Tested:
    """What the policy tests said of the manifest; nothing passed and nothing failed: there are none.

    `skipped`: somebody asked for it not to be looked at.
    """

    __test__ = False  # not one of pytest's

    passed: int = 0
    failed: tuple[FailedCase, ...] = ()
    skipped: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that `apply` needs, and everything that a reader of the plan is shown.

    `changes` holds what does not change too (NO_OP). `unmanaged` names what AWS has and the manifest does not.
    `seconds` is the least time that AWS's rates leave for the operations. Without an organization, its id is None.
    `access` None: what it does to access was not looked at. `tested` None: nothing is known of policy tests. `replayed`
    None: it was not held against recorded events, or changes nothing that matters to them. `rollouts` tells what it
    does about each staged policy.
    """

    organization: str | None
    management_account: str
    changes: tuple[Change, ...]
    operations: tuple[Operation, ...]
    usage: tuple[Usage, ...] = ()
    unmanaged: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    seconds: float = 0.0
    access: Access | None = None
    tested: Tested | None = None
    replayed: Replayed | None = None
    rollouts: tuple[Step, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether AWS already is as the manifest wants it."""
        return not self.operations and not self.problems

    @property
    def problems(self) -> tuple[Change, ...]:
        """The changes that orgctl will not make."""
        return tuple(change for change in self.changes if change.problem)

    @property
    def gaps(self) -> tuple[Operation, ...]:
        """The operations that open a guardrail gap."""
        return tuple(operation for operation in self.operations if operation.guardrail_gap)
