"""How much records tell: of how many calls the IAM action is known, and of how many the resources, by service.

    told(connection, relation)      one `Told` for each event source, those with the most calls first

What a record reports that is no call (a sign-in, an event of a service's) has no action, and counts for itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from orgctl.replay.actions import NEEDS_NONE
from orgctl.replay.request import NO_CALL

if TYPE_CHECKING:
    from collections.abc import Iterable

    from duckdb import DuckDBPyConnection


@dataclass(frozen=True, slots=True)
class Untold:
    """Calls of one name of which something is not known: how many, and why (of several reasons, one)."""

    event: str
    reason: str
    calls: int


@dataclass(frozen=True, slots=True)
class Told:
    """What the records of one service tell.

    Of `events`, `calls` are such. Of these, `actions` have a known IAM action, and `resources` also all resources
    known, those among them that are about none; a call that needs no permission counts as both. What is missing is
    listed, the most frequent first.
    """

    service: str
    events: int
    calls: int
    actions: int
    resources: int
    without_action: tuple[Untold, ...] = ()
    without_resources: tuple[Untold, ...] = ()


@dataclass(frozen=True, slots=True)
class _Kind:
    """Events of one source and name that are alike in what they tell."""

    source: str
    name: str
    is_call: bool
    action: bool
    resources: bool
    reason: str
    count: int


_QUERY = """
SELECT source, name, is_call, has_action, has_resources, coalesce(min(reason), ''), count(*) FROM (
  SELECT source, name,
    NOT coalesce(starts_with(why, '{no_call}'), FALSE) AS is_call,
    action IS NOT NULL OR needs_none AS has_action,
    action IS NOT NULL AND resource_why IS NULL OR needs_none AS has_resources,
    CASE WHEN action IS NULL THEN coalesce(resource_why, why) ELSE resource_why END AS reason
  FROM (SELECT *, coalesce(why = '{needs_none}', FALSE) AS needs_none FROM {relation} AS events))
GROUP BY ALL ORDER BY ALL
"""


def told(connection: DuckDBPyConnection, relation: str) -> tuple[Told, ...]:
    """What the rows of a relation with the dataset's columns tell (in SQL of DuckDB's)."""
    found = connection.execute(_QUERY.format(no_call=NO_CALL, needs_none=NEEDS_NONE, relation=relation)).fetchall()
    kinds: dict[str, list[_Kind]] = {}
    for values in found:
        kind = _Kind(*values)
        kinds.setdefault(_service(kind.source), []).append(kind)
    return tuple(sorted(map(_told, kinds, kinds.values()), key=lambda each: (-each.calls, each.service)))


def total(all_told: Iterable[Told]) -> Told:
    """All services together, without the lists."""
    listed = tuple(all_told)
    return Told(
        "",
        sum(each.events for each in listed),
        sum(each.calls for each in listed),
        sum(each.actions for each in listed),
        sum(each.resources for each in listed),
    )


def _service(source: str) -> str:
    return source.removesuffix(".amazonaws.com") or "(not recorded)"


def _told(service: str, kinds: list[_Kind]) -> Told:
    calls = [kind for kind in kinds if kind.is_call]
    mapped = [kind for kind in calls if kind.action]
    return Told(
        service,
        sum(kind.count for kind in kinds),
        sum(kind.count for kind in calls),
        sum(kind.count for kind in mapped),
        sum(kind.count for kind in mapped if kind.resources),
        _untold(kind for kind in calls if not kind.action),
        _untold(kind for kind in mapped if not kind.resources),
    )


def _untold(kinds: Iterable[_Kind]) -> tuple[Untold, ...]:
    listed = (Untold(kind.name, kind.reason, kind.count) for kind in kinds)
    return tuple(sorted(listed, key=lambda each: (-each.calls, each.event)))
