"""What the conformance run tells of answers that differ."""

from __future__ import annotations

from dataclasses import replace

import pytest

from conformance.answers import Answers
from conformance.comparing import differences, left_open
from conformance.drawing import drawn
from conformance.questions import Questions, make
from tests.replay.sql.drawn import documents


@pytest.fixture(scope="module")
def asked() -> Questions:
    """Three statements about two calls, and five queries."""
    return make(2, 3, 0, 0)


def answers(engine: str, *truths: str) -> Answers:
    return Answers(engine, truths, ((), (), (), (), ()))


SAME = ("TF", "F-", "--")
SAID: list[tuple[str, tuple[str, ...], tuple[str, ...], int, int]] = [
    ("all say the same", SAME, SAME, 0, 0),
    ("an engine says something else", ("TT", "F-", "--"), SAME, 1, 0),
    ("an engine leaves open what others do not", ("T-", "F-", "--"), SAME, 1, 0),
    ("an engine decides what others leave open", ("TF", "FT", "--"), SAME, 1, 0),
    ("the evaluator knows what SQL leaves open", SAME, ("TF", "F-", "-T"), 0, 1),
    ("the evaluator says something else", SAME, ("FF", "F-", "--"), 1, 0),
    ("SQL decides what the evaluator leaves open", SAME, ("-F", "F-", "--"), 1, 0),
]


@pytest.mark.parametrize(
    ("velox", "evaluator", "differing", "known"), [case[1:] for case in SAID], ids=[c[0] for c in SAID]
)
def test_statements_are_compared(
    asked: Questions, velox: tuple[str, ...], evaluator: tuple[str, ...], differing: int, known: int
) -> None:
    """Engines have to agree; NULL is not an answer that the evaluator could contradict."""
    duckdb, truths = answers("duckdb", *SAME), answers("evaluator", *evaluator)
    found = differences(asked, duckdb, (answers("velox", *velox),), truths)
    assert (differing, known) == (len(found), left_open(duckdb, truths))


def test_a_difference_names_the_statement_the_call_and_who_says_what(asked: Questions) -> None:
    """Whoever reads it can ask again."""
    ours = answers("duckdb", *SAME)
    [found] = differences(asked, ours, (answers("spark", "TT", "F-", "--"),), answers("evaluator", *SAME))
    assert str(found).startswith(f"statement 0 of {asked.statements[0].policy}: {asked.statements[0].sql}\n")
    assert asked.rows[1].event_id in found.row
    assert found.answers == (("duckdb", "F"), ("spark", "T"), ("evaluator", "F"))


ROWS: list[tuple[str, tuple[str, ...], tuple[str, ...], int]] = [
    ("the same rows", ("a\tTrue",), ("a\tTrue",), 0),
    ("a row that only one has", ("a\tTrue", "b\tTrue"), ("a\tTrue",), 2),
    ("other values", ("a\tTrue",), ("a\tNone",), 2),
    ("the same row twice", ("a\tTrue", "a\tTrue"), ("a\tTrue",), 1),
]


@pytest.mark.parametrize(("ours", "theirs", "differing"), [case[1:] for case in ROWS], ids=[case[0] for case in ROWS])
def test_queries_are_compared(asked: Questions, ours: tuple[str, ...], theirs: tuple[str, ...], differing: int) -> None:
    """Each row of an answer has to be in the other's, as often."""
    grouped = replace(asked, queries=asked.queries[1:2])
    duckdb, spark = (Answers(name, SAME, (rows,)) for name, rows in (("duckdb", ours), ("spark", theirs)))
    assert differing == len(differences(grouped, duckdb, (spark,), Answers("evaluator", SAME, ((),))))


def test_the_same_seed_asks_the_same() -> None:
    """What was found once can be found again, and another seed asks something else."""
    assert drawn(documents(), 5, 0) == drawn(documents(), 5, 0) != drawn(documents(), 5, 1)
