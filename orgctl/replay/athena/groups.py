"""The query of a piece: calls that are alike, counted; and how its answer is read.

SQL decides as for files. What it leaves open comes with all facts that the verdict hangs on, and with the fields of the
record from which Python makes what SQL could not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from orgctl.replay.athena.flattening import MADE, flattened
from orgctl.replay.athena.names import KNOWN, NO_CALL, OPEN, PRESUMED, SERVICES
from orgctl.replay.athena.pieces import Piece
from orgctl.replay.athena.records import CALL, CIRCUMSTANCES, WHO
from orgctl.replay.columns import BOOLEAN, COLUMNS, DAY, MOMENT, WHOLE
from orgctl.replay.sql.logic import text
from orgctl.replay.sql.query import LONGEST, CompiledPolicies
from orgctl.replay.verdicts.facts_in_sql import OPEN as LEFT_OPEN
from orgctl.replay.verdicts.facts_in_sql import REFUSED, REPORTED, Facts
from orgctl.replay.verdicts.tally import SAMPLES

AGAIN, LEFT_OUT = "again", "left out"
"""Classes of calls that are only counted: repetitions, and those that nobody asked about."""

UNSURE = "unsure"
"""In the column `made`: all columns are to be made in Python. Else it is the state of the call's name."""

_FEWER = 6
"""So many services are left out at once of the list of actions, where a query is too long."""

_OWNER = "resource_account"
_REGION, _TYPE, _PARAMETERS, _RESOURCES = "event_region", "event_type", "parameter_text", "resource_text"
_CARRIED = (*(field.name for field in (*WHO, *CIRCUMSTANCES, *CALL)), "error_code")
_TYPES: Mapping[str, str] = {column.name: column.type for column in COLUMNS}


