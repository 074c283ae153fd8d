"""`-k`: which cases are meant, by words of their file and name: `hsm and not root`."""

from __future__ import annotations

import re
from collections.abc import Callable

from orgctl.errors import InvalidInputError

Chooser = Callable[[str], bool]
"""Says of a case's id whether it is meant."""

_TOKEN = re.compile(r"\s*(?:([()])|\"([^\"]*)\"|([^\s()\"]+))")


def chooser(expression: str) -> Chooser:
    """Read an expression: words joined by `and`, `or` and `not`, with parentheses; phrases in double quotes.

    A word is in a case's id or it is not, upper and lower case alike. Raises InvalidInputError.
    """
    tokens = _tokens(expression)
    chosen, rest = _either(tokens)
    if rest:
        raise _wrong(expression, f"`{rest[0][0]}` is one too many")
    return lambda name: chosen(name.casefold())


_Tokens = list[tuple[str, bool]]
"""Each with whether it is plain: neither quoted nor, so, ever a keyword."""


def _tokens(expression: str) -> _Tokens:
    found: _Tokens = []
    place = 0
    text = expression.rstrip()
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None:
            raise _wrong(expression, "a quote is not closed")
        found.append((match[1] or match[3] or match[2] or "", match[2] is None))
        place = match.end()
    return found


def _either(tokens: _Tokens) -> tuple[Chooser, _Tokens]:
    left, rest = _both(tokens)
    while rest and rest[0] == ("or", True):
        right, rest = _both(rest[1:])
        left = _join(any, left, right)
    return left, rest


def _both(tokens: _Tokens) -> tuple[Chooser, _Tokens]:
    left, rest = _single(tokens)
    while rest and rest[0] == ("and", True):
        right, rest = _single(rest[1:])
        left = _join(all, left, right)
    return left, rest


def _join(how: Callable[[list[bool]], bool], left: Chooser, right: Chooser) -> Chooser:
    return lambda name: how([left(name), right(name)])


def _single(tokens: _Tokens) -> tuple[Chooser, _Tokens]:
    if not tokens:
        raise _wrong("", "it ends where a word should stand")
    (text, plain), rest = tokens[0], tokens[1:]
    if plain and text == "not":
        inner, rest = _single(rest)
        return (lambda name: not inner(name)), rest
    if plain and text == "(":
        inner, rest = _either(rest)
        if not rest or rest[0] != (")", True):
            raise _wrong("", "a parenthesis is not closed")
        return inner, rest[1:]
    if plain and text in ("and", "or", ")"):
        raise _wrong("", f"`{text}` stands where a word should")
    word = text.casefold()
    return (lambda name: word in name), rest


def _wrong(expression: str, why: str) -> InvalidInputError:
    what = f"`-k {expression}`" if expression else "the expression of `-k`"
    return InvalidInputError(f"{what} cannot be read: {why}", hint="write words joined by `and`, `or`, `not`")
