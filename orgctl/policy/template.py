"""Policy values with wildcards and variables in them, read once and matched often.

A template is a tuple of parts: text to be taken literally, `ANY` (`*`), `ONE` (`?`), and variables. `${*}`, `${?}` and
`${$}` are the characters themselves. Source: "IAM policy elements: Variables and tags", IAM User Guide.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

Value = str | tuple[str, ...]
"""What a context key holds: text, or a tuple of at least two texts for a key with many values."""

Getter = Callable[[str], Value | None]
"""Looks up a context key by its name in lower case; None: the key is absent."""


class Wildcard(Enum):
    """The two wildcards."""

    ANY = "*"
    ONE = "?"


ANY, ONE = Wildcard.ANY, Wildcard.ONE


@dataclass(frozen=True, slots=True)
class Variable:
    """`${aws:username, 'nobody'}`: a key in lower case, and the default if there is one."""

    key: str
    default: str | None = None


Token = str | Wildcard
Template = tuple[Token | Variable, ...]

_VARIABLE = re.compile(r"\$\{(?:([*?$])|([^,{}'\"]+?)\s*(?:,\s*(?:'([^']*)'|\"([^\"]*)\")\s*)?)\}")


class OpenError(Exception):
    """The value of a variable leaves open what AWS does; the message says why."""


def parse_template(text: str, *, variables: bool, wildcards: bool) -> Template:
    """Read a policy value. What is switched off is plain text; so is a `${` without its end."""
    parts: list[Token | Variable] = []
    start = 0
    for found in _VARIABLE.finditer(text) if variables else ():
        parts += _literal(text[start : found.start()], wildcards=wildcards)
        character, key, single, double = found.groups()
        default = single if single is not None else double
        parts.append(character if character else Variable(key.strip().lower(), default))
        start = found.end()
    return tuple(_joined([*parts, *_literal(text[start:], wildcards=wildcards)]))


def variable_keys(template: Template) -> frozenset[str]:
    """The context keys that the template looks up."""
    return frozenset(part.key for part in template if isinstance(part, Variable))


def is_fixed(template: Template) -> bool:
    """Whether it is the same for every request."""
    return not any(isinstance(part, Variable) for part in template)


def plain_text(template: Template) -> str | None:
    """The text, if there is neither a variable nor a wildcard in it."""
    return "".join(map(str, template)) if all(isinstance(part, str) for part in template) else None


def readings(template: Template, get: Getter, *, wildcards: bool) -> tuple[tuple[Token, ...], ...]:
    """Put the values in: no reading if a variable has neither value nor default, else one, seldom two.

    Two where a value holds `*` or `?` and wildcards count: AWS does not say whether they are wildcards then. Raises
    OpenError for a variable whose key has many values.
    """
    literal: list[Token | Variable] = []
    wild: list[Token | Variable] = []
    for part in template:
        if isinstance(part, Variable):
            value = _value(part, get)
            if value is None:
                return ()
            literal.append(value)
            wild += _literal(value, wildcards=wildcards)
        else:
            literal.append(part)
            wild.append(part)
    one, other = tokens_of(tuple(_joined(literal))), tokens_of(tuple(_joined(wild)))
    return (one,) if one == other else (one, other)


def tokens_of(template: Template) -> tuple[Token, ...]:
    """The template without its variables; all of it, if it is the same for every request."""
    return tuple(part for part in template if not isinstance(part, Variable))


def fits(tokens: tuple[Token, ...], text: str) -> bool:
    """Whether the whole text matches, `*` and `?` running over everything."""
    position = index = mark = 0
    star = -1
    count, length = len(tokens), len(text)
    while True:
        token = tokens[index] if index < count else None
        if token is ANY:
            star, mark = index, position
            index += 1
        elif token is ONE and position < length:
            index, position = index + 1, position + 1
        elif isinstance(token, str) and text.startswith(token, position):
            index, position = index + 1, position + len(token)
        elif token is None and position == length:
            return True
        elif star < 0 or mark >= length:
            return False
        else:
            mark += 1
            index, position = star + 1, mark


def _value(variable: Variable, get: Getter) -> str | None:
    value = get(variable.key)
    if value is None:
        return variable.default
    if isinstance(value, str):
        return value
    raise OpenError(f"`${{{variable.key}}}` stands for a key with several values")


def _literal(text: str, *, wildcards: bool) -> list[Token | Variable]:
    if not wildcards:
        return [text] if text else []
    return [Wildcard(piece) if piece in ("*", "?") else piece for piece in re.split(r"([*?])", text) if piece]


def _joined(parts: list[Token | Variable]) -> list[Token | Variable]:
    joined: list[Token | Variable] = []
    for part in parts:
        if joined and isinstance(part, str) and isinstance(joined[-1], str):
            joined[-1] += part
        elif not (part is ANY and joined and joined[-1] is ANY):
            joined.append(part)
    return joined
