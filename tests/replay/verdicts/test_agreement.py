"""Deciding in SQL first, grouping calls by their facts, and judging each call by itself come to the same."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import given

from orgctl.api.impact_selection import Selection
from orgctl.replay.columns import Row
from orgctl.replay.verdicts.call import Call
from orgctl.replay.verdicts.counting import DatasetQuery
from orgctl.replay.verdicts.judge import Judge
from orgctl.replay.verdicts.tally import Tally
from tests.examples import one_in
from tests.replay.sql.engines import Engines
from tests.replay.verdicts.drawn import judges, selections, trails

ENGINES = Engines()


@dataclass(frozen=True)
class Told:
    """What a tally says, in a form that can be compared."""

    totals: object
    all: object
    groups: object


def told(tally: Tally) -> Told:
    return Told(dict(tally.totals), tally.all, tally.groups())


def one_by_one(rows: list[Row], judge: Judge) -> Tally:
    tally = Tally()
    for row in rows:
        tally.add(Call(row), judge.judge(Call(row)))
    return tally


@given(trails(), judges(), selections())
@one_in(5)
def test_all_ways_of_counting_agree(rows: list[Row], judge: Judge, selection: Selection) -> None:
    """SQL and the evaluator, the evaluator by groups, the evaluator call by call: one tally."""
    ENGINES.connection.register("given", ENGINES.table(rows))
    relation = selection.of("given")
    ids = {found for (found,) in ENGINES.connection.sql(f"SELECT event_id FROM {relation}").fetchall()}  # noqa: S608
    by_evaluator = told(DatasetQuery(judge, decide_in_sql=False).count(ENGINES.connection, relation))
    assert told(DatasetQuery(judge).count(ENGINES.connection, relation)) == by_evaluator
    assert told(one_by_one([row for row in rows if row.event_id in ids], judge)) == by_evaluator