@dataclass(frozen=True, slots=True)
class Groups:
    """What is fetched of the calls of a trail: `selection` is a condition on the columns, in SQL.

    `table` is the one over log files, `copies` the one over copies of them.
    """

    facts: Facts
    compiled: CompiledPolicies
    table: str
    selection: str = "TRUE"
    copies: str = ""

    @property
    def told(self) -> tuple[str, ...]:
        """The columns of the dataset that are fetched."""
        return (*REPORTED, *self.facts.columns)

    @property
    def names(self) -> tuple[str, ...]:
        """The columns of an answer."""
        return ("class", "made", *self.told, *map(_carried, _CARRIED), "events", "first", "last", "samples", "actions")

    def query(self, where: str, *, of_copies: bool = False) -> str:
        """The query over the records that `where` chooses, which is about the table's partitions.

        Raises ValueError if it is longer than Athena takes.
        """
        for count in range(len(SERVICES), -1, -_FEWER):
            found = self._query(where, SERVICES[:count], of_copies=of_copies)
            if len(found.encode()) <= LONGEST:
                return found
        raise ValueError(f"the query is longer than {LONGEST:,} bytes")

    def written(self, piece: Piece) -> str:
        """The query over a piece of the trail. Raises ValueError as `query` does."""
        return self.query(piece.where, of_copies=bool(piece.copies))

    def read(self, texts: Sequence[str | None]) -> tuple[object, ...]:
        """A row of an answer that has texts only, as Athena's do; None is NULL."""
        return tuple(_read(name, value) for name, value in zip(self.names, texts, strict=True))

    def _query(self, where: str, listed: Sequence[str], *, of_copies: bool) -> str:
        table = self.copies if of_copies else self.table
        needed = frozenset(self.told) & frozenset(MADE)
        particular = self.facts.particular
        flat = flattened(table, where, needed, listed, of_copies=of_copies, particular=particular)
        unless = f"NOT sure OR state IN ('{OPEN}', '{NO_CALL}')"
        class_ = (
            f"CASE WHEN sure AND NOT coalesce({self.selection}, FALSE) THEN {text(LEFT_OUT)}"
            f" ELSE {self.facts.class_(unless)} END"
        )
        decided = self.compiled.query(f"*, {class_} AS class", events=f"(\n{flat}\n)")
        return _counted(f"SELECT {', '.join(self._columns())} FROM (\n{decided}\n)", self.names[:-5])  # noqa: S608

    def _columns(self) -> Iterator[str]:
        yield "class"
        yield f"CASE WHEN NOT sure THEN '{UNSURE}' WHEN {_MADE} THEN state END AS made"
        for name in self.told:
            yield f"CASE WHEN sure THEN {self._told(name)} END AS {name}"
        for name in _CARRIED:
            yield f"CASE WHEN {self._is_carried(name)} THEN {name} END AS {_carried(name)}"
        yield f"CASE WHEN sure AND state = '{KNOWN}' AND class <> '{LEFT_OUT}' THEN action END AS known_action"
        yield 'event_id, "time" AS moment'
        yield "CASE WHEN event_id IS NULL THEN 1 ELSE row_number() OVER (PARTITION BY event_id) END AS turn"

    def _told(self, name: str) -> str:
        """What SQL presumes, Python looks at: with what is needed to say who called, if there is no such action."""
        if name in REPORTED or name == _OWNER:
            return self.facts.told(name, "class", _PRESUMED)
        return f"CASE WHEN state <> '{NO_CALL}' THEN {self.facts.told(name, 'class')} END"

    def _is_carried(self, name: str) -> str:
        """Where a field of the record comes along: always if nothing is sure, else if it tells what SQL could not."""
        unknown = f"{_OWNER} IS NULL OR resource IS NULL" if self.facts.particular else f"{_OWNER} IS NULL"
        asked = f"class = '{LEFT_OPEN}' AND (state = '{OPEN}' OR (state <> '{NO_CALL}' AND ({unknown})))"
        match name:
            case "event_type":
                found = f"class = '{LEFT_OPEN}' AND state = '{NO_CALL}'"
            case "event_region" | "parameter_text":
                found = asked
            case "resource_text":
                found = f"{asked} OR ({_OWNER} IS NULL AND {_MADE})"
            case _:
                return "NOT sure"
        return f"NOT sure OR ({found})"


_PRESUMED = f"(state = '{PRESUMED}' AND class NOT IN ('{REFUSED}', '{LEFT_OUT}'))"
_MADE = f"(class = '{LEFT_OPEN}' OR {_PRESUMED})"


def _carried(name: str) -> str:
    return f"raw_{name}"


def _counted(relation: str, keys: Sequence[str]) -> str:
    """Each event once: the others of its id are only counted."""
    first, *others = keys
    told = (f"CASE WHEN turn = 1 THEN {name} END AS {name}" for name in others)
    return (
        f"SELECT CASE WHEN turn = 1 THEN {first} ELSE '{AGAIN}' END AS {first}, {', '.join(told)}"  # noqa: S608
        ", count(*) AS events, min(moment) AS first_time, max(moment) AS last_time"
        f", array_join(min(event_id, {SAMPLES}), ' ') AS samples"
        f", coalesce(array_join(array_sort(array_agg(DISTINCT known_action)), ' '), '') AS actions"
        f" FROM (\n{relation}\n)"
        f" GROUP BY {', '.join(str(number) for number, _ in enumerate(keys, 1))}"
    )


def _read(name: str, value: str | None) -> object:
    if value is None:
        return None
    if name == "events":
        return int(value)
    if name in ("first", "last"):
        return _moment(value)
    if name.startswith("raw_has_"):
        return value == "true"
    match _TYPES.get(name):
        case kind if kind == BOOLEAN:
            return value == "true"
        case kind if kind == WHOLE:
            return int(value)
        case kind if kind == MOMENT:
            return _moment(value)
        case kind if kind == DAY:
            return date.fromisoformat(value)
        case _:
            return value


def _moment(value: str) -> datetime:
    return datetime.fromisoformat(value)
