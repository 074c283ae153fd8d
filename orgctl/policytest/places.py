"""Where in a test's file something is written that the manifest's values have been put into since."""

from __future__ import annotations

from collections.abc import Iterator

from orgctl.policytest.setting import Setting
from orgctl.source import Place, Source


def item_place(source: Source, setting: Setting, place: Place, text: str) -> Place:
    """The place of `text` in what stands at `place`, a text or a list of texts.

    For what a placeholder inserts, it is the placeholder's; `place` itself if the text is not there at all.
    """
    for found, written in _items(source.get(place), place):
        inserted = setting.filled(written)
        if text == inserted or (isinstance(inserted, list) and text in inserted):
            return found
    return place


def _items(value: object, place: Place) -> Iterator[tuple[Place, object]]:
    if isinstance(value, list):
        yield from (((*place, index), item) for index, item in enumerate(value))
    else:
        yield place, value
