"""ARNs and patterns for them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from organization_rule.arns import Arn, Place, arn_like, filled, like, unknown_placeholders

HERE = Place("aws-cn", "cn-north-1", "111122223333")
LAYER = "arn:aws-cn:lambda:cn-north-1:111122223333:layer:tracing:7"
TEXT = st.text(alphabet="ab*?[].\\^$\n", max_size=8)


def test_parse() -> None:
    """The resource holds colons of its own, and region and account may be empty."""
    assert Arn("aws", "iam", "", "111122223333", "role/a:b") == Arn.parse("arn:aws:iam::111122223333:role/a:b")


@pytest.mark.parametrize(
    "text", ["", "tracing", "arn:aws:iam", "arn:aws:iam::111122223333:", "urn:aws:iam:::a", "arn::a:::b"]
)
def test_no_arn(text: str) -> None:
    """What lacks a field, or begins otherwise, is no ARN."""
    with pytest.raises(ValueError, match="is no ARN"):
        Arn.parse(text)


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("arn:${partition}:lambda:${region}:${account}:layer:tracing:7", True),
        ("arn:*:lambda:*:*:layer:tracing:*", True),
        ("arn:aws-cn:lambda:cn-north-1:111122223333:*", True),
        ("arn:aws-cn:lambda:cn-north-?:111122223333:layer:tracing:7", True),
        ("arn:aws:lambda:${region}:${account}:layer:tracing:7", False),
        ("arn:${partition}:lambda:us-east-1:${account}:layer:tracing:7", False),
        ("arn:*:layer:tracing:7:x:y", False),
        ("arn:aws-cn:lambda:cn-north-1:111122223333:layer:Tracing:7", False),
    ],
)
def test_arn_like(pattern: str, expected: bool) -> None:
    """Each field is compared by itself, with the placeholders filled in and case counting."""
    assert expected == arn_like(pattern, LAYER, HERE)


def test_no_arn_is_like_nothing() -> None:
    """A value that is no ARN fits no pattern; a pattern that is none is a mistake."""
    assert not arn_like("arn:*:*:*:*:*", "tracing", HERE)
    with pytest.raises(ValueError, match="is no ARN"):
        arn_like("tracing", LAYER, HERE)


def test_placeholders() -> None:
    """Known placeholders are filled; others are left, and told."""
    assert filled("${partition}/${region}/${account}/${zone}", HERE) == "aws-cn/cn-north-1/111122223333/${zone}"
    assert unknown_placeholders("${region}${zone}${}") == ("${zone}", "${}")


@given(TEXT)
def test_a_text_is_like_itself(text: str) -> None:
    """Whatever a text holds, it fits itself, a star, and itself with a star around it."""
    assert all(like(pattern, text) for pattern in (text, "*", f"*{text}", f"{text}*"))


@given(TEXT, TEXT)
def test_like_is_the_naive_meaning(pattern: str, text: str) -> None:
    """Patterns mean what a plain recursive reading of them means."""
    assert like(pattern, text) == _naive(pattern, text)


def _naive(pattern: str, text: str) -> bool:
    match pattern[:1], text[:1]:
        case "", rest:
            return rest == ""
        case "*", _:
            return _naive(pattern[1:], text) or (text != "" and _naive(pattern, text[1:]))
        case _, "":
            return False
        case wanted, found:
            return wanted in ("?", found) and _naive(pattern[1:], text[1:])
