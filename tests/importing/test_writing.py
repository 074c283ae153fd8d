"""The text of an import: values, names and placeholders that come back as they went in."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from orgctl.manifest.insertion import Values, escaped, insert
from orgctl.manifest.policies import policy_files, read_policies
from orgctl.manifest.yaml_text import entry, flow, scalar
from orgctl.model.policy_name import aws_name, file_stem
from orgctl.source import parse

texts = st.text(st.characters(exclude_categories=["Cs"]))
values = st.recursive(
    st.one_of(texts, st.integers(), st.booleans(), st.none()),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(texts, inner, max_size=4)),
    max_leaves=12,
)

PLAIN = ["eu-west-1", "Größe", "aws+a@example.com", "scp/region-lock", "Was hier gilt", "名前", "o-abc", "_x"]
QUOTED = ["", "111111111111", "no", "Null", "y", "1.5", "a: b", "a #b", "- a", "{a}", "[a]", "*a", "&a", "@a", "%a"]
QUOTED += ["a ", " a", "a:b", "'", '"', "<<", "=", "a\nb", "2026-01-01", "\ufeff", "\x85"]


@pytest.mark.parametrize("text", PLAIN)
def test_what_needs_no_quotes_has_none(text: str) -> None:
    """Names, e-mail addresses and regions are written as people write them."""
    assert scalar(text) == text


@pytest.mark.parametrize("text", QUOTED)
def test_what_a_reader_could_take_for_something_else_is_quoted(text: str) -> None:
    """Numbers, booleans, dates, indicators and what cannot be seen stand in quotes."""
    assert scalar(text).startswith('"')
    assert yaml.safe_load(scalar(text)) == text


@given(texts, values, st.integers(0, 8))
@settings(deadline=None)
def test_an_entry_reads_back_as_it_was(key: str, value: object, indent: int) -> None:
    """On one line or several, at any depth, for our own reader and for PyYAML."""
    lines = [" " * (depth * 2) + "k:" for depth in range(indent)] + list(entry(key, value, indent * 2))
    expected: object = {key: value}
    for _ in range(indent):
        expected = {"k": expected}
    text = "\n".join(lines)
    parsed = parse(text.encode(), name="x.yaml")
    assert parsed.problems == ()
    assert parsed.source is not None
    assert parsed.source.value == expected
    assert yaml.safe_load(text) == expected


def test_short_things_stay_on_one_line_and_long_ones_do_not() -> None:
    """A line of more than 110 columns is spread out."""
    account = {"id": "222222222222", "email": "aws@example.com", "tags": {"env": "prod"}}
    line = '  shop: { id: "222222222222", email: aws@example.com, tags: { env: prod } }'
    assert list(entry("shop", account, 2)) == [line]
    names = [f"scp/policy-{number:02}" for number in range(10)]
    assert list(entry("policies", names, 2)) == ["  policies:", *(f"    - {name}" for name in names)]
    assert flow({}) + flow([]) == "{}[]"


STEMS = [
    ("region-lock", "region-lock"),
    ("Deny all regions", "Deny all regions"),
    ("Größe", "Größe"),
    ("a/b", "a%2Fb"),
    ("100%", "100%25"),
    (".hidden", "%2Ehidden"),
    ("..", "%2E."),
    (" a ", "%20a%20"),
    (" ", "%20"),
    ("x.test", "x%2Etest"),
    (".test", "%2Etest"),
    ("a\nb", "a%0Ab"),
    ("\u200b", "%E2%80%8B"),
]


@pytest.mark.parametrize(("name", "stem"), STEMS)
def test_a_policys_file_is_named_after_it(name: str, stem: str) -> None:
    """Only what cannot stand in a file's name is encoded."""
    assert (file_stem(name), aws_name(stem)) == (stem, name)


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60))
@settings(deadline=None)
def test_every_name_has_a_stem_of_its_own(name: str) -> None:
    """The stem leads back to the name, and the loader takes it for a policy."""
    stem = file_stem(name)
    assert aws_name(stem) == name
    assert "/" not in stem
    assert stem.isprintable()
    assert not stem.startswith(".")
    assert not stem.endswith(".test")


@pytest.mark.parametrize("stem", ["a%2fb", "%61", "100%", "%FF"])
def test_a_stem_that_is_encoded_otherwise_is_refused(tmp_path: Path, stem: str) -> None:
    """One name has one file: the hint says which."""
    path = tmp_path / f"policies/scp/{stem}.json"
    path.parent.mkdir(parents=True)
    path.write_text("{}")
    (problem,) = read_policies(tmp_path).problems
    assert problem.code == "P003"
    assert problem.hint == f"the file of a policy called `{aws_name(stem)}` is `{file_stem(aws_name(stem))}.json`"
    assert policy_files(tmp_path) == [f"policies/scp/{stem}.json"]


at = st.text(st.sampled_from("@{}ax "), max_size=12)
documents = st.recursive(at, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(at, inner, max_size=3))


@given(documents)
@settings(deadline=None)
def test_text_that_reads_like_a_placeholder_survives(document: object) -> None:
    """Whatever a policy of AWS's says, what is written for it inserts to the same, whatever values there are."""
    offered: Values = {"at": "@", "a": "b", "x": ["c", "d"], "aa": "@{a}"}
    assert insert(escaped(document), offered) == document
