"""A dataset's calls, counted by the facts on which their verdicts hang, each set of facts judged once.

SQL decides first. Whatever it leaves open, or finds denied, goes to the evaluator, whose verdict is final.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from orgctl.replay.columns import Row
from orgctl.replay.principals import Exemption
from orgctl.replay.request import NO_CALL
from orgctl.replay.sql.dialect import to_duckdb
from orgctl.replay.sql.query import compile_policies
from orgctl.replay.verdicts.call import Call
from orgctl.replay.verdicts.facts_in_sql import ALLOWED, OPEN, REFUSED, facts_of
from orgctl.replay.verdicts.judge import Judge
from orgctl.replay.verdicts.tally import Seen, Tally
from orgctl.replay.verdicts.verdict import Kind, Verdict

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_AT_ONCE = 10_000
_EXEMPTIONS = frozenset(each.value for each in Exemption)


class DatasetQuery:
    """Counts calls by their verdicts. What the policies come to in SQL is worked out once, before any event is read."""

    def __init__(self, judge: Judge, *, decide_in_sql: bool = True) -> None:
        """`decide_in_sql` False: the evaluator judges everything, which gives the same."""
        tagged, doubtful = bool(judge.assumed.resources), bool(judge.nameless)
        self._judge, self._facts = judge, facts_of(judge.before, judge.after, tagged=tagged, doubtful=doubtful)
        if decide_in_sql:
            query = self._facts.decided(compile_policies((judge.after,)), events="events")
        else:
            query = self._facts.undecided(events="events")
        self._query = to_duckdb(query)

    def count(self, connection: DuckDBPyConnection, events: str) -> Tally:
        """The verdicts on all rows of a relation that has the dataset's columns (in SQL of DuckDB's)."""
        tally = Tally()
        connection.execute(f"CREATE OR REPLACE TEMP VIEW events AS SELECT * FROM {events}")  # noqa: S608 - ours
        connection.execute(self._query)
        while found := connection.fetchmany(_AT_ONCE):
            for values in found:
                self._add(tally, values)
        return tally

    @staticmethod
    def actions(connection: DuckDBPyConnection, events: str) -> frozenset[str]:
        """The actions, in lower case, of those of the rows that are calls."""
        called = f"NOT coalesce(starts_with(why, '{NO_CALL}'), FALSE)"
        query = f"SELECT DISTINCT action FROM {events} WHERE action IS NOT NULL AND {called}"  # noqa: S608 - ours
        return frozenset(action for (action,) in connection.execute(query).fetchall())

    def _add(self, tally: Tally, values: Sequence[Any]) -> None:
        """Judge what one row of the query tells, and count it."""
        told = dict(zip(self._facts.names, values, strict=True))
        class_, samples = told.pop("class"), tuple(told.pop("samples") or ())
        seen = Seen(told.pop("events"), told.pop("first"), told.pop("last"), samples)
        add_alike(tally, self._judge, class_, told, seen)


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
