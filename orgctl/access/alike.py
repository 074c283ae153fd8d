"""Whether policies can tell accounts apart by their ids: if not, one answer is good for all of a kind.

A request of an account has its id (twelve digits) in ARNs and some context keys. A policy tells two ids apart if it
names one in full, which is easily found, or if a pattern asks for a part of it: fewer than twelve digits with a
wildcard or a variable next to them, and on their other side nothing that could not stand beside the id. Such patterns
are rare (`role/team1-*` is none); where there is one, every account is asked by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from orgctl.policy.document import Condition, Document, Statement
from orgctl.policy.request import Request
from orgctl.policytest.tables import Table

_ID = re.compile(r"(?<!\d)\d{12}(?!\d)")
_LONGER = re.compile(r"\d{13}")
_RUN = re.compile(r"(?<!\d)\d{1,11}(?!\d)")
_OPEN_BEFORE, _OPEN_AFTER = "*?}", "*?$"
"""What next to digits may stand for more digits: wildcards, and a variable's end and beginning."""
_OF_TEXT = ("string", "arn", "null")


def named_ids(documents: Iterable[Document], tables: Iterable[Table]) -> frozenset[str]:
    """Every account id that a policy or a table names in full."""
    texts = (text for document in documents for text in _texts_of(document))
    asked = (text for table in tables for text in _asked(table))
    return frozenset(found for each in (texts, asked) for text in each for found in _ID.findall(text))


def tells_ids_apart(documents: Iterable[Document], request: Request, home: str) -> bool:
    """Whether a policy may ask for a part of the id `home`, where the request has it."""
    bearing = {key for key, value in request.context.items() if any(home in text for text in _texts(value))}
    values = (text for value in request.context.values() for text in _texts(value))
    texts = (request.resource, request.principal.text, *values)
    if any(_LONGER.search(text) for text in texts):
        return True
    sides = _sides(texts, home)
    resource = home in request.resource
    return any(
        _asks_for_part(statement, bearing, sides, resource=resource)
        for document in documents
        for statement in document.statements
    )


_Sides = tuple[frozenset[str], frozenset[str]]
"""The characters that stand before the id and after it; nothing for a text's end, or that of an ARN's field."""


def _sides(texts: Iterable[str], home: str) -> _Sides:
    found = [
        (text[: place.start()][-1:], text[place.end() :][:1]) for text in texts for place in re.finditer(home, text)
    ]
    before, after = ({side for pair in found for side in pair[index : index + 1]} for index in (0, 1))
    return frozenset(before | ({""} if ":" in before else set())), frozenset(after | ({""} if ":" in after else set()))


def _asks_for_part(statement: Statement, bearing: set[str], sides: _Sides, *, resource: bool) -> bool:
    patterns = statement.resources.values if resource and statement.resources else ()
    conditions = [condition for condition in statement.conditions if condition.key.lower() in bearing]
    if any(not _is_of_text(condition) for condition in conditions):
        return True
    texts = (text for texts in (patterns, *(condition.values for condition in conditions)) for text in texts)
    return any(_fits_part(text, run, sides) for text in texts for run in _RUN.finditer(text))


def _fits_part(pattern: str, run: re.Match[str], sides: _Sides) -> bool:
    """Whether these digits of a pattern can be a part of the id, given what stands beside the id."""
    before, after = pattern[: run.start()][-1:], pattern[run.end() :][:1]
    opens_before, opens_after = before != "" and before in _OPEN_BEFORE, after != "" and after in _OPEN_AFTER
    if not opens_before and not opens_after:
        return False
    return (opens_before or before in sides[0]) and (opens_after or after in sides[1])


def _is_of_text(condition: Condition) -> bool:
    operator = condition.operator.lower().rpartition(":")[2]
    return operator.startswith(_OF_TEXT)


def _texts_of(document: Document) -> Iterator[str]:
    for statement in document.statements:
        yield from statement.resources.values if statement.resources else ()
        for condition in statement.conditions:
            yield from condition.values


def _asked(table: Table) -> Iterator[str]:
    yield from (*table.principals, *table.resources, table.resource_account or "")
    for alternatives in table.contexts:
        for _, given in alternatives:
            yield from map(str, given) if not isinstance(given, str | bool | int | float) else (str(given),)


def _texts(value: str | tuple[str, ...]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else value
