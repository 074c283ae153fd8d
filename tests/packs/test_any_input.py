"""However wrong a pack or a document is, it is answered with diagnostics."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orgctl.diagnostics import Severity
from orgctl.manifest import load
from orgctl.packs.building import build_packs
from orgctl.packs.documents import read_document
from orgctl.packs.limits import check_limits
from orgctl.packs.reading import read_pack
from orgctl.packs.setting import Setting, setting_of
from orgctl.rules.catalog import load_rules
from orgctl.source import Place, Source, parse
from tests.packs.repository import DOCUMENT, TODAY, lay_down

PACK = """\
description: x
targets: ["ou:/Workloads", audit, management]
exclude: [data]
regions: [eu-west-1]
rules:
  - rule: LAYERS
    parameters: {Approved: ["@{parameters.layers}", a], Kind: b}
    remediation: {document: add-layer, parameters: {FunctionName: RESOURCE_ID}, automatic: true, role: mender}
  - rule: TRAIL
  - managed: ACCESS_KEYS_ROTATED
    name: keys
    parameters: {maxAccessKeyAge: 90}
    frequency: One_Hour
    scope: global
    regions: [eu-west-1]
waivers:
  - {rule: keys, account: shop, resource: "*", owner: a, reason: b, expires: 2027-01-31}
"""
MORE = """\
variables: {Count: {type: Integer}}
outputs: [addLayer.Output]
"""
TEXTS = [
    "",
    "x",
    "ou:/Workloads",
    "ou:",
    "ou://",
    "shop",
    "LAYERS",
    "@{parameters.layers}",
    "x@{at}",
    "{{ x }}",
    "AWS-x",
]
ANY = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-2, 2)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from(TEXTS),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*TEXTS, "name", "rule"]), inner, max_size=3)
    ),
    max_leaves=6,
)


def places(value: object, place: Place = ()) -> list[Place]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [place, *(below for step, item in inner for below in places(item, (*place, step)))]


def changed(value: object, changes: list[tuple[Place, Any]]) -> object:
    """The value with others at some places, where these still are."""
    found: Any = copy.deepcopy(value)
    for place, replacement in changes:
        parent = found
        for step in place[:-1]:
            parent = parent[step] if _holds(parent, step) else None
        if _holds(parent, place[-1]):
            parent[place[-1]] = replacement
    return found


def _holds(parent: object, step: str | int) -> bool:
    if isinstance(parent, list):
        return isinstance(step, int) and step < len(parent)
    return isinstance(parent, dict) and step in parent


def changes_of(value: object) -> st.SearchStrategy[list[tuple[Place, Any]]]:
    return st.lists(st.tuples(st.sampled_from(places(value)[1:]), ANY), min_size=1, max_size=4)


@pytest.fixture(scope="module")
def setting(tmp_path_factory: pytest.TempPathFactory) -> Setting:
    directory = lay_down(tmp_path_factory.mktemp("repository"), {})
    loaded = load(directory)
    document, _ = read_document(directory / "conformance_packs/remediation/add-layer.yaml", "add-layer.yaml")
    assert document is not None
    return setting_of(loaded, load_rules(directory)[0], {"add-layer": document}, frozenset(), TODAY)


def source_of(value: object) -> Source:
    parsed = parse(json.dumps(value, indent=1).encode(), name="pack.json")
    assert parsed.source is not None
    return parsed.source


def held(setting: Setting, source: Source) -> None:
    """A pack and no error, which can be built; or no pack and an error."""
    pack, problems = read_pack(setting, "pack", source)
    assert (pack is None) == any(problem.severity is Severity.ERROR for problem in problems)
    if pack:
        assert check_limits(setting.loaded, [pack]) == ()
        assert all(json.loads(built.template)["Resources"] for built in build_packs([pack]))


def test_the_pack_that_is_changed_below_is_in_order(setting: Setting) -> None:
    """Else the changes would prove little."""
    pack, problems = read_pack(setting, "pack", source_of(yaml.safe_load(PACK.replace("2027-01-31", '"2027-01-31"'))))
    assert (pack is not None, problems) == (True, [])


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes_of(yaml.safe_load(PACK.replace("2027-01-31", '"2027-01-31"'))))
def test_whatever_is_put_anywhere_in_a_pack(setting: Setting, changes: list[tuple[Place, Any]]) -> None:
    """Every value at every place is answered."""
    held(setting, source_of(changed(yaml.safe_load(PACK.replace("2027-01-31", '"2027-01-31"')), changes)))


@given(value=ANY.filter(lambda value: value is not None))
def test_whatever_the_pack_is(setting: Setting, value: object) -> None:
    """A file that is something else altogether is no exception."""
    held(setting, source_of(value))


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes_of(yaml.safe_load(DOCUMENT + MORE)))
def test_whatever_is_put_anywhere_in_a_document(
    tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[Place, Any]]
) -> None:
    """Every value at every place is answered."""
    path = tmp_path_factory.getbasetemp() / "document.yaml"
    path.write_text(json.dumps(changed(yaml.safe_load(DOCUMENT + MORE), changes)))
    document, problems = read_document(path, "document.yaml")
    assert (document is None) == any(problem.severity is Severity.ERROR for problem in problems)


def test_the_document_that_is_changed_above_is_in_order(tmp_path: Path) -> None:
    """Else the changes would prove little."""
    path = tmp_path / "document.yaml"
    path.write_text(DOCUMENT + MORE)
    document, problems = read_document(path, "document.yaml")
    assert (document is not None, problems) == (True, [])
