"""Annotations fit into what AWS Config takes, and keep what is to be done."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from organization_rule.verdicts import MAX_ANNOTATION, annotation, listed, non_compliant


@given(st.text(max_size=600), st.text(max_size=600))
def test_never_too_long(finding: str, remedy: str) -> None:
    """Whatever is said, it is at most 256 characters, and rdklib does not cut it again."""
    text = annotation(finding, remedy)
    assert len(text) <= MAX_ANNOTATION
    assert text == non_compliant(finding, remedy).annotation


@given(st.text(max_size=600), st.text(max_size=100))
def test_the_remedy_stays(finding: str, remedy: str) -> None:
    """It is the finding that is cut: what is to be done stays whole."""
    assert annotation(finding, remedy).endswith(f": {remedy}" if remedy else "")


def test_cut_at_a_word() -> None:
    """A cut comes after a word, and shows."""
    text = annotation("no approved layer among " + "`some-layer:12`, " * 30, "add one")
    assert text.endswith("`some-layer:12` ...: add one")


def test_short_texts_stay() -> None:
    """What fits is left as it is."""
    assert annotation("it has no layers", "add one") == "it has no layers: add one"
    assert annotation("x" * MAX_ANNOTATION) == "x" * MAX_ANNOTATION


@pytest.mark.parametrize(
    ("names", "expected"), [("", ""), ("a", "`a`"), ("abc", "`a`, `b`, `c`"), ("abcde", "`a`, `b`, `c` and 2 more")]
)
def test_listed(names: str, expected: str) -> None:
    """A list names the first three, and counts the rest."""
    assert expected == listed(names)
