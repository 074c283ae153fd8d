"""The `Resource` element as SQL, in three values as `orgctl.policy.matching` has them."""

from __future__ import annotations

from collections.abc import Iterable

from orgctl.policy.document import Pattern
from orgctl.policy.matching import ARN_FIELDS, stays_simple
from orgctl.policy.template import ANY, Template, Token, Variable, is_fixed, parse_template, tokens_of, variable_keys
from orgctl.replay.sql.logic import FALSE, TRUE, UNKNOWN, both, chosen, either, negated
from orgctl.replay.sql.patterns import ANYTHING, expression_of, fits, like
from orgctl.replay.sql.scope import Scope
from orgctl.replay.sql.variables import as_expression

_SUBJECT = "resource"


def covers(pattern: Pattern | None, scope: Scope, *, variables: bool) -> str:
    """Whether the element covers the row's resource; NULL where that is not known."""
    if pattern is None:
        return TRUE
    if "*" in pattern.values:
        return FALSE if pattern.negated else TRUE
    templates = [parse_template(each, variables=variables, wildcards=True) for each in pattern.values]
    fixed = [tokens_of(template) for template in templates if is_fixed(template)]
    found = either(_fixed(fixed), *(_dynamic(template, scope) for template in templates if not is_fixed(template)))
    known = both(*(scope.key(key).known for key in sorted(frozenset().union(*map(variable_keys, templates)))))
    return chosen((both(f"{_SUBJECT} IS NOT NULL", known), negated(found) if pattern.negated else found))


def _fixed(patterns: Iterable[tuple[Token, ...]]) -> str:
    """Patterns that are the same for every row. What only fits when wildcards run over colons is open."""
    found = list(patterns)
    simple = [tokens for tokens in found if stays_simple(tokens)]
    others = [tokens for tokens in found if not stays_simple(tokens)]
    within = [_expression(tokens) for tokens in others if _is_whole(tokens)]
    certain = either(like(_SUBJECT, simple), fits(_SUBJECT, within) if within else FALSE)
    if not others:
        return certain
    return chosen((certain, TRUE), (fits(_SUBJECT, map(expression_of, others)), UNKNOWN), (TRUE, FALSE))


def _dynamic(template: Template, scope: Scope) -> str:
    within = as_expression(_within(template), scope)
    loosely = as_expression(_written(template, [ANYTHING] * len(template)), scope)
    if within is None or loosely is None:
        return scope.give_up("a variable in the resource")
    certain = f"regexp_like({_SUBJECT}, {within.sql})" if _is_whole(template) else FALSE
    fitting = f"regexp_like({_SUBJECT}, {loosely.sql})"
    return within.holds(chosen((certain, TRUE), (fitting, UNKNOWN), (TRUE, FALSE)))


def _is_whole(parts: Template) -> bool:
    """Whether it has the fields of an ARN; the values of variables hold no colon where it matters."""
    return sum(part.count(":") for part in parts if isinstance(part, str)) >= ARN_FIELDS - 1


def _expression(tokens: tuple[Token, ...]) -> str:
    return "".join(str(part) for part in _within(tokens))


def _within(parts: Template) -> list[str | Variable]:
    """The pieces of an expression whose wildcards stay in a segment, but for a `*` at the end of one."""
    following = [*parts[1:], ":"]
    ends = [isinstance(after, str) and after.startswith(":") for after in following]
    takes = [ANYTHING if part is ANY and end else "[^:]" for part, end in zip(parts, ends, strict=True)]
    return _written(parts, takes)


def _written(parts: Template, takes: list[str]) -> list[str | Variable]:
    return [
        part if isinstance(part, Variable) else expression_of((part,), character)
        for part, character in zip(parts, takes, strict=True)
    ]
