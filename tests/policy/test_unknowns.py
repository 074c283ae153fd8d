"""Unknown keys: an answer is UNKNOWN only if the possible values lead to different decisions, and says which do."""

import pytest

from orgctl.policy.authorizer import Authorizer
from orgctl.policy.explanation import Answer, Decision
from orgctl.policy.layers import Layers, NamedPolicy, Organization
from orgctl.policy.parser import parse
from orgctl.policy.request import Request

ROLE = "arn:aws:iam::222222222222:role/Dev"
FULL = {"Effect": "Allow", "Action": "*", "Resource": "*"}

Blocks = list[dict[str, object]]

CASES: dict[str, tuple[Blocks, list[str], list[str], list[str]]] = {
    # conditions of Deny statements; unknown keys; decisions foretold; keys on which it hangs
    "one key decides": (
        [{"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}],
        ["aws:RequestedRegion"],
        ["EXPLICIT_DENY", "ALLOWED"],
        ["aws:RequestedRegion"],
    ),
    "the spelling of the request is kept": (
        [{"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}],
        ["AWS:requestedRegion"],
        ["EXPLICIT_DENY", "ALLOWED"],
        ["AWS:requestedRegion"],
    ),
    "a key that nobody looks at": (
        [{"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}],
        ["aws:SourceIp"],
        ["ALLOWED"],
        [],
    ),
    "whatever the value, one of two statements denies": (
        [{"StringEquals": {"aws:RequestedRegion": "a"}}, {"StringNotEquals": {"aws:RequestedRegion": "a"}}],
        ["aws:RequestedRegion"],
        ["EXPLICIT_DENY"],
        [],
    ),
    "no value can satisfy both conditions": (
        [{"StringEquals": {"aws:RequestedRegion": "a"}, "StringLike": {"aws:RequestedRegion": "b*"}}],
        ["aws:RequestedRegion"],
        ["ALLOWED"],
        [],
    ),
    "only a value between two patterns satisfies both": (
        [{"StringLike": {"aws:username": "a*"}, "StringNotLike": {"aws:username": "*b"}}],
        ["aws:username"],
        ["EXPLICIT_DENY", "ALLOWED"],
        ["aws:username"],
    ),
    "wildcards that meet": (
        [{"StringLike": {"aws:username": "a*"}, "StringLikeIfExists": {"aws:username": "*b"}}],
        ["aws:username"],
        ["EXPLICIT_DENY", "ALLOWED"],
        ["aws:username"],
    ),
    "another condition fails anyway": (
        [{"StringEquals": {"aws:RequestedRegion": "a", "aws:username": "nobody"}}],
        ["aws:RequestedRegion"],
        ["ALLOWED"],
        [],
    ),
    "a number between two limits": (
        [{"NumericGreaterThan": {"s3:max-keys": "1"}, "NumericLessThan": {"s3:max-keys": "2"}}],
        ["s3:max-keys"],
        ["EXPLICIT_DENY", "ALLOWED"],
        ["s3:max-keys"],
    ),
    "no number below one limit and above a higher one": (
        [{"NumericGreaterThan": {"s3:max-keys": "2"}, "NumericLessThan": {"s3:max-keys": "1"}}],
        ["s3:max-keys"],
        ["ALLOWED"],
        [],
    ),
    "absent or present": (
        [{"Null": {"aws:TagKeys": "true"}}, {"Null": {"aws:TagKeys": "false"}}],
        ["aws:TagKeys"],
        ["EXPLICIT_DENY"],
        [],
    ),
    "absent and yet equal": (
        [{"Null": {"aws:username": "true"}, "StringEquals": {"aws:username": "a"}}],
        ["aws:username"],
        ["ALLOWED"],
        [],
    ),
    "a network and its outside": (
        [{"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}, {"NotIpAddress": {"aws:SourceIp": "10.0.0.0/8"}}],
        ["aws:SourceIp"],
        ["EXPLICIT_DENY"],
        [],
    ),
    "a date": (
        [{"DateLessThan": {"aws:CurrentTime": "2026-01-01"}}],
        ["aws:CurrentTime"],
        ["EXPLICIT_DENY", "ALLOWED"],
        ["aws:CurrentTime"],
    ),
    "a boolean is true, false or absent": (
        [{"Bool": {"aws:SecureTransport": "true"}}, {"BoolIfExists": {"aws:SecureTransport": "false"}}],
        ["aws:SecureTransport"],
        ["EXPLICIT_DENY"],
        [],
    ),
    "a set with two members": (
        [{"ForAnyValue:StringEquals": {"aws:TagKeys": "a"}, "ForAnyValue:StringLike": {"aws:TagKeys": "b*"}}],
        ["aws:TagKeys"],
        ["EXPLICIT_DENY", "ALLOWED"],
        ["aws:TagKeys"],
    ),
    "a variable that could be the name": (
        [{"StringEquals": {"aws:PrincipalTag/team": "${aws:ResourceTag/team}"}}],
        ["aws:ResourceTag/team"],
        ["EXPLICIT_DENY", "ALLOWED"],
        ["aws:ResourceTag/team"],
    ),
    "both sides of a variable": (
        [{"StringNotEquals": {"aws:RequestTag/team": "${aws:ResourceTag/team}"}}],
        ["aws:ResourceTag/team", "aws:RequestTag/team"],
        ["EXPLICIT_DENY", "ALLOWED"],
        ["aws:requesttag/team", "aws:resourcetag/team"],
    ),
    "two keys that must come together": (
        [{"StringEquals": {"aws:RequestedRegion": "a", "aws:SourceVpc": "b"}}],
        ["aws:RequestedRegion", "aws:SourceVpc"],
        ["EXPLICIT_DENY", "ALLOWED"],
        ["aws:requestedregion", "aws:sourcevpc"],
    ),
    "a pattern too short for an ARN may or may not match": (
        [{"ArnEquals": {"aws:PrincipalArn": "arn:aws:iam::*"}}],
        ["aws:PrincipalArn"],
        ["EXPLICIT_DENY", "ALLOWED"],
        ["aws:PrincipalArn"],
    ),
    "a variable that is known": (
        [
            {"StringEquals": {"aws:ResourceTag/team": "${aws:PrincipalTag/team}"}},
            {"StringNotEquals": {"aws:ResourceTag/team": "red"}},
        ],
        ["aws:ResourceTag/team"],
        ["EXPLICIT_DENY"],
        [],
    ),
    "an ARN": (
        [{"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/Admin"}}],
        ["aws:PrincipalArn"],
        ["EXPLICIT_DENY", "ALLOWED"],
        ["aws:PrincipalArn"],
    ),
}


def decide(blocks: Blocks, unknown: list[str], **statement: object) -> Answer:
    denies = [{"Effect": "Deny", "Action": "*", "Resource": "*", **statement, "Condition": block} for block in blocks]
    document = parse({"Version": "2012-10-17", "Statement": [FULL, *denies]})
    layers = Layers(scp=((NamedPolicy("scp/p", document),),))
    context = {"aws:PrincipalTag/team": "red"}
    request = Request.of("s3:GetObject", "arn:aws:s3:::bucket/red/file", ROLE, context, unknown=unknown)
    return Authorizer(layers, Organization("111111111111")).decide(request)


@pytest.mark.parametrize("case", CASES)
def test_what_unknown_keys_leave_open(case: str) -> None:
    """Exactly the decisions that the values could bring are foretold, and the keys on which it hangs are named."""
    blocks, unknown, decisions, hanging = CASES[case]
    answer = decide(blocks, unknown)
    found = [outcome.decision.value for outcome in answer.outcomes] or [answer.decision.value]
    spelled = [key if key in hanging else key.lower() for key in answer.unknown_keys]
    assert (decisions, hanging) == (found, spelled)


def test_each_outcome_comes_with_values() -> None:
    """An outcome names values of the unknown keys with which it would come about."""
    answer = decide([{"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}], ["aws:RequestedRegion"])
    assert [(outcome.decision, outcome.when) for outcome in answer.outcomes] == [
        (Decision.EXPLICIT_DENY, (("aws:RequestedRegion", "eu-west-1"),)),
        (Decision.ALLOWED, (("aws:RequestedRegion", None),)),
    ]


def test_a_variable_in_a_resource() -> None:
    """An unknown key that the Resource element looks up is asked for, with the value that would match."""
    answer = decide([{}], ["aws:username"], Resource="arn:aws:s3:::bucket/${aws:username}/*")
    assert answer.unknown_keys == ("aws:username",)
    assert answer.outcomes[0].when == (("aws:username", "red"),)


def test_a_resource_that_fits_with_no_value() -> None:
    """If no value makes the resource match, the unknown key does not matter."""
    answer = decide([{}], ["aws:username"], Resource="arn:aws:s3:::other/${aws:username}/*")
    assert answer.decision is Decision.ALLOWED


def test_too_many_unknown_keys_are_still_answered() -> None:
    """Where there are more cases than can be tried, the answer allows for too much rather than for too little."""
    keys = [f"aws:RequestTag/{number}" for number in range(16)]
    answer = decide([{"StringEquals": dict.fromkeys(keys, "a")}], keys)
    assert (answer.decision, len(answer.unknown_keys)) == (Decision.UNKNOWN, 16)


def test_a_known_key_wins() -> None:
    """A key that is both given and called unknown is known."""
    request = Request.of("s3:GetObject", "*", ROLE, {"aws:RequestedRegion": "x"}, unknown=["aws:requestedregion"])
    assert request.unknown == {}


def test_an_empty_list_is_an_absent_key() -> None:
    """A key without values is absent, and a list of one value is that value."""
    request = Request.of("s3:GetObject", "*", ROLE, {"a:B": [], "c:D": ["x"], "e:F": [True, 2]})
    assert request.context == {"c:d": "x", "e:f": ("true", "2")}
