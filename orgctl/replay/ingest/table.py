"""Records as rows, many at once: every column is what `facts` says, which is asked once for what is alike.

A row falls into parts that hang on different fields of a record: who called from where, what was asked, when, and how
it ended. Each part is made once for all records that agree in its fields; a record keeps a number for each.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, cast

import msgspec
import pyarrow as pa

from orgctl.replay.actions import Mapped, parameters_of
from orgctl.replay.circumstances import Circumstances, circumstances_of
from orgctl.replay.columns import BOOLEAN, COLUMNS, DAY, MOMENT, TEXT, WHOLE
from orgctl.replay.event import Event
from orgctl.replay.facts import end_of, what_of, when_of, who_of, why_not
from orgctl.replay.ingest.lean import NOTHING, Lean
from orgctl.replay.ingest.moments import moments
from orgctl.replay.principals import Caller, caller_of
from orgctl.replay.request import Replayed, asked_of, replay
from orgctl.replay.resources import Resources, told_by_parameters

FILE = "file"
"""The column, beside those of a row, with the ledger's number of the file that the record stands in."""

_TYPES: dict[str, pa.DataType] = {
    TEXT: pa.string(),
    BOOLEAN: pa.bool_(),
    MOMENT: pa.timestamp("us"),
    DAY: pa.date32(),
    WHOLE: pa.int64(),
}
SCHEMA = pa.schema([*((column.name, _TYPES[column.type]) for column in COLUMNS), (FILE, pa.int32())])

_NOBODY = replay(Event())
WHO, WHAT = tuple(who_of(_NOBODY)), tuple(what_of(_NOBODY))
WHEN, END = tuple(when_of(Event())), tuple(end_of(Event()))
"""The columns of each part."""

_MOST_KEPT = 6_000
"""After how many values of a part those before the last as many are forgotten, unless they have come again."""

_NO_CIRCUMSTANCES = Circumstances({}, ())
_NO_ACTION, _NO_RESOURCES = Mapped(None), Resources(())
_KIND, _ACCOUNT, _CALLER = (WHO.index(name) for name in ("principal_type", "principal_account", "caller"))
_BEHIND = len(WHO)
"""Where the values of who called hold, behind the columns, the `Caller`, and why it cannot be told who called."""

_BY_SOURCE = -1
"""The number of callers who are told by which service recorded the call, too."""

Key = tuple[Hashable, ...]
Values = tuple[object, ...]

_fields = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode
_encoded = msgspec.json.Encoder().encode


@dataclass(slots=True)
class Part:
    """The different values of a part of the rows of one table, each with a number.

    `known` and `older` outlive the table.
    """

    names: tuple[str, ...]
    numbers: dict[Hashable, int] = field(default_factory=dict)
    values: list[Values] = field(default_factory=list)
    column: list[int] = field(default_factory=list)
    known: dict[Hashable, Values] = field(default_factory=dict)
    older: dict[Hashable, Values] = field(default_factory=dict)

    def number(self, key: Hashable, make: Callable[[], Values]) -> int:
        """The number of what has that key, which is made if it was not known."""
        found = self.numbers.get(key)
        if found is None:
            values = self.known.get(key)
            if values is None:
                values = self.older.get(key) or make()
                if len(self.known) >= _MOST_KEPT:
                    self.known, self.older = {}, self.known
                self.known[key] = values
            found = self.numbers[key] = self.add(values)
        return found

    def add(self, values: Values) -> int:
        """A number for values that are nobody else's."""
        self.values.append(values)
        return len(self.values) - 1

    def arrays(self) -> Iterator[tuple[str, pa.Array]]:
        """The columns of this part, row by row; texts as numbers of what is written once."""
        rows = pa.array(self.column, pa.int32())
        for name, values in zip(self.names, zip(*self.values, strict=False), strict=False):
            made = pa.array(values, SCHEMA.field(name).type)
            if made.type == pa.string():
                once = made.dictionary_encode()
                yield name, pa.DictionaryArray.from_arrays(once.indices.take(rows), once.dictionary)
            else:
                yield name, made.take(rows)

    def clear(self) -> None:
        """Make ready for the next table."""
        self.numbers.clear()
        self.values.clear()
        self.column.clear()


