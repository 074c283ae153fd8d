"""Walks a management policy along its shape, and says what does not fit.

Source: "Understanding management policy inheritance" (AWS Organizations User Guide) for the operators.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import assert_never

from orgctl.lint.kind import TOP_KEYS
from orgctl.lint.shapes import SHAPES, Anything, Branch, Leaf, Shape
from orgctl.manifest.nearest import did_you_mean
from orgctl.policy.parser import minified
from orgctl.source import Place

VALUE_OPERATORS = ("@@assign", "@@append", "@@remove")
CHILD_CONTROL = "@@operators_allowed_for_child_policies"
_CHILD_VALUES = (*VALUE_OPERATORS, "@@all", "@@none")


class Fault(Enum):
    """What can be wrong at one place."""

    KEY = "key"
    OPERATOR = "operator"
    BARE = "bare"
    VALUE = "value"


@dataclass(frozen=True, slots=True)
class Misfit:
    """One thing that does not fit. `at_key`: it is the key at `place`, not the value."""

    fault: Fault
    place: Place
    message: str
    hint: str | None = None
    at_key: bool = True


def misfits(folder: str, value: dict[str, object]) -> Iterator[Misfit]:
    """What does not fit below the top key of a management policy."""
    top = TOP_KEYS.get(folder)
    for key, item in value.items():
        shape = SHAPES.get(folder, Anything()) if key == top else Anything()
        yield from _at(item, shape, (key,))


def _at(value: object, shape: Shape, place: Place) -> Iterator[Misfit]:
    match shape:
        case Leaf():
            yield from _leaf(value, shape, place)
        case Branch():
            yield from _branch(value, shape, place)
        case Anything():
            yield from _anything(value, place)
        case _:
            assert_never(shape)


def _anything(value: object, place: Place) -> Iterator[Misfit]:
    for key, item in value.items() if isinstance(value, dict) else ():
        if str(key).startswith("@@"):
            yield from _operator(key, item, (*place, key), Leaf())
        else:
            yield from _anything(item, (*place, key))


def _leaf(value: object, shape: Leaf, place: Place) -> Iterator[Misfit]:
    if not isinstance(value, dict):
        message = f"`{place[-1]}` has a value without an operator"
        yield Misfit(Fault.BARE, place, message, f'write `{{"@@assign": {minified(value)}}}`', at_key=False)
        return
    for key, item in value.items():
        if str(key).startswith("@@"):
            yield from _operator(key, item, (*place, key), shape)
        else:
            message = f"`{key}` is not an operator, as there has to be in `{place[-1]}`"
            yield Misfit(Fault.OPERATOR, (*place, key), message, f"the operators are {_listed(VALUE_OPERATORS)}")


def _branch(value: object, shape: Branch, place: Place) -> Iterator[Misfit]:
    if not isinstance(value, dict):
        known = f" with {_listed(shape.keys)}" if shape.keys else ""
        yield Misfit(Fault.KEY, place, f"`{place[-1]}` has to be a mapping{known}", at_key=False)
        return
    for key, item in value.items():
        below = shape.keys.get(key, shape.others)
        if key in VALUE_OPERATORS:
            message = f"`{key}` sets a value, but `{place[-1]}` is a mapping"
            yield Misfit(Fault.OPERATOR, (*place, key), message, f"move it below: {_listed(shape.keys) or 'a name'}")
        elif str(key).startswith("@@"):
            yield from _operator(key, item, (*place, key), Leaf())
        elif below is None:
            hint = did_you_mean(key, shape.keys, f"there are {_listed(shape.keys)}")
            yield Misfit(Fault.KEY, (*place, key), f"`{place[-1]}` has no key `{key}`", hint)
        else:
            yield from _at(item, below, (*place, key))


def _operator(key: str, value: object, place: Place, shape: Leaf) -> Iterator[Misfit]:
    if key == CHILD_CONTROL:
        yield from _values(value, place, frozenset(_CHILD_VALUES))
    elif key in VALUE_OPERATORS:
        yield from _values(value, place, shape.values)
    else:
        known = (*VALUE_OPERATORS, CHILD_CONTROL)
        hint = did_you_mean(key, known, f"the operators are {_listed(known)}")
        yield Misfit(Fault.OPERATOR, place, f"there is no operator `{key}`", hint)


def _values(value: object, place: Place, allowed: frozenset[str]) -> Iterator[Misfit]:
    items = list(enumerate(value)) if isinstance(value, list) else [(None, value)]
    for index, item in items:
        if allowed and item not in allowed and "@{" not in str(item):
            hint = did_you_mean(str(item), allowed, f"it can be {_listed(sorted(allowed))}")
            at = place if index is None else (*place, index)
            yield Misfit(Fault.VALUE, at, f"`{item}` is not a value of `{_owner(place)}`", hint, at_key=False)


def _owner(place: Place) -> object:
    return place[-1] if place[-1] == CHILD_CONTROL else place[-2]


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
