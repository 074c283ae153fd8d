"""What a file of policy tests says, as values: cases with their requests, and what is expected of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from orgctl.diagnostics import Position
from orgctl.policy.explanation import Decision
from orgctl.policy.request import Given


class Scope(Enum):
    """What a file's requests are held against: the policy beside it, alone, or the manifest's whole organization."""

    POLICY = "policy"
    ORGANIZATION = "organization"


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as a test writes it. `account` is a key; a context key without values is absent.

    `principal` is None for some role of the account that no policy names; `resource_account` is an id.
    """

    account: str
    action: str
    principal: str | None = None
    resource: str | None = None
    context: tuple[tuple[str, Given], ...] = ()
    unknown: tuple[str, ...] = ()
    resource_account: str | None = None


@dataclass(frozen=True, slots=True)
class By:
    """What is to have decided: a policy, one of its statements, or a level (an address such as `ou:/Workloads`)."""

    policy: str | None = None
    statement: str | None = None
    level: str | None = None

    def __str__(self) -> str:
        if self.level:
            return self.level
        return f"{self.policy}#{self.statement}" if self.statement else str(self.policy)


@dataclass(frozen=True, slots=True)
class Expectation:
    """The decisions that will do, who has to bring them, and whether keys that nobody knows may matter."""

    word: str
    decisions: frozenset[Decision]
    by: By | None = None
    certain: bool = False

    def __str__(self) -> str:
        by = f" by {self.by}" if self.by else ""
        return f"{self.word}{by}{', certainly' if self.certain else ''}"


@dataclass(frozen=True, slots=True)
class Case:
    """One case of a file: a name, its requests, and what is expected of each of them."""

    name: str
    position: Position
    expectation: Expectation
    requests: tuple[Asked, ...]

    @property
    def id(self) -> str:
        """`policies/scp/x.test.yaml::nobody does it`: what `-k` and `--last-failed` know it by."""
        return f"{self.position.file}::{self.name}"


@dataclass(frozen=True, slots=True)
class Suite:
    """The cases of one file. `policy` is the name of the one policy that they are held against; None: all of them."""

    file: str
    policy: str | None = None
    cases: tuple[Case, ...] = field(default=())

    @property
    def scope(self) -> Scope:
        """What the requests are held against."""
        return Scope.ORGANIZATION if self.policy is None else Scope.POLICY
