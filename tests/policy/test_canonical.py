import json

import pytest

from orgctl.errors import InvalidInputError
from orgctl.policy.canonical import minify, same


def policy(**statement: object) -> dict[str, object]:
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*", **statement}]}


EQUAL = {
    "a scalar is a list of one": (policy(Action="s3:GetObject"), policy(Action=["s3:GetObject"])),
    "the order of a list": (policy(Action=["a:B", "c:D"]), policy(Action=["c:D", "a:B"])),
    "a value given twice": (policy(Action=["a:B", "a:B"]), policy(Action="a:B")),
    "the case of actions": (policy(Action="S3:getobject"), policy(Action="s3:GetObject")),
    "the case of condition keys": (
        policy(Condition={"StringEquals": {"aws:RequestedRegion": "x"}}),
        policy(Condition={"stringequals": {"AWS:requestedregion": ["x"]}}),
    ),
    "booleans as JSON or text": (
        policy(Condition={"Bool": {"aws:SecureTransport": False}}),
        policy(Condition={"Bool": {"aws:SecureTransport": "False"}}),
    ),
    "numbers as JSON or text": (
        policy(Condition={"NumericLessThan": {"s3:max-keys": 10}}),
        policy(Condition={"NumericLessThan": {"s3:max-keys": "10"}}),
    ),
    "Sids": (policy(Sid="A"), policy(Sid="B")),
    "an empty condition": (policy(Condition={}), policy()),
    "one statement without a list": (
        {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}},
        policy(Effect="Allow"),
    ),
    "the order of statements": (
        {"Statement": [{"Effect": "Deny", "Action": "a:B"}, {"Effect": "Deny", "Action": "c:D"}]},
        {"Statement": [{"Effect": "Deny", "Action": "c:D"}, {"Effect": "Deny", "Action": "a:B"}]},
    ),
    "the default version": ({"Statement": []}, {"Version": "2008-10-17", "Statement": []}),
    "all principals": (policy(Principal="*"), policy(Principal={"AWS": ["*"]})),
    "an account and its root's ARN": (
        policy(Principal={"AWS": "111111111111"}),
        policy(Principal={"AWS": "arn:aws:iam::111111111111:root"}),
    ),
    "JSON text and its value": (json.dumps(policy(), indent=2), policy()),
    "key order of a tag policy": (
        {"tags": {"a": {"tag_key": {"@@assign": "A"}, "tag_value": {"@@assign": ["x", "y"]}}}},
        {"tags": {"a": {"tag_value": {"@@assign": ["y", "x"]}, "tag_key": {"@@assign": "A"}}}},
    ),
}

DIFFERENT = {
    "effects": (policy(), policy(Effect="Allow")),
    "the case of resources": (policy(Resource="arn:aws:s3:::A"), policy(Resource="arn:aws:s3:::a")),
    "Action and NotAction": (policy(Action="a:B"), {"Statement": {"Effect": "Deny", "NotAction": "a:B"}}),
    "the case of condition values": (
        policy(Condition={"StringEquals": {"aws:username": "A"}}),
        policy(Condition={"StringEquals": {"aws:username": "a"}}),
    ),
    "the language version": (policy(), {**policy(), "Version": "2008-10-17"}),
    "a list outside of @@assign": ({"rules": ["a", "b"]}, {"rules": ["b", "a"]}),
    "values of a tag policy": ({"tags": {"a": {"@@assign": ["x"]}}}, {"tags": {"a": {"@@assign": ["y"]}}}),
    "a policy that does not parse": ({"Statement": {"Effect": "Perhaps"}}, {"Statement": {"Effect": "Maybe"}}),
}


@pytest.mark.parametrize("case", EQUAL)
def test_what_is_not_part_of_the_meaning(case: str) -> None:
    """Policies that differ only in how they are written are the same."""
    assert same(*EQUAL[case]) is True


@pytest.mark.parametrize("case", DIFFERENT)
def test_what_is_part_of_the_meaning(case: str) -> None:
    """Policies that AWS would treat differently are not the same."""
    assert same(*DIFFERENT[case]) is False


def test_text_that_is_not_json_is_refused() -> None:
    """A comparison with something unreadable is an error, not a difference."""
    with pytest.raises(InvalidInputError, match="is not JSON"):
        same("{", "{}")


def test_minified_text_keeps_characters_and_drops_whitespace() -> None:
    """AWS counts characters as sent: an umlaut is one, not six."""
    assert minify({"a": ["ü", 1]}) == '{"a":["ü",1]}'
