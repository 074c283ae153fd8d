"""SQL in DuckDB says of a statement and a row what the evaluator says, or leaves it to the evaluator."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from orgctl.replay.event import event_of
from orgctl.replay.facts import row_of
from tests.replay.drawn import records
from tests.replay.places import concerns
from tests.replay.sql.drawn import documents
from tests.replay.sql.engines import Engines, compare

ENGINES = Engines()


@given(documents(), st.lists(records(), min_size=1, max_size=4))
def test_sql_is_the_evaluator_or_unknown(document: dict[str, Any], drawn: list[dict[str, Any]]) -> None:
    """Where SQL is true or false, the evaluator is the same; what SQL leaves open, the evaluator may settle."""
    rows = [row for record in drawn if not (row := row_of(event_of(record))).why and concerns(row)]
    found = compare(ENGINES, document, rows) if rows else None
    assert found is None or found.wrong == []
