"""Values as YAML that people like to read: quotes only where needed, short things on one line.

What is written here is read back as the same value by `orgctl.source`, and by readers of YAML 1.1 and 1.2.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from orgctl.source.scalars import resolve

WIDTH = 110
"""A mapping or list that fits into so many columns stays on one line."""

_PLAIN = re.compile(r"[^\W\d][\w.+@/ -]*(?<! )\Z")
_WORDS = frozenset("yYnN")
"""One-letter booleans of YAML 1.1, which `orgctl.source` takes for text and others do not."""

_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def scalar(value: object) -> str:
    """Text, a number, a boolean or None."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case str():
            return value if _is_plain(value) else _quoted(value)
        case _:
            return str(value)


def flow(value: object) -> str:
    """The value on one line."""
    match value:
        case Mapping() if value:
            return "{ " + ", ".join(f"{scalar(key)}: {flow(item)}" for key, item in value.items()) + " }"
        case Mapping():
            return "{}"
        case list() | tuple():
            return "[" + ", ".join(map(flow, value)) + "]"
        case _:
            return scalar(value)


def entry(key: str, value: object, indent: int = 0) -> Iterator[str]:
    """The lines of one entry of a mapping, `indent` columns in; spread over several lines where one is too short."""
    start = f"{' ' * indent}{scalar(key)}:"
    line = f"{start} {flow(value)}"
    if len(line) <= WIDTH or not isinstance(value, Mapping | list | tuple) or not value:
        yield line
        return
    yield start
    yield from _block(value, indent + 2)


def _block(value: Mapping[str, object] | list[object] | tuple[object, ...], indent: int) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from entry(key, item, indent)
        return
    for item in value:
        yield f"{' ' * indent}- {flow(item)}"


def _is_plain(text: str) -> bool:
    return bool(_PLAIN.match(text)) and text not in _WORDS and resolve(text) == (text, None)


def _quoted(text: str) -> str:
    return '"' + "".join(_ESCAPES.get(c) or (c if c.isprintable() else _escaped(ord(c))) for c in text) + '"'


def _escaped(code: int) -> str:
    if code < 0x100:
        return f"\\x{code:02X}"
    return f"\\u{code:04X}" if code < 0x10000 else f"\\U{code:08X}"
