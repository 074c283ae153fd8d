"""YAML with tags that stand for functions, as CloudFormation's templates have."""

from __future__ import annotations

import pytest

from orgctl.source import codes
from orgctl.source.from_yaml import parse_yaml

FUNCTIONS = {"!Ref": "Ref", "!Sub": "Fn::Sub", "!Join": "Fn::Join"}

CASES = {
    "a scalar": ("a: !Ref b", {"a": {"Ref": "b"}}),
    "a quoted one": ("a: !Sub '${b}'", {"a": {"Fn::Sub": "${b}"}}),
    "what looks like a number": ("a: !Ref 012", {"a": {"Ref": "012"}}),
    "a list": ("a: !Join ['', [!Ref b, c]]", {"a": {"Fn::Join": ["", [{"Ref": "b"}, "c"]]}}),
    "a mapping": ("a: !Sub {b: !Ref c}", {"a": {"Fn::Sub": {"b": {"Ref": "c"}}}}),
    "in a list": ("- !Ref a\n- b", [{"Ref": "a"}, "b"]),
    "at the top": ("!Ref a", {"Ref": "a"}),
}


@pytest.mark.parametrize("case", CASES)
def test_a_tag_stands_for_a_mapping_with_one_key(case: str) -> None:
    """As CloudFormation's short forms do, wherever they are."""
    text, expected = CASES[case]
    value, _, problems = parse_yaml(text, "t.yaml", FUNCTIONS)
    assert (value, problems) == (expected, [])


def test_the_place_is_that_of_the_tag() -> None:
    """For the mapping that is not written, and for the value in it."""
    _, top, _ = parse_yaml("a:\n  - !Ref b\n", "t.yaml", FUNCTIONS)
    assert top is not None
    mark = top.child("a")
    inner = mark.child(0) if mark else None
    value = inner.child("Ref") if inner else None
    assert [(each.line, each.column) for each in (inner, value) if each] == [(2, 5), (2, 5)]


def test_other_tags_are_refused_as_ever() -> None:
    """Tags that nobody named, and all of them where none is named."""
    assert [each.code for each in parse_yaml("a: !Nope b", "t.yaml", FUNCTIONS)[2]] == [codes.TAG]
    assert [each.code for each in parse_yaml("a: !Ref b", "t.yaml")[2]] == [codes.TAG]
