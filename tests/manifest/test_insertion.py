"""The manifest's values are put where placeholders stand, and nothing else is touched."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orgctl.manifest import insert, placeholders
from orgctl.manifest.insertion import Placeholder

VALUES = {"regions": ["eu-west-1", "us-east-1"], "partition": "aws", "accounts.audit": "222222222222", "one": ["x"]}
NAMES = st.sampled_from([*VALUES, "accounts.new", "organization.id"])
TEXT = st.text("ab@${}.", max_size=6) | NAMES.map(lambda name: f"@{{{name}}}")
DOCUMENTS: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.integers() | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("ab", max_size=3), inner, max_size=3),
    max_leaves=12,
)


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ("@{partition}", "aws"),
        ("arn:@{partition}:iam::@{accounts.audit}:root", "arn:aws:iam::222222222222:root"),
        ("@@{partition}", "@aws"),
        ({"aws:RequestedRegion": "@{regions}"}, {"aws:RequestedRegion": ["eu-west-1", "us-east-1"]}),
        (["a", "@{regions}", "b"], ["a", "eu-west-1", "us-east-1", "b"]),
        ([["@{regions}"]], [["eu-west-1", "us-east-1"]]),
        (["@{one}"], ["x"]),
        ("@{accounts.new}", "@{accounts.new}"),
        ("arn:aws:iam::@{accounts.new}:root", "arn:aws:iam::@{accounts.new}:root"),
        ("${aws:PrincipalTag/team}", "${aws:PrincipalTag/team}"),
        ({"@@assign": ["@{partition}"]}, {"@@assign": ["aws"]}),
        ({"@{partition}": 1}, {"@{partition}": 1}),
        ({"a": 1, "b": True, "c": None}, {"a": 1, "b": True, "c": None}),
        ("@{partition", "@{partition"),
    ],
)
def test_placeholders_are_replaced_by_values(document: object, expected: object) -> None:
    """Text goes into text, a list where a list can stand; IAM's variables and `@@` operators stay as they are."""
    assert expected == insert(document, VALUES)


def test_a_list_within_text_has_no_meaning() -> None:
    """Only one value at a time fits into longer text."""
    with pytest.raises(ValueError, match="is a list"):
        insert({"a": ["x-@{regions}"]}, VALUES)


def test_placeholders_are_found_with_their_place() -> None:
    """Each occurrence is listed in the order of the document, keys too."""
    document = {"a": ["@{x}", "@{y}-@{z}"], "@{k}": {"b": "${no}"}}
    expected = [
        Placeholder("x", ("a", 0), whole=True),
        Placeholder("y", ("a", 1)),
        Placeholder("z", ("a", 1)),
        Placeholder("k", ("@{k}",), in_key=True),
    ]
    assert expected == list(placeholders(document))


@given(DOCUMENTS)
def test_without_values_a_document_stays_the_same(document: object) -> None:
    """What is not known yet is left verbatim, so nothing known means nothing changed."""
    assert document == insert(document, {})


@given(DOCUMENTS)
def test_inserting_twice_is_inserting_once(document: object) -> None:
    """Values hold no placeholders, so a second round finds only what is still unknown."""
    texts = {name: value for name, value in VALUES.items() if isinstance(value, str)}
    once = insert(document, texts)
    left = {placeholder.name for placeholder in placeholders(once) if not placeholder.in_key}
    assert once == insert(once, texts)
    assert not left & set(texts)


@given(DOCUMENTS, st.dictionaries(NAMES, st.just("v")), st.dictionaries(NAMES, st.just("v")))
def test_values_can_come_in_two_rounds(document: object, one: dict[str, str], other: dict[str, str]) -> None:
    """What the manifest knows is put in first, what only AWS knows later: the order does not matter."""
    assert insert(insert(document, one), other) == insert(document, {**one, **other})
