"""`orgctl impact`: what would a change of policies have denied of what was done?

    found = impact(directory, connection, Wanted(("trail/",), baseline="none"))
    found.count(Kind.NEWLY_DENIED)

The recorded events are held against the policies before the change and after it. Needs AWS only where the policies in
force are the baseline.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from orgctl.api.connection import Connection
from orgctl.api.impact_assumptions import read_assumptions
from orgctl.api.impact_notes import notes
from orgctl.api.impact_objects import Objects
from orgctl.api.impact_reading import Events, Located, Tell, located, opened
from orgctl.api.impact_selection import Selection, read_accounts, read_excluded
from orgctl.api.impact_sides import AWS, Sides, sides, trying
from orgctl.api.impact_trial import Trial, trial
from orgctl.aws.read.crew import Progress
from orgctl.diagnostics import Position
from orgctl.errors import InvalidInputError
from orgctl.manifest import LoadedManifest, load
from orgctl.model.address import unit_address
from orgctl.model.resources import Account
from orgctl.replay.verdicts.assumptions import Assumptions
from orgctl.replay.verdicts.impact import Home, Impact, Reading
from orgctl.replay.verdicts.judge import Judge
from orgctl.replay.verdicts.tally import Tally
from orgctl.simulator import Simulator
from orgctl.source import Place

if TYPE_CHECKING:
    from orgctl.replay.verdicts.counting import DatasetQuery


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked.

    `events` are files, folders, `s3://bucket/prefix`, `-`. `baseline` is `aws`, `none`, `manifest` or
    `manifest@GITREF`. With a `policy` (a file) and its `target`, that alone is tried, instead of what the manifest
    changes. `since` and `until` are in UTC, without offset. `assume` are `KEY=VALUE` pairs, `tags` a file. What is read
    is kept in the folder `dataset`, if one is named, and what is in there already counts, too.
    """

    events: tuple[str, ...]
    baseline: str = AWS
    policy: Path | None = None
    target: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    accounts: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    assume: tuple[str, ...] = ()
    tags: Path | None = None
    dataset: Path | None = None


@dataclass
class Question:
    """What is asked, made ready: both sides, and how events are chosen and judged."""

    loaded: LoadedManifest
    sides: Sides
    trial: Trial | None
    selection: Selection
    assumptions: Assumptions

    def __post_init__(self) -> None:
        before, after = Simulator(self.sides.before), Simulator(self.sides.after)
        self.judge = Judge(before, after, self.assumptions, self.sides.nameless)

    def objects(self, connection: Connection) -> Objects:
        """How events are read that lie in S3."""
        trail = self.loaded.manifest.trail
        holder = self.sides.id_of(trail.bucket.account) if trail else None
        return Objects.of(self.loaded, connection, self.selection, holder)

    def position(self, policy: str, place: Place) -> Position | None:
        """Where a place of a policy is written."""
        if self.trial and policy == self.trial.file.name:
            return self.trial.file.source.at(place)
        file = self.loaded.policies.get(policy)
        return file.source.at(place) if file else None


def impact(
    directory: Path,
    connection: Connection,
    wanted: Wanted,
    *,
    progress: Progress | None = None,
    reading: Tell | None = None,
    here: Located | None = None,
) -> Impact:
    """Hold the events against both sides. `progress` is told of what is read from AWS, `reading` of the events.

    `here` is where the wanted events are, if that is known already.

    Raises InvalidInputError for a manifest, events or options that cannot be used, and where no event is in range;
    AwsError for what AWS says; OrgctlError where what the extra `impact` brings is not installed.
    """
    here = here or located(wanted.events)
    question = ready(directory, connection, wanted, progress)
    found = here.including(question.objects(connection))
    query = cache(partial(query_for, question.judge))  # as soon as there is time for it
    with opened(found, wanted.dataset, reading, query) as events:
        return judged(question, wanted, events, query())


def query_for(judge: Judge) -> DatasetQuery:
    """What counts calls. Working it out takes its time, for what it imports."""
    from orgctl.replay.verdicts.counting import DatasetQuery

    return DatasetQuery(judge)


def judged(question: Question, wanted: Wanted, events: Events, query: DatasetQuery) -> Impact:
    """The verdicts on events that are read already."""
    relation = question.selection.of(events.relation)
    tally = query.count(events.connection, relation)
    if not tally.all.count:
        raise nothing(wanted, events.reading)
    return told(question, wanted, events.reading, tally, query.actions(events.connection, relation))


def told(question: Question, wanted: Wanted, reading: Reading, tally: Tally, recorded: Collection[str]) -> Impact:
    """What a report tells of events that are counted, and whose actions (in lower case) were the `recorded` ones."""
    assumed = dict.fromkeys(pair.partition("=")[0] for pair in wanted.assume)
    return Impact(
        question.sides.words,
        _change(question.trial),
        reading,
        tally.totals,
        tally.groups(),
        tally.all.first,
        tally.all.last,
        reading.distinct - tally.all.count,
        _homes(question.sides),
        question.sides.nameless,
        question.sides.unread,
        question.position,
        notes=notes(question.sides.before, question.sides.after, assumed, recorded),
    )


def ready(directory: Path, connection: Connection, wanted: Wanted, progress: Progress | None = None) -> Question:
    """The question without its events. Raises as `impact` does."""
    loaded = load(directory)
    if (wanted.policy is None) is not (wanted.target is None):
        raise InvalidInputError(
            "a policy is tried at a target", hint="give both `--policy FILE` and `--target ou:/…`, or neither"
        )
    found = sides(loaded, connection, wanted.baseline, progress)
    tried = None
    if wanted.policy is not None and wanted.target is not None:
        tried = trial(loaded, found.before, wanted.policy, wanted.target)
        found = trying(found, tried.policy, tried.target)
    selection = Selection(
        wanted.since,
        wanted.until,
        read_accounts(found.after, wanted.accounts, wanted.units),
        read_excluded(wanted.exclude),
    )
    return Question(loaded, found, tried, selection, read_assumptions(wanted.assume, wanted.tags))


def _change(tried: Trial | None) -> str:
    return f"`{tried.policy.name}` on `{tried.target}`" if tried else "the manifest"


def _homes(found: Sides) -> dict[str, Home]:
    return {
        account.id: Home(account.key, unit_address(account.parent))
        for account in found.after.each(Account)
        if account.id
    }


def nothing(wanted: Wanted, reading: Reading) -> InvalidInputError:
    """Why there is nothing to be said of the events that are wanted: there are none."""
    if reading.distinct:
        return InvalidInputError(
            f"none of the {reading.distinct:,} events is in the range that was asked for",
            hint="see `--since`, `--until`, `--account`, `--ou` and `--exclude-principal`",
        )
    first = next(iter(reading.troubles), None)
    hint = f"`{first.file}`: {first.reason}" if first else "give log files of CloudTrail's, or folders with some"
    places = ", ".join(f"`{each}`" for each in (*wanted.events, *([wanted.dataset] if wanted.dataset else [])))
    return InvalidInputError(f"there is no CloudTrail event in {places}", hint=hint)
