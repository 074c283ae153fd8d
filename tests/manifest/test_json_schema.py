"""The published JSON Schemas say what the program says."""

from __future__ import annotations

import copy
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from test_repair import ANY, PLACES, VALID

from orgctl.manifest.jsonschema import SCHEMAS, schema_text, write
from orgctl.manifest.schema import Manifest, Part
from orgctl.source import Place, read

TOP = Path(__file__).parents[2]
VALIDATORS = {model: jsonschema.Draft202012Validator(yaml.safe_load(schema_text(model))) for model in (Manifest, Part)}
GOOD_ORGANIZATION = 'organization: {management_account: "111111111111", home_region: eu-west-1, regions: [eu-west-1]}'


def verdicts(value: object, model: type[Manifest] | type[Part]) -> tuple[bool, bool]:
    """Whether the JSON Schema takes the value, and whether the program does."""
    try:
        model.model_validate(value)
    except ValidationError:
        return VALIDATORS[model].is_valid(value), False
    return VALIDATORS[model].is_valid(value), True


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_published_schema_is_the_generated_one(name: str, tmp_path: Path) -> None:
    """Whoever changes a model runs `python -m orgctl.manifest.jsonschema` too."""
    write(tmp_path)
    assert (TOP / name).read_text(encoding="utf-8") == (tmp_path / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("model", VALIDATORS, ids=lambda model: model.__name__)
def test_the_schema_is_one(model: type[Manifest] | type[Part]) -> None:
    """It keeps to the dialect that it names."""
    jsonschema.Draft202012Validator.check_schema(VALIDATORS[model].schema)


def test_the_example_names_its_schema_and_keeps_to_it() -> None:
    """Editors find the schema by the manifest's first line."""
    path = TOP / "organization.yaml"
    named = re.match(r"# yaml-language-server: \$schema=(\S+)\n", path.read_text(encoding="utf-8"))
    assert named is not None
    assert (path.parent / named[1]).resolve() == TOP / "organization.schema.json"
    assert verdicts(read(path).value, Manifest) == (True, True)


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        ("root: {}", True),
        ("root: {units: {A: {units: {B: {accounts: {c: {email: c@example.com}}}}}}}", True),
        ("root: {accounts: {a: {contacts: {security: null}}}}", True),
        ("root: {tags: {a: ''}}", True),
        ("root: {}\nparameters: {a: b, c: [d]}", True),
        ("root: {}\nlimits: {rates: {x: {per_second: 1, burst: 1.5}}}", True),
        ("root: {}\nmoved: [{from: a, to: b}]", True),
        ("", False),
        ("root: null", False),
        ("root: {}\nextra: 1", False),
        ("root: {units: {A: null}}", False),
        ("root: {accounts: {a: {id: 111111111111}}}", False),
        ("root: {accounts: {a: {id: '11111111111'}}}", False),
        ("root: {accounts: {a: {email: nobody}}}", False),
        ("root: {accounts: {a: {state: open}}}", False),
        ("root: {accounts: {a: {name: ''}}}", False),
        ("root: {accounts: {'': {}}}", False),
        ("root: {policies: [x]}", False),
        ("root: {policies: scp/x}", False),
        ("root: {full_aws_access: 'no'}", False),
        ("root: {tags: {a: 5}}", False),
        ("root: {tags: {'': x}}", False),
        ("root: {}\nparameters: {a: []}", False),
        ("root: {}\nparameters: {'a b': c}", False),
        ("root: {}\nparameters: {a: 5}", False),
        ("root: {}\nmoved: [{from_: a, to: b}]", False),
        ("root: {}\nlimits: {quotas: {ous: -1}}", False),
        ("root: {}\nlimits: {rates: {x: {per_second: 0, burst: 1}}}", False),
        ("root: {}\ntrail: {name: x, bucket: {name: abc, account: a}}", False),
        ("root: {}\nlock: {bucket: A_B}", False),
    ],
)
def test_schema_and_program_agree(text: str, valid: bool) -> None:
    """What an editor underlines is what `orgctl validate` refuses, and the other way round."""
    value = yaml.safe_load(f"version: 1\n{GOOD_ORGANIZATION}\n{text}")
    assert (valid, valid) == verdicts(value, Manifest)


@pytest.mark.parametrize(
    ("text", "valid"),
    [("{}", True), ("accounts: {a: {}}", True), ("policies: []", False), ("units: []", False), ("include: [5]", False)],
)
def test_they_agree_on_included_files_too(text: str, valid: bool) -> None:
    """Included files have a schema of their own."""
    assert (valid, valid) == verdicts(yaml.safe_load(text), Part)


@settings(max_examples=200)
@given(st.sampled_from(PLACES[1:]), ANY)
def test_they_agree_on_whatever_is_put_anywhere(place: Place, replacement: object) -> None:
    """A valid manifest with one value replaced by another is good or bad for both."""
    value: Any = copy.deepcopy(yaml.safe_load(VALID))
    parent = value
    for step in place[:-1]:
        parent = parent[step]
    parent[place[-1]] = replacement
    schema, program = verdicts(value, Manifest)
    assert schema == program
