"""From the answers of queries to verdicts: what SQL could not make of the records is made here, and then judged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime

from orgctl.replay.actions import action_of
from orgctl.replay.athena.groups import AGAIN, LEFT_OUT, UNSURE, Groups
from orgctl.replay.athena.names import KNOWN, PRESUMED
from orgctl.replay.athena.records import CALL, FIELDS, event_of_fields
from orgctl.replay.athena.selecting import Selects
from orgctl.replay.columns import Row
from orgctl.replay.facts import replayed_of, row_of, what_of
from orgctl.replay.keys import told_by
from orgctl.replay.request import NO_CALL, asked_of
from orgctl.replay.verdicts.counting import add_alike
from orgctl.replay.verdicts.facts_in_sql import OPEN as LEFT_OPEN
from orgctl.replay.verdicts.facts_in_sql import REFUSED, Facts
from orgctl.replay.verdicts.judge import Judge
from orgctl.replay.verdicts.tally import Seen, Tally

_FIELDS = tuple(each.name for each in FIELDS)
_OF_CALLS = tuple(each.name for each in CALL)
_SAME = {"event_source": "source", "event_name": "name", "recorder": "recipient"}
"""Fields of a record that have columns of their own."""

_OWNER = "resource_account"


@dataclass
class Counting:
    """Verdicts on what queries have fetched; `selects` says which calls were asked for, where SQL could not.

    `records` were read, `duplicates` of them repeat an event, and `left_out` events nobody asked for. `actions` are
    those of all others, in lower case.
    """

    groups: Groups
    judge: Judge
    selects: Selects
    tally: Tally = field(default_factory=Tally)
    records: int = 0
    duplicates: int = 0
    left_out: int = 0
    actions: set[str] = field(default_factory=set)

    def add(self, rows: Iterable[Sequence[object]]) -> None:
        """Count the rows of one piece's answer; pieces may come in any order."""
        for row in rows:
            self._add(dict(zip(self.groups.names, row, strict=True)))

    def _add(self, values: Mapping[str, object]) -> None:
        seen = _seen(values)
        self.records += seen.count
        match values["class"]:
            case kind if kind == AGAIN:
                self.duplicates += seen.count
            case kind if kind == LEFT_OUT:
                self.left_out += seen.count
            case _:
                self._count(values, seen)

    def _count(self, values: Mapping[str, object], seen: Seen) -> None:
        self.actions.update(str(values["actions"] or "").split())
        if values["made"] != UNSURE:
            class_, told = _told(values, self.groups)
            self._add_alike(class_, told, seen)
            return
        row = _row(values, self.groups.facts)
        if self.selects(row):
            class_ = REFUSED if values["class"] == REFUSED else LEFT_OPEN
            self._add_alike(class_, _columns(row), _at(seen, row.time))
        else:
            self.left_out += seen.count

    def _add_alike(self, class_: str, told: Mapping[str, object], seen: Seen) -> None:
        if told["action"] and not str(told.get("why") or "").startswith(NO_CALL):
            self.actions.add(str(told["action"]))
        add_alike(self.tally, self.judge, class_, told, seen)


def _seen(values: Mapping[str, object]) -> Seen:
    count, first, last, samples = (values[name] for name in ("events", "first", "last", "samples"))
    if not isinstance(count, int):
        raise TypeError(f"`{count!r}` is no number of events")
    ids = tuple(samples.split()) if isinstance(samples, str) else ()
    return Seen(count, _time(first), _time(last), ids)


def _time(value: object) -> datetime | None:
    return value if isinstance(value, datetime) else None


def _at(seen: Seen, time: datetime | None) -> Seen:
    """Calls whose time SQL could not read have the same one."""
    return Seen(seen.count, seen.first or time, seen.last or time, seen.samples)


def _row(values: Mapping[str, object], facts: Facts) -> Row:
    """A row that Python makes from all of the record's fields."""
    return _narrowed(row_of(event_of_fields({name: values.get(f"raw_{name}") for name in _FIELDS})), facts)


def _columns(row: Row) -> dict[str, object]:
    return {name: value for name, value in asdict(row).items() if name not in ("event_id", "refused")}


def _told(values: Mapping[str, object], groups: Groups) -> tuple[str, dict[str, object]]:
    """The class of calls, and what is known of them, with what only Python can tell of what was asked."""
    class_, state = str(values["class"]), values["made"]
    told = {name: values[name] for name in groups.told}
    if class_ == REFUSED:
        return class_, told
    if class_ == LEFT_OPEN:
        return class_, _asked(values, told, groups.facts) if _is_open(state, told, groups.facts) else told
    if state == PRESUMED and action_of(str(told["source"]), str(told["name"])).action is None:
        return LEFT_OPEN, _asked(values, told, groups.facts)
    return class_, told


def _is_open(state: object, told: Mapping[str, object], facts: Facts) -> bool:
    """Whether Python has to look at what was asked."""
    return state != KNOWN or told[_OWNER] is None or (facts.particular and told["resource"] is None)


def _asked(values: Mapping[str, object], told: dict[str, object], facts: Facts) -> dict[str, object]:
    """What is known of calls, with the columns that hang on what was asked, made in Python."""
    fields = {name: told[_SAME[name]] if name in _SAME else values.get(f"raw_{name}") for name in _OF_CALLS}
    caller = Row.of({"event_id": "", **{name: value for name, value in told.items() if value is not None}})
    event, replayed = event_of_fields(fields), replayed_of(replace(caller, action=None, why=None))
    found = what_of(asked_of(event, replayed.caller, told_by(caller)))
    row = replace(Row.of({"event_id": "", **found}), resource_account=_either(told[_OWNER], found[_OWNER]))
    made = _columns(_narrowed(row, facts))
    return {**told, **{name: made[name] for name in found}}


def _either(first: object, second: object) -> str | None:
    found = second if first is None else first
    return None if found is None else str(found)


def _narrowed(row: Row, facts: Facts) -> Row:
    """Without the particular resources, where no policy looks at them: so that verdicts give the same reasons."""
    return row if facts.particular else replace(row, resource="*", resources=None, resource_why=None)
