"""Every text and key of a decoded policy, with its place."""

from __future__ import annotations

from collections.abc import Iterator

from orgctl.source import Place


def strings(value: object, place: Place = ()) -> Iterator[tuple[Place, str]]:
    """Every text, keys left out, in the order of the document."""
    match value:
        case str():
            yield place, value
        case dict():
            for key, item in value.items():
                yield from strings(item, (*place, key))
        case list():
            for index, item in enumerate(value):
                yield from strings(item, (*place, index))


def keys(value: object, place: Place = ()) -> Iterator[Place]:
    """The place of every key, in the order of the document; what the key says is the place's last part."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield (*place, key)
            yield from keys(item, (*place, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from keys(item, (*place, index))
