"""`orgctl impact --coverage`: how much the events tell of what was asked, whatever the policies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from orgctl.api.connection import Connection
from orgctl.api.impact import Wanted, nothing
from orgctl.api.impact_objects import Objects
from orgctl.api.impact_reading import Tell, located, opened
from orgctl.api.impact_selection import Selection, read_accounts, read_excluded
from orgctl.manifest import load
from orgctl.replay.told import Told, told, total
from orgctl.replay.verdicts.impact import Reading
from orgctl.state.offline import offline


@dataclass(frozen=True, slots=True)
class Coverage:
    """What was read, and what each service's records tell, those with the most calls first."""

    reading: Reading
    services: Sequence[Told]

    @property
    def total(self) -> Told:
        """All services together."""
        return total(self.services)


def coverage(directory: Path, connection: Connection, wanted: Wanted, *, reading: Tell | None = None) -> Coverage:
    """What the chosen events tell.

    The manifest is read only where accounts or OUs are named, or events in S3; of AWS nothing else is asked for.

    Raises InvalidInputError for events or options that cannot be used, and where no event is in range; OrgctlError
    where what the extra `impact` brings is not installed.
    """
    found = located(wanted.events)
    selection = Selection(wanted.since, wanted.until, _accounts(directory, wanted), read_excluded(wanted.exclude))
    if found.remote:
        found = found.including(Objects.of(load(directory), connection, selection))
    with opened(found, wanted.dataset, reading) as events:
        services = told(events.connection, selection.of(events.relation))
        if not services:
            raise nothing(wanted, events.reading)
        return Coverage(events.reading, services)


def _accounts(directory: Path, wanted: Wanted) -> frozenset[str] | None:
    if not wanted.accounts and not wanted.units:
        return None
    return read_accounts(offline(load(directory)), wanted.accounts, wanted.units)
