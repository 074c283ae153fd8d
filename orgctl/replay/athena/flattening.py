"""The trail's table flattened, in SQL: a relation with the columns of `orgctl.replay.columns`, made from the records.

It has further ones. `sure`: the columns of who called, when and from where are what `facts.row_of` makes of the record.
`state` says the same of the action (`names`), `resource` and `resource_account` are NULL where SQL cannot tell them.
The fields of `records` are there as well, for Python to make the columns of where they are not sure.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from orgctl.replay.athena import callers, circumstances, names, owners, resources
from orgctl.replay.athena.records import FIELDS

_REFUSED = (
    "coalesce(regexp_like(error_message, 'is not authorized to perform: '), FALSE)"
    " OR coalesce(regexp_like(error_code, '(?i)AccessDenied|Unauthorized|NotAuthorized|Forbidden|AuthorizationError'),"
    " FALSE)"
)

_NEVER_NULL = ("event_source", "event_name")
"""Fields that are empty where a record lacks them."""

_REST: Mapping[str, str] = {
    "source": "event_source",
    "name": "event_name",
    "why": "CAST(NULL AS VARCHAR)",
    "refused": _REFUSED,
    "recipient": "recorder",
    "resources": "CAST(NULL AS VARCHAR)",
    "resource_why": "CAST(NULL AS VARCHAR)",
}

WHO: tuple[str, ...] = (*callers.COLUMNS, *circumstances.COLUMNS)
"""The columns that are what `sure` says."""

MADE: tuple[str, ...] = ("event_id", "error_code", *WHO, *_REST, "resource", *owners.COLUMNS, "action")
"""All the columns that are made: those that verdicts hang on."""


def copied(table: str, where: str) -> str:
    """The fields of the records of `table` that `where` chooses, as the columns of a copy."""
    return f"SELECT {_named({**_fields(), 'account': 'account', 'region': 'region'})} FROM {table} WHERE {where}"  # noqa: S608


def _fields(*, of_copies: bool = False) -> dict[str, str]:
    """What stands for each field in the table; in that of copies it is a column."""
    found = {**{each.name: each.sql for each in FIELDS}, **owners.FIELDS, **resources.FIELDS}
    return {name: name for name in found} if of_copies else found


def flattened(
    table: str,
    where: str,
    needed: Collection[str],
    listed: Sequence[str] = names.SERVICES,
    *,
    of_copies: bool = False,
    particular: bool = True,
) -> str:
    """The relation over the records of `table` that `where` (about its partitions) chooses, as a query.

    `needed` are the columns that somebody looks at: only of those it is asked whether they are sure. The actions of the
    services `listed` are in it. `of_copies`: the table is that of copies; not `particular`: nobody looks at resources.
    """
    fields = _fields(of_copies=of_copies)
    fields |= {name: f"coalesce({fields[name]}, '')" for name in _NEVER_NULL}
    relation = f"SELECT {_named(fields)} FROM {table} WHERE {where}"  # noqa: S608 - ours
    for columns in read(particular=particular):
        relation = _and(relation, columns)
    relation = f"SELECT r.*, {_named(names.JOINED)} FROM ({relation}) AS r {names.JOINS}"  # noqa: S608
    for columns in made(needed, particular=particular):
        relation = _and(relation, columns)
    relations = (
        ("known", names.known_actions(listed)),
        ("exceptional", names.exceptions()),
        ("sources", names.sources()),
    )
    named = ",\n".join(f"{name} AS ({sql})" for name, sql in relations)
    return f"WITH {named}\n{relation}"


def read(*, particular: bool = True) -> Sequence[Mapping[str, str]]:
    """What is made of the fields of records, step by step, before the tables of names are joined."""
    first = {**callers.KINDS, **circumstances.ADDRESSES, **names.LABELS}
    found = resources.of_types() if particular else {}
    return {**first, **found}, {**circumstances.HALVES, **names.KEYS}, circumstances.WHOLE


def made(needed: Collection[str], *, particular: bool = True) -> Sequence[Mapping[str, str]]:
    """What is made of that, and of what the tables say; `needed` and `particular` as for `flattened`."""
    columns = {**callers.COLUMNS, **circumstances.COLUMNS, **owners.COLUMNS, **_REST}
    return names.COLUMNS, {**columns, "resource": resources.column(particular=particular), "sure": _sure(needed)}


def _and(relation: str, columns: Mapping[str, str]) -> str:
    """The relation with some columns more."""
    return f"SELECT *, {_named(columns)} FROM ({relation})"  # noqa: S608 - what users wrote is no part of it


def _named(columns: Mapping[str, str]) -> str:
    return ", ".join(f'{sql} AS "{name}"' if sql != name else name for name, sql in columns.items())


def _sure(needed: Iterable[str]) -> str:
    conditions = {**callers.SURE, **circumstances.SURE}
    found = dict.fromkeys(conditions[name] for name in needed if name in conditions)
    terms = (callers.ALWAYS_SURE, circumstances.ALWAYS_SURE, *found)
    return f"coalesce({' AND '.join(f'({term})' for term in terms)}, FALSE)"
