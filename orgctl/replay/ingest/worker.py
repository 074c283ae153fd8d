"""A process that makes Parquet of records: `python -m orgctl.replay.ingest.worker`, spoken to through pipes.

It ends when nobody speaks to it any more, so that none is left behind by a run that was killed.
"""

from __future__ import annotations

import gc
import os
import sys
from collections import Counter
from datetime import date
from hashlib import blake2b
from pathlib import Path
from typing import BinaryIO

import msgspec
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from orgctl.replay.event import decode_event
from orgctl.replay.ingest.lean import Lean, lean_file, lean_record
from orgctl.replay.ingest.messages import EVENTS, Done, FileRead, Ids, Known, Part, Piece, Task, receive, send
from orgctl.replay.ingest.sources import reason_of
from orgctl.replay.ingest.table import SCHEMA, Table
from orgctl.replay.ingest.text import Problem, content_of, unpacked

_MORE = 1 << 20
"""How many bytes of a file that has grown meanwhile are read at once."""

_REPEATED = [name for name in SCHEMA.names if name not in ("event_id", "time")]
"""The columns whose values come again and again."""

_BOUNDED = ["time", "day", "action", "principal_account"]
"""The columns whose least and greatest values in a Parquet file are worth knowing: those that are searched by."""


def serve(questions: BinaryIO, answers: BinaryIO) -> None:
    """Do one task after the other."""
    gc.disable()  # nothing here goes in circles, and looking for it takes a third of the time
    pa.set_cpu_count(1)
    table = Table()
    while task := receive(questions, Task):
        reading = _Reading(table)
        files = [reading.read(piece) for piece in task.pieces]
        send(answers, Ids(table.ids, table.files))
        rows = table.take()  # while the run compares the events with those of others
        known = receive(questions, Known)
        if known is None:
            return
        send(answers, _done(files, _without(rows, known.places), reading, task))


def _done(files: list[FileRead], rows: pa.Table, reading: _Reading, task: Task) -> Done:
    folder = Path(task.folder) / EVENTS
    try:
        return Done(files, _write(rows, folder, task.name), dict(reading.yielded))
    except OSError as error:
        return Done([], [], {}, f"`{folder}` cannot be written to: {reason_of(error)}")


class _Reading:
    """The records of one task, each event once."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.first: dict[str, int] = {}
        self.yielded: Counter[tuple[int, int]] = Counter()

    def read(self, piece: Piece) -> FileRead:
        """The records of a file, or a piece of one."""
        done = FileRead(piece.file)
        if piece.failure:
            return _failed(done, piece.failure)
        try:
            data = piece.data if piece.data is not None else _contents(piece.path, done)
        except OSError as error:
            return _failed(done, reason_of(error))
        records = _as_delivered(data)
        if records is None:
            self._one_by_one(data, done)
            return done
        done.records = len(records)
        self._add_all(done.file, records)
        return done

    def _add_all(self, file: int, records: list[Lean]) -> None:
        """As `_add` does with each; nearly all records come this way."""
        first, ids, add = self.first, self.table.ids, self.table.add
        for record in records:
            event_id = record.event_id or ""
            place = len(ids)
            if first.setdefault(event_id, place) == place:
                add(file, record, event_id)
            else:
                self.yielded[file, self.table.files[first[event_id]]] += 1

    def _one_by_one(self, data: bytes, done: FileRead) -> None:
        """The records of a file in which something is odd."""
        content = content_of(data)
        done.problems = content.problems
        done.records = len(content.records) + sum(problem.lost for problem in content.problems)
        for raw in content.records:
            self._add_raw(raw, done)

    def _add_raw(self, raw: msgspec.Raw, done: FileRead) -> None:
        try:
            record = lean_record(raw)
        except msgspec.ValidationError:
            self._add_odd(raw, done)
        except (msgspec.DecodeError, RecursionError, UnicodeError):
            done.problems.append(Problem("a record of it is no valid JSON", 1))
        else:
            self._add(done.file, record, record.event_id or _made_id(raw))

    def _add_odd(self, raw: msgspec.Raw, done: FileRead) -> None:
        try:
            event = decode_event(raw)
        except (msgspec.DecodeError, RecursionError, UnicodeError):
            done.problems.append(Problem("a record of it is no JSON object", 1))
            return
        event_id = event.event_id or _made_id(raw)
        if self._is_first(done.file, event_id):
            self.table.add_event(done.file, event, event_id)

    def _add(self, file: int, record: Lean, event_id: str) -> None:
        if self._is_first(file, event_id):
            self.table.add(file, record, event_id)

    def _is_first(self, file: int, event_id: str) -> bool:
        first = self.first.setdefault(event_id, len(self.table.ids))
        if first == len(self.table.ids):
            return True
        self.yielded[file, self.table.files[first]] += 1
        return False


def _failed(done: FileRead, reason: str) -> FileRead:
    done.failed = True
    done.problems.append(Problem(f"it cannot be read: {reason}"))
    return done


def _contents(path: str, done: FileRead) -> bytes:
    """What is in a file, and how it was when it was opened."""
    file = os.open(path, os.O_RDONLY)  # without a buffer, for a file of ten thousand
    try:
        found = os.fstat(file)
        done.size, done.stamp = found.st_size, str(found.st_mtime_ns)
        data = os.read(file, found.st_size)
        while more := os.read(file, _MORE):
            data += more
        return data
    finally:
        os.close(file)


def _as_delivered(data: bytes) -> list[Lean] | None:
    """The records of a file that is as CloudTrail writes it; None if anything in it is odd."""
    text, problem = unpacked(data)
    if problem:
        return None
    try:
        records = lean_file(text).records
    except (msgspec.DecodeError, RecursionError, UnicodeError):
        return None
    return records if all(record.event_id for record in records) else None


def _made_id(raw: msgspec.Raw) -> str:
    """An id for a record that has none: the same record is the same event."""
    return f"content:{blake2b(raw, digest_size=16).hexdigest()}"


def _without(rows: pa.Table, places: list[int]) -> pa.Table:
    if not places:
        return rows
    left = set(range(rows.num_rows)).difference(places)
    return rows.take(pa.array(sorted(left), pa.int32()))


def _write(rows: pa.Table, folder: Path, name: str) -> list[Part]:
    """A Parquet file for each day of the rows."""
    days: list[date | None] = pc.unique(rows["day"]).to_pylist()
    return [_write_day(rows, day, len(days) == 1, folder, name) for day in days]


def _write_day(rows: pa.Table, day: date | None, alone: bool, folder: Path, name: str) -> Part:
    path = Path(f"day={day or '__HIVE_DEFAULT_PARTITION__'}", f"{name}.parquet")
    if not alone:
        of_day = pc.equal(rows["day"], day) if day else pc.is_null(rows["day"])
        rows = rows.filter(pc.fill_null(of_day, False))
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(
        *(rows, folder / path),
        compression="zstd",
        store_schema=False,
        use_dictionary=_REPEATED,
        write_statistics=_BOUNDED,
    )
    return Part(str(EVENTS / path), rows.num_rows)


if __name__ == "__main__":
    serve(sys.stdin.buffer, sys.stdout.buffer)
