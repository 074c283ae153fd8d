"""Keys with many values under operators for one.

Source: "Single-valued vs. multivalued context keys", IAM User Guide.
"""

from __future__ import annotations

from collections.abc import Iterator

from orgctl.lint import catalogue
from orgctl.lint.check import Check, Finding
from orgctl.lint.subject import Subject
from orgctl.policy.conditions.operators import Family


def many_values(subject: Subject) -> Iterator[Finding]:
    """A key that can hold several values has a set operator: AWS does not say what happens without."""
    for _, condition, operator in subject.conditions:
        if operator.set_operator or operator.kind.family is Family.NULL or "@{" in condition.key:
            continue
        key = catalogue.find_key(condition.key)
        if key and key.many:
            message = f"`{condition.key}` can hold several values, and `{condition.operator}` compares one"
            yield Finding(subject.at_condition(condition), message, _hint(condition.operator))


def _hint(operator: str) -> str:
    return f"write `ForAnyValue:{operator}` (one of them) or `ForAllValues:{operator}` (each of them)"


MANY_VALUES = Check("L305", "A key with several values under an operator for one", many_values)
