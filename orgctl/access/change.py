"""`Access`: what a plan does to access, as values. Nothing here evaluates or prints."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from orgctl.diagnostics import Position
from orgctl.policy.explanation import Decision
from orgctl.policy.template import Value


class AccessKind(Enum):
    """How an answer changes. From UNKNOWN to a denial is a denial, from UNKNOWN to ALLOWED is newly allowed."""

    NEWLY_DENIED = "newly denied"
    NEWLY_ALLOWED = "newly allowed"
    UNCERTAIN = "became unknown"


class Concern(Enum):
    """Whose requests a sentinel stands for."""

    ACCESS_ROLE = "access role"
    PROTECTED_ROLE = "protected role"
    BREAK_GLASS = "break-glass role"
    DECLARED = "declared"
    EVERYDAY = "everyday work"


@dataclass(frozen=True, slots=True)
class Cause:
    """What decides: a statement of a policy, or (with neither) the level at this address, on which nothing allows.

    `layer` is `scp` or `rcp`. `position` is the statement's line; None for a policy that is in none of our files.
    """

    layer: str
    policy: str | None = None
    statement: str | None = None
    level: str | None = None
    position: Position | None = None

    def __str__(self) -> str:
        if self.policy:
            return f"{self.policy}#{self.statement}"
        return f"nothing allows it on {self.level}"


@dataclass(frozen=True, slots=True)
class AccessChange:
    """One sentinel's request whose answer is another after the plan, with all accounts for which that is so alike.

    `principal` and `resource` are as the sentinel writes them: `role/x` is each account's own, `@{account}` its id.
    `where` names the accounts: an OU stands for every account in it and below, but for the management account.
    `accounts` counts them. `by` decides after the plan, `formerly` decided before it; `before` is None in an account
    that the plan creates. `unknown_keys` are what an UNKNOWN hangs on.
    """

    kind: AccessKind
    sentinel: str
    concern: Concern
    important: bool
    principal: str
    action: str
    resource: str
    context: tuple[tuple[str, Value | None], ...]
    where: tuple[str, ...]
    accounts: int
    before: Decision | None
    after: Decision
    by: tuple[Cause, ...] = ()
    formerly: tuple[Cause, ...] = ()
    unknown_keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Access:
    """What a plan does to access, by so many sentinel `requests` in so many `accounts`.

    `new_accounts` counts those that the plan creates: there is no before. `unread` names policies in AWS that cannot
    be read, and so count as allowing everything.
    """

    requests: int = 0
    accounts: int = 0
    new_accounts: int = 0
    changes: tuple[AccessChange, ...] = ()
    unread: tuple[str, ...] = ()
