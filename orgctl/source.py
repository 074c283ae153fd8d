"""YAML and JSON files as plain values, with the position of everything in them.

Manifest and policies are both read here, so that both refuse the same things in the same words: text that is not
UTF-8, an empty file, broken syntax, duplicate keys, anchors and merge keys.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from orgctl.diagnostics import Position

Place = tuple[str | int, ...]
"""Where in a document: the keys and indexes from its top down to a value."""


@dataclass(frozen=True, slots=True)
class Source:
    """One file's value: dicts, lists, strings, numbers, booleans and None."""

    file: str
    value: object

    def at(self, place: Place) -> Position:
        """The position of the value at `place`; of its nearest ancestor if there is none."""
        raise NotImplementedError

    def key_at(self, place: Place) -> Position:
        """The position of the mapping key that leads to `place`."""
        raise NotImplementedError


def read(path: Path, *, name: str | None = None) -> Source:
    """Read a `.json`, `.yaml` or `.yml` file. `name` is what messages call it (default: the path as given).

    Raises InvalidInputError with a diagnostic for every problem found.
    """
    raise NotImplementedError
