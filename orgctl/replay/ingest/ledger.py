"""The ledger of a dataset: which files were read, what was wrong with them, and which Parquet files count.

One SQLite file. Each change is one transaction, so that whatever kills a run, the ledger tells of a dataset that was.
A Parquet file that it does not name does not count, and is taken away by the next run.
"""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from orgctl.errors import InvalidInputError
from orgctl.replay.columns import COLUMNS
from orgctl.replay.ingest.messages import Done, FileRead, Part
from orgctl.replay.ingest.sources import Source

LEDGER = "ledger.sqlite"
ANEW = "take the folder away, and read the events anew"
"""What helps where a dataset cannot be gone on with."""

_FORMAT = zlib.crc32(repr((1, [(each.name, each.type) for each in COLUMNS])).encode()) >> 1
"""Another one whenever a dataset has other columns."""

_TABLES = f"""
PRAGMA user_version = {_FORMAT};
CREATE TABLE files (
    id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, size INTEGER NOT NULL, stamp TEXT NOT NULL,
    read INTEGER NOT NULL DEFAULT 0, records INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE problems (
    file INTEGER NOT NULL, reason TEXT NOT NULL, times INTEGER NOT NULL, lost INTEGER NOT NULL
) STRICT;
CREATE TABLE parts (path TEXT PRIMARY KEY, rows INTEGER NOT NULL, settled INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE TABLE yielded (
    file INTEGER NOT NULL, winner INTEGER NOT NULL, times INTEGER NOT NULL, PRIMARY KEY (file, winner)
) STRICT, WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Counts:
    """What is in a dataset. `records` = `distinct` + `duplicates` + `unreadable`; `files` are those that were read."""

    files: int
    records: int
    distinct: int
    duplicates: int
    unreadable: int


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong with a file: `times` over, and `lost` records could not be read for it."""

    path: str
    reason: str
    times: int
    lost: int


