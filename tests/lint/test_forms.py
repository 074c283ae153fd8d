"""Problems as SARIF and as GitHub's workflow commands: what the readers of both hold to."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft7Validator

from orgctl.api.validating import TITLES, validate
from orgctl.diagnostics import Diagnostic, Position, Severity
from orgctl.views.github import diagnostics_github
from orgctl.views.sarif import diagnostics_sarif
from tests.lint.test_cases import CASES, lay_down

SCHEMA = Draft7Validator(json.loads((Path(__file__).parent / "sarif_schema.json").read_text(encoding="utf-8")))
TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30)
FILES = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20)
DIAGNOSTICS = st.lists(
    st.builds(
        Diagnostic,
        st.sampled_from(sorted(TITLES)),
        TEXT,
        st.builds(Position, FILES, st.integers(0, 999), st.integers(0, 999)),
        st.none() | TEXT,
        st.sampled_from(Severity),
    ),
    max_size=5,
)


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_what_every_check_says_is_sarif_with_titles(path: Path, tmp_path: Path) -> None:
    """Each case fits the standard, and every code in it has a title of its own."""
    root, _ = lay_down(path.read_text(encoding="utf-8"), tmp_path)
    files = [file for file in sorted(root.rglob("*")) if file.is_file()]
    log = json.loads(diagnostics_sarif(validate(root, files), TITLES))
    SCHEMA.validate(log)
    rules = log["runs"][0]["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules if rule["shortDescription"]["text"] == rule["id"]] == []


@given(DIAGNOSTICS)
def test_sarif_fits_its_standard_whatever_the_texts(found: list[Diagnostic]) -> None:
    """Names of files are escaped as in URIs; results point at the rules of their code."""
    log = json.loads(diagnostics_sarif(found, TITLES))
    SCHEMA.validate(log)
    run = log["runs"][0]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert [d.code for d in found] == [rules[result["ruleIndex"]] for result in run["results"]]


@given(DIAGNOSTICS)
def test_an_annotation_is_one_line_that_reads_back(found: list[Diagnostic]) -> None:
    """Whatever is in file names and messages: one line each, and decoding gives what was said."""
    lines = list(diagnostics_github(found))
    assert [(d.severity.value, d.position.file, _said(d)) for d in found] == [_decoded(line) for line in lines]
    assert [line for line in lines if "\n" in line or "\r" in line] == []


def _said(found: Diagnostic) -> str:
    return f"{found.message}\nhint: {found.hint}" if found.hint else found.message


def _decoded(line: str) -> tuple[str, str, str]:
    """Read a command as the runner does: the command up to a space, properties up to `::`, then the message."""
    read = re.fullmatch(r"::(\w+) (.*?)::(.*)", line, re.DOTALL)
    assert read is not None
    properties = dict(pair.split("=", 1) for pair in read[2].split(","))
    file = properties["file"].replace("%3A", ":").replace("%2C", ",")
    return read[1], _plain(file), _plain(read[3])


def _plain(text: str) -> str:
    return text.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%")
