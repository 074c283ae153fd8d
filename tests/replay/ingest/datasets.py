"""Trails to be read into datasets, and what such a dataset holds."""

from __future__ import annotations

import dataclasses
import gzip
import json
from collections.abc import Iterable
from pathlib import Path

import duckdb

from orgctl.replay.columns import NAMES
from orgctl.replay.event import decode_event
from orgctl.replay.facts import row_of
from orgctl.replay.ingest.dataset import Dataset
from orgctl.replay.ingest.run import Ingested, ingested
from orgctl.replay.ingest.sources import find
from tests.replay.records import record

Row = dict[str, object]


def read(folder: Path, *paths: Path, workers: int = 1) -> Ingested:
    """What a run says that reads these files and folders into the dataset `folder`."""
    with ingested(find(map(str, paths)).sources, folder, workers=workers) as done:
        return done


def rows(dataset: Dataset) -> list[Row]:
    """All rows of a dataset, in the order of their ids, without the number of the file."""
    columns = ", ".join(f'"{name}"' for name in NAMES)
    found = asked(f"SELECT {columns} FROM {dataset.sql} ORDER BY event_id")  # noqa: S608 - our own names
    return [dict(zip(NAMES, row, strict=True)) for row in found]


def asked(query: str, *given: object) -> list[tuple[object, ...]]:
    """What DuckDB answers."""
    return duckdb.execute(query, list(given)).fetchall()


def ids(dataset: Dataset) -> list[str]:
    """The ids of all rows, in order."""
    return [str(row["event_id"]) for row in rows(dataset)]


def expected(texts: Iterable[bytes]) -> list[Row]:
    """The rows of the distinct events among some records, as `row_of` makes them one by one."""
    made = (dataclasses.asdict(row_of(decode_event(text))) for text in texts)
    distinct = {row["event_id"]: row for row in made}
    return [distinct[event] for event in sorted(distinct)]


def sums(dataset: Dataset) -> tuple[int, int, int, int]:
    """Records in all; and distinct events, duplicates and what is unreadable, which have to add up to them."""
    counts = dataset.counts
    assert counts.records == counts.distinct + counts.duplicates + counts.unreadable
    return counts.records, counts.distinct, counts.duplicates, counts.unreadable


def event(event_id: str, **more: object) -> dict[str, object]:
    """A record with that id."""
    return record(eventID=event_id, **more)


def document(*records: object) -> bytes:
    """A log file's text."""
    return json.dumps({"Records": list(records)}).encode()


def write(path: Path, data: bytes) -> Path:
    """A file with that text, gzipped if its name says so."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(data, 1) if path.suffix == ".gz" else data)
    return path
