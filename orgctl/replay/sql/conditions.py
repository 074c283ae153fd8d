"""One condition as SQL: where the key is present, where it is known to be absent, and unknown everywhere else.

What a condition makes of an absent key, and of keys with few values, is asked of the evaluator's own test, once, when
it is compiled. Keys in rows have one value and no empty one: so `ForAllValues:` and `ForAnyValue:` differ from plain
operators only in what they make of absence.
"""

from __future__ import annotations

from orgctl.policy.conditions.condition import ConditionTest, prepare_condition
from orgctl.policy.conditions.operators import Family, Operator
from orgctl.policy.document import Condition
from orgctl.policy.truth import Truth
from orgctl.replay.keys import Shape
from orgctl.replay.sql.logic import UNKNOWN, both, chosen, constant, member, negated
from orgctl.replay.sql.ordered import addresses, dates, numbers_in_texts, relation_of, whole_numbers
from orgctl.replay.sql.scope import EPOCH, KeySql, Scope
from orgctl.replay.sql.texts import STRINGS, arn_like, booleans

_SAMPLES = {Shape.MOMENT: "2026-11-02T09:00:00Z", Shape.ADDRESS: "192.0.2.1", Shape.EPOCH: "1793610000"}
"""Values that stand for all of their shape, for operators that take the key for something else."""


def holds(condition: Condition, scope: Scope, *, variables: bool) -> str:
    """Whether the condition holds; NULL where that hangs on what is not known."""
    test = prepare_condition(condition, variables=variables)
    if test.operator is None or not condition.values:
        return UNKNOWN
    key = scope.key(test.key)
    others = sorted(test.keys - {test.key})
    cases = _where_present(test, test.operator, key, scope)
    found = chosen(*cases, (key.absent, constant(test.check(_nothing))))
    known = both(*(scope.key(other).known for other in others))
    return chosen((known, found))


def _nothing(_key: str) -> None:
    return None


def _where_present(test: ConditionTest, operator: Operator, key: KeySql, scope: Scope) -> list[tuple[str, str]]:
    if key.value is None:
        return []
    if key.choices and test.keys == {test.key}:
        return [(choice.when, _of_value(test, choice.value)) for choice in key.choices]
    found = _matched(test, operator, key, scope)
    return [(f"{key.value} IS NOT NULL", found)]


def _of_value(test: ConditionTest, value: str) -> str:
    return constant(test.check({test.key: value}.get))


def _matched(test: ConditionTest, operator: Operator, key: KeySql, scope: Scope) -> str:
    """What the condition gives for a key that is present."""
    found = _before_negation(test, operator, key, scope)
    if found is None:
        return _of_value(test, _SAMPLES.get(key.shape, "x"))
    return negated(found) if operator.kind.negated else found


def _before_negation(test: ConditionTest, operator: Operator, key: KeySql, scope: Scope) -> str | None:
    """None: it is the same for all values of that shape."""
    values, name = test.condition.values, operator.kind.name.lower()
    unreadable: Truth = None if operator.kind.negated else False
    subject = key.text
    match operator.kind.family:
        case Family.NULL:
            return None
        case Family.DATE:
            return _dates(key, relation_of(name, "Date"), values, unreadable, scope)
        case Family.NUMERIC:
            return _numbers(key, relation_of(name, "Numeric"), values, unreadable)
        case Family.IP_ADDRESS:
            return _addresses(key, values, unreadable, scope)
        case Family.BOOL:
            return booleans(subject, values) if subject and key.shape is Shape.TEXT else None
        case _ if subject is None:
            return None if operator.kind.family is Family.ARN else scope.give_up("a moment that is taken for a text")
        case Family.ARN:
            return arn_like(key, subject, values, unreadable, scope, variables=test.variables)
        case Family.BINARY:
            return member(subject, values)
        case Family.STRING:
            return STRINGS[name](subject, values, scope, variables=test.variables)


def _dates(key: KeySql, relation: str, values: tuple[str, ...], unreadable: Truth, scope: Scope) -> str | None:
    match key.shape:
        case Shape.MOMENT:
            return dates(str(key.value), relation, values, unreadable, moment=True)
        case Shape.EPOCH:
            return dates(EPOCH, relation, values, unreadable, moment=False)
        case Shape.TEXT:
            return scope.give_up("a text that is taken for a date")
        case _:
            return None


def _numbers(key: KeySql, relation: str, values: tuple[str, ...], unreadable: Truth) -> str | None:
    match key.shape:
        case Shape.EPOCH:
            return whole_numbers(EPOCH, relation, values, unreadable)
        case Shape.TEXT:
            return numbers_in_texts(str(key.text), relation, values, unreadable)
        case _:
            return None


def _addresses(key: KeySql, values: tuple[str, ...], unreadable: Truth, scope: Scope) -> str | None:
    match key.shape:
        case Shape.ADDRESS:
            return addresses(values, unreadable)
        case Shape.TEXT:
            return scope.give_up("a text that is taken for an address")
        case _:
            return None
