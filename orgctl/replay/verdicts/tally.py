"""Verdicts counted: calls that are alike in what a report tells become one group."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from orgctl.replay.verdicts.call import Call
from orgctl.replay.verdicts.verdict import Kind, Verdict

SAMPLES = 3
"""How many event ids of a group are kept."""


@dataclass(frozen=True, slots=True)
class Group:
    """Calls with the same verdict, of one caller, action and account. Times are in UTC, None where none was recorded.

    `who` is empty where a report does not tell callers apart, as for calls that stay allowed.
    """

    verdict: Verdict
    who: str
    action: str
    account: str
    count: int
    first: datetime | None
    last: datetime | None
    samples: tuple[str, ...]


@dataclass(slots=True)
class _Growing:
    count: int = 0
    first: datetime | None = None
    last: datetime | None = None
    samples: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Tally:
    """Counts calls by verdict, and keeps groups of those that somebody may have to look into."""

    totals: Counter[Kind] = field(default_factory=Counter)
    first: datetime | None = None
    last: datetime | None = None
    _groups: dict[tuple[Verdict, str, str, str], _Growing] = field(default_factory=dict)

    def add(self, call: Call, verdict: Verdict) -> None:
        """Count one distinct event."""
        self.totals[verdict.kind] += 1
        if call.time:
            self.first = min(self.first or call.time, call.time)
            self.last = max(self.last or call.time, call.time)
        if verdict.kind is Kind.ALLOWED:
            return
        key = (verdict, call.who, call.action, call.account)
        group = self._groups.get(key) or self._groups.setdefault(key, _Growing())
        group.count += 1
        if call.time:
            group.first = min(group.first or call.time, call.time)
            group.last = max(group.last or call.time, call.time)
        if len(group.samples) < SAMPLES:
            group.samples.append(call.event_id)

    @property
    def events(self) -> int:
        """How many were counted."""
        return sum(self.totals.values())

    def groups(self) -> tuple[Group, ...]:
        """The groups: by kind in the order of `Kind`, within a kind those with the most calls first."""
        made = [
            Group(verdict, who, action, account, found.count, found.first, found.last, tuple(found.samples))
            for (verdict, who, action, account), found in self._groups.items()
        ]
        order = {kind: number for number, kind in enumerate(Kind)}
        return tuple(sorted(made, key=lambda g: (order[g.verdict.kind], -g.count, g.who, g.action, g.account)))
