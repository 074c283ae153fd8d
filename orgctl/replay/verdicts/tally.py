"""Verdicts counted: calls that are alike in what a report tells become one group."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from orgctl.replay.verdicts.call import Call
from orgctl.replay.verdicts.verdict import Kind, Verdict

SUMMED = frozenset((Kind.EXEMPT, Kind.REFUSED_ALREADY))
"""Kinds of which callers and actions are not told apart."""

SAMPLES = 3
"""How many event ids of a group are kept."""


@dataclass(frozen=True, slots=True)
class Group:
    """Calls with the same verdict, of one caller, action and account. Times are in UTC, None where none was recorded.

    `who` and `action` are empty for calls that no change can take away: those that are exempt, or were refused anyway.
    """

    verdict: Verdict
    who: str
    action: str
    account: str
    count: int
    first: datetime | None
    last: datetime | None
    samples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Seen:
    """Calls that are alike: how many, when the first and the last was (in UTC), and the first few of their ids."""

    count: int
    first: datetime | None
    last: datetime | None
    samples: tuple[str, ...]

    def joined(self, other: Seen) -> Seen:
        """Both together."""
        return Seen(
            self.count + other.count,
            min(filter(None, (self.first, other.first)), default=None),
            max(filter(None, (self.last, other.last)), default=None),
            tuple(sorted({*self.samples, *other.samples})[:SAMPLES]),
        )


NOTHING = Seen(0, None, None, ())


@dataclass(slots=True)
class Tally:
    """Counts calls by verdict, and keeps groups of those that somebody may have to look into."""

    totals: Counter[Kind] = field(default_factory=Counter)
    all: Seen = NOTHING
    _groups: dict[tuple[Verdict, str, str, str], Seen] = field(default_factory=dict)

    def add(self, call: Call, verdict: Verdict, seen: Seen | None = None) -> None:
        """Count calls that are alike, by default the one."""
        seen = seen or Seen(1, call.time, call.time, (call.event_id,))
        self.totals[verdict.kind] += seen.count
        self.all = self.all.joined(seen)
        if verdict.kind is not Kind.ALLOWED:
            told_apart = verdict.kind not in SUMMED
            key = (verdict, call.who if told_apart else "", call.action if told_apart else "", call.account)
            self._groups[key] = self._groups.get(key, NOTHING).joined(seen)

    def groups(self) -> tuple[Group, ...]:
        """The groups: by kind in the order of `Kind`, within a kind those with the most calls first."""
        made = [
            Group(verdict, who, action, account, seen.count, seen.first, seen.last, seen.samples)
            for (verdict, who, action, account), seen in self._groups.items()
        ]
        order = {kind: number for number, kind in enumerate(Kind)}
        return tuple(sorted(made, key=lambda g: (order[g.verdict.kind], -g.count, g.who, g.action, g.account, _why(g))))


def _why(group: Group) -> tuple[str, ...]:
    """What else tells groups apart, so that they come in the same order whichever was counted first."""
    verdict = group.verdict
    return (verdict.reason or "", *map(str, verdict.causes), *verdict.keys)
