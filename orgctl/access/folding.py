"""Many access changes as few lines: by what decides, then by where, then by whom and what.

A region lock on a thousand accounts changes a hundred requests in each; people want to read that it is one statement,
on one OU, and what no longer works there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from orgctl.access.change import AccessChange, AccessKind, Cause, Concern
from orgctl.access.work import REGION_KEY


class Heading(Enum):
    """Under what a change is told, the weightiest first."""

    IMPORTANT = "newly denied for roles that must go on working"
    NEW_ACCOUNT = "denied from the start in new accounts, for roles that must go on working"
    DENIED = "newly denied"
    UNCERTAIN = "can no longer be told"
    ALLOWED = "newly allowed"


@dataclass(frozen=True, slots=True)
class Line:
    """Who can or cannot do what. `regions` empty: that plays no part; `circumstances`: what else the requests say."""

    who: tuple[str, ...]
    actions: tuple[str, ...]
    regions: tuple[str, ...] = ()
    circumstances: str = ""


@dataclass(frozen=True, slots=True)
class Spot:
    """The same for all of some places, which are `accounts` accounts."""

    where: tuple[str, ...]
    accounts: int
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """What one statement (or several together) does. For what is newly allowed, `causes` are what denied it before."""

    heading: Heading
    causes: tuple[Cause, ...]
    unknown_keys: tuple[str, ...]
    spots: tuple[Spot, ...]
    changes: int

    @property
    def accounts(self) -> int:
        """In how many accounts at most: some may be in several spots."""
        return sum(spot.accounts for spot in self.spots)


def folded(changes: Iterable[AccessChange]) -> tuple[Group, ...]:
    """The groups, the weightiest first; within a heading, the widest."""
    by_group: dict[tuple[Heading, tuple[Cause, ...], tuple[str, ...]], list[AccessChange]] = {}
    for change in changes:
        heading = heading_of(change)
        causes = change.formerly if heading is Heading.ALLOWED else change.by
        by_group.setdefault((heading, causes, change.unknown_keys), []).append(change)
    groups = [Group(*key, _spots(members), len(members)) for key, members in by_group.items()]
    order = list(Heading)
    return tuple(sorted(groups, key=lambda group: (order.index(group.heading), -group.accounts * group.changes)))


def heading_of(change: AccessChange) -> Heading:
    """Under what to tell a change."""
    match change.kind:
        case AccessKind.NEWLY_DENIED if change.before is None:
            return Heading.NEW_ACCOUNT
        case AccessKind.NEWLY_DENIED:
            return Heading.IMPORTANT if change.important else Heading.DENIED
        case AccessKind.UNCERTAIN:
            return Heading.UNCERTAIN
        case AccessKind.NEWLY_ALLOWED:
            return Heading.ALLOWED


def _spots(changes: Sequence[AccessChange]) -> tuple[Spot, ...]:
    by_place: dict[tuple[str, ...], list[AccessChange]] = {}
    for change in changes:
        by_place.setdefault(change.where, []).append(change)
    spots = [Spot(where, members[0].accounts, _lines(members)) for where, members in by_place.items()]
    return tuple(sorted(spots, key=lambda spot: -spot.accounts))


def _lines(changes: Sequence[AccessChange]) -> tuple[Line, ...]:
    """Actions that are alike in everything else share a line, and so do those who are."""
    regions: dict[tuple[str, str, str], dict[str, None]] = {}
    for change in changes:
        known = regions.setdefault((who(change), _circumstances(change), change.action), {})
        known.update(dict.fromkeys(_regions(change)))
    actions: dict[tuple[str, str, tuple[str, ...]], list[str]] = {}
    for (name, circumstances, action), found in regions.items():
        actions.setdefault((name, circumstances, tuple(found)), []).append(action)
    names: dict[tuple[tuple[str, ...], tuple[str, ...], str], list[str]] = {}
    for (name, circumstances, where), alike in actions.items():
        names.setdefault((tuple(alike), where, circumstances), []).append(name)
    return tuple(Line(tuple(callers), *what) for what, callers in names.items())


def who(change: AccessChange) -> str:
    """Who asks, as people call them."""
    match change.concern:
        case Concern.EVERYDAY:
            return "everyday work"
        case Concern.ACCESS_ROLE:
            return "orgctl itself"
        case Concern.DECLARED:
            return f"{change.sentinel} ({change.principal})"
        case Concern.PROTECTED_ROLE | Concern.BREAK_GLASS:
            return change.principal


def _regions(change: AccessChange) -> list[str]:
    if change.concern is Concern.DECLARED:
        return []
    return [value for key, value in change.context if key == REGION_KEY and isinstance(value, str)]


def _circumstances(change: AccessChange) -> str:
    """What tells a sentinel's own requests apart; those of orgctl's sets are told apart by their actions."""
    if change.concern is not Concern.DECLARED:
        return ""
    on = [f"on {change.resource}"] if change.resource != "*" else []
    return ", ".join((*on, *(f"{key} {_text(value)}" for key, value in change.context)))


def _text(value: object) -> str:
    match value:
        case None:
            return "absent"
        case tuple():
            return " and ".join(map(str, value))
        case _:
            return str(value)
