"""Rows made many at once are those that are made one by one."""

from __future__ import annotations

import dataclasses

import msgspec
import pytest

from benchmarks.trails import Kind, records
from orgctl.replay.columns import NAMES
from orgctl.replay.event import decode_event
from orgctl.replay.facts import row_of
from orgctl.replay.ingest.lean import lean_record
from orgctl.replay.ingest.table import FILE, SCHEMA, Table

Rows = list[dict[str, object]]


def made(texts: list[bytes]) -> tuple[Rows, Rows]:
    """The rows of records, at once and one by one."""
    table, expected = Table(), []
    for text in texts:
        event = decode_event(text)
        try:
            table.add(1, lean_record(text), event.event_id or "")
        except msgspec.ValidationError:
            table.add_event(1, event, event.event_id or "")
        expected.append(dataclasses.asdict(row_of(event)))
    return [{name: row[name] for name in NAMES} for row in table.take().to_pylist()], expected


@pytest.mark.parametrize("seed", range(3))
def test_rows_are_the_same_however_they_are_made(seed: int) -> None:
    """Each column of thousands of records, odd ones among them, is what `row_of` says of each by itself."""
    texts = list(records(Kind(events=1500, accounts=5, per_file=200, seed=seed, odd=0.3, unreadable=0)))
    found, expected = made(texts)
    assert expected == found


def test_the_columns_are_those_of_a_row() -> None:
    """The table has a row's columns in their order, and the file's number."""
    assert [*NAMES, FILE] == SCHEMA.names


def test_a_table_can_be_empty() -> None:
    """Without records there are no rows, but all columns."""
    empty = Table().take()
    assert empty.num_rows == 0
    assert empty.schema == SCHEMA
