"""What share of calls gets an action: to be told by whoever lists calls, such as a benchmark over all of AWS's APIs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from orgctl.replay.actions import action_of

Call = tuple[str, str, str]
"""The name to count under, an `eventSource` and an `eventName`."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many calls there are under a name, and which (with the reason) get no action."""

    name: str
    calls: int
    without: tuple[tuple[str, str], ...]

    @property
    def mapped(self) -> int:
        """How many get an action."""
        return self.calls - len(self.without)


def coverage(calls: Iterable[Call]) -> tuple[Coverage, ...]:
    """The coverage under each name, in the order of the names."""
    counts: dict[str, int] = {}
    without: dict[str, list[tuple[str, str]]] = {}
    for name, source, event in calls:
        counts[name] = counts.get(name, 0) + 1
        mapped = action_of(source, event)
        if mapped.action is None:
            without.setdefault(name, []).append((event, mapped.reason or ""))
    return tuple(Coverage(name, counts[name], tuple(without.get(name, ()))) for name in sorted(counts))