class Ledger:
    """The ledger of the dataset in a folder. Not to be used from two threads at once."""

    def __init__(self, folder: Path) -> None:
        """Open the ledger, and make it if there is none.

        Raises InvalidInputError for that of another version, sqlite3.Error for what is none.
        """
        self.path = folder / LEDGER
        self._base = sqlite3.connect(self.path, isolation_level=None, check_same_thread=False)
        self._prepare()

    def _prepare(self) -> None:
        self._base.execute("PRAGMA synchronous = NORMAL")
        found = self._base.execute("PRAGMA user_version").fetchone()[0]
        if found == 0:
            self._base.executescript(f"BEGIN; {_TABLES} COMMIT;")
        elif found != _FORMAT:
            raise InvalidInputError(f"`{self.path}` was written by another version of orgctl", hint=ANEW)

    def close(self) -> None:
        """Close the file."""
        self._base.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All that is changed within, or nothing."""
        self._base.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            if self._base.in_transaction:  # SQLite takes some back by itself
                self._base.execute("ROLLBACK")
            raise
        self._base.execute("COMMIT")

    def known(self) -> Mapping[str, tuple[int, int, str, bool]]:
        """Every file by its path: its number, size and stamp, and whether it was read."""
        rows = self._base.execute("SELECT path, id, size, stamp, read FROM files")
        return {path: (number, size, stamp, bool(read)) for path, number, size, stamp, read in rows}

    def enter(self, sources: Iterable[Source]) -> None:
        """Give new files their numbers, in their order."""
        rows = ((each.path, each.size, each.stamp) for each in sources)
        self._base.executemany("INSERT INTO files (path, size, stamp) VALUES (?, ?, ?)", rows)

    def strike(self, paths: Iterable[str]) -> None:
        """Take files out that were never read, and cannot be any more."""
        self._base.executemany("DELETE FROM files WHERE path = ?", [(path,) for path in paths])

    def alter(self, source: Source) -> None:
        """Note that a file is another one than before."""
        self._base.execute(
            "UPDATE files SET size = ?, stamp = ? WHERE path = ?", (source.size, source.stamp, source.path)
        )

    def leaning_on(self, files: Iterable[int]) -> set[int]:
        """The files, and those that gave up events to them, and so on: they have to be read together."""
        found = set(files)
        waiting = list(found)
        while waiting:
            rows = self._base.execute("SELECT file FROM yielded WHERE winner = ?", (waiting.pop(),))
            fresh = {file for (file,) in rows} - found
            found |= fresh
            waiting += fresh
        return found

    def forget(self, files: Iterable[int]) -> None:
        """Take back what is known of the contents of files."""
        rows = [(file,) for file in files]
        self._base.executemany("UPDATE files SET read = 0, records = 0 WHERE id = ?", rows)
        self._base.executemany("DELETE FROM problems WHERE file = ?", rows)
        self._base.executemany("DELETE FROM yielded WHERE file = ?", rows)
        self._base.executemany("DELETE FROM yielded WHERE winner = ?", rows)

    def enter_done(self, done: Done) -> None:
        """What came of a task."""
        for file in done.files:
            self._enter_file(file)
        self.enter_yielded((file, winner, times) for (file, winner), times in done.yielded.items())
        self.replace_parts((), done.parts)

    def enter_yielded(self, rows: Iterable[tuple[int, int, int]]) -> None:
        """Which files gave up how many events to which others."""
        self._base.executemany(
            "INSERT INTO yielded VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET times = times + excluded.times", rows
        )

    def _enter_file(self, file: FileRead) -> None:
        kept = (not file.failed, file.records, file.size, file.size, file.stamp, file.stamp, file.file)
        self._base.execute(
            "UPDATE files SET read = ?, records = records + ?, size = CASE WHEN ? < 0 THEN size ELSE ? END,"
            " stamp = CASE WHEN ? = '' THEN stamp ELSE ? END WHERE id = ?",
            kept,
        )
        summed: dict[str, tuple[int, int]] = {}
        for problem in file.problems:
            times, lost = summed.get(problem.reason, (0, 0))
            summed[problem.reason] = times + 1, lost + problem.lost
        rows = ((file.file, reason, times, lost) for reason, (times, lost) in summed.items())
        self._base.executemany("INSERT INTO problems VALUES (?, ?, ?, ?)", rows)

    def replace_parts(self, old: Iterable[str], new: Iterable[Part], *, settled: bool = False) -> None:
        """Let some Parquet files count for others."""
        self._base.executemany("DELETE FROM parts WHERE path = ?", ((path,) for path in old))
        rows = ((part.path, part.rows, settled) for part in new if part.rows)
        self._base.executemany("INSERT INTO parts VALUES (?, ?, ?)", rows)

    def settle(self) -> None:
        """Note that no event is in two rows."""
        self._base.execute("UPDATE parts SET settled = 1")

    def parts(self, *, settled: bool | None = None) -> tuple[str, ...]:
        """The Parquet files that count, by their paths in the dataset, in order."""
        rows = self._base.execute(
            "SELECT path FROM parts WHERE settled = coalesce(?, settled) ORDER BY path", (settled,)
        )
        return tuple(path for (path,) in rows)

    def counts(self) -> Counts:
        """The sums."""
        one = self._base.execute
        files, records = one("SELECT count(*), coalesce(sum(records), 0) FROM files WHERE read").fetchone()
        distinct = one("SELECT coalesce(sum(rows), 0) FROM parts").fetchone()[0]
        duplicates = one("SELECT coalesce(sum(times), 0) FROM yielded").fetchone()[0]
        unreadable = one("SELECT coalesce(sum(lost), 0) FROM problems").fetchone()[0]
        return Counts(files, records, distinct, duplicates, unreadable)

    def troubles(self) -> tuple[Trouble, ...]:
        """What is wrong with the files, by their paths."""
        rows = self._base.execute(
            "SELECT path, reason, times, lost FROM problems JOIN files ON files.id = file ORDER BY path, reason"
        )
        return tuple(Trouble(*row) for row in rows)
