"""Events as a dataset that can be asked: read once, kept where somebody wants that, else in a folder that goes away."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from orgctl.errors import InvalidInputError, OrgctlError
from orgctl.replay.columns import NAMES, Row
from orgctl.replay.verdicts.impact import Reading, Trouble

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from orgctl.api.impact_objects import Objects
    from orgctl.replay.ingest.crew import Worker
    from orgctl.replay.ingest.dataset import Dataset
    from orgctl.replay.ingest.sources import Source

Tell = Callable[[int, int], None]
"""Told how many bytes of files were read, and of how many."""

_NEEDED = ("duckdb", "pyarrow", "isal", "sqlglot")


@dataclass(frozen=True, slots=True)
class Events:
    """A dataset, opened. `relation` is what DuckDB can select from; `reading` tells what was read."""

    connection: DuckDBPyConnection
    relation: str
    reading: Reading

    def row(self, event_id: str) -> Row | None:
        """The event with that id; None if there is none."""
        columns = ", ".join(f'"{name}"' for name in NAMES)
        query = f"SELECT {columns} FROM {self.relation} WHERE event_id = ? LIMIT 1"  # noqa: S608 - names of ours
        found: tuple[Any, ...] | None = self.connection.execute(query, [event_id]).fetchone()
        if found is None:
            return None
        return Row.of({name: value for name, value in zip(NAMES, found, strict=True) if value is not None})


@dataclass(frozen=True, slots=True)
class Located:
    """The files that are to be read, and how many were passed over in folders, as they hold something else.

    `remote` are addresses in S3 that were not looked at yet; `objects` is how files there are had. `workers` are
    processes that make themselves ready to read.
    """

    sources: tuple[Source, ...]
    passed_over: int = 0
    remote: tuple[str, ...] = ()
    objects: Objects | None = None
    workers: list[Worker] = field(default_factory=list)

    def including(self, objects: Objects) -> Located:
        """With the files in S3, too. Raises InvalidInputError where nothing is, AwsError for what AWS says."""
        found = [objects.find(address) for address in self.remote]
        return Located(
            (*self.sources, *dict.fromkeys(source for each in found for source in each.sources)),
            self.passed_over + sum(each.passed_over for each in found),
            (),
            objects,
            self.workers,
        )


def located(paths: Sequence[str]) -> Located:
    """The files at some paths; nothing of them is read yet, and S3 is not asked.

    Raises OrgctlError if something is not installed that this needs, InvalidInputError for paths at which nothing is.
    """
    require()
    from orgctl.replay.ingest.sources import SCHEME, STREAM, find, stream

    if not all(paths):
        raise InvalidInputError("one of the paths to events is empty", hint="is a variable of your shell not set?")
    remote = tuple(path for path in paths if path.startswith(SCHEME))
    found = find(path for path in paths if path != STREAM and path not in remote)
    streams = [stream()] if STREAM in paths else []
    return Located((*found.sources, *streams), found.passed_over, remote)


@contextmanager
def looked_up(paths: Sequence[str], folder: Path | None) -> Iterator[Located]:
    """As `located`, with workers that make themselves ready while there is other work to do.

    There are none where a dataset is kept, which may have read everything already.
    """
    found = located(paths)
    from orgctl.replay.ingest.crew import waiting
    from orgctl.replay.ingest.tasks import crew_size

    with waiting(0 if folder else crew_size(found.sources)) as workers:
        yield replace(found, workers=workers)


@contextmanager
def opened(
    located: Located,
    folder: Path | None,
    tell: Tell | None = None,
    meanwhile: Callable[[], object] = lambda: None,
) -> Iterator[Events]:
    """The events of some files, and those that are in the dataset's folder already.

    `meanwhile` is called while files are read; not at all if there are none to read.

    Raises InvalidInputError for a folder that holds something else, and, where no files are given, for one without a
    dataset.
    """
    import duckdb

    if folder:
        _check(folder, may_be_new=bool(located.sources))

    from orgctl.replay.ingest.run import ingested

    with TemporaryDirectory(prefix="orgctl-") as temporary:
        kept = folder or Path(temporary) / "dataset"
        opener = located.objects.opened if located.objects else None
        told = tell or (lambda _done, _total: None)
        ready = located.workers
        reading = ingested(located.sources, kept, tell=told, opened=opener, ready=ready, meanwhile=meanwhile)
        with reading as done, duckdb.connect() as connection:
            connection.execute(f"SET temp_directory = '{temporary}/duckdb'".replace("\\", "/"))
            yield Events(connection, done.dataset.sql, _reading(done.dataset, located.passed_over))


def _check(folder: Path, *, may_be_new: bool) -> None:
    """A folder of somebody's is not to become a dataset by mistake, nor an empty one to be taken for one."""
    from orgctl.replay.ingest.ledger import LEDGER

    if (folder / LEDGER).exists():
        return
    try:
        is_free = not folder.exists() or not {each.name for each in folder.iterdir()} - {"lock"}
    except OSError as error:
        raise InvalidInputError(f"`{folder}` cannot be read: {(error.strerror or 'it fails').lower()}") from error
    if not is_free:
        raise InvalidInputError(f"`{folder}` holds something else than a dataset", hint="name a folder of its own")
    if not may_be_new:
        raise InvalidInputError(f"there is no dataset in `{folder}`", hint="read events into it with `--events`")


def require() -> None:
    """Raise OrgctlError if something is not installed that reading and counting events needs."""
    missing = [name for name in _NEEDED if find_spec(name) is None]
    if missing:
        raise OrgctlError(
            f"`orgctl impact` needs `{missing[0]}`, which is not installed", hint="pip install 'orgctl[impact]'"
        )


def _named(path: str) -> str:
    """As the user names the file: each reading of stdin has a name of its own."""
    from orgctl.replay.ingest.sources import STREAM

    return STREAM if path.startswith(f"{STREAM} ") else path


def _reading(dataset: Dataset, passed_over: int) -> Reading:
    counts = dataset.counts
    return Reading(
        counts.files,
        counts.records,
        counts.duplicates,
        counts.unreadable,
        tuple(Trouble(_named(each.path), each.reason, each.lost) for each in dataset.troubles),
        passed_over,
    )
