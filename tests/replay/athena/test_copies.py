"""Which copies a question reads: every place once, whatever there is of copies."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlglot
from hypothesis import given
from hypothesis import strategies as st

from orgctl.model.trail_copies import COLUMNS
from orgctl.replay.athena.copies import DAYS, SETTLED, Copy, CopyQuery, arranged, read_note, to_copy
from orgctl.replay.athena.flattening import copied
from orgctl.replay.athena.pieces import Piece, pieces

FIRST = date(2026, 11, 2)
REGIONS = ("eu-west-1", "us-east-1")
ACCOUNTS = tuple(f"{number:012d}" for number in range(6))
SPANS = st.integers(0, 2 * DAYS)
SETS = st.sets(st.sampled_from(ACCOUNTS), min_size=1).map(frozenset)


def copies(last: int) -> st.SearchStrategy[list[Copy]]:
    """Copies of some accounts on days from before the first until after the last, some without a region."""
    drawn = st.builds(
        lambda day, accounts, regions, name: Copy(name, FIRST + timedelta(days=day), accounts, regions, {}),
        st.integers(-1, last + 1),
        SETS,
        st.sampled_from([frozenset(REGIONS), frozenset((*REGIONS, "eu-north-1")), frozenset(REGIONS[:1])]),
        st.uuids().map(str),
    )
    return st.lists(drawn, max_size=40, unique_by=lambda each: each.name)


@given(SPANS.flatmap(lambda last: st.tuples(st.just(last), copies(last))), SETS)
def test_every_place_is_read_once(drawn: tuple[int, list[Copy]], accounts: frozenset[str]) -> None:
    """From a copy that holds it if there is any, else from log files; no query reads more copies than it may."""
    last, there = drawn
    known = {each.name: each for each in there}
    found = arranged(sorted(accounts), REGIONS, FIRST, FIRST + timedelta(days=last), there)
    read = Counter((account, day) for piece in found for account in piece.accounts for day in piece.days)
    wanted = {(account, FIRST + timedelta(days=n)) for account in accounts for n in range(last + 1)}
    assert (read.keys(), set(read.values())) == (wanted, {1})
    for piece in found:
        assert len(piece.copies) <= DAYS
        for day, name in zip(piece.days, piece.copies, strict=bool(piece.copies)):
            assert (known[name].day, known[name].accounts >= set(piece.accounts)) == (day, True)
            assert known[name].regions >= set(REGIONS)
        if not piece.copies:
            usable = [each for each in there if each.regions >= set(REGIONS) and each.day in set(piece.days)]
            assert not any(each.accounts & set(piece.accounts) for each in usable)


def test_without_copies_log_files_are_read_in_the_same_pieces() -> None:
    """As long as there is none, nothing is otherwise."""
    last = FIRST + timedelta(days=400)
    assert arranged(ACCOUNTS, REGIONS, FIRST, last, ()) == pieces(ACCOUNTS, REGIONS, FIRST, last)


def test_halves_take_their_copies_along() -> None:
    """Each day its own, however often a piece is cut."""
    days = [FIRST + timedelta(days=n) for n in range(5)]
    there = [Copy(f"copy of {day}", day, frozenset(ACCOUNTS), frozenset(REGIONS), {}) for day in days]
    waiting, read = list(arranged(ACCOUNTS, REGIONS, days[0], days[-1], there)), []
    while waiting:
        piece = waiting.pop()
        waiting += piece.halves
        if not piece.halves:
            read.append((piece.accounts[0], f"copy of {piece.first}" == piece.copies[0], piece.first))
    assert sorted(read) == sorted((account, True, day) for account in ACCOUNTS for day in days)


def test_a_day_is_copied_once_it_is_over_for_long_enough() -> None:
    """Log files may still come until then; what is read of copies is not copied again."""
    asked = [
        Piece(ACCOUNTS[:1], REGIONS, FIRST, FIRST + timedelta(days=1)),
        Piece(ACCOUNTS[1:], REGIONS, FIRST, FIRST, ("c",)),
    ]
    over = datetime(2026, 11, 3, tzinfo=UTC) + SETTLED
    assert to_copy(asked, over - timedelta(seconds=1)) == ()
    assert to_copy(asked, over) == (Piece(ACCOUNTS[:1], REGIONS, FIRST, FIRST),)


def test_a_copy_is_put_where_nobody_else_writes() -> None:
    """Another folder at each attempt; the same text for the same attempt, so that Athena knows it again."""
    query = CopyQuery(
        Piece(ACCOUNTS, REGIONS, FIRST, FIRST), lambda piece: f"SELECT 1 WHERE {piece.where}", "s3://b/c/1/"
    )
    one, two = query.attempt(), query.attempt()
    assert (one != two, query.text(one) == query.text(one)) == (True, True)
    assert f"TO 's3://b/c/1/{query.name(one)}/'" in query.text(one)
    assert query.name(one).startswith("2026-11-02-")


def test_a_note_is_read_as_it_was_written() -> None:
    """Nothing of it is lost."""
    made = Copy("n", FIRST, frozenset(ACCOUNTS), frozenset(REGIONS), {"a": 1, "b": 2})
    assert (read_note("n", made.note.encode()), made.size) == (made, 3)
    with pytest.raises(ValueError, match="no note of a copy"):
        read_note("n", b"{}")


def test_the_table_of_copies_has_the_columns_that_are_written() -> None:
    """In their order; Parquet's are found by their names."""
    [statement] = sqlglot.parse(copied("trail", "TRUE"), read="athena")
    assert statement is not None
    assert statement.named_selects == list(COLUMNS)
