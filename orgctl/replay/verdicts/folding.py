"""Groups as people read them: by what decides, then by caller; the most hurtful first.

One statement that denies ten calls of twenty roles comes before one that denies fifteen calls of a single one only by
the number of calls: each of these is something that somebody could no longer do.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from orgctl.replay.verdicts.tally import Group
from orgctl.replay.verdicts.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Part:
    """What one caller did; `groups` by action and account, those with the most calls first."""

    who: str
    count: int
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """All calls with one verdict, for the same reason."""

    verdict: Verdict
    count: int
    parts: tuple[Part, ...]

    @property
    def groups(self) -> tuple[Group, ...]:
        """All of them."""
        return tuple(group for part in self.parts for group in part.groups)

    @property
    def accounts(self) -> int:
        """In how many accounts."""
        return len({group.account for group in self.groups})

    @property
    def first(self) -> datetime | None:
        """The time of the first call, None if none has one."""
        return min((group.first for group in self.groups if group.first), default=None)

    @property
    def last(self) -> datetime | None:
        """The time of the last call, None if none has one."""
        return max((group.last for group in self.groups if group.last), default=None)


def folded(groups: Iterable[Group]) -> tuple[Section, ...]:
    """The sections of groups of one kind, those with the most calls first."""
    by_verdict: dict[Verdict, list[Group]] = {}
    for group in groups:
        by_verdict.setdefault(group.verdict, []).append(group)
    sections = (Section(verdict, _count(members), _parts(members)) for verdict, members in by_verdict.items())
    return tuple(sorted(sections, key=lambda section: -section.count))


def _parts(groups: Sequence[Group]) -> tuple[Part, ...]:
    by_caller: dict[str, list[Group]] = {}
    for group in groups:
        by_caller.setdefault(group.who, []).append(group)
    parts = (Part(who, _count(members), tuple(members)) for who, members in by_caller.items())
    return tuple(sorted(parts, key=lambda part: -part.count))


def _count(groups: Sequence[Group]) -> int:
    return sum(group.count for group in groups)


def to_settle(groups: Iterable[Group]) -> tuple[tuple[str, int], ...]:
    """The context keys on which calls depend, each with how many do; those first that would settle most."""
    found: dict[str, int] = {}
    for group in groups:
        for key in group.verdict.keys:
            found[key] = found.get(key, 0) + group.count
    return tuple(sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))
