"""One run: what is new or has changed among some files becomes part of a dataset."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

import duckdb

from orgctl.errors import InvalidInputError, LockedError, OrgctlError
from orgctl.replay.ingest.crew import MAKE_ROOM, Crew, Worker
from orgctl.replay.ingest.dataset import Dataset, dataset_of
from orgctl.replay.ingest.fetching import Open
from orgctl.replay.ingest.ledger import ANEW, Ledger
from orgctl.replay.ingest.lock import locked
from orgctl.replay.ingest.messages import EVENTS, Done
from orgctl.replay.ingest.settling import drop, remove, settle
from orgctl.replay.ingest.sources import STREAM, Source, reason_of
from orgctl.replay.ingest.tasks import Numbered, Work, crew_size, is_local_path, tasks

Tell = Callable[[int, int], None]
"""Told of progress: how many bytes of files were read, and of how many. Called from other threads."""


@dataclass(frozen=True, slots=True)
class Ingested:
    """What a run came to: `fresh` files were new to the dataset, `changed` ones were read again, `same` were not."""

    dataset: Dataset
    fresh: int
    changed: int
    same: int


@contextmanager
def ingested(
    sources: Iterable[Source],
    folder: Path,
    *,
    workers: int | None = None,
    tell: Tell = lambda done, total: None,
    opened: Open | None = None,
    ready: list[Worker] | None = None,
    meanwhile: Callable[[], object] = lambda: None,
) -> Iterator[Ingested]:
    """Read what is new or has changed of some files into the dataset in a folder, which is made if there is none.

    Until the context is left, others may ask the dataset, and read into it what it has already, but not change it.

    `workers` is how many processes read, by default one for each core, of which those are taken first that are `ready`;
    `opened` opens what is no local file. Whatever stops it, another run goes on with what is left. Raises
    InvalidInputError if the folder is no dataset of ours, LockedError if another run is at it, OrgctlError if it cannot
    be written to. `meanwhile` is called while others read; not at all if there is nothing to read.
    """
    with locked(folder) as lock:
        with _told(folder), closing(Ledger(folder)) as ledger:
            if lock.is_alone:
                _sweep(folder, ledger)
            plan = _plan(list(sources), ledger)
            if lock.is_alone:
                _begin(folder, ledger, plan)
                if files := _numbered(ledger, plan):
                    entering = _Entering(ledger, tell, sum(each.source.size for each in files))
                    most = workers or crew_size([each.source for each in files])
                    work = tasks(files, most, opened or _closed)
                    Crew(folder, uuid4().hex[:12], work, entering.done, ready or []).run(most, meanwhile)
                settle(folder, ledger)
            elif not plan.is_empty or ledger.parts(settled=False):
                raise LockedError(f"another run is asking the events in `{folder}`", hint="wait for it to end")
            lock.share()
            done = Ingested(dataset_of(folder, ledger), len(plan.fresh), len(plan.changed), plan.same)
        yield done


@dataclass(slots=True)
class _Plan:
    """What is to be read: `again` are numbers of files whose rows are taken back first."""

    fresh: list[Source] = field(default_factory=list)
    changed: list[Source] = field(default_factory=list)
    waiting: list[Source] = field(default_factory=list)
    """Files that an earlier run entered and did not get to, or could not read; local ones need not be given again."""
    same: int = 0
    again: set[int] = field(default_factory=set)

    @property
    def is_empty(self) -> bool:
        """Whether the dataset has it all."""
        return not (self.fresh or self.changed or self.waiting)


def _plan(sources: list[Source], ledger: Ledger) -> _Plan:
    known = ledger.known()
    plan = _Plan()
    for source in sources:
        found = known.get(source.path)
        if found is None:
            plan.fresh.append(source)
        elif (found[1], found[2]) != (source.size, source.stamp):
            plan.changed.append(source)
        elif not found[3]:
            plan.waiting.append(source)
        else:
            plan.same += 1
    given = {source.path for source in sources}
    plan.waiting += [
        Source(path, size, stamp)
        for path, (_, size, stamp, read) in known.items()
        if not read and path not in given and is_local_path(path)
    ]
    plan.again = ledger.leaning_on(known[source.path][0] for source in (*plan.changed, *plan.waiting))
    return plan


def _begin(folder: Path, ledger: Ledger, plan: _Plan) -> None:
    """Enter all that will be read, so that it is read even if this run is killed."""
    old, new = drop(folder, ledger, plan.again)
    with ledger.transaction():
        ledger.enter(plan.fresh)
        for source in plan.changed:
            ledger.alter(source)
        ledger.forget(plan.again)
        ledger.replace_parts(old, new)
    remove(folder, old)


def _numbered(ledger: Ledger, plan: _Plan) -> list[Numbered]:
    """All that is to be read, in the order of the files' numbers."""
    wanted = {source.path for source in (*plan.fresh, *plan.changed, *plan.waiting)}
    files = [
        Numbered(number, Source(path, size, stamp))
        for path, (number, size, stamp, read) in ledger.known().items()
        if path in wanted or number in plan.again
    ]
    return sorted(files, key=lambda each: each.file)


@dataclass(slots=True)
class _Entering:
    """Enters what is done. The pieces of a large file are entered together, when the last one is."""

    ledger: Ledger
    tell: Tell
    total: int
    size: int = 0
    held: dict[int, list[Done]] = field(default_factory=dict)
    expected: dict[int, int] = field(default_factory=dict)

    def done(self, work: Work, done: Done) -> None:
        """Enter a task, or keep it until the rest of its file is there."""
        if work.part_of is None:
            self._enter((done,))
        else:
            self._hold(work.part_of, work, done)
        self.size += work.size
        self.tell(self.size, self.total)

    def _hold(self, file: int, work: Work, done: Done) -> None:
        held = self.held.setdefault(file, [])
        held.append(done)
        if work.last:
            self.expected[file] = work.number + 1
        if len(held) == self.expected.get(file):
            self._enter(self.held.pop(file))

    def _enter(self, all_done: Iterable[Done]) -> None:
        with self.ledger.transaction():
            for done in all_done:
                self.ledger.enter_done(done)


def _sweep(folder: Path, ledger: Ledger) -> None:
    """Take away what a run that was killed has left."""
    ledger.strike(path for path, (*_, read) in ledger.known().items() if not read and path.startswith(STREAM))
    counted = set(ledger.parts())
    for part in sorted(counted):
        if not (folder / part).exists():
            raise InvalidInputError(f"`{folder}` is no dataset, or is damaged: `{part}` is missing", hint=ANEW)
    found = (str(path.relative_to(folder)) for path in (folder / EVENTS).glob("*/*.parquet"))
    remove(folder, [path for path in found if path not in counted])


@contextmanager
def _told(folder: Path) -> Iterator[None]:
    """What goes wrong with the folder itself, in a sentence."""
    try:
        yield
    except (OSError, sqlite3.OperationalError, duckdb.IOException, duckdb.OutOfMemoryException) as error:
        reason = reason_of(error) if isinstance(error, OSError) else str(error).partition("\n")[0].lower()
        raise OrgctlError(f"`{folder}` cannot be written to: {reason}", hint=MAKE_ROOM) from None
    except (sqlite3.DatabaseError, duckdb.Error) as error:
        reason = str(error).partition("\n")[0]
        raise InvalidInputError(f"`{folder}` is no dataset, or is damaged: {reason}", hint=ANEW) from None


def _closed(source: Source) -> AbstractContextManager[BinaryIO]:
    raise InvalidInputError(f"`{source.path}` is no local file")
