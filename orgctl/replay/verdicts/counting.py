"""A dataset's calls, counted by the facts on which their verdicts hang, each set of facts judged once.

SQL decides first. Whatever it leaves open, or finds denied, goes to the evaluator, whose verdict is final.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from orgctl.replay.columns import Row
from orgctl.replay.principals import Exemption
from orgctl.replay.sql.dialect import to_duckdb
from orgctl.replay.sql.query import compile_policies
from orgctl.replay.verdicts.call import Call
from orgctl.replay.verdicts.facts_in_sql import ALLOWED, OPEN, REFUSED, Facts, facts_of
from orgctl.replay.verdicts.judge import Judge
from orgctl.replay.verdicts.tally import Seen, Tally
from orgctl.replay.verdicts.verdict import Kind, Verdict

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_AT_ONCE = 10_000
_EXEMPTIONS = frozenset(each.value for each in Exemption)


def count(connection: DuckDBPyConnection, events: str, judge: Judge, *, decide_in_sql: bool = True) -> Tally:
    """The verdicts on all rows of a relation that has the dataset's columns (in SQL of DuckDB's).

    `decide_in_sql` False: the evaluator judges everything, which gives the same.
    """
    facts = facts_of(judge.before, judge.after, tagged=bool(judge.assumed.resources), doubtful=bool(judge.nameless))
    tally = Tally()
    connection.execute(f"CREATE OR REPLACE TEMP VIEW events AS SELECT * FROM {events}")  # noqa: S608 - ours
    compiled = compile_policies((judge.after,)) if decide_in_sql else None
    query = facts.decided(compiled, events="events") if compiled else facts.undecided(events="events")
    connection.execute(to_duckdb(query))
    for values in _fetched(connection):
        _add(tally, judge, facts, values)
    return tally


def _fetched(connection: DuckDBPyConnection) -> Iterator[tuple[Any, ...]]:
    while found := connection.fetchmany(_AT_ONCE):
        yield from found


def _add(tally: Tally, judge: Judge, facts: Facts, values: Sequence[Any]) -> None:
    """Judge what one row of a query tells, and count it."""
    told = dict(zip(facts.names, values, strict=True))
    class_, samples = told.pop("class"), tuple(told.pop("samples") or ())
    seen = Seen(told.pop("events"), told.pop("first"), told.pop("last"), samples)
    add_alike(tally, judge, class_, told, seen)


def add_alike(tally: Tally, judge: Judge, class_: str, told: Mapping[str, object], seen: Seen) -> None:
    """Count calls that are alike: what SQL says of them (`class_`), and what is known of them by column."""
    known = {name: value for name, value in told.items() if value is not None}
    event_id = seen.samples[0] if seen.samples else ""
    call = Call(Row.of({"event_id": event_id, "refused": class_ == REFUSED, **known}))
    tally.add(call, _verdict(class_, call, judge), seen)


def _verdict(class_: str, call: Call, judge: Judge) -> Verdict:
    if class_ == ALLOWED:
        return Verdict(Kind.ALLOWED)
    if class_ in _EXEMPTIONS:
        return Verdict(Kind.EXEMPT, reason=class_)
    if class_ == REFUSED:
        return Verdict(Kind.REFUSED_ALREADY)
    if class_ == OPEN:
        return judge.judge(call)
    raise ValueError(f"no class of calls is called `{class_}`")
