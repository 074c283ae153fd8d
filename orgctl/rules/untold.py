"""Values that a template does not say, as a rule's process has them: to look at one is to be undecided.

An unknown value passes through a rule as text does, as long as nobody asks what it is. Comparing it, testing its truth
or its type, taking it apart or writing it out raises, and the parent is told. Regular expressions look at text without
asking it, so they are watched, too.

Like `child.py`, this is loaded beside a rule's modules and imports nothing of orgctl.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

MARK = "orgctl::unknown"
_HIDDEN = "\N{OBJECT REPLACEMENT CHARACTER}not known before the deployment\N{OBJECT REPLACEMENT CHARACTER}"
"""What an unknown holds as text; it shows where something was written out all the same."""


class UntoldError(Exception):
    """A rule has looked at a value that only the deployment shows."""


def _raise(value: Any, *_: object, **__: object) -> Any:
    told = object.__getattribute__(value, "__dict__")
    told["tell"](told["reason"])
    raise UntoldError(told["reason"])


class Untold(str):
    """Such a value. It is made by `untold`."""

    __class__ = property(_raise)  # `isinstance` asks for it, if the type is another one
    __getattr__ = _raise


_LEFT = (
    "__new__", "__init__", "__init_subclass__", "__subclasshook__", "__getattribute__", "__setattr__", "__delattr__",
    "__class__", "__repr__", "__doc__", "__dir__", "__getnewargs__", "__reduce__", "__reduce_ex__", "__getstate__",
    "__sizeof__",
)  # fmt: skip
_MORE = ("__bool__", "__radd__", "__rmod__", "__int__", "__float__", "__index__", "__call__")

for _name in {*dir(str), *_MORE} - set(_LEFT):
    setattr(Untold, _name, _raise)


def untold(reason: str, tell: Callable[[str], None]) -> Untold:
    """A value that is unknown for a reason, which `tell` hears when somebody looks at it."""
    made = Untold(_HIDDEN)
    object.__getattribute__(made, "__dict__").update(reason=reason, tell=tell)
    return made


def with_untold(value: Any, tell: Callable[[str], None]) -> Any:
    """A JSON value with its marks replaced."""
    if type(value) is dict:
        if set(value) == {MARK}:
            return untold(value[MARK], tell)
        return {key: with_untold(each, tell) for key, each in value.items()}
    return [with_untold(each, tell) for each in value] if type(value) is list else value


def shows(value: object) -> bool:
    """Whether an unknown was written out in a text."""
    return type(value) is str and _HIDDEN in value


def watch(tell: Callable[[str], None]) -> None:
    """Let JSON that is read from now on hold unknowns, and expressions that are compiled from now on respect them."""
    loads = json.loads

    def reading(text: Any, *arguments: Any, **options: Any) -> Any:
        _refuse(text)
        return with_untold(loads(text, *arguments, **options), tell)

    json.loads = reading  # type: ignore[assignment]  # with the same arguments
    re.compile = _compiling(re.compile)
    for name in ("match", "fullmatch", "search", "split", "findall", "finditer", "sub", "subn"):
        setattr(re, name, _asking(getattr(re, name)))


def _refuse(value: object) -> None:
    if type(value) is Untold:
        _raise(value)


def _asking(function: Callable[..., Any]) -> Callable[..., Any]:
    def asking(*arguments: Any, **options: Any) -> Any:
        for each in (*arguments, *options.values()):
            _refuse(each)
        return function(*arguments, **options)

    return asking


def _compiling(compile_: Callable[..., Any]) -> Callable[..., Any]:
    def compiling(*arguments: Any, **options: Any) -> Any:
        return _Pattern(compile_(*arguments, **options))

    return compiling


class _Pattern:
    """A compiled expression whose functions ask about what they get."""

    def __init__(self, pattern: re.Pattern[str]) -> None:
        self._pattern = pattern

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._pattern, name)
        return _asking(found) if callable(found) else found
