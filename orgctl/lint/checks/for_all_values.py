"""`ForAllValues` with Allow. Source: "Single-valued vs. multivalued context keys", IAM User Guide."""

from __future__ import annotations

from collections.abc import Iterator

from orgctl.lint.check import Check, Finding
from orgctl.lint.subject import Subject
from orgctl.policy.conditions.operators import Family, SetOperator, parse_operator
from orgctl.policy.document import Effect, Statement


def for_all_values(subject: Subject) -> Iterator[Finding]:
    """An Allow with `ForAllValues` also asks for the key to be there: without it, the condition holds."""
    for statement, condition, operator in subject.conditions:
        permissive = statement.effect is Effect.ALLOW and operator.set_operator is SetOperator.FOR_ALL_VALUES
        if permissive and condition.key.lower() not in _asked_for(statement):
            message = f"a request without `{condition.key}` is allowed: `ForAllValues` holds where there are no values"
            hint = f'add `"Null": {{"{condition.key}": "false"}}`'
            yield Finding(subject.at_condition(condition), message, hint)


def _asked_for(statement: Statement) -> set[str]:
    """The keys that have to be there."""
    found: set[str] = set()
    for condition in statement.conditions:
        operator = parse_operator(condition.operator)
        if operator and operator.kind.family is Family.NULL and [v.lower() for v in condition.values] == ["false"]:
            found.add(condition.key.lower())
    return found


FOR_ALL_VALUES = Check("L304", "An Allow holds where ForAllValues has no values", for_all_values)
