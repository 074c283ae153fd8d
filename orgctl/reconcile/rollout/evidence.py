"""What records say of a stage: calls that the policy denied there, and calls that it would deny at the next one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Denied:
    """Calls of one caller and action in one place (`shop (ou:/Workloads)`). Times are in UTC."""

    who: str
    action: str
    place: str
    count: int
    first: datetime | None
    last: datetime | None
    sample: str | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was found in `events` distinct events since the policy is on its stage.

    `first` and `last` are the times of the first and the last of all events that there are, older ones included.
    `denied` was denied by the policy, as AWS's message or the evaluator tells. `expected` went well and would be denied
    once the policy is on the next stage.
    """

    events: int
    first: datetime | None
    last: datetime | None
    denied: tuple[Denied, ...] = ()
    expected: tuple[Denied, ...] = ()

    @property
    def denied_count(self) -> int:
        """How many calls were denied."""
        return sum(each.count for each in self.denied)

    @property
    def expected_count(self) -> int:
        """How many calls would be."""
        return sum(each.count for each in self.expected)
