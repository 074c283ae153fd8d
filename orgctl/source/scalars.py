"""What a plain (unquoted) YAML scalar means here.

Booleans, nulls and numbers are read as YAML 1.1 reads them, so that nobody's file changes its meaning, but for what
makes values out of text that nobody meant: dates, `12:30:45`, `1_000`, and octal numbers. These stay text, or are
refused where YAML 1.1 and 1.2 would make different numbers of them.
"""

from __future__ import annotations

import math
import re
from functools import lru_cache

from orgctl.source import codes

_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **{form: True for word in ("true", "yes", "on") for form in (word, word.title(), word.upper())},
    **{form: False for word in ("false", "no", "off") for form in (word, word.title(), word.upper())},
}
_NUMERIC = re.compile(r"[-+]?(?:\d+|\d+\.\d*(?:[eE][-+]\d+)?|\.\d+(?:[eE][-+]\d+)?)\Z", re.ASCII)
_LEADING_ZERO = re.compile(r"[-+]?0\d+\Z", re.ASCII)
_MAX_DIGITS = 4_000
"""Python refuses to read longer integers, and JSON readers lose them long before."""

NUMBER_MESSAGES = {
    codes.LEADING_ZERO: "the number `{}` begins with zero, which YAML readers read differently",
    codes.NOT_A_NUMBER: "the number `{}` cannot be written in JSON",
}
NUMBER_HINT = "put it in quotes if it is text, such as an id"


def describe(value: object) -> str:
    """What a scalar was read as, in words."""
    match value:
        case bool():
            return "a boolean"
        case int() | float():
            return "a number"
        case None:
            return "nothing (null)"
        case _:
            return "text"


@lru_cache(maxsize=4096)
def resolve(text: str) -> tuple[object, str | None]:
    """The value of a plain scalar, and the code of what is wrong with it, if anything is.

    Remembered: in every file, few words (its keys, above all) are most of what is written.
    """
    if text in _WORDS:
        return _WORDS[text], None
    if not _NUMERIC.match(text):
        return text, None
    if _LEADING_ZERO.match(text):
        return text, codes.LEADING_ZERO
    return number(text)


def number(text: str) -> tuple[object, str | None]:
    """The number that `text` writes; the text itself, and a code, if JSON has no room for it."""
    if text.lstrip("+-").isdigit():
        return (int(text), None) if len(text) <= _MAX_DIGITS else (text, codes.NOT_A_NUMBER)
    value = float(text)
    return (value, None) if math.isfinite(value) else (text, codes.NOT_A_NUMBER)
