"""Puts the manifest's own values into policy documents: `@{accounts.audit}`, `@{regions}`.

    @{accounts.NAME}                    the id of an account of the manifest
    @{organization.id}                  o-…
    @{organization.management_account}  its id
    @{regions}                          the list of the organization's regions
    @{home_region}  @{partition}        text
    @{parameters.NAME}                  text or a list, from `parameters`
    @{at}                               `@`: a policy that is to say `@{x}` itself is written with `@{at}{x}`

A list is inserted where the placeholder is a whole value, and spliced in where it is a whole element of a list; within
longer text there can only be text. IAM's `${...}` and the management policies' `@@assign` are not touched.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar, cast

from orgctl.source import Place

Values = Mapping[str, str | list[str]]
"""What to insert, by the name between the braces."""

D = TypeVar("D")

_PLACEHOLDER = re.compile(r"@\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class Placeholder:
    """One placeholder in a document: `name` is between the braces; `whole`: the value is nothing else."""

    name: str
    place: Place
    whole: bool = False
    in_key: bool = False


def insert(document: D, values: Values) -> D:
    """A copy of `document` with values in place of placeholders. Those that `values` lacks stay as they are.

    Raises ValueError for a list within longer text; the manifest's checks report that first, with its place.
    """
    return cast(D, _insert(document, values))


def placeholders(document: object) -> Iterator[Placeholder]:
    """Every placeholder, in the order of the document."""
    return _placeholders(document, ())


def escaped(document: object) -> object:
    """A copy of a document from elsewhere that `insert` turns back into `document`. Keys are left as they are."""
    match document:
        case str():
            return _PLACEHOLDER.sub(r"@{at}{\1}", document)
        case dict():
            return {key: escaped(item) for key, item in document.items()}
        case list():
            return [escaped(item) for item in document]
        case _:
            return document


def _insert(value: object, values: Values) -> object:
    match value:
        case str():
            return _into_text(value, values) if "@{" in value else value
        case dict():
            return {key: _insert(item, values) for key, item in value.items()}
        case list():
            return list(_elements(value, values))
        case _:
            return value


def _elements(items: Iterable[object], values: Values) -> Iterator[object]:
    for item in items:
        inserted = _insert(item, values)
        if isinstance(item, str) and isinstance(inserted, list):
            yield from inserted
        else:
            yield inserted


def _into_text(text: str, values: Values) -> str | list[str]:
    whole = _PLACEHOLDER.fullmatch(text)
    if whole:
        value = values.get(whole[1], text)
        return value if isinstance(value, str) else list(value)
    return _PLACEHOLDER.sub(lambda match: _one(match, values), text)


def _one(match: re.Match[str], values: Values) -> str:
    value = values.get(match[1], match[0])
    if not isinstance(value, str):
        raise ValueError(f"`{match[0]}` is a list, and stands within longer text")
    return value


def _placeholders(value: object, place: Place) -> Iterator[Placeholder]:
    match value:
        case str():
            yield from _in_text(value, place)
        case dict():
            for key, item in value.items():
                for found in _in_text(key, (*place, key)):
                    yield Placeholder(found.name, found.place, in_key=True)
                if not _plain(item):
                    yield from _placeholders(item, (*place, key))
        case list():
            for index, item in enumerate(value):
                if not _plain(item):
                    yield from _placeholders(item, (*place, index))


def _plain(value: object) -> bool:
    """Whether there is nothing to look for: most values of large files are such, and need no place."""
    return "@{" not in value if isinstance(value, str) else not isinstance(value, dict | list)


def _in_text(text: str, place: Place) -> Iterator[Placeholder]:
    if "@{" in text:
        whole = _PLACEHOLDER.fullmatch(text) is not None
        yield from (Placeholder(match[1], place, whole) for match in _PLACEHOLDER.finditer(text))
