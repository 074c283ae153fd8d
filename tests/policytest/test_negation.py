"""The opposite of a condition holds exactly where the condition fails."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orgctl.policy.authorizer import Authorizer
from orgctl.policy.explanation import Decision
from orgctl.policy.layers import Layers, NamedPolicy, Organization
from orgctl.policy.parser import parse
from orgctl.policy.request import Request
from orgctl.policytest.negation import negated_condition

TEXTS = ("a", "A", "ab", "b")
NUMBERS = ("1", "2", "2.5", "3")
DATES = ("2026-01-01T00:00:00Z", "2026-06-01T00:00:00Z", "1790000000")
ADDRESSES = ("192.0.2.1", "192.0.2.200", "2001:db8::1")
ARNS = ("arn:aws:iam::111111111111:role/a", "arn:aws:iam::111111111111:role/b", "arn:aws:s3:::x")
VALUES = {
    **dict.fromkeys(
        ("StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase"), (TEXTS, TEXTS)
    ),
    **dict.fromkeys(("StringLike", "StringNotLike"), ((*TEXTS, "a*", "?"), TEXTS)),
    **dict.fromkeys(
        (
            *("NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericLessThanEquals"),
            *("NumericGreaterThan", "NumericGreaterThanEquals"),
        ),
        (NUMBERS, NUMBERS),
    ),
    **dict.fromkeys(
        (
            *("DateEquals", "DateNotEquals", "DateLessThan", "DateLessThanEquals"),
            *("DateGreaterThan", "DateGreaterThanEquals"),
        ),
        (DATES, DATES),
    ),
    **dict.fromkeys(("IpAddress", "NotIpAddress"), (("192.0.2.0/25", *ADDRESSES), ADDRESSES)),
    **dict.fromkeys(("ArnEquals", "ArnNotEquals", "ArnLike", "ArnNotLike"), (("arn:aws:iam::*:role/*", *ARNS), ARNS)),
    "Bool": (("true", "false"), ("true", "false")),
}
"""By operator: what policies may say, and what requests may hold."""


def holds(operator: str, said: object, context: dict[str, tuple[str, ...]]) -> bool:
    """Whether a condition on `a:k` holds: then its statement denies."""
    statement = {"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {operator: {"a:k": said}}}
    document = parse({"Version": "2012-10-17", "Statement": [statement]})
    authorizer = Authorizer(Layers(scp=((NamedPolicy("scp/x", document),),)), Organization(None))
    caller = "arn:aws:iam::222222222222:role/x"
    return authorizer.decide(Request.of("s3:GetObject", "*", caller, context)).decision is Decision.EXPLICIT_DENY


@st.composite
def conditions(draw: st.DrawFn) -> tuple[str, str, str]:
    operator = draw(st.sampled_from(sorted(VALUES)))
    said, held = VALUES[operator]
    return operator, draw(st.sampled_from(said)), draw(st.sampled_from(held))


def opposite(operator: str, said: object) -> tuple[str, object]:
    found = negated_condition(operator, said)
    assert found is not None
    return found


@given(conditions(), st.sampled_from(["", "IfExists"]))
def test_either_a_condition_or_its_opposite_holds(condition: tuple[str, str, str], suffix: str) -> None:
    """For whatever value the request has; and the opposite's opposite is the condition."""
    operator, said, held = condition
    negated, values = opposite(operator + suffix, said)
    context = {"a:k": (held,)}
    assert holds(operator + suffix, said, context) is not holds(negated, values, context)
    assert opposite(negated, values) == (operator + suffix, said)


@given(conditions().filter(lambda condition: condition[0] != "Bool"), st.data())
def test_sets_are_negated_with_their_quantifier(condition: tuple[str, str, str], data: st.DataObject) -> None:
    """Not all of the values are such: one of them is not; also where there is none."""
    operator, said, _ = condition
    held = data.draw(st.lists(st.sampled_from(VALUES[operator][1]), max_size=3))
    for prefix in ("ForAllValues", "ForAnyValue"):
        negated, values = opposite(f"{prefix}:{operator}", said)
        context = {"a:k": tuple(held)}
        assert holds(f"{prefix}:{operator}", said, context) is not holds(negated, values, context)


@given(conditions().filter(lambda condition: condition[0] != "Bool"))
def test_without_the_key_one_of_the_two_holds(condition: tuple[str, str, str]) -> None:
    """The negated one; but of the comparisons of order neither does, and with `IfExists` both do."""
    operator, said, _ = condition
    negated, values = opposite(operator, said)
    ordered = "Less" in operator or "Greater" in operator
    assert holds(operator, said, {}) + holds(negated, values, {}) == (0 if ordered else 1)
    assert holds(f"{operator}IfExists", said, {}) is holds(f"{negated}IfExists", values, {}) is True


@pytest.mark.parametrize(
    ("operator", "values", "expected"),
    [
        ("Null", "true", ("Null", "false")),
        ("Null", ["false"], ("Null", "true")),
        ("Bool", True, ("Bool", "false")),
        ("BoolIfExists", "false", ("BoolIfExists", "true")),
        ("Bool", ["true", "false"], None),
        ("Bool", "perhaps", None),
        ("BinaryEquals", "eA==", None),
        ("StringEqual", "x", None),
        ("stringequals", "x", ("StringNotEquals", "x")),
    ],
)
def test_what_has_an_opposite(operator: str, values: object, expected: tuple[str, object] | None) -> None:
    """Truths have the other truth, binary values and what is no operator nothing."""
    assert negated_condition(operator, values) == expected
