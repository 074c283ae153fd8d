"""Values checked against botocore's shapes: types, required members, lengths, patterns, enumerations.

botocore's own validator leaves out patterns, maxima and enumerations; AWS does not. Timestamps are seconds since 1970.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StringShape, StructureShape

Check = Callable[[Any], None]


class ShapeProblemError(ValueError):
    """What a value lacks. `constraint` is `type`, `required`, `unknown`, `min`, `max`, `pattern` or `enum`."""

    def __init__(self, constraint: str, wanted: object) -> None:
        super().__init__(constraint, wanted)
        self.constraint = constraint
        self.wanted = wanted
        self.path: list[str] = []

    def __str__(self) -> str:
        return f"{'.'.join(self.path)}: {self.constraint} {self.wanted}"


class Shapes:
    """The checks of one service's shapes, made when first needed.

    `strict` refuses members that the model does not know (an answer); otherwise they are ignored, as AWS does.
    `optional` are members, by shape, that the model requires and AWS does not.
    """

    def __init__(self, *, strict: bool, optional: frozenset[tuple[str, str]] = frozenset()) -> None:
        self._strict = strict
        self._optional = optional
        self._checks: dict[str, Check] = {}

    def check(self, shape: Shape, value: Any) -> None:
        """Raise ShapeProblemError if the value does not have the shape."""
        self._of(shape)(value)

    def _of(self, shape: Shape) -> Check:
        found = self._checks.get(shape.name)
        if found is None:
            found = self._checks[shape.name] = self._made(shape)
        return found

    def _made(self, shape: Shape) -> Check:
        match shape:
            case StructureShape():
                return self._structure(shape)
            case ListShape():
                return self._list(shape)
            case MapShape():
                return self._map(shape)
            case StringShape():
                return _string(shape)
            case _:
                return _scalar(shape)

    def _structure(self, shape: StructureShape) -> Check:
        members, strict = dict(shape.members), self._strict
        required = tuple(name for name in shape.required_members if (shape.name, name) not in self._optional)
        checks: dict[str, Check] = {}

        def check(value: Any) -> None:
            _require(value, dict)
            for name in required:
                if value.get(name) is None:
                    raise _at(name, ShapeProblemError("required", name))
            for name, item in value.items():
                inner = checks.get(name)
                if inner is None:
                    if name not in members:
                        if strict:
                            raise _at(name, ShapeProblemError("unknown", name))
                        continue
                    inner = checks[name] = self._of(members[name])
                try:
                    inner(item)
                except ShapeProblemError as problem:
                    raise _at(name, problem) from None

        return check

    def _list(self, shape: ListShape) -> Check:
        inside = shape.member
        bounds = _bounds(shape)

        def check(value: Any) -> None:
            _require(value, list)
            bounds(len(value))
            inner = self._of(inside)
            for item in value:
                inner(item)

        return check

    def _map(self, shape: MapShape) -> Check:
        def check(value: Any) -> None:
            _require(value, dict)
            for key, item in value.items():
                self._of(shape.key)(key)
                self._of(shape.value)(item)

        return check


def _at(name: str, problem: ShapeProblemError) -> ShapeProblemError:
    problem.path.insert(0, name)
    return problem


def _require(value: Any, kind: type) -> None:
    if type(value) is not kind:
        raise ShapeProblemError("type", kind.__name__)


def _bounds(shape: Shape) -> Callable[[float], None]:
    low, high = shape.metadata.get("min"), shape.metadata.get("max")

    def check(size: float) -> None:
        if low is not None and size < low:
            raise ShapeProblemError("min", low)
        if high is not None and size > high:
            raise ShapeProblemError("max", high)

    return check


def _string(shape: StringShape) -> Check:
    bounds, allowed = _bounds(shape), frozenset(shape.enum)
    pattern = shape.metadata.get("pattern")
    matches = None if pattern in (None, r"[\s\S]*") else re.compile(_as_python(pattern)).fullmatch

    def check(value: Any) -> None:
        if type(value) is not str:
            raise ShapeProblemError("type", "str")
        bounds(len(value))
        if matches is not None and matches(value) is None:
            raise ShapeProblemError("pattern", pattern)
        if allowed and value not in allowed:
            raise ShapeProblemError("enum", ", ".join(sorted(allowed)))

    return check


def _as_python(pattern: str) -> str:
    """The model's regular expressions are Java's; Python lacks the property classes of Unicode, and surrogates.

    An unanchored pattern of the model is meant to match all of the value, an anchored one says so itself: a path or
    ARN whose pattern has no end may go on.
    """
    python = pattern.replace(r"\p{L}", r"\w").replace(r"\p{Z}", r"\s").replace(r"\p{N}", r"\d")
    python = python.replace(r"\uD800\uDC00-\uDBFF\uDFFF", r"\U00010000-\U0010FFFF")
    return python if python.endswith("$") or not python.startswith("^") else f"(?:{python}).*"


def _scalar(shape: Shape) -> Check:
    kinds: dict[str, tuple[type, ...]] = {
        "integer": (int,),
        "long": (int,),
        "boolean": (bool,),
        "float": (int, float),
        "double": (int, float),
        "timestamp": (int, float),
    }
    allowed: tuple[type, ...] = kinds.get(shape.type_name, (object,))
    bounds = _bounds(shape)

    def check(value: Any) -> None:
        fits = isinstance(value, allowed) and not (isinstance(value, bool) and bool not in allowed)
        if not fits:
            raise ShapeProblemError("type", shape.type_name)
        bounds(value)

    return check
