"""Patterns against patterns: what is said of them holds for every text that they match."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from orgctl.lint.globs import arn_fields, arn_includes, arn_overlap, includes, overlap
from orgctl.policy.template import fits, parse_template, tokens_of

PATTERNS = st.text("ab*?", max_size=7)
TEXTS = st.text("ab", max_size=7)


def matches(pattern: str, text: str) -> bool:
    return fits(tokens_of(parse_template(pattern, variables=True, wildcards=True)), text)


@given(PATTERNS, PATTERNS, TEXTS)
@example("a?", "ab", "ab")
@example("*?", "a*", "a")
def test_what_includes_another_matches_all_that_it_matches(wide: str, narrow: str, text: str) -> None:
    """There is no text that the narrow pattern matches and the wide one does not."""
    assert not (includes(wide, narrow) and matches(narrow, text) and not matches(wide, text))


@given(PATTERNS, PATTERNS, TEXTS)
def test_what_matches_one_text_together_overlaps(one: str, other: str, text: str) -> None:
    """Two patterns are only called disjoint if no text matches both."""
    assert overlap(one, other) or not (matches(one, text) and matches(other, text))


@given(PATTERNS, TEXTS)
def test_a_text_without_wildcards_is_included_when_it_matches(pattern: str, text: str) -> None:
    """Of plain texts nothing is left open."""
    assert matches(pattern, text) == includes(pattern, text) == overlap(pattern, text)


@pytest.mark.parametrize(
    ("wide", "narrow", "expected"),
    [
        ("s3:Get*", "s3:GetObject*", True),
        ("s3:GetObjec?", "s3:GetObject", True),
        ("a*", "${aws:username}", False),
        ("*", "${aws:username}", True),
        ("home/${aws:username}/*", "home/${aws:username}/x", True),
        ("home/?/x", "home/${aws:username}/x", False),
        ("a${*}", "ab", False),
        ("a*", "a${*}", True),
    ],
)
def test_variables_are_covered_by_themselves_and_by_any_run(wide: str, narrow: str, expected: bool) -> None:
    """Nobody knows what a variable stands for; `${*}` is the character."""
    assert expected == includes(wide, narrow)


@pytest.mark.parametrize(
    ("one", "other", "included", "overlapping"),
    [
        ("arn:aws:iam::*:role/*", "arn:aws:iam::1:role/a", True, True),
        ("arn:*:role/a", "arn:aws:iam::1:role/a", False, True),
        ("arn:*:s3:*:*:accesspoint/*", "arn:aws:s3:::bucket/a", False, False),
        ("arn:aws:s3:::*", "arn:aws:s3:::${aws:PrincipalTag/a}", True, True),
        ("arn:aws:s3:::a", "arn:aws:s3:::${aws:PrincipalTag/a}", False, True),
    ],
)
def test_arns_are_compared_field_by_field(one: str, other: str, included: bool, overlapping: bool) -> None:
    """A wildcard does not reach from one field into the next."""
    assert (included, overlapping) == (arn_includes(one, other), arn_overlap(one, other))


def test_the_colon_of_a_variable_begins_no_field() -> None:
    """`${aws:PrincipalAccount}` in a field stays in it."""
    assert arn_fields("arn:aws:iam::${aws:PrincipalAccount}:role/a:b") == [
        "arn", "aws", "iam", "", "${aws:PrincipalAccount}", "role/a:b",
    ]  # fmt: skip
