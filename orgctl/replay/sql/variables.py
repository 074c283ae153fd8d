"""Policy variables in SQL: values of columns put into texts, LIKE patterns and regular expressions.

Where a value could be taken for a wildcard, or begin a field of an ARN, the result is NULL: that is left open.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from orgctl.policy.template import ANY, ONE, Template, Token, Variable
from orgctl.replay.sql.logic import FALSE, TRUE, both, chosen, text
from orgctl.replay.sql.scope import Scope

_PLAIN = r"(?s)\A[A-Za-z0-9/_=,@.+-]+\z"
"""What IAM's names and ids are made of: no wildcard, no colon."""

_TAME = r"(?s)\A[^*?]*\z"
"""Without wildcards."""

_LIKE = r"replace(replace(replace({}, '\', '\\'), '%', '\%'), '_', '\_')"
_EXPRESSION = r"replace(replace({}, '.', '\.'), '+', '\+')"


@dataclass(frozen=True, slots=True)
class Filled:
    """A template whose variables are columns: SQL of a text; whether each variable has a value, and a plain one."""

    sql: str
    given: str = TRUE
    plain: str = TRUE

    def holds(self, comparison: str, *, guarded: bool = True) -> str:
        """A comparison with the text: false where a variable has no value, NULL where its value is not plain."""
        cases = [(f"NOT ({self.given})", FALSE)] if self.given != TRUE else []
        return chosen(*cases, (self.plain if guarded else TRUE, comparison))


def as_text(template: Template, scope: Scope) -> Filled | None:
    """The text itself; None where SQL cannot say it."""
    return _filled([part if isinstance(part, Variable) else str(part) for part in template], scope, "{}", "")


def as_like(template: Template, scope: Scope) -> Filled | None:
    """A pattern for `LIKE … ESCAPE '\\'`."""
    return _filled([part if isinstance(part, Variable) else _like(part) for part in template], scope, _LIKE, _TAME)


def as_expression(parts: Iterable[str | Variable], scope: Scope) -> Filled | None:
    """A regular expression for the whole text, from pieces of one and variables."""
    return _filled(["(?s)\\A", *parts, "\\z"], scope, _EXPRESSION, _PLAIN)


def _filled(parts: Iterable[str | Variable], scope: Scope, value: str, plain: str) -> Filled | None:
    """`value` is SQL around a variable's value; `plain` an expression that values have to match, if any."""
    pieces: list[str] = []
    given: list[str] = []
    guards: list[str] = []
    for part in parts:
        if isinstance(part, str):
            pieces.append(text(part))
            continue
        found = _value(part, scope)
        if found is None:
            return None
        pieces.append(value.format(found))
        given += [f"{found} IS NOT NULL"] if part.default is None else []
        guards += [f"regexp_like({found}, {text(plain)})"] if plain else []
    sql = f"concat({', '.join(pieces)})" if len(pieces) > 1 else pieces[0] if pieces else "''"
    return Filled(sql, both(*given), both(*guards))


def _value(variable: Variable, scope: Scope) -> str | None:
    """SQL of the variable's value; None where it has one that SQL cannot say."""
    key = scope.key(variable.key)
    if key.value and key.text is None:
        return None
    found = key.text or "CAST(NULL AS VARCHAR)"
    return found if variable.default is None else f"coalesce({found}, {text(variable.default)})"


def _like(token: Token) -> str:
    if isinstance(token, str):
        return token.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return {ANY: "%", ONE: "_"}[token]
