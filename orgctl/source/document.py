"""`Source`: one file's value, and where in the file each part of it stands."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from orgctl.diagnostics import Diagnostic, Position
from orgctl.source import codes

Place = tuple[str | int, ...]
"""Where in a document: the keys and indexes from its top down to a value."""

MAX_DEPTH = 64
"""How deep collections may be nested. AWS's own documents stay below twenty; walkers may recurse."""


class Mark:
    """Where one value stands. `text` is what the user wrote, for a scalar that was not read as text."""

    __slots__ = ("children", "column", "keys", "line", "text")

    def __init__(self, line: int, column: int, text: str | None = None) -> None:
        self.line = line
        self.column = column
        self.text = text
        self.children: dict[str, Mark] | list[Mark] | None = None
        self.keys: dict[str, tuple[int, int]] = {}

    def child(self, step: str | int) -> Mark | None:
        """The mark of one element, or None if there is no such element."""
        match self.children, step:
            case dict() as by_key, str():
                return by_key.get(step)
            case list() as elements, int():
                return elements[step] if -len(elements) <= step < len(elements) else None
            case _:
                return None


@dataclass(frozen=True, slots=True)
class Source:
    """One file's value: dicts with text keys, lists, strings, numbers, booleans and None.

    `file` is the name that messages call it by. Positions are worked out when they are asked for.
    """

    file: str
    value: object
    _top: Callable[[], Mark] = field(repr=False, compare=False)

    def at(self, place: Place) -> Position:
        """The position of the value at `place`; of its nearest ancestor if there is none."""
        *_, mark = self._walk(place)
        return Position(self.file, mark.line, mark.column)

    def key_at(self, place: Place) -> Position:
        """The position of the mapping key that leads to `place`; where no key does, that of the value."""
        marks = list(self._walk(place))
        if place and len(marks) > len(place):
            found = marks[-2].keys.get(str(place[-1])) if isinstance(place[-1], str) else None
            if found:
                return Position(self.file, *found)
        return self.at(place)

    def get(self, place: Place) -> object:
        """The value at `place`; None if there is none."""
        value = self.value
        for step in place:
            match value, step:
                case dict(), str():
                    value = value.get(step)
                case list(), int() if step < len(value):
                    value = value[step]
                case _:
                    return None
        return value

    def text_at(self, place: Place) -> str | None:
        """What the user wrote for the number, boolean or null at `place`: `no`, `0123`; None for anything else."""
        marks = list(self._walk(place))
        return marks[-1].text if len(marks) > len(place) else None

    def _walk(self, place: Place) -> Iterator[Mark]:
        mark: Mark | None = self._top()
        steps = iter(place)
        while mark is not None:
            yield mark
            step = next(steps, None)
            mark = mark.child(step) if step is not None else None


def duplicate_key(file: str, key: str, second: tuple[int, int], first: tuple[int, int]) -> Diagnostic:
    """The problem of a key that stands twice in one mapping, at the second place, naming the first."""
    hint = f"it is first used at line {first[0]}, column {first[1]}; remove or rename one of the two"
    return Diagnostic(codes.DUPLICATE_KEY, f"the key `{key}` stands here a second time", Position(file, *second), hint)
