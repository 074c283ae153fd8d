"""Statements that no request can match."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations

from orgctl.diagnostics import Severity
from orgctl.lint import catalogue
from orgctl.lint.check import Check, Finding
from orgctl.lint.globs import overlap
from orgctl.lint.subject import Subject, named
from orgctl.policy.conditions.operators import Family, Operator, parse_operator
from orgctl.policy.document import Condition, Statement

_Read = tuple[Condition, Operator]


def never_matches(subject: Subject) -> Iterator[Finding]:
    """Nothing is exempted but `*`, and no two conditions on one key contradict each other."""
    for statement in subject.document.statements:
        for name, pattern in (("Action", statement.actions), ("Resource", statement.resources)):
            if pattern and pattern.negated and {"*", "*:*"}.intersection(pattern.values):
                message = f"`{named(name, pattern)}` leaves nothing, so the statement never matches"
                yield Finding(subject.at_element(statement, name), message)
        for one, other in _contradictions(statement):
            message = f"`{one.operator}` and `{other.operator}` on `{other.key}` never hold at once"
            hint = "the conditions of a statement all have to hold; write two statements for either"
            yield Finding(subject.at_condition(other), message, hint)


def _contradictions(statement: Statement) -> Iterator[tuple[Condition, Condition]]:
    by_key: dict[str, list[_Read]] = defaultdict(list)
    for condition in statement.conditions:
        operator = parse_operator(condition.operator)
        if operator and operator.set_operator is None and not _holds_many(condition.key):
            by_key[condition.key.lower()].append((condition, operator))
    for read in by_key.values():
        yield from ((one, other) for (one, a), (other, b) in combinations(read, 2) if _contradict((one, a), (other, b)))


def _holds_many(key: str) -> bool:
    """Whether the key can hold several values: what a plain operator makes of them is not documented."""
    known = catalogue.find_key(key) if "@{" not in key else None
    return known is not None and known.many


def _contradict(one: _Read, other: _Read) -> bool:
    for (first, operator), (second, against) in ((one, other), (other, one)):
        if operator.kind.family is Family.NULL:
            if _truth(first) == {"true"} and _needs_key(second, against):
                return True
        elif _same_family(operator, against) and not operator.if_exists and not operator.kind.negated:
            if against.kind.negated and set(first.values) <= set(second.values) and _is_exact(operator, first, against):
                return True
            if not against.kind.negated and not against.if_exists and _disjoint(operator, first, second):
                return True
    return False


def _truth(condition: Condition) -> set[str]:
    return {value.lower() for value in condition.values}


def _needs_key(condition: Condition, operator: Operator) -> bool:
    """Whether the condition only holds where the key is there."""
    if operator.kind.family is Family.NULL:
        return _truth(condition) == {"false"}
    return not operator.kind.negated and not operator.if_exists


def _same_family(one: Operator, other: Operator) -> bool:
    return one.kind.family is other.kind.family and one.kind.family in (Family.STRING, Family.ARN, Family.BOOL)


def _is_exact(operator: Operator, condition: Condition, against: Operator) -> bool:
    """Whether the negated operator excludes all that the positive one matches for equal values."""
    if operator.kind.family is not Family.STRING or operator.kind.name == against.kind.name.replace("Not", ""):
        return True
    return not any("*" in value or "?" in value or "${" in value for value in condition.values) and (
        "IgnoreCase" not in operator.kind.name
    )


def _disjoint(operator: Operator, one: Condition, other: Condition) -> bool:
    """Whether no value satisfies both; upper and lower case count as the same, to be safe."""
    if operator.kind.family is Family.BOOL:
        return not _truth(one) & _truth(other)
    return not any(overlap(a.lower(), b.lower()) for a in one.values for b in other.values)


NEVER_MATCHES = Check("L402", "A statement that never matches", never_matches, Severity.ERROR)
