"""Arn operators: six fields, each compared for itself; `ArnEquals` and `ArnLike` are the same.

Source: "IAM JSON policy elements: Condition operators", Amazon Resource Name (ARN) condition operators.
"""

from __future__ import annotations

from orgctl.policy.conditions.family import Prepared, Values, agreed
from orgctl.policy.matching import arn_fields, arn_glob, is_arn
from orgctl.policy.template import (
    Getter,
    OpenError,
    Template,
    fits,
    is_fixed,
    parse_template,
    readings,
    tokens_of,
    variable_keys,
)
from orgctl.policy.truth import Truth, some

_Fields = tuple[Template, ...]


def like(values: Values) -> Prepared:
    """`ArnLike` and `ArnEquals`. A pattern of fewer than six fields leaves open what it matches, if it fits as text."""
    templates = [parse_template(text, variables=values.variables, wildcards=True) for text in values.texts]
    short = [template for template in templates if arn_fields(template) is None]
    whole = [fields for template in templates if (fields := arn_fields(template)) is not None]
    fixed = arn_glob([tuple(map(tokens_of, fields)) for fields in whole if all(map(is_fixed, fields))])
    dynamic = [fields for fields in whole if not all(map(is_fixed, fields))]
    unreadable = values.unreadable

    if not short and not dynamic:
        return Prepared(lambda value, _: fixed(value) or (False if is_arn(value) else unreadable))

    def match(value: str, get: Getter) -> Truth:
        if not is_arn(value):
            return unreadable
        return fixed(value) or some([*(_fits(f, value, get) for f in dynamic), *(_open(t, value, get) for t in short)])

    return Prepared(match, keys=frozenset().union(*map(variable_keys, templates)))


def _fits(fields: _Fields, value: str, get: Getter) -> Truth:
    """Field by field: the value of a variable never begins a new field."""
    result: Truth = True
    for field, text in zip(fields, value.split(":", len(fields) - 1), strict=True):
        fit = _field(field, text, get)
        if fit is False:
            return False
        result = None if fit is None else result
    return result


def _field(field: Template, text: str, get: Getter) -> Truth:
    try:
        return agreed(fits(tokens, text) for tokens in readings(field, get, wildcards=True))
    except OpenError:
        return None


def _open(template: Template, value: str, get: Getter) -> Truth:
    return False if _field(template, value, get) is False else None
