"""One request of a sentinel, and what comes of it before and after."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from orgctl.access.change import AccessKind, Cause
from orgctl.access.sentinel import Sentinel
from orgctl.policy.explanation import Decision
from orgctl.policy.request import Given, Request
from orgctl.policy.template import Value
from orgctl.policytest.tables import Table
from orgctl.policytest.wording import full_principal


@dataclass(frozen=True, slots=True, eq=False)
class Probe:
    """One request of a sentinel, for an account that is still to be said. `action` is in lower case.

    `stays_at_home`: the account's own principal asks for something in the account, whichever it is.
    """

    sentinel: Sentinel
    row: Table
    action: str
    stays_at_home: bool

    @classmethod
    def of(cls, sentinel: Sentinel, row: Table) -> Probe:
        """The probe for a table of one request."""
        principal, fields = row.principals[0], row.resources[0].split(":", 5)
        own = full_principal(principal, "", "aws") != principal
        elsewhere = row.resource_account is not None or (len(fields) == 6 and fields[4].isdigit())
        return cls(sentinel, row, row.actions[0].lower(), own and not elsewhere)

    @property
    def context(self) -> Iterator[tuple[str, Value | None]]:
        """The context keys that the sentinel gives, with their values; None for an absent one."""
        for alternatives in self.row.contexts:
            yield from ((key, _value(given)) for key, given in alternatives)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What changes: the answers to a probe, and who gives them. `before` is None in a new account."""

    kind: AccessKind
    before: Decision | None
    after: Decision
    formerly: tuple[Cause, ...]
    by: tuple[Cause, ...]
    unknown_keys: tuple[str, ...] = ()


def kind_of(before: Decision | None, after: Decision) -> AccessKind | None:
    """How an answer changes; None: not in what it means for whoever asks, or only that a new account may do it."""
    outcome = _outcome(after)
    if before is None:
        return outcome if outcome is AccessKind.NEWLY_DENIED else None
    return None if _outcome(before) is outcome else outcome


def _outcome(decision: Decision) -> AccessKind:
    match decision:
        case Decision.ALLOWED:
            return AccessKind.NEWLY_ALLOWED
        case Decision.UNKNOWN:
            return AccessKind.UNCERTAIN
        case _:
            return AccessKind.NEWLY_DENIED


def _value(given: Given) -> Value | None:
    return Request.of("", "*", "*", {"given": given}).context.get("given")
