"""`Impact`: what a change of policies means for all that was recorded. A value for views and programs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from orgctl.policy.ruling import Locate, nowhere
from orgctl.replay.verdicts.verdict import Kind

if TYPE_CHECKING:
    from orgctl.replay.verdicts.tally import Group  # brings what reads records, which a plan without any does not need


@dataclass(frozen=True, slots=True)
class Trouble:
    """A file that could not be read, or not wholly, and why; `lost` records of it could not be."""

    file: str
    reason: str
    lost: int = 0


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read: `records` are `distinct` events, repetitions of them, and what is no readable record.

    `passed_over` are files in folders that hold something else: digests, Insights, other services' logs.
    """

    files: int = 0
    records: int = 0
    duplicates: int = 0
    unreadable: int = 0
    troubles: tuple[Trouble, ...] = ()
    passed_over: int = 0

    @property
    def distinct(self) -> int:
        """How many different events were found."""
        return self.records - self.duplicates - self.unreadable


@dataclass(frozen=True, slots=True)
class Home:
    """An account as people know it: its name, and the OU that it is in (`ou:/Workloads`)."""

    name: str
    unit: str


@dataclass(frozen=True, slots=True)
class Impact:
    """The verdicts on all distinct events that were asked for.

    `baseline` and `change` say in words what was compared: the policies before, and what is to be tried. The `totals`
    add up to `events`; of what was read, `left_out` events were not asked for. `groups` holds all calls but those that
    stay allowed. `homes` are by account id. `nameless` are accounts of which nobody knows the id, `unread` policies in
    AWS that cannot be read, and count as allowing everything. `notes` are sentences on what records are silent about,
    and on assumptions that nobody asks for. Times are in UTC.
    """

    baseline: str
    change: str
    reading: Reading
    totals: Mapping[Kind, int]
    groups: tuple[Group, ...] = ()
    first: datetime | None = None
    last: datetime | None = None
    left_out: int = 0
    homes: Mapping[str, Home] = field(default_factory=dict)
    nameless: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    locate: Locate = nowhere
    notes: tuple[str, ...] = ()

    @property
    def events(self) -> int:
        """How many distinct events have a verdict."""
        return sum(self.totals.values())

    def count(self, kind: Kind) -> int:
        """How many of them have this one."""
        return self.totals.get(kind, 0)

    def of(self, kind: Kind) -> tuple[Group, ...]:
        """The groups with this verdict, those with the most calls first."""
        return tuple(group for group in self.groups if group.verdict.kind is kind)
