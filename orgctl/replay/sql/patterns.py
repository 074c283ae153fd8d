"""Wildcard patterns as SQL: equality and prefixes where that is all, else one anchored regular expression.

The expressions have to mean the same in Trino (Java's syntax) and DuckDB (RE2): `\\A`, `\\z`, `(?s)` and escaped ASCII
punctuation do. `\\z` and not `$`, before which Java takes a line's end.
"""

from __future__ import annotations

from collections.abc import Iterable

from orgctl.policy.template import ANY, ONE, Token, plain_text
from orgctl.replay.sql.logic import TRUE, either, member, text

_SPECIAL = frozenset("\\.+*?()|[]{}^$")
_FEW = 2
"""So many prefixes are tested one by one; more become one regular expression."""

ANYTHING = "."


def escaped(literal: str) -> str:
    """A text as a regular expression that matches it."""
    return "".join(f"\\{character}" if character in _SPECIAL else character for character in literal)


def expression_of(tokens: Iterable[Token], character: str = ANYTHING) -> str:
    """A regular expression of a pattern; `character` is what its wildcards take."""
    wildcards = {ANY: f"{character}*", ONE: character}
    return "".join(escaped(token) if isinstance(token, str) else wildcards[token] for token in tokens)


def anchored(expressions: Iterable[str]) -> str:
    """One regular expression that matches what one of them matches as a whole."""
    found = sorted(set(expressions))
    inner = found[0] if len(found) == 1 else f"(?:{'|'.join(found)})"
    return f"(?s)\\A{inner}\\z"


def fits(subject: str, expressions: Iterable[str]) -> str:
    """Whether the subject matches one of some regular expressions as a whole; there has to be one."""
    return f"regexp_like({subject}, {text(anchored(expressions))})"


def like(subject: str, patterns: Iterable[tuple[Token, ...]]) -> str:
    """Whether the subject fits one of the patterns, wildcards running over everything. A NULL subject gives NULL.

    For none at all it is FALSE, and TRUE if one of them is `*`, whatever the subject.
    """
    exact: list[str] = []
    prefixes: list[str] = []
    others: list[str] = []
    for tokens in patterns:
        literal = plain_text(tokens)
        if tokens == (ANY,):
            return TRUE
        if literal is not None:
            exact.append(literal)
        elif len(tokens) == 2 and isinstance(tokens[0], str) and tokens[1] is ANY:
            prefixes.append(tokens[0])
        else:
            others.append(expression_of(tokens))
    return either(member(subject, exact), *_alternatives(subject, sorted(set(prefixes)), others))


def _alternatives(subject: str, prefixes: list[str], others: list[str]) -> list[str]:
    if not others and len(prefixes) <= _FEW:
        return [f"starts_with({subject}, {text(prefix)})" for prefix in prefixes]
    return [fits(subject, [*others, *(f"{escaped(prefix)}.*" for prefix in prefixes)])]
