"""Holds a file's value against its model: pydantic's errors become diagnostics, and what is left can be gone on with.

When something is wrong, it is taken out (or a neutral value is put in its place) until the rest fits the model. The
checks then run on that rest, so that one typing error does not hide the others.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar, cast

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from orgctl.diagnostics import Diagnostic
from orgctl.manifest import codes
from orgctl.manifest.keys import known_keys
from orgctl.manifest.nearest import nearest
from orgctl.manifest.schema import Model
from orgctl.manifest.words import malformed, wrong_type
from orgctl.source import Place, Source

M = TypeVar("M", bound=Model)

_ROUNDS = 20
"""Each round takes out at least one wrong value on each path; nesting is bounded, so this is never reached."""
_REMOVE = object()
_TOP = {
    "version": 1,
    "organization": {"management_account": "000000000000", "home_region": "us-east-1", "regions": ["us-east-1"]},
    "root": {},
}
_ITEMS = {
    "regions": "us-east-1",
    "policy_types": "x",
    "disabled_policy_types": "x",
    "trusted_access": "x.amazonaws.com",
    "packs": "x",
}
"""For items of a list, something that its pattern allows; elsewhere `-/-` will do."""


def fit(source: Source, model: type[M]) -> tuple[M, list[Diagnostic]]:
    """The value as an instance of `model`, without what is wrong with it, and the problems."""
    try:
        return model.model_validate(source.value), []
    except ValidationError as error:
        return _repaired(source, model, error)


def _repaired(source: Source, model: type[M], error: ValidationError) -> tuple[M, list[Diagnostic]]:
    problems = [_diagnostic(source, model, place, details) for place, details in _located(error, source.value)]
    value: object = copy.deepcopy(source.value)
    for attempt in range(_ROUNDS):
        for place, details in _located(error, value):
            value = _without(value, place, details, gently=attempt == 0)
        try:
            return model.model_validate(value), problems
        except ValidationError as remaining:
            error = remaining
    raise AssertionError(f"`{source.file}` could not be reduced to what is right in it")


def _located(error: ValidationError, value: object) -> list[tuple[Place, ErrorDetails]]:
    """Each error with its place in the file. Of the branches of a union, the one that got furthest is kept."""
    found = [(*_place(details, value), details) for details in error.errors(include_url=False)]
    furthest: dict[Place, tuple[int, object]] = {}
    for place, union, branch, _ in found:
        if union is not None and len(place) > furthest.get(union, (0, None))[0]:
            furthest[union] = len(place), branch
    wanted = {place: _wanted(place, found) for place, union, _, _ in found if place == union}
    kept: dict[Place, ErrorDetails] = {}
    for place, union, branch, details in found:
        if union is None or (branch == furthest[union][1] and place != union):
            kept.setdefault(place, details)
        elif len(place) == furthest[union][0]:
            kept.setdefault(place, _of_union(details, wanted[place]) if place == union else details)
    return list(kept.items())


def _wanted(place: Place, found: Iterable[tuple[Place, Place | None, object, ErrorDetails]]) -> dict[str, ErrorDetails]:
    """What each branch of the union at `place` says of the value as a whole, by the type of error."""
    return {details["type"]: details for at, union, _, details in found if at == union == place}


def _of_union(details: ErrorDetails, wanted: Mapping[str, ErrorDetails]) -> ErrorDetails:
    """What to say of a value that is none of what it may be; `wanted` are the errors of it as each of that."""
    name = wanted.get("literal_error")
    if name is not None:
        return name if isinstance(details["input"], str) else {**details, "type": "name_or_mapping_type"}
    switch = "bool_type" in wanted and "string_type" not in wanted
    return {**details, "type": "switch_or_mapping_type" if switch else "text_or_list"}


def _place(details: ErrorDetails, value: object) -> tuple[Place, Place | None, object]:
    """The place that an error's `loc` means, without pydantic's marks for keys and for branches of a union.

    Returns the place of the union too, if the error is within one, and what marks the branch.
    """
    loc, missing = details["loc"], details["type"] == "missing"
    place: list[str | int] = []
    union: Place | None = None
    branch: object = None
    for step in loc[:-1] if missing else loc:
        if isinstance(value, dict) and step in value:
            value = value[step]
            place.append(step)
        elif isinstance(value, list) and isinstance(step, int):
            value = cast("list[object]", value)[step]
            place.append(step)
        elif step != "[key]":
            union, branch = tuple(place), step
    return (*place, loc[-1]) if missing else tuple(place), union, branch


def _diagnostic(source: Source, model: type[Model], place: Place, details: ErrorDetails) -> Diagnostic:
    match details["type"]:
        case "extra_forbidden":
            return _unknown_key(source, model, place)
        case "missing":
            where = f" in {_name(place[:-1])}" if len(place) > 1 else ""
            return Diagnostic(codes.MISSING_KEY, f"the key `{place[-1]}` is missing{where}", source.at(place[:-1]))
        case kind if kind.endswith("_type") or kind == "text_or_list":
            message, hint = wrong_type(kind, _name(place), details["input"], source.text_at(place))
            return Diagnostic(codes.WRONG_TYPE, message, source.at(place), hint)
        case _:
            key = details["loc"][-1] == "[key]"
            message, hint = malformed("the key" if key else _name(place), details)
            return Diagnostic(codes.MALFORMED, message, source.key_at(place) if key else source.at(place), hint)


def _unknown_key(source: Source, model: type[Model], place: Place) -> Diagnostic:
    known = known_keys(model, place[:-1])
    found = nearest(str(place[-1]), known)
    where = f" in `{place[-2]}`" if len(place) > 1 and isinstance(place[-2], str) else ""
    hint = f"did you mean `{found}`?" if found else f"known here: {', '.join(f'`{key}`' for key in known)}"
    return Diagnostic(codes.UNKNOWN_KEY, f"the key `{place[-1]}` is not known{where}", source.key_at(place), hint)


def _name(place: Place) -> str:
    """What to call a value: its key, or its number in the list."""
    match place:
        case ():
            return "the file"
        case (*_, str() as key):
            return f"`{key}`"
        case (*_, str() as key, int() as index):
            return f"item {index + 1} of `{key}`"
        case _:
            return "this"


def _without(value: object, place: Place, details: ErrorDetails, *, gently: bool) -> object:
    """`value` with what stands at `place` replaced by something neutral, or taken out with all that needs it."""
    removed = details["type"] == "missing"
    unknown = details["type"] == "extra_forbidden"
    replacement = _REMOVE if unknown else _neutral(place, gently=gently)
    while replacement is _REMOVE and place and (removed or isinstance(place[-1], int)):
        removed, place = False, place[:-1]
        replacement = _neutral(place, gently=gently)
    if not place:
        return {}
    parent: Any = value
    for step in place[:-1]:
        parent = _step(parent, step)
    if isinstance(parent, dict) and replacement is _REMOVE:
        parent.pop(place[-1], None)
    elif isinstance(parent, dict | list):
        parent[cast(Any, place[-1])] = replacement
    return value


def _step(parent: Any, step: str | int) -> Any:
    """One step down; None where an earlier repair has already taken this part away."""
    match parent, step:
        case dict(), str():
            return parent.get(step)
        case list(), int() if step < len(parent):
            return parent[step]
        case _:
            return None


def _neutral(place: Place, *, gently: bool) -> object:
    """What to go on with where a value is wrong: nothing, but where the model or a list's numbering needs something.

    Diagnostics about what stands at such a place are dropped later: there is one already. Where a neutral value did
    not help (an OU may be called `units`), the next attempt is not gentle.
    """
    match place:
        case ("version" | "organization" | "root" as key,):
            return copy.deepcopy(_TOP[key])
        case ("organization", "management_account" | "home_region" | "regions" as key):
            return copy.deepcopy(cast(Any, _TOP["organization"])[key])
        case _ if gently:
            return _neutral_below(place)
        case _:
            return _REMOVE


def _neutral_below(place: Place) -> object:
    match place:
        case ("moved", int()):
            return {"from": "-", "to": "-"}
        case ("moved", int(), "from" | "to"):
            return "-"
        case ("trail", "event_selectors", int()):
            return {}
        case (*_, str() as key, int()):
            return _ITEMS.get(key, "-/-")
        case (*_, "accounts" | "units", str()):
            return {}
        case _:
            return _REMOVE
