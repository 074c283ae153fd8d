"""The String, Arn, Bool and Binary operators in SQL, on values that are texts. What they give is before negation."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from orgctl.policy.matching import ARN_FIELDS, arn_fields
from orgctl.policy.template import Template, Variable, is_fixed, parse_template, plain_text, tokens_of
from orgctl.policy.truth import Truth
from orgctl.replay.keys import Shape
from orgctl.replay.sql.logic import FALSE, TRUE, UNKNOWN, both, chosen, constant, either, member, text
from orgctl.replay.sql.patterns import ANYTHING, expression_of, fits, like
from orgctl.replay.sql.scope import KeySql, Scope
from orgctl.replay.sql.variables import as_expression, as_like, as_text

_ARN = text(r"(?s)\A(?:[^:]*:){5}")
_ASCII = text(r"(?s)\A[\x00-\x7F]*\z")


def equals(subject: str, values: tuple[str, ...], scope: Scope, *, variables: bool) -> str:
    """`StringEquals`."""
    fixed, dynamic = _split(values, variables=variables, wildcards=False)
    found = [_equal(subject, template, scope) for template in dynamic]
    return either(member(subject, _plain(fixed)), *found)


def _equal(subject: str, template: Template, scope: Scope) -> str:
    filled = as_text(template, scope)
    if filled is None:
        return scope.give_up("a variable that is a moment")
    return filled.holds(f"{subject} = {filled.sql}")


def equals_ignoring_case(subject: str, values: tuple[str, ...], scope: Scope, *, variables: bool) -> str:
    """`StringEqualsIgnoreCase`; texts beyond ASCII are left open, as engines differ in their lower case."""
    fixed, dynamic = _split(values, variables=variables, wildcards=False)
    if dynamic:
        return scope.give_up("a variable where case is ignored")
    lowered = [value.lower() for value in _plain(fixed)]
    found = member(f"lower({subject})", (value for value in lowered if value.isascii()))
    return chosen((f"regexp_like({subject}, {_ASCII})", found))


def string_like(subject: str, values: tuple[str, ...], scope: Scope, *, variables: bool) -> str:
    """`StringLike`."""
    fixed, dynamic = _split(values, variables=variables, wildcards=True)
    found = [_like(subject, template, scope) for template in dynamic]
    return either(like(subject, map(tokens_of, fixed)), *found)


def _like(subject: str, template: Template, scope: Scope) -> str:
    filled = as_like(template, scope)
    if filled is None:
        return scope.give_up("a variable that is a moment")
    return filled.holds(f"{subject} LIKE {filled.sql} ESCAPE '\\'")


def arn_like(
    key: KeySql, subject: str, values: tuple[str, ...], unreadable: Truth, scope: Scope, *, variables: bool
) -> str:
    """`ArnLike`, which `ArnEquals` is as well: field by field."""
    templates = [parse_template(value, variables=variables, wildcards=True) for value in values]
    whole = [fields for template in templates if (fields := arn_fields(template)) is not None]
    fixed = [fields for fields in whole if all(map(is_fixed, fields))]
    short = [template for template in templates if arn_fields(template) is None]
    terms = [
        _fixed_arns(subject, fixed),
        *(_arn(subject, fields, scope) for fields in whole if fields not in fixed),
        *(_short(subject, template, scope) for template in short),
    ]
    found = either(*terms)
    if key.shape is Shape.ARN:
        return found
    return chosen((f"regexp_like({subject}, {_ARN})", found), (TRUE, constant(unreadable)))


def _fixed_arns(subject: str, arns: list[tuple[Template, ...]]) -> str:
    exact: list[str] = []
    others: list[str] = []
    for fields in arns:
        literals = [plain_text(field) for field in fields]
        if None in literals:
            others.append("".join(map(str, _by_fields(fields))))
        else:
            exact.append(":".join(map(str, literals)))
    return either(member(subject, exact), fits(subject, others) if others else FALSE)


def _by_fields(fields: tuple[Template, ...]) -> list[str | Variable]:
    """The pieces of an expression: only in the last field do wildcards run over colons."""
    pieces: list[str | Variable] = []
    for number, field in enumerate(fields, 1):
        character = ANYTHING if number == ARN_FIELDS else "[^:]"
        pieces += [part if isinstance(part, Variable) else expression_of((part,), character) for part in field]
        pieces += [":"] if number < ARN_FIELDS else []
    return pieces


def _arn(subject: str, fields: tuple[Template, ...], scope: Scope) -> str:
    filled = as_expression(_by_fields(fields), scope)
    if filled is None:
        return scope.give_up("a variable that is a moment")
    return filled.holds(f"regexp_like({subject}, {filled.sql})")


def _short(subject: str, template: Template, scope: Scope) -> str:
    """Fewer than six fields: open, if it fits as text."""
    if not is_fixed(template):
        return scope.give_up("a variable in a pattern of fewer than six fields")
    return both(like(subject, [tokens_of(template)]), UNKNOWN)


def booleans(subject: str, values: tuple[str, ...]) -> str:
    """`Bool` on a text."""
    return member(f"lower({subject})", {value.lower() for value in values} & {"true", "false"})


def _split(values: Iterable[str], *, variables: bool, wildcards: bool) -> tuple[list[Template], list[Template]]:
    templates = [parse_template(value, variables=variables, wildcards=wildcards) for value in values]
    return [each for each in templates if is_fixed(each)], [each for each in templates if not is_fixed(each)]


def _plain(templates: Iterable[Template]) -> list[str]:
    return [plain_text(template) or "" for template in templates]


TextOperator = Callable[..., str]
STRINGS: dict[str, TextOperator] = {
    "stringequals": equals,
    "stringnotequals": equals,
    "stringequalsignorecase": equals_ignoring_case,
    "stringnotequalsignorecase": equals_ignoring_case,
    "stringlike": string_like,
    "stringnotlike": string_like,
}
