import pytest
from hypothesis import given
from hypothesis import strategies as st

from orgctl.policy.conditions.condition import prepare_condition
from orgctl.policy.document import Condition, Pattern
from orgctl.policy.evaluator import action_matcher
from orgctl.policy.matching import glob, resource_matches
from orgctl.policy.template import fits, parse_template, tokens_of
from orgctl.policy.witnesses import Pattern as Walked
from orgctl.policy.witnesses import witnesses
from tests.policy import naive

RESOURCES = [
    # pattern, resource, outcome (None: not documented)
    ("*", "arn:aws:s3:::b", True),
    ("*", "*", True),
    ("arn:aws:s3:::b", "arn:aws:s3:::b", True),
    ("arn:aws:s3:::b", "arn:aws:s3:::B", False),
    ("arn:aws:s3:::b/*", "arn:aws:s3:::b/a/b", True),
    ("arn:aws:s3:::b/*", "arn:aws:s3:::b", False),
    ("arn:aws:s3:::b/*", "arn:aws:s3:::b/a:b", True),
    ("arn:aws:s3:::b/*/c", "arn:aws:s3:::b/x/y/c", True),
    ("arn:aws:s3:::b/*/c", "arn:aws:s3:::b/x:y/c", None),
    ("arn:aws:s3:::b/?", "arn:aws:s3:::b/x", True),
    ("arn:aws:s3:::b/?", "arn:aws:s3:::b/:", None),
    ("arn:aws:lambda:*:222222222222:function:f", "arn:aws:lambda:eu-west-1:222222222222:function:f", True),
    ("arn:aws:sns:*:*:t", "arn:aws:sns:eu-west-1:222222222222:x:t", True),
    ("arn:aws:sns:eu-*:t", "arn:aws:sns:eu-west-1:222222222222:t", None),
    ("arn:aws:sns:eu-*:t", "arn:aws:sns:us-east-1:222222222222:t", False),
    ("arn:aws:s3*", "arn:aws:s3:::b", None),
    ("arn:aws:ec2:*:*:instance/*", "*", False),
    ("arn:aws-cn:s3:::b", "arn:aws:s3:::b", False),
    ("arn:*:s3:::b", "arn:aws-us-gov:s3:::b", True),
]

ACTIONS = [
    (("s3:GetObject",), "s3:getobject", True),
    (("S3:GETOBJECT",), "s3:getobject", True),
    (("s3:Get*",), "s3:getobjectacl", True),
    (("s3:*Object",), "s3:getobjectacl", False),
    (("*:Delete*",), "sqs:deletequeue", True),
    (("s3:Get?bject",), "s3:getobject", True),
    (("*",), "s3:getobject", True),
    (("ec2:*", "iam:*"), "s3:getobject", False),
    (("s3:Get",), "s3:getobject", False),
]


@pytest.mark.parametrize(("pattern", "resource", "expected"), RESOURCES)
def test_resources(pattern: str, resource: str, expected: bool | None) -> None:
    """Which resources a pattern covers; segments matter where a wildcard would have to run over a colon."""
    tokens = tokens_of(parse_template(pattern, variables=False, wildcards=True))
    assert expected is resource_matches(tokens, resource)


@pytest.mark.parametrize(("patterns", "action", "expected"), ACTIONS)
def test_actions(patterns: tuple[str, ...], action: str, expected: bool) -> None:
    """Actions match in any case, with wildcards anywhere."""
    assert expected is action_matcher(Pattern(patterns))(action)


patterns = st.text("ab:*?", max_size=8)
texts = st.text("ab:", max_size=8)


@given(st.lists(patterns, min_size=1, max_size=4), texts)
def test_many_patterns_at_once(written: list[str], text: str) -> None:
    """The matcher of many patterns agrees with the slow one of each, and so does the matcher of one."""
    tokens = [tokens_of(parse_template(one, variables=False, wildcards=True)) for one in written]
    expected = [naive.fits([(c, c in "*?") for c in one], text) for one in written]
    assert any(expected) is glob(tokens)(text)
    assert expected == [fits(one, text) for one in tokens]


@given(st.lists(patterns, min_size=1, max_size=4), texts.filter(bool))
def test_witnesses_cover_every_text(written: list[str], text: str) -> None:
    """For every text there is a witness that matches the same patterns."""
    tokens = [tokens_of(parse_template(one, variables=False, wildcards=True)) for one in written]
    found = witnesses(tuple(map(Walked, tokens)))
    assert found.complete
    assert [fits(one, text) for one in tokens] in [[fits(one, witness) for one in tokens] for witness in found.texts]


def test_no_pattern_takes_forever() -> None:
    """A pattern with many wildcards against a long text that almost fits is decided at once."""
    tokens = tokens_of(parse_template("*a" * 30 + "b", variables=False, wildcards=True))
    assert glob([tokens])("a" * 20_000) is False


arns = st.lists(st.text("a*?", max_size=2), min_size=4, max_size=8).map(":".join)
resources = st.lists(st.text("a", max_size=2), min_size=5, max_size=8).map(":".join)


@given(arns, resources)
def test_segments_agree_with_the_slow_way(pattern: str, resource: str) -> None:
    """Which wildcards may run over colons is the same as when every way of matching is tried."""
    tokens = tokens_of(parse_template(pattern, variables=False, wildcards=True))
    request = {"resource": resource, "context": {}}
    assert naive.resource_fits([pattern], pattern, request) is resource_matches(tokens, resource)


@given(st.lists(arns, min_size=1, max_size=3), resources)
def test_fields_agree_with_the_slow_way(written: list[str], value: str) -> None:
    """Many ARN patterns at once match what each of them matches field by field."""
    test = prepare_condition(Condition("ArnLike", "k", tuple(written)), variables=False)
    expected = naive.condition_matches("ArnLike", "k", written, False, {"k": value})
    assert expected is test.check({"k": value}.get)


@pytest.mark.parametrize("pattern", ["arn:aws:s3:::" + "*a" * 30 + "b?", "arn:aws:" + "*a" * 30 + "b:::x"])
def test_no_arn_takes_forever(pattern: str) -> None:
    """Neither the Resource element nor ArnLike can be made slow by a pattern."""
    value = f"arn:aws:s3:::{'a' * 1000}b"
    test = prepare_condition(Condition("ArnLike", "k", (pattern,)), variables=False)
    assert test.check({"k": value}.get) is False
    assert resource_matches(tokens_of(parse_template(pattern, variables=False, wildcards=True)), value) is False
