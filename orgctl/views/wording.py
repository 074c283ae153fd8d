"""Numbers and values as people read them, the same in every view."""

from __future__ import annotations

import json
from dataclasses import asdict, is_dataclass


def counted(count: int, noun: str, plural: str | None = None) -> str:
    """`1 account`, `3 accounts`."""
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"


def duration(seconds: float) -> str:
    """`12 s`, `3 min`, `2 h 10 min`: rounded up, since it is said of waiting."""
    if seconds < 1:
        return "less than a second"
    if seconds < 90:
        return f"{-(-seconds // 1):.0f} s"
    minutes = int(-(-seconds // 60))
    if minutes < 90:
        return f"{minutes} min"
    return f"{minutes // 60} h {minutes % 60} min" if minutes % 60 else f"{minutes // 60} h"


def printable(name: str) -> str:
    """Text on one line: what cannot be printed (line breaks, terminal codes) is shown as it is in Python's text."""
    if name.isprintable():
        return name
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in name)


def value(item: object) -> str:
    """A value of an attribute on one line."""
    match item:
        case None:
            return "none"
        case bool():
            return "yes" if item else "no"
        case str():
            return printable(item)
        case list() | tuple():
            return ", ".join(map(value, item))
        case dict():
            return ", ".join(f"{key} {value(inner)}" for key, inner in item.items())
        case _ if is_dataclass(item) and not isinstance(item, type):
            return value(asdict(item))
        case _:
            return json.dumps(item, ensure_ascii=False, default=str)
