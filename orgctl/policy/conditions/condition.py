"""One condition as a test of a request's context: absence, many values, negation, `IfExists` and the set operators.

Sources: "IAM JSON policy elements: Condition operators" and "Single-valued vs. multivalued context keys", IAM User
Guide. What they leave open gives None, and `why_open` says why.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

from orgctl.policy.conditions.family import Match, Prepared, Values
from orgctl.policy.conditions.operators import Family, Operator, SetOperator, parse_operator
from orgctl.policy.document import Condition
from orgctl.policy.template import Getter
from orgctl.policy.truth import Truth, every, negation, some


class Check(Protocol):
    """Tests a context. What else it is handed it does not look at: so it can stand for a test of the whole request."""

    def __call__(self, get: Getter, request: object = None, /) -> Truth:
        """Whether the condition holds."""


@dataclass(frozen=True, slots=True)
class ConditionTest:
    """A condition, ready to be tested. `key` is in lower case, `keys` holds it and those of the values' variables."""

    condition: Condition
    key: str
    operator: Operator | None
    check: Check
    keys: frozenset[str]
    variables: bool


def prepare_condition(condition: Condition, *, variables: bool) -> ConditionTest:
    """Prepare a condition; `variables` says whether `${…}` counts in its policy."""
    operator = parse_operator(condition.operator)
    key = condition.key.lower()
    check, keys = _check(operator, key, condition.values, variables)
    return ConditionTest(condition, key, operator, check, keys | {key}, variables)


def why_open(test: ConditionTest, get: Getter) -> str:
    """Why the test could not be decided although every key is known, in one clause."""
    key = test.condition.key
    if test.operator is None:
        return f"AWS has no condition operator `{test.condition.operator}`"
    if not test.condition.values:
        return f"the condition on `{key}` has no values, and AWS does not document what that means"
    value = get(test.key)
    if isinstance(value, tuple) and test.operator.set_operator is None:
        return f"`{key}` has several values under `{test.condition.operator}`, which AWS does not document"
    if value == "" and test.operator.kind.family is Family.NULL:
        return f"AWS does not document whether an empty `{key}` is null"
    shown = ", ".join(f"`{text}`" for text in ([value] if isinstance(value, str) else value or ()))
    return (
        f"AWS does not document what `{test.condition.operator}` makes of {shown or 'its values'} "
        f"against {', '.join(f'`{text}`' for text in test.condition.values)}"
    )


def _check(
    operator: Operator | None, key: str, values: tuple[str, ...], variables: bool
) -> tuple[Check, frozenset[str]]:
    if operator is None or not values:
        return _open, frozenset()
    if operator.kind.prepare is None:
        return _null(key, {text.lower() for text in values}), frozenset()
    with_variables = variables and operator.kind.family in (Family.STRING, Family.ARN)
    prepared = operator.kind.prepare(Values(values, with_variables, operator.kind.negated))
    match operator.set_operator:
        case None:
            return _plain(operator, key, prepared), prepared.keys
        case SetOperator.FOR_ALL_VALUES:
            return _set(operator, key, prepared.match, every, absent=True), prepared.keys
        case SetOperator.FOR_ANY_VALUE:
            return _set(operator, key, prepared.match, some, absent=operator.if_exists), prepared.keys


def _open(_get: Getter, _request: object = None, /) -> Truth:
    return None


def _null(key: str, wanted: set[str]) -> Check:
    """`Null`: true asks for the key to be absent. AWS calls an empty text null in one place and a value in another."""
    if not wanted <= {"true", "false"}:
        return _open

    def check(get: Getter, _request: object = None, /) -> Truth:
        value = get(key)
        if value == "" and len(wanted) == 1:
            return None
        return ("true" if value is None else "false") in wanted

    return check


def _plain(operator: Operator, key: str, prepared: Prepared) -> Check:
    """Without set operator: one value; many values leave it open."""
    absent: Truth = operator.if_exists or operator.kind.negated
    if prepared.exactly is not None:
        return (
            _excluded(key, prepared.exactly, absent)
            if operator.kind.negated
            else _member(key, prepared.exactly, absent)
        )
    match = prepared.match
    if operator.kind.negated:

        def unlike(get: Getter, _request: object = None, /) -> Truth:
            value = get(key)
            if value is None:
                return absent
            found = match(value, get) if value.__class__ is str else None
            return None if found is None else not found

        return unlike

    def like(get: Getter, _request: object = None, /) -> Truth:
        value = get(key)
        if value is None:
            return absent
        return match(value, get) if value.__class__ is str else None

    return like


def _member(key: str, members: frozenset[str], absent: Truth) -> Check:
    def check(get: Getter, _request: object = None, /) -> Truth:
        value = get(key)
        if value is None:
            return absent
        return value in members if value.__class__ is str else None

    return check


def _excluded(key: str, members: frozenset[str], absent: Truth) -> Check:
    def check(get: Getter, _request: object = None, /) -> Truth:
        value = get(key)
        if value is None:
            return absent
        return value not in members if value.__class__ is str else None

    return check


def _set(
    operator: Operator, key: str, match: Match, join: Callable[[Iterable[Truth]], Truth], *, absent: bool
) -> Check:
    """`ForAllValues:` and `ForAnyValue:`; an empty text is a null data set, as AWS says."""
    negated = operator.kind.negated
    nothing = join(())

    def check(get: Getter, _request: object = None, /) -> Truth:
        value = get(key)
        if value is None:
            return absent
        if value == "":
            return nothing
        given = (value,) if isinstance(value, str) else value
        if negated:
            return join(negation(match(one, get)) for one in given)
        return join(match(one, get) for one in given)

    return check
