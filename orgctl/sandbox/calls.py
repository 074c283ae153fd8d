"""The log of calls and their counts."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass
from typing import Any

KEPT = 20_000
"""How many calls the log keeps at most; the counts go on."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One call. `outcome` is `ok`, `dropped` or an error code; `parameters` are those of our own services."""

    at: float
    caller: str
    service: str
    operation: str
    parameters: Any
    outcome: str


class Calls:
    """What was called since the start or the last reset."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.counts: Counter[str] = Counter()
        self.outcomes: Counter[str] = Counter()

    def add(self, entry: Entry) -> None:
        """Note one call."""
        self.counts[f"{entry.service}:{entry.operation}"] += 1
        self.outcomes[entry.outcome] += 1
        if len(self.entries) < KEPT:
            self.entries.append(entry)

    def reset(self) -> None:
        """Forget all."""
        self.entries.clear()
        self.counts.clear()
        self.outcomes.clear()

    def to_json(self) -> dict[str, Any]:
        """`counts` and `outcomes`, and the log in order."""
        return {
            "counts": dict(sorted(self.counts.items())),
            "outcomes": dict(sorted(self.outcomes.items())),
            "calls": [asdict(entry) for entry in self.entries],
        }
