"""The published JSON Schema of policy tests says what the program says."""

from __future__ import annotations

import copy
import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from orgctl.diagnostics import Diagnostic
from orgctl.manifest.shape import fit
from orgctl.policytest import jsonschema as published
from orgctl.policytest.loading import SUFFIXES
from orgctl.policytest.schema import TestFile
from orgctl.source import Place, parse, read

TOP = Path(__file__).parents[2]
VALIDATOR = jsonschema.Draft202012Validator(json.loads((TOP / published.FILE).read_text(encoding="utf-8")))
SHIPPED = sorted(path for folder in ("policies", "tests/policies") for path in (TOP / folder).rglob("*.test.yaml"))

FULL: Any = yaml.safe_load("""
version: 1
scope: organization
defaults:
  principal: role/Developer
  context: { aws:RequestedRegion: eu-west-1 }
  unknown: [aws:SourceVpc]
  certain: true
groups: { workloads: ["ou:/Workloads"] }
cases:
  - name: nobody does it
    accounts: [workloads, audit]
    account: shop
    actions: [s3:GetObject]
    action: s3:PutObject
    resources: ["*"]
    resource: arn:aws:s3:::a
    principals: [root]
    principal: user/Ann
    context: { aws:a: [true, null, 1, 1.5, x, { values: [a, 1] }], aws:b: null, aws:c: { values: [a] } }
    unknown: [aws:SourceIp]
    resource_account: shop
    expect: EXPLICIT_DENY
    by: scp/x#Y
    certain: false
  - { name: a, action: s3:GetObject, expect: DENIED }
""")


def places(value: object, place: Place = ()) -> list[Place]:
    match value:
        case dict():
            inner = [found for key, item in value.items() for found in places(item, (*place, key))]
        case list():
            inner = [found for index, item in enumerate(value) for found in places(item, (*place, index))]
        case _:
            inner = []
    return [place, *inner]


def verdicts(value: object) -> tuple[bool, bool]:
    """Whether the JSON Schema takes the value, and whether the reader does: what it says of the file's shape."""
    parsed = parse(json.dumps(value).encode(), name="x.test.json")
    assert parsed.source
    problems: list[Diagnostic] = fit(parsed.source, TestFile)[1]
    return VALIDATOR.is_valid(value), not problems


ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-1, 2)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from(["", "a", "policy", "ALLOWED", "ou:/", "@{regions}"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["", "values", "name", "a"]), inner),
    max_leaves=4,
)


def test_the_published_schema_is_the_generated_one(tmp_path: Path) -> None:
    """Whoever changes the models runs `python -m orgctl.policytest.jsonschema` too."""
    published.write(tmp_path)
    assert (TOP / published.FILE).read_text(encoding="utf-8") == (tmp_path / published.FILE).read_text(encoding="utf-8")


def test_the_schema_is_one() -> None:
    """It keeps to the dialect that it names."""
    jsonschema.Draft202012Validator.check_schema(VALIDATOR.schema)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name.removesuffix(SUFFIXES[0]))
def test_shipped_tests_name_the_schema_and_keep_to_it(path: Path) -> None:
    """Editors find the schema by the file's first line."""
    named = re.match(r"# yaml-language-server: \$schema=(\S+)\n", path.read_text(encoding="utf-8"))
    assert named is not None
    assert (path.parent / named[1]).resolve() == TOP / published.FILE
    assert verdicts(read(path).value) == (True, True)


def test_everything_that_may_stand_in_a_file_may() -> None:
    """The file from which the others are made has every key, and is good for both."""
    assert verdicts(FULL) == (True, True)


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        ("version: 1", True),
        ("version: 1\ncases: []", True),
        ("version: 1\nscope: policy", True),
        ("version: 1\nscope: null", True),
        ("version: 1\ngroups: {}", True),
        ("version: 1\ncases: [{name: a, expect: UNKNOWN}]", True),
        ("version: 1\ncases: [{name: a, expect: UNKNOWN, account: null}]", True),
        ("cases: []", False),
        ("version: 2", False),
        ("version: '1'", False),
        ("version: 1\nscope: everything", False),
        ("version: 1\ncases: null", False),
        ("version: 1\ncases: {}", False),
        ("version: 1\ncases: [x]", False),
        ("version: 1\ngroups: {a: []}", False),
        ("version: 1\ngroups: {a: b}", False),
        ("version: 1\ngroups: {'': [b]}", False),
        ("version: 1\ndefaults: {name: a}", False),
        ("version: 1\ndefaults: {context: {'': b}}", False),
        ("version: 1\ndefaults: {unknown: [null]}", False),
        ("version: 1\ncases: [{name: a, expect: denied}]", False),
        ("version: 1\ncases: [{name: '', expect: DENIED}]", False),
        ("version: 1\ncases: [{name: a, expect: DENIED, certain: 'yes'}]", False),
        ("version: 1\ncases: [{name: a, expect: DENIED, context: {a: {values: b}}}]", False),
        ("version: 1\ncases: [{name: a, expect: DENIED, context: {a: [[b]]}}]", False),
        ("version: 1\ncases: [{name: a, expect: DENIED, actions: s3:GetObject}]", False),
    ],
)
def test_schema_and_reader_agree(text: str, valid: bool) -> None:
    """What an editor underlines is what `orgctl test` refuses for its shape, and the other way round."""
    assert verdicts(yaml.safe_load(text)) == (valid, valid)


@given(st.sampled_from(places(FULL)[1:]), ANYTHING)
def test_they_agree_on_whatever_is_put_anywhere(place: Place, replacement: object) -> None:
    """A good file with one value replaced by another is good or bad for both."""
    value = copy.deepcopy(FULL)
    parent = value
    for step in place[:-1]:
        parent = parent[step]
    parent[place[-1]] = replacement
    schema, reader = verdicts(value)
    assert schema == reader
