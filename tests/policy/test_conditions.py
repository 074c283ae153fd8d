"""Every operator, and every row of AWS's tables on absent keys, many values and sets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orgctl.policy.conditions.condition import prepare_condition, why_open
from orgctl.policy.conditions.operators import KINDS, parse_operator
from orgctl.policy.document import Condition

Given = str | tuple[str, ...] | None

ONE_VALUE = [
    # operator, the policy's values, the request's value, outcome (None: not documented)
    ("StringEquals", ["a"], "a", True),
    ("StringEquals", ["a", "b"], "b", True),
    ("StringEquals", ["A"], "a", False),
    ("StringEquals", ["a*"], "ab", False),
    ("StringEquals", ["a*"], "a*", True),
    ("StringNotEquals", ["a", "b"], "c", True),
    ("StringNotEquals", ["a", "b"], "b", False),
    ("StringEqualsIgnoreCase", ["Straße"], "STRAßE", True),
    ("StringNotEqualsIgnoreCase", ["A"], "a", False),
    ("StringLike", ["a*c"], "abc", True),
    ("StringLike", ["a*c"], "abcd", False),
    ("StringLike", ["a?c"], "abc", True),
    ("StringLike", ["a?c"], "ac", False),
    ("StringLike", ["*"], "", True),
    ("StringLike", ["[ab]"], "a", False),
    ("StringLike", ["a*b*c"], "a:b/c\nc", True),
    ("StringNotLike", ["a*", "b*"], "c", True),
    ("StringNotLike", ["a*", "b*"], "bc", False),
    ("NumericEquals", ["10"], "10.0", True),
    ("NumericEquals", ["10"], "010", True),
    ("NumericEquals", ["10"], "10abc", False),
    ("NumericEquals", ["ten"], "10", False),
    ("NumericNotEquals", ["10"], "11", True),
    ("NumericNotEquals", ["10"], "10abc", None),
    ("NumericNotEquals", ["ten"], "10", None),
    ("NumericNotEquals", ["ten", "10"], "10", False),
    ("NumericLessThan", ["10"], "9.99", True),
    ("NumericLessThan", ["10"], "10", False),
    ("NumericLessThan", ["10"], "9", True),
    ("NumericLessThanEquals", ["10"], "10", True),
    ("NumericGreaterThan", ["10"], "-11", False),
    ("NumericGreaterThan", ["1.2"], "1.20", False),
    ("NumericGreaterThanEquals", ["1.2"], "1.20", True),
    ("NumericGreaterThan", ["5", "50"], "10", True),
    ("NumericEquals", ["1e3"], "1000", False),
    ("NumericEquals", ["٣"], "3", False),
    ("DateEquals", ["2026-01-01T00:00:00Z"], "2026-01-01T01:00:00+01:00", True),
    ("DateEquals", ["2026-01-01T00:00:00Z"], "1767225600", True),
    ("DateEquals", ["1767225600"], "2026-01-01", True),
    ("DateEquals", ["2026-01"], "2026-01-01T00:00Z", True),
    ("DateLessThan", ["2026-01-01T00:00:00Z"], "2025-12-31T23:59:59.999Z", True),
    ("DateGreaterThan", ["2026-01-01T00:00:00Z"], "2025-12-31T20:00:00-05:00", True),
    ("DateGreaterThanEquals", ["2026-01-01"], "1767225599", False),
    ("DateLessThanEquals", ["2026-02-30"], "2026-01-01", False),
    ("DateEquals", ["soon"], "2026-01-01", False),
    ("DateNotEquals", ["soon"], "2026-01-01", None),
    ("DateNotEquals", ["2026-01-01"], "2026-01-02", True),
    ("DateLessThan", ["2027"], "2026-01-01", None),
    ("DateLessThan", ["2026-01-01"], "2026", None),
    ("DateLessThan", ["2026-01-01"], "2025-12-31T00:00:00", False),
    ("Bool", ["true"], "true", True),
    ("Bool", ["True"], "true", True),
    ("Bool", ["false"], "true", False),
    ("Bool", ["yes"], "yes", False),
    ("BinaryEquals", ["QmluYXJ5"], "QmluYXJ5", True),
    ("BinaryEquals", ["QmluYXJ5"], "qmluyxj5", False),
    ("IpAddress", ["10.0.0.0/8"], "10.255.0.1", True),
    ("IpAddress", ["10.0.0.0/8"], "11.0.0.1", False),
    ("IpAddress", ["192.0.2.7"], "192.0.2.7", True),
    ("IpAddress", ["10.0.0.0/8"], "10.1.0.0/16", True),
    ("IpAddress", ["10.1.0.0/16"], "10.0.0.0/8", False),
    ("IpAddress", ["2001:DB8::/32"], "2001:0db8:0:0::1", True),
    ("IpAddress", ["0.0.0.0/0"], "2001:db8::1", False),
    ("IpAddress", ["::/0"], "10.0.0.1", False),
    ("IpAddress", ["10.0.0.0/8"], "10.0.0", False),
    ("NotIpAddress", ["10.0.0.0/8"], "2001:db8::1", True),
    ("NotIpAddress", ["10.0.0.0/8", "192.0.2.0/24"], "192.0.2.9", False),
    ("NotIpAddress", ["10.0.0.0/8"], "nonsense", None),
    ("NotIpAddress", ["nonsense"], "10.0.0.1", None),
    ("ArnLike", ["arn:aws:iam::*:role/*"], "arn:aws:iam::222222222222:role/a/b", True),
    ("ArnEquals", ["arn:aws:iam::*:role/*"], "arn:aws:iam::222222222222:role/a/b", True),
    ("ArnLike", ["arn:aws:s3:*:b"], "arn:aws:s3:::b", None),
    ("ArnLike", ["arn:aws:iam::*"], "arn:aws:iam::222222222222:role/a", None),
    ("ArnLike", ["arn:aws:iam::*"], "arn:aws:s3:::a", False),
    ("ArnLike", ["arn:aws:lambda:*:f"], "arn:aws:lambda:eu-west-1:222222222222:function:f", None),
    ("ArnLike", ["arn:aws:lambda:*:*:function:f"], "arn:aws:lambda:a:b:c:function:f", False),
    ("ArnLike", ["arn:aws:lambda:*:*:*:f"], "arn:aws:lambda:eu-west-1:222222222222:function:f", True),
    ("ArnLike", ["arn:aws:iam::222222222222:role/Admin"], "arn:aws:iam::222222222222:role/admin", False),
    ("ArnNotLike", ["arn:aws:iam::*:role/Admin"], "arn:aws:iam::222222222222:role/Dev", True),
    ("ArnNotEquals", ["arn:aws:iam::*:role/Admin"], "arn:aws:iam::222222222222:role/Admin", False),
    ("ArnLike", ["arn:aws:iam::*:role/Admin"], "Admin", False),
    ("ArnNotLike", ["arn:aws:iam::*:role/Admin"], "Admin", None),
    ("ArnLike", ["arn:aws:iam::${aws:PrincipalAccount}:role/x"], "arn:aws:iam::222222222222:role/x", True),
    ("ArnLike", ["arn:aws:iam::${test:colon}:role/x"], "arn:aws:iam::1:2:role/x", False),
    ("Null", ["true"], "x", False),
    ("Null", ["false"], "x", True),
    ("Null", ["false"], "", None),
    ("Null", ["maybe"], "x", None),
    ("StringEquals", ["${aws:PrincipalAccount}"], "222222222222", True),
    ("StringEquals", ["${AWS:principalaccount}"], "222222222222", True),
    ("StringEquals", ["${test:missing}"], "${test:missing}", False),
    ("StringNotEquals", ["${test:missing}"], "x", True),
    ("StringEquals", ["${test:missing, 'x'}"], "x", True),
    ("StringEquals", ["${test:missing, 'x, y'}"], "x, y", True),
    ("StringEquals", ["${aws:PrincipalAccount, 'x'}"], "x", False),
    ("StringEquals", ["${test:many}"], "a", None),
    ("StringEquals", ["${test:many}", "a"], "a", True),
    ("StringLike", ["${*}"], "*", True),
    ("StringLike", ["${*}"], "x", False),
    ("StringLike", ["a${?}${$}"], "a?$", True),
    ("StringLike", ["${test:star}"], "abc", None),
    ("StringLike", ["${test:star}"], "a*c", True),
    ("StringEquals", ["${test:star}"], "a*c", True),
    ("StringLike", ["${aws:PrincipalAccount}/*"], "222222222222/x", True),
    ("StringEqualsIgnoreCase", ["${test:colon}X"], "1:2x", True),
    ("StringEquals", ["${unfinished"], "${unfinished", True),
    ("NumericEquals", ["${test:ten}"], "10", False),
    ("StringEqual", ["a"], "a", None),
    ("NullIfExists", ["true"], "a", None),
    ("ForAllValues:Null", ["true"], "a", None),
    ("ForSomeValues:StringEquals", ["a"], "a", None),
    ("StringEquals", [], "a", None),
    ("stringequalsifexists", ["a"], "b", False),
]

ABSENT = [
    ("StringEquals", False),
    ("StringLike", False),
    ("NumericLessThan", False),
    ("DateGreaterThan", False),
    ("Bool", False),
    ("BinaryEquals", False),
    ("IpAddress", False),
    ("ArnLike", False),
    ("StringNotEquals", True),
    ("StringNotEqualsIgnoreCase", True),
    ("StringNotLike", True),
    ("NumericNotEquals", True),
    ("DateNotEquals", True),
    ("NotIpAddress", True),
    ("ArnNotLike", True),
    ("ArnNotEquals", True),
    ("StringEqualsIfExists", True),
    ("StringNotEqualsIfExists", True),
    ("BoolIfExists", True),
    ("ForAllValues:StringEquals", True),
    ("ForAllValues:StringNotEquals", True),
    ("ForAnyValue:StringEquals", False),
    ("ForAnyValue:StringNotEquals", False),
    ("ForAnyValue:StringEqualsIfExists", True),
    ("Null", True),
]

MANY_VALUES = [
    ("StringEquals", ["a"], ("a", "b"), None),
    ("StringEqualsIfExists", ["a"], ("a", "a"), None),
    ("StringNotEquals", ["c"], ("a", "b"), None),
    ("Null", ["false"], ("a", "b"), True),
    ("ForAllValues:StringEquals", ["a", "b", "c"], ("a", "b"), True),
    ("ForAllValues:StringEquals", ["a"], ("a", "b"), False),
    ("ForAllValues:StringEquals", ["a"], "", True),
    ("ForAllValues:StringNotEquals", ["c"], ("a", "b"), True),
    ("ForAllValues:StringNotEquals", ["a"], ("a", "b"), False),
    ("ForAnyValue:StringEquals", ["a"], ("a", "b"), True),
    ("ForAnyValue:StringEquals", ["c"], ("a", "b"), False),
    ("ForAnyValue:StringEquals", ["a"], "a", True),
    ("ForAnyValue:StringEquals", ["*"], "", False),
    ("ForAnyValue:StringNotEquals", ["a"], ("a", "b"), True),
    ("ForAnyValue:StringNotEquals", ["a", "b"], ("a", "b"), False),
    ("ForAnyValue:NumericNotEquals", ["1"], ("x", "2"), True),
    ("ForAllValues:NumericNotEquals", ["1"], ("x", "2"), None),
    ("ForAllValues:NumericNotEquals", ["1"], ("x", "1"), False),
]

CONTEXT = {
    "aws:principalaccount": "222222222222",
    "test:colon": "1:2",
    "test:star": "a*c",
    "test:many": ("a", "b"),
    "test:ten": "10",
}


def outcome(operator: str, values: list[str], given: Given, *, variables: bool = True) -> bool | None:
    test = prepare_condition(Condition(operator, "Test:Key", tuple(values)), variables=variables)
    context = {**CONTEXT, **({"test:key": given} if given is not None else {})}
    return test.check(context.get)


@pytest.mark.parametrize(("operator", "values", "given_value", "expected"), [*ONE_VALUE, *MANY_VALUES])
def test_present_keys(operator: str, values: list[str], given_value: Given, expected: bool | None) -> None:
    """What an operator makes of a key that is present."""
    assert expected is outcome(operator, values, given_value)


@pytest.mark.parametrize(("operator", "expected"), ABSENT)
def test_absent_keys(operator: str, expected: bool) -> None:
    """What an operator makes of a key that is absent."""
    assert expected is outcome(operator, ["true"], None)


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_every_operator_has_a_row(kind: object) -> None:
    """No operator is without a case in the table above."""
    names = {operator.lower() for operator, *_ in ONE_VALUE}
    assert getattr(kind, "name", "").lower() in names


@pytest.mark.parametrize("operator", ["StringEquals", "StringLike", "ArnLike"])
def test_variables_are_plain_text_in_the_old_language(operator: str) -> None:
    """Without Version 2012-10-17, `${…}` is no variable."""
    value = "arn:aws:iam::${aws:PrincipalAccount}:role/x"
    assert outcome(operator, [value], value, variables=False) is True
    assert outcome(operator, [value], "arn:aws:iam::222222222222:role/x", variables=False) is False


OPEN = [
    ("StringEqual", ["a"], "a", "AWS has no condition operator `StringEqual`"),
    ("StringEquals", [], "a", "has no values"),
    ("StringEquals", ["a"], ("a", "b"), "`Test:Key` has several values under `StringEquals`"),
    ("Null", ["true"], "", "an empty `Test:Key` is null"),
    ("NumericNotEquals", ["1"], "x", "what `NumericNotEquals` makes of `x` against `1`"),
]


@pytest.mark.parametrize(("operator", "values", "given_value", "reason"), OPEN)
def test_what_is_open_says_why(operator: str, values: list[str], given_value: Given, reason: str) -> None:
    """Where the documents are silent, the reason names the operator, the key and the values."""
    test = prepare_condition(Condition(operator, "Test:Key", tuple(values)), variables=True)
    assert reason in why_open(test, {"test:key": given_value}.get)  # type: ignore[arg-type]


@given(st.sampled_from(sorted(KINDS)), st.sampled_from(("", "forallvalues:", "foranyvalue:")), st.booleans())
def test_operators_are_read_in_any_case(name: str, prefix: str, if_exists: bool) -> None:
    """Prefix, name and suffix are found in lower and in upper case alike."""
    text = prefix + name + ("ifexists" if if_exists else "")
    assert parse_operator(text) == parse_operator(text.upper())
