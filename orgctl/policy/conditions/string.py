"""String operators: equality, with or without case, and wildcards.

Source: "IAM JSON policy elements: Condition operators", String condition operators.
"""

from __future__ import annotations

from orgctl.policy.conditions.family import Prepared, Values, with_variables
from orgctl.policy.matching import glob
from orgctl.policy.template import Template, fits, is_fixed, parse_template, plain_text, tokens_of


def equals(values: Values) -> Prepared:
    """`StringEquals`: wildcards are plain characters."""
    fixed, dynamic = _split(values, wildcards=False)
    texts = frozenset(text for template in fixed if (text := plain_text(template)) is not None)
    if not dynamic:
        return Prepared(lambda value, _: value in texts, exactly=texts)
    return with_variables(texts.__contains__, dynamic, lambda tokens, value: plain_text(tokens) == value)


def equals_ignoring_case(values: Values) -> Prepared:
    """`StringEqualsIgnoreCase`."""
    fixed, dynamic = _split(values, wildcards=False)
    texts = frozenset((plain_text(template) or "").lower() for template in fixed)
    return with_variables(
        lambda value: value.lower() in texts,
        dynamic,
        lambda tokens, value: (plain_text(tokens) or "").lower() == value.lower(),
    )


def like(values: Values) -> Prepared:
    """`StringLike`: `*` and `?` run over every character."""
    fixed, dynamic = _split(values, wildcards=True)
    return with_variables(glob(map(tokens_of, fixed)), dynamic, fits, wildcards=True)


def _split(values: Values, *, wildcards: bool) -> tuple[list[Template], list[Template]]:
    """The templates that are the same for every request, and those with variables."""
    templates = [parse_template(text, variables=values.variables, wildcards=wildcards) for text in values.texts]
    return [t for t in templates if is_fixed(t)], [t for t in templates if not is_fixed(t)]
