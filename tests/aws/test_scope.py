"""What is asked to be read, and its way through a plan file."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orgctl.aws.read.scope import BucketScope, ConfigScope, QueryScope, Scope, TrailScope

NAMES = st.frozensets(st.text(max_size=12), max_size=4)
TEXT = st.text(max_size=12)
SCOPES = st.builds(
    Scope,
    NAMES,
    NAMES,
    st.none() | st.builds(TrailScope, TEXT, TEXT),
    st.none() | st.builds(BucketScope, TEXT, TEXT, st.none() | TEXT),
    st.booleans(),
    NAMES,
    st.none()
    | st.builds(
        ConfigScope,
        TEXT,
        TEXT,
        NAMES.map(lambda names: tuple(sorted(names))),
        TEXT,
        st.booleans(),
        NAMES,
        NAMES.map(lambda names: tuple(sorted(names))),
        NAMES,
        st.none() | TEXT,
        st.dictionaries(TEXT, st.lists(st.integers(0, 130), max_size=2).map(tuple), max_size=3),
    ),
    st.none() | st.builds(QueryScope, TEXT, TEXT, TEXT, TEXT, st.none() | TEXT),
)


@given(SCOPES)
def test_a_scope_survives_a_plan_file(scope: Scope) -> None:
    """What is written is what is read, by way of JSON text."""
    assert scope == Scope.from_json(json.loads(json.dumps(scope.to_json())))


@given(SCOPES)
def test_equal_scopes_give_equal_text(scope: Scope) -> None:
    """The order of a set does not show: a plan's digest must not depend on it."""
    again = Scope.from_json(scope.to_json())
    assert json.dumps(scope.to_json()) == json.dumps(again.to_json())


CONFIG = ConfigScope("1", "r", ("r",), "role")
QUERIES = QueryScope("r", "d", "t", "w")
GOOD = Scope(bucket=BucketScope("b", "r"), trail=TrailScope("t", "r"), config=CONFIG, queries=QUERIES).to_json()


@pytest.mark.parametrize(
    "wrong",
    [
        None,
        [],
        {},
        {**GOOD, "more": 1},
        {key: value for key, value in GOOD.items() if key != "trail"},
        {**GOOD, "tagged": "x"},
        {**GOOD, "tagged": [1]},
        {**GOOD, "everything": "yes"},
        {**GOOD, "trail": {"name": "t"}},
        {**GOOD, "trail": {"name": "t", "region": 1}},
        {**GOOD, "bucket": {"name": "b", "region": "r", "account": 1}},
        {**GOOD, "bucket": []},
        {**GOOD, "config": {}},
        {**GOOD, "queries": {}},
        {**GOOD, "queries": {**QUERIES.to_json(), "table": 1}},
        {**GOOD, "queries": {**QUERIES.to_json(), "account": 1}},
        {**GOOD, "config": {**CONFIG.to_json(), "packs": 1}},
        {**GOOD, "config": {**CONFIG.to_json(), "regions": "r"}},
        {**GOOD, "config": {**CONFIG.to_json(), "aggregator": 1}},
        {**GOOD, "config": {**CONFIG.to_json(), "rules": {"pack:a@b": 1}}},
        {**GOOD, "config": {**CONFIG.to_json(), "rules": {"pack:a@b": ["1"]}}},
    ],
)
def test_anything_else_is_refused(wrong: object) -> None:
    """A plan file that was edited by hand raises ValueError, not something deep inside."""
    with pytest.raises(ValueError, match=r"scope|bucket|true or false|rules|aggregator"):
        Scope.from_json(wrong)


@pytest.mark.parametrize(
    ("scope", "tags", "contacts"),
    [
        (Scope(), False, False),
        (Scope(everything=True), True, False),
        (Scope(tagged=frozenset({"1"})), True, False),
        (Scope(tagged=frozenset({"a@example.com"})), True, False),
        (Scope(contacts=frozenset({"a@example.com"})), False, True),
        (Scope(tagged=frozenset({"2", "b@example.com"})), False, False),
    ],
)
def test_accounts_are_named_by_id_or_email(scope: Scope, tags: bool, contacts: bool) -> None:
    """E-mails compare without case, since AWS keeps the case that somebody once typed."""
    assert (tags, contacts) == (
        scope.wants_tags_of("1", "A@Example.com"),
        scope.wants_contacts_of("1", "A@Example.com"),
    )