@dataclass(slots=True)
class Table:
    """Rows that grow record by record, to be taken out as a table of Arrow's."""

    ids: list[str] = field(default_factory=list)
    files: list[int] = field(default_factory=list)
    times: list[str | None] = field(default_factory=list)
    who: Part = field(default_factory=lambda: Part(WHO))
    what: Part = field(default_factory=lambda: Part(WHAT))
    end: Part = field(default_factory=lambda: Part(END))

    def add(self, file: int, record: Lean, event_id: str) -> None:
        """A record that could be decoded."""
        place = _place(record)
        who = self.who.numbers.get(place)
        if who is None or who == _BY_SOURCE:
            who = self._caller(record, place)
        caller = self.who.values[who]
        call = _call(record, caller)
        what = self.what.numbers.get(call)
        if what is None:
            what = self.what.numbers[call] = self._asked(record, caller, call)
        end = record.error_code, record.error_message
        ended = self.end.numbers.get(end)
        if ended is None:
            ended = self.end.number(end, lambda: tuple(end_of(record.event).values()))
        self.ids.append(event_id)
        self.files.append(file)
        self.times.append(record.event_time)
        self.who.column.append(who)
        self.what.column.append(what)
        self.end.column.append(ended)

    def add_event(self, file: int, event: Event, event_id: str) -> None:
        """A record with fields that cannot be read: like no other."""
        call = replay(event)
        self.ids.append(event_id)
        self.files.append(file)
        self.times.append(event.event_time)
        for part, values in ((self.who, who_of(call)), (self.what, what_of(call)), (self.end, end_of(event))):
            part.column.append(part.add(tuple(values.values())))

    def take(self) -> pa.Table:
        """The rows so far, and begin anew. Texts that come again and again are encoded as dictionaries."""
        if not self.ids:
            return SCHEMA.empty_table()
        found: dict[str, Any] = {"event_id": pa.array(self.ids, pa.string()), FILE: pa.array(self.files, pa.int32())}
        found["time"], found["day"] = moments(self.times)
        for part in (self.who, self.what, self.end):
            found.update(part.arrays())
            part.clear()
        self.ids.clear()
        self.files.clear()
        self.times.clear()
        return pa.table({name: found[name] for name in SCHEMA.names})

    def _caller(self, record: Lean, place: Key) -> int:
        """The number of a caller who was not met in this table, or whom the record's source is a part of."""
        if place not in self.who.numbers:
            who = self.who.number(place, lambda: _called(record))
            caller = self.who.values[who]
            if caller[_KIND] != "service" and caller[_CALLER] is not None:
                return who
            self.who.numbers[place] = _BY_SOURCE
        return self.who.number((*place, record.event_source), lambda: _called(record))

    def _asked(self, record: Lean, caller: Values, call: Key) -> int:
        """The number of a call that was not met in this table with just these parameters."""
        told = _told(record, cast(bytes, call[-1])) if call[-1] else b""
        return self.what.number((*call[:-1], told, ""), lambda: _made(record, told, caller))


def _called(record: Lean) -> Values:
    """The columns of who called, and what is behind them."""
    event = record.event
    caller = caller_of(event)
    told = circumstances_of(event, caller)
    call = Replayed(event, caller, _NO_ACTION, _NO_RESOURCES, told, None, caller.reason)
    return (*who_of(call).values(), caller, why_not(call))


def _made(record: Lean, told: bytes, caller: Values) -> Values:
    """The columns of what was asked, by those of the request's parameters that tell."""
    known = cast(Caller, caller[_BEHIND])
    return tuple(what_of(asked_of(record.call(msgspec.Raw(told or b"null")), known, _NO_CIRCUMSTANCES)).values())


def _place(record: Lean) -> Key:
    """What the first part hangs on, beside the source of some."""
    tls = record.tls_details
    return (
        bytes(record.user_identity),
        record.source_address,
        record.user_agent,
        record.aws_region,
        record.vpc_endpoint_id,
        record.vpc_endpoint_account_id,
        tls.tls_version or "" if tls else None,
    )


def _call(record: Lean, caller: Values) -> Key:
    """What the second part hangs on: beside the call, only on the caller's account, and on who cannot be told."""
    names = _names(record.event_source, record.event_name)
    return (
        record.event_source,
        record.event_name,
        record.event_type,
        record.aws_region,
        record.recipient_account_id,
        record.read_only,
        caller[_ACCOUNT],
        caller[_CALLER] is None and caller[_BEHIND + 1],
        b"" if record.resources is NOTHING else bytes(record.resources),
        b"" if names is None else bytes(record.request_parameters),
    )


def _told(record: Lean, raw: bytes) -> bytes:
    """Of the request's parameters, those that tell of its action or resources."""
    names = _names(record.event_source, record.event_name)
    if names is None or raw[:1] != b"{":
        return b""
    given, arns = _fields(raw), b'"arn:' in raw
    telling = {
        key: value for key, value in given.items() if key.lower() in names or (arns and _may_be_arns(bytes(value)))
    }
    return raw if len(telling) == len(given) else _encoded(telling)


def _may_be_arns(text: bytes) -> bool:
    return text.startswith(b'"arn:') or (text.startswith(b"[") and b'"arn:' in text)


@lru_cache(maxsize=_MOST_KEPT)
def _names(source: str, name: str) -> frozenset[str] | None:
    """The parameters, in lower case, that tell; None: the call is the same whatever they are."""
    actions, parameters = parameters_of(source, name)
    told = [told_by_parameters(action) for action in actions]
    names = frozenset(parameters).union(*filter(None, told))
    return names if names or any(each is not None for each in told) else None
