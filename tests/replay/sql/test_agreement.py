"""SQL in DuckDB says of a statement and a row what the evaluator says, or leaves it to the evaluator."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from benchmarks.agreement import agreement
from orgctl.replay.event import event_of
from orgctl.replay.facts import row_of
from tests.examples import one_in
from tests.replay.drawn import records
from tests.replay.places import FULL_ACCESS, concerns, simulator
from tests.replay.sql.drawn import documents
from tests.replay.sql.engines import Engines, compare, compare_decisions

ENGINES = Engines()


@given(documents(), st.lists(records(), min_size=1, max_size=4))
def test_sql_is_the_evaluator_or_unknown(document: dict[str, Any], drawn: list[dict[str, Any]]) -> None:
    """Where SQL is true or false, the evaluator is the same; what SQL leaves open, the evaluator may settle."""
    rows = [row for record in drawn if not (row := row_of(event_of(record))).why and concerns(row)]
    found = compare(ENGINES, document, rows) if rows else None
    assert found is None or found.wrong == []


def test_some_thousands_of_pairs() -> None:
    """The long run's beginning: what `python -m benchmarks.agreement` does with a million pairs."""
    assert agreement(5_000, 5).wrong == []


def only(document: dict[str, Any], effect: str | None = None) -> dict[str, Any]:
    """The document, all statements with that effect."""
    changed = [{**each, "Effect": effect or each["Effect"]} for each in document["Statement"]]
    return {**document, "Statement": changed}


@one_in(4)
@given(documents(), documents(), documents(), st.booleans(), st.lists(records(), min_size=1, max_size=6))
def test_denials_are_the_evaluators(
    root: dict[str, Any], rcp: dict[str, Any], labs: dict[str, Any], open_: bool, drawn: list[dict[str, Any]]
) -> None:
    """Levels of SCPs, RCPs, exemptions, membership: what the query denies or lets through, the evaluator does too."""
    rows = [row for record in drawn if not (row := row_of(event_of(record))).why and concerns(row)]
    rows = list({row.event_id: row for row in rows}.values())
    place = simulator(root, rcps=(only(rcp, "Deny"),), labs=(labs, FULL_ACCESS) if open_ else (labs,))
    wrong, _ = compare_decisions(ENGINES, place, rows) if rows else ([], 0)
    assert wrong == []
