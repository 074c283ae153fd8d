"""An impact by way of Athena's SQL is the impact by way of files: the same verdicts, groups, times and samples."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import astuple
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from orgctl.replay.athena import groups as asking
from orgctl.replay.athena.counting import Counting
from orgctl.replay.athena.flattening import copied
from orgctl.replay.athena.groups import Groups
from orgctl.replay.athena.selecting import Selects
from orgctl.replay.event import event_of
from orgctl.replay.facts import row_of
from orgctl.replay.sql.dialect import to_duckdb
from orgctl.replay.sql.query import compile_policies
from orgctl.replay.verdicts.counting import DatasetQuery
from orgctl.replay.verdicts.facts_in_sql import facts_of
from orgctl.replay.verdicts.judge import Judge
from orgctl.replay.verdicts.tally import Tally
from tests.examples import one_in
from tests.replay.athena.trail import table
from tests.replay.drawn import BUCKET, SHOP, listing, records
from tests.replay.places import simulator
from tests.replay.records import record
from tests.replay.sql.drawn import documents
from tests.replay.sql.engines import SCHEMA

Record = dict[str, Any]

SELECTIONS = (
    "TRUE",
    "\"time\" >= TIMESTAMP '2026-01-01 00:00:00'",
    f"(coalesce(principal_account, '') = '{SHOP}' OR coalesce(recipient, '') = '{SHOP}')",
)
TRAILS = st.lists(
    records().filter(lambda each: not event_of(each).unread),
    min_size=20,
    max_size=60,
    unique_by=lambda each: str(each["eventID"]),
)
POLICIES = st.lists(documents(), max_size=2)


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to DuckDB, which takes its time to open."""
    with duckdb.connect() as opened:
        opened.execute("SET threads = 1")
        yield opened


def by_files(connection: duckdb.DuckDBPyConnection, of: list[Record], selection: str, judge: Judge) -> Tally:
    """What comes of rows that Python makes of the records."""
    columns = zip(*(astuple(row_of(event_of(each))) for each in of), strict=True)
    arrays = [pa.array(values, type=field.type) for values, field in zip(columns, SCHEMA, strict=True)]
    connection.register("given", pa.table(arrays, schema=SCHEMA))
    return DatasetQuery(judge).count(connection, f"(SELECT * FROM given WHERE {selection})")  # noqa: S608


def by_athena(
    connection: duckdb.DuckDBPyConnection, of: list[Record], selection: str, judge: Judge, *, of_copies: bool = False
) -> Counting:
    """What comes of the query for Athena, over the records as its table has them, or over a copy of them."""
    table(connection, of)
    if of_copies:
        placed = "(SELECT *, '1' AS account, 'here' AS region FROM trail)"
        connection.execute(f"CREATE OR REPLACE TEMP TABLE copies AS {to_duckdb(copied(placed, 'TRUE'))}")
    sides = (judge.before, judge.after)
    groups = Groups(facts_of(*sides), compile_policies(sides[1:]), "trail", selection, "copies")
    counting = Counting(groups, judge, Selects(connection, selection))
    counting.add(connection.execute(to_duckdb(groups.query("TRUE", of_copies=of_copies))).fetchall())
    return counting


@settings(one_in(40), phases=[Phase.generate])
@given(TRAILS, POLICIES, POLICIES, st.sampled_from(SELECTIONS), st.booleans())
def test_athena_says_what_files_say(
    connection: duckdb.DuckDBPyConnection,
    trail: list[Record],
    before: list[Any],
    after: list[Any],
    selection: str,
    of_copies: bool,
) -> None:
    """Whatever the records and policies are, all ways end in the same; what is there twice counts once."""
    sides = simulator(*before), simulator(*after)
    expected = by_files(connection, trail, selection, Judge(*sides))
    found = by_athena(connection, trail + trail[:5], selection, Judge(*sides), of_copies=of_copies)
    assert expected.totals == found.tally.totals
    assert expected.all == found.tally.all
    assert expected.groups() == found.tally.groups()
    assert DatasetQuery.actions(connection, f"(SELECT * FROM given WHERE {selection})") == found.actions  # noqa: S608
    assert (len(trail) + 5, 5, len(trail) - expected.all.count) == (found.records, found.duplicates, found.left_out)


def test_what_is_listed_is_decided_in_athena(connection: duckdb.DuckDBPyConnection) -> None:
    """A statement on particular objects leaves those alone that are told to be others: they come back as one count."""
    guarded = {"Effect": "Deny", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::data-a/secret/*"}
    after = simulator({"Version": "2012-10-17", "Statement": guarded})
    groups = Groups(facts_of(simulator(), after), compile_policies((after,)), "trail")
    keys = [f"{folder}/{number}" for number in range(20) for folder in ("red", "blue")] + ["secret/1"]
    calls = [listing("s3", "GetObject", f"{BUCKET}/{key}", BUCKET, bucketName="data-a", key=key) for key in keys]
    table(connection, [record(**call, eventID=f"e{number}") for number, call in enumerate(calls)])
    answer = connection.execute(to_duckdb(groups.query("TRUE"))).fetchall()
    found = [dict(zip(groups.names, row, strict=True)) for row in answer]
    assert sorted((each["class"], each["events"]) for each in found) == [("allowed", 40), ("open", 1)]


def test_a_query_stays_within_what_athena_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where policies take up much of a query's text, fewer services have their actions listed in it."""
    sides = simulator(), simulator()
    groups = Groups(facts_of(*sides), compile_policies(sides[1:]), "trail")
    whole = len(groups.query("TRUE").encode())
    monkeypatch.setattr(asking, "LONGEST", whole - 1)
    assert 0 < len(groups.query("TRUE").encode()) < whole
    monkeypatch.setattr(asking, "LONGEST", 1000)
    with pytest.raises(ValueError, match="longer than 1,000 bytes"):
        groups.query("TRUE")
