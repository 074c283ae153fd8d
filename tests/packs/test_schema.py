"""The published JSON Schema of packs says what the program says."""

from __future__ import annotations

import json
import re
from pathlib import Path

import jsonschema
import pytest
import yaml
from pydantic import ValidationError

from orgctl.packs.jsonschema import FILE, write
from orgctl.packs.schema import PackFile
from orgctl.source import read

TOP = Path(__file__).parents[2]
VALIDATOR = jsonschema.Draft202012Validator(json.loads((TOP / FILE).read_text(encoding="utf-8")))
PACKS = sorted((TOP / "conformance_packs").glob("*.yaml"))


def accepted(value: object) -> bool:
    try:
        PackFile.model_validate(value)
    except ValidationError:
        return False
    return True


def test_the_published_schema_is_the_generated_one(tmp_path: Path) -> None:
    """Whoever changes a model runs `python -m orgctl.packs.jsonschema` too."""
    write(tmp_path)
    assert (TOP / FILE).read_text(encoding="utf-8") == (tmp_path / FILE).read_text(encoding="utf-8")


@pytest.mark.parametrize("path", PACKS, ids=lambda path: path.stem)
def test_shipped_packs_name_their_schema_and_keep_to_it(path: Path) -> None:
    """Editors find the schema by the first line."""
    named = re.match(r"# yaml-language-server: \$schema=(\S+)\n", path.read_text(encoding="utf-8"))
    assert named is not None
    assert (path.parent / named[1]).resolve() == TOP / FILE
    assert VALIDATOR.is_valid(read(path).value)


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        ("rules: [{managed: A}]", True),
        ("rules: [{rule: A, parameters: {a: [1, b, true]}}]", True),
        ("rules: [{rule: A, remediation: {document: d, attempts: 25}}]", True),
        ("rules: [{rule: A, resource_types: ['AWS::::Account']}]", True),
        ("waivers: [{rule: A, owner: a, reason: b, expires: '2027-01-31'}]", True),
        ("rules: [{managed: a-b}]", False),
        ("rules: [{rule: A, parameters: {a: {b: c}}}]", False),
        ("rules: [{rule: A, remediation: {document: d, attempts: 26}}]", False),
        ("rules: [{rule: A, resource_types: []}]", False),
        ("rules: [{rule: A, frequency: Daily}]", False),
        ("rules: A", False),
        ("targets: []", False),
        ("waivers: [{rule: A, owner: a, reason: b, expires: soon}]", False),
        ("waivers: [{rule: A, owner: a, reason: '', expires: '2027-01-31'}]", False),
        ("version: 1", False),
    ],
)
def test_schema_and_program_agree(text: str, valid: bool) -> None:
    """What an editor underlines is what `orgctl validate` refuses, and the other way round."""
    value = yaml.safe_load(text)
    assert (valid, valid) == (VALIDATOR.is_valid(value), accepted(value))
