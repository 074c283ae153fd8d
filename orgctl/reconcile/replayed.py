"""`Replayed`: what a plan would have denied of what was done, in sums and by reason. A value; nothing here judges.

It is the impact of the plan alone, as far as a reviewer needs it; `orgctl impact` has it all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from orgctl.access.change import Cause
from orgctl.replay.verdicts.impact import Reading
from orgctl.replay.verdicts.verdict import Kind

DENIED, DEPENDS = "denied", "depends"
"""What somebody may ask not to go on with: calls that are newly denied; or those that may be, too."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who made calls with the same verdict for the same reason: how many, and the first few actions and places."""

    who: str
    count: int
    actions: tuple[str, ...]
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reason:
    """All calls with one verdict for the same reason: what denies them or may, or the keys on which that hangs.

    `callers` and `accounts` count them all, `top` are those callers with the most calls. Times are in UTC.
    """

    kind: Kind
    causes: tuple[Cause, ...]
    keys: tuple[str, ...]
    count: int
    callers: int
    accounts: int
    first: datetime | None
    last: datetime | None
    samples: tuple[str, ...]
    top: tuple[Caller, ...] = ()


@dataclass(frozen=True, slots=True)
class Replayed:
    """What a plan would have denied of the recorded events that were asked for; the `totals` add up to all of them.

    `fail_on` is `denied` or `depends` where these are not to be applied. `reasons` are those of what is newly denied
    and of what depends, the most hurtful first. `notes` name new statements of which the events are silent. `skipped`:
    somebody asked for the events not to be looked at.
    """

    fail_on: str | None = None
    totals: Mapping[Kind, int] = field(default_factory=dict)
    reading: Reading = field(default_factory=Reading)
    left_out: int = 0
    first: datetime | None = None
    last: datetime | None = None
    reasons: tuple[Reason, ...] = ()
    notes: tuple[str, ...] = ()
    skipped: bool = False

    @property
    def events(self) -> int:
        """How many distinct events have a verdict."""
        return sum(self.totals.values())

    def count(self, kind: Kind) -> int:
        """How many of them have this one."""
        return self.totals.get(kind, 0)

    @property
    def fails(self) -> bool:
        """Whether it does what `fail_on` forbids."""
        denied, depends = self.count(Kind.NEWLY_DENIED), self.count(Kind.DEPENDS)
        return bool((self.fail_on and denied) or (self.fail_on == DEPENDS and depends))
