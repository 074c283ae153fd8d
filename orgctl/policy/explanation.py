"""Answers carry their reasons: what was decided, by which statement, and why each statement matched or did not.

These are values; nothing here evaluates or prints.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from orgctl.policy.document import Effect, Statement
from orgctl.policy.layers import Layer
from orgctl.policy.template import Value
from orgctl.policy.truth import Truth
from orgctl.source import Place


class Decision(Enum):
    """What AWS does with a request; UNKNOWN where that cannot be told."""

    ALLOWED = "ALLOWED"
    EXPLICIT_DENY = "EXPLICIT_DENY"
    IMPLICIT_DENY = "IMPLICIT_DENY"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True, slots=True)
class Decider:
    """What decided: a statement, or (with neither policy nor statement) a level on which nothing allows.

    `level` counts from 0 at the root; `place` leads to the statement in its policy's document.
    """

    layer: Layer
    level: int
    policy: str | None = None
    statement: str | None = None
    place: Place = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """One decision that an unknown key could bring, and values (None: absent) with which it would come about."""

    decision: Decision
    when: tuple[tuple[str, Value | None], ...] = ()


class Standing(Enum):
    """How an element, statement or level stands to the request."""

    HOLDS = "holds"
    FAILS = "fails"
    OPEN = "cannot tell"

    @classmethod
    def of(cls, truth: Truth) -> Standing:
        """The standing of a truth."""
        return cls.OPEN if truth is None else cls.HOLDS if truth else cls.FAILS


class ElementTrace(NamedTuple):
    """One element of a statement: what the policy says, what the request has (None: absent), and the outcome.

    There are hundreds in an explanation, and a tuple is made in a third of the time that a frozen dataclass takes.
    An `Action` or `NotAction` always holds, for other statements are only counted; its `actual` is None. `unknown`: the
    request does not know the key. `reason` is set where the outcome cannot be told.
    """

    element: str
    standing: Standing
    expected: tuple[str, ...]
    actual: Value | None = None
    unknown: bool = False
    reason: str | None = None


class StatementTrace(NamedTuple):
    """One statement (as its document, `policy`, has it) whose action matched: its elements up to one that fails."""

    policy: str
    statement: Statement
    standing: Standing
    elements: tuple[ElementTrace, ...] = ()

    @property
    def effect(self) -> Effect:
        """What the statement does if it matches."""
        return self.statement.effect


@dataclass(frozen=True, slots=True)
class LevelTrace:
    """One level: its own verdict, and the statements that speak of the action.

    `others` counts the statements on the level that are about other actions; `note` says why the level does not
    bind, if so.
    """

    layer: Layer
    level: int
    verdict: Decision
    statements: tuple[StatementTrace, ...] = ()
    others: int = 0
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """Every level that was looked at, from the root down, and every context key that could have mattered."""

    levels: tuple[LevelTrace, ...]
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """A decision with its reasons.

    `decided_by`: for a denial every denying statement, or the levels on which nothing allows; for ALLOWED the
    statements that allow, one a level; for UNKNOWN the statements on which it hangs. `unknown_keys` and `outcomes`
    are set for UNKNOWN, `reasons` say where AWS's behaviour is not documented, `notes` name exemptions.
    """

    decision: Decision
    decided_by: tuple[Decider, ...] = ()
    unknown_keys: tuple[str, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    reasons: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    explanation: Explanation | None = None
