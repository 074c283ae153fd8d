"""Conditions on keys that no request for the statement's actions carries."""

from __future__ import annotations

from collections.abc import Iterator

from orgctl.lint import catalogue
from orgctl.lint.check import Check, Finding
from orgctl.lint.keys import OF_THE_REQUEST, global_key
from orgctl.lint.subject import Subject
from orgctl.policy.conditions.operators import Family, Operator, SetOperator
from orgctl.policy.document import Condition, Statement

_MOST_SERVICES = 8
"""Patterns over more services than these are not looked into: something among so much carries the key."""


def dead_conditions(subject: Subject) -> Iterator[Finding]:
    """At least one of the actions that a statement names carries the key of each condition."""
    for statement, condition, operator in subject.conditions:
        if _is_asked(condition.key) and _is_dead(statement, condition.key):
            outcome = "always holds" if _holds_when_absent(condition, operator) else "never holds"
            message = f"no action here carries `{condition.key}`, so the condition {outcome}"
            hint = "look the key up in the actions' table, or give these actions a statement of their own"
            yield Finding(subject.at_condition(condition), message, hint)


def _is_asked(key: str) -> bool:
    known = global_key(key)
    if known:
        return known.name.lower() in OF_THE_REQUEST
    return not catalogue.is_providers(key) and catalogue.find_key(key) is not None


def _is_dead(statement: Statement, key: str) -> bool:
    if statement.actions is None or statement.actions.negated:
        return False
    for pattern in statement.actions.values:
        service = pattern.partition(":")[0].lower()
        if "@{" in pattern or len(catalogue.prefixes(service)) > _MOST_SERVICES or pattern == "*":
            return False
        found = catalogue.matched(pattern)
        if not found or any(catalogue.carries(action, key) for action in found):
            return False
    return bool(statement.actions.values) and _is_documented(key)


def _is_documented(key: str) -> bool:
    """Whether some action is said to carry the key: of a few keys AWS's tables do not say which do."""
    service = key.partition(":")[0].lower()
    if service == "aws":
        return True
    return any(catalogue.carries(action, key) for action in catalogue.actions(service).values())


def _holds_when_absent(condition: Condition, operator: Operator) -> bool:
    if operator.kind.family is Family.NULL:
        return "true" in {value.lower() for value in condition.values}
    if operator.set_operator is SetOperator.FOR_ANY_VALUE:
        return operator.if_exists
    return operator.if_exists or operator.kind.negated or operator.set_operator is SetOperator.FOR_ALL_VALUES


DEAD_CONDITIONS = Check("L206", "A condition on a key that no action here carries", dead_conditions)
