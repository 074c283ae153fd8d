"""However wrong a manifest is, it is answered with diagnostics, and what is right in it is still checked."""

from __future__ import annotations

import copy
import json
from typing import Any

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from orgctl.manifest.schema import Manifest, Part
from orgctl.manifest.shape import fit
from orgctl.source import Place, Source, parse

VALID = """\
version: 1
organization:
  management_account: "111111111111"
  home_region: eu-west-1
  regions: [eu-west-1, us-east-1]
  policy_types: [tag_policy]
  trusted_access: [cloudtrail.amazonaws.com]
  delegated_administrators: {config.amazonaws.com: [audit]}
root:
  policies: [scp/x]
  tags: {a: b}
  accounts:
    audit: {email: a@example.com, contacts: {security: {name: A, title: B, email: c@example.com, phone: "1"}}}
  units:
    units: {units: {accounts: {accounts: {units: {}}}}, accounts: {accounts: {id: "222222222222"}}}
policies: {scp/x: {description: x, tags: {}}}
parameters: {a: b, c: [d]}
trail:
  name: trail
  bucket: {name: logs, account: audit, lifecycle: {glacier_after_days: 1, expire_after_days: 2}}
  event_selectors: [{Name: x}]
config: {administrator: audit, regions: [eu-west-1], bucket: awsconfigconforms-a, packs: [a, b]}
moved: [{from: "ou:/A", to: "ou:/B"}]
limits: {quotas: {ous: 5}, rates: {x: {per_second: 1, burst: 1}}}
lock: {bucket: locks}
"""
KEYS = ["accounts", "units", "policies", "tags", "id", "email", "from", "version", "x", "", "str", "[key]", "list[str]"]
ANY = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 2) | st.sampled_from(["", "x", "scp/x", "eu-west-1", "111111111111"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=3),
    max_leaves=8,
)


def places(value: object, place: Place = ()) -> list[Place]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [place, *(below for step, item in inner for below in places(item, (*place, step)))]


PLACES = places(yaml.safe_load(VALID))


def source_of(value: object) -> Source:
    parsed = parse(json.dumps(value, indent=1).encode(), name="organization.json")
    assert parsed.source is not None
    return parsed.source


@settings(max_examples=150)
@given(st.lists(st.tuples(st.sampled_from(PLACES[1:]), ANY), min_size=1, max_size=4))
def test_whatever_is_put_where_something_else_belongs_the_rest_goes_on(changes: list[tuple[Place, Any]]) -> None:
    """Anything may stand anywhere: there is always a manifest to go on with, and a problem if it is not the file's."""
    value: Any = copy.deepcopy(yaml.safe_load(VALID))
    for place, replacement in changes:
        parent = value
        for step in place[:-1]:
            parent = parent[step] if isinstance(parent, dict) and step in parent else None
        if isinstance(parent, dict):
            parent[place[-1]] = replacement
    manifest, problems = fit(source_of(value), Manifest)
    assert isinstance(manifest, Manifest)
    assert bool(problems) == (not _is_valid(value))


@given(ANY.filter(lambda value: value is not None))
def test_any_value_is_answered(value: object) -> None:
    """A file that is something else altogether is no exception."""
    for model in (Manifest, Part):
        fitted, _ = fit(source_of(value), model)
        assert isinstance(fitted, model)


def test_what_is_right_is_kept() -> None:
    """Only what is wrong is taken out."""
    value = yaml.safe_load(VALID)
    value["root"]["units"]["units"]["polices"] = []
    value["root"]["accounts"]["audit"]["email"] = 5
    manifest, problems = fit(source_of(value), Manifest)
    assert sorted(problem.code for problem in problems) == ["M001", "M003"]
    assert [*manifest.root.units["units"].units, *manifest.root.units["units"].accounts] == ["accounts"] * 2
    assert manifest.root.accounts["audit"].contacts is not None
    assert manifest.root.accounts["audit"].email is None


def _is_valid(value: object) -> bool:
    return fit(source_of(value), Manifest)[1] == []
