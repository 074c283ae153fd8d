"""A dataset holds one row for each distinct event, and the row is what `row_of` says of its record."""

from __future__ import annotations

import json
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from benchmarks.trails import Kind, Written, files, write_trail
from tests.replay.ingest.datasets import asked, document, event, expected, ids, read, rows, sums, write

KINDS = [
    Kind(events=2000, accounts=5, per_file=8, seed=1, twice=0.05, odd=0.05, unreadable=0.01),
    Kind(events=1500, accounts=3, per_file=300, seed=2, twice=0.2, odd=0.2, unreadable=0.0, days=4),
]


@pytest.mark.parametrize("kind", KINDS)
def test_rows_are_those_of_the_distinct_events(tmp_path: Path, kind: Kind) -> None:
    """Files in, rows out: by two processes, the rows are what each record makes by itself, each event once."""
    written = write_trail(tmp_path / "trail", kind)
    found = read(tmp_path / "dataset", tmp_path / "trail", workers=2).dataset
    readable = (text for file in files(kind, Written()) for text in file.records if text.startswith(b"{"))
    assert expected(readable) == rows(found)
    assert (written.records, written.distinct, written.repeated, written.unreadable) == sums(found)
    assert written.files == found.counts.files


def test_files_are_by_day(tmp_path: Path) -> None:
    """Each Parquet file holds rows of one day, and lies in that day's folder; times that are none have one, too."""
    times = ["2026-11-02T23:59:59Z", "2026-11-03T00:00:00Z", "soon", "2026-11-02T01:00:00Z"]
    records = [event(f"e{number}", eventTime=time) for number, time in enumerate(times)]
    found = read(tmp_path / "dataset", write(tmp_path / "a.json.gz", document(*records))).dataset
    days = {
        part.parent.name: asked("SELECT event_id, day FROM read_parquet(?) ORDER BY 1", str(part))
        for part in found.parts
    }
    assert days == {
        "day=2026-11-02": [("e0", date(2026, 11, 2)), ("e3", date(2026, 11, 2))],
        "day=2026-11-03": [("e1", date(2026, 11, 3))],
        "day=__HIVE_DEFAULT_PARTITION__": [("e2", None)],
    }


DUPLICATES = [
    ([["a", "b", "a"]], (3, 2, 1, 0)),
    ([["a", "b"], ["b", "c"]], (4, 3, 1, 0)),
    ([["a"], ["a"], ["a"]], (3, 1, 2, 0)),
    ([["a", "a"], ["a", "a"]], (4, 1, 3, 0)),
]


@pytest.mark.parametrize(("found", "counted"), DUPLICATES)
@pytest.mark.parametrize("at_once", [True, False])
def test_duplicates_count_once(tmp_path: Path, found: list[list[str]], counted: tuple[int, ...], at_once: bool) -> None:
    """An event that comes again has one row: within a file, in several of a run, and in those of different runs."""
    paths = [write(tmp_path / f"{number}.json", document(*map(event, names))) for number, names in enumerate(found)]
    for upto in [len(paths)] if at_once else range(1, len(paths) + 1):
        dataset = read(tmp_path / "dataset", *paths[:upto]).dataset
    assert counted == sums(dataset)
    assert sorted({name for names in found for name in names}) == ids(dataset)


def test_the_first_that_was_delivered_has_the_row(tmp_path: Path) -> None:
    """Of an event's records that differ, the one counts that was delivered first, whatever the files' names are."""
    late = write(tmp_path / "1_CloudTrail_eu-west-1_20261102T0905Z_a.json", document(event("x", eventName="Late")))
    early = write(tmp_path / "2_CloudTrail_eu-west-1_20261101T0900Z_b.json", document(event("x", eventName="Early")))
    assert [row["name"] for row in rows(read(tmp_path / "dataset", late, early).dataset)] == ["Early"]


def test_events_without_an_id_are_told_apart_by_their_contents(tmp_path: Path) -> None:
    """The same record twice is one event, and another one is another, in the same file or in different ones."""
    nameless = [{key: value for key, value in event("", eventName=name).items() if key != "eventID"} for name in "aab"]
    paths = [write(tmp_path / f"{number}.json", document(*nameless)) for number in range(2)]
    assert sums(read(tmp_path / "dataset", *paths).dataset) == (6, 2, 4, 0)


@pytest.mark.parametrize("ending", ["json.gz", "jsonl"])
def test_a_huge_file_is_read_in_pieces(tmp_path: Path, ending: str) -> None:
    """A file of many times what is read at once has the same rows as small ones, and its duplicates count."""
    kind = Kind(events=400, accounts=3, per_file=100, seed=3, twice=0.02, unreadable=0.0)
    texts = [text for file in files(kind) for text in file.records]
    padded = [_padded(text) for text in texts]
    lines = b"\n".join(padded) + b"\n"
    data = lines if ending == "jsonl" else b'{"Records":[' + b",".join(padded) + b"]}"
    path = write(tmp_path / f"huge.{ending}", data)
    found = read(tmp_path / "dataset", path, workers=2).dataset
    assert expected(texts) == rows(found)
    assert [(), len(texts)] == [found.troubles, found.counts.records]
    assert len(found.parts) > 1


def _padded(text: bytes) -> bytes:
    """The record with an answer of some hundred kilobytes, which cannot be packed well."""
    record = json.loads(text)
    record["responseElements"] = {"data": "".join(f"{a * 7919 % 10007}{b}" for a, b in pairwise(range(9_000)))}
    return json.dumps(record).encode()
