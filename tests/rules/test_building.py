"""Zips of rules: what is in them, and that nothing else decides about their bytes."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orgctl.errors import InvalidInputError
from orgctl.rules.building import build, contents, packed, sha256
from orgctl.rules.catalog import load_rules
from tests.rules.folders import CODE, guard_files, lambda_files, lay

FRAME = {
    "organization_rule/__init__.py": "",
    "organization_rule/arn.py": "from organization_rule import words\n",
    "organization_rule/words.py": "import re\n",
    "organization_rule/unused.py": "import json\n",
    "organization_rule/words_test.py": "import unittest\n",
}


def built(directory: Path, **files: str) -> bytes:
    """The zip of the one rule of a directory, with more files in its folder."""
    lay(directory, "LAYERS", {**lambda_files(), **{name.replace("__", "."): text for name, text in files.items()}})
    rules, problems = load_rules(directory)
    assert problems == ()
    return build(rules[0])


def names(data: bytes) -> list[str]:
    return zipfile.ZipFile(io.BytesIO(data)).namelist()


def test_a_zip_holds_the_rule_and_the_library_and_nothing_else(tmp_path: Path) -> None:
    """Tests, fixtures, the page and RDK's file stay out; rdklib's licence comes along."""
    parts = {name.partition("/")[0].partition("-")[0] for name in names(built(tmp_path))}
    assert parts == {"LAYERS.py", "rdklib"}
    assert [name for name in names(built(tmp_path)) if name.endswith(("LICENSE", "NOTICE"))]


def test_only_the_part_of_the_shared_package_that_is_imported_goes_along(tmp_path: Path) -> None:
    """Imports are followed from module to module; what nobody imports stays behind."""
    for path, text in FRAME.items():
        lay(tmp_path, "organization_rule", {path.partition("/")[2]: text})
    code = "from organization_rule.arn import words\n" + CODE.format(name="LAYERS")
    found = [name for name in names(built(tmp_path, LAYERS__py=code)) if name.startswith("organization_rule")]
    assert found == ["organization_rule/__init__.py", "organization_rule/arn.py", "organization_rule/words.py"]


def test_a_module_beside_the_rule_goes_along(tmp_path: Path) -> None:
    """A rule may be split into modules of its own folder."""
    code = "import reasons\n" + CODE.format(name="LAYERS")
    assert "reasons.py" in names(built(tmp_path, LAYERS__py=code, reasons__py="WHY = 'no layers'\n"))


def test_an_import_that_leads_nowhere_is_said_with_its_line(tmp_path: Path) -> None:
    """What would fail in Lambda fails when it is built, wherever in the package it stands."""
    lay(tmp_path, "organization_rule", {"__init__.py": "import os\nimport requests\n"})
    lay(tmp_path, "LAYERS", {**lambda_files(), "LAYERS.py": "import organization_rule\n" + CODE.format(name="LAYERS")})
    (rule,) = load_rules(tmp_path)[0]
    with pytest.raises(InvalidInputError) as caught:
        build(rule)
    assert [str(problem.position) for problem in caught.value.diagnostics] == [
        "config_rules/organization_rule/__init__.py:2:1"
    ]


def test_a_guard_policy_has_no_zip(tmp_path: Path) -> None:
    """AWS Config evaluates it itself."""
    lay(tmp_path, "GUARDED", guard_files())
    (rule,) = load_rules(tmp_path)[0]
    with pytest.raises(InvalidInputError, match="nothing to build"):
        build(rule)


def test_the_zip_runs_where_there_is_nothing_else(tmp_path: Path) -> None:
    """Unpacked into an empty folder and with boto3 at hand, the handler can be imported: nothing is missing."""
    zipfile.ZipFile(io.BytesIO(built(tmp_path))).extractall(tmp_path / "task")
    code = "import sys; sys.path.insert(0, '.'); import LAYERS, rdklib; print(rdklib.__file__, LAYERS.lambda_handler)"
    ended = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path / "task", capture_output=True, text=True, timeout=60, check=True
    )
    assert ended.stdout.startswith(str(tmp_path / "task"))


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_two_checkouts_give_the_same_bytes(tmp_path: Path, newline: str) -> None:
    """Another place, another umask, other times and git's line ends make no difference."""
    before = os.umask(0o022)
    one = built(tmp_path / "one")
    os.umask(0o077)
    try:
        folder = lay(tmp_path / "two", "LAYERS", dict(reversed(lambda_files().items())))
    finally:
        os.umask(before)
    for path in folder.rglob("*.py"):
        path.write_bytes(path.read_bytes().replace(b"\n", newline.encode()))
        os.utime(path, (1_000_000_000, 1_000_000_000))
    (rule,) = load_rules(tmp_path / "two")[0]
    assert sha256(one) == sha256(build(rule))


@given(st.data())
def test_the_order_of_files_makes_no_difference(data: st.DataObject) -> None:
    """Whatever order a file system lists them in, the zip is the same, and holds just what was put in."""
    letters = st.text("abc_/.", min_size=1, max_size=8).filter(lambda name: not name.endswith("/"))
    files = data.draw(st.dictionaries(letters, st.binary(max_size=64), max_size=6))
    shuffled = dict(data.draw(st.permutations(list(files.items()))))
    archive = zipfile.ZipFile(io.BytesIO(packed(shuffled)))
    assert packed(files) == packed(shuffled)
    assert files == {name: archive.read(name) for name in archive.namelist()}


def test_modes_and_times_are_fixed(tmp_path: Path) -> None:
    """Every file can be read by the user that Lambda runs functions as, and bears one date."""
    entries = zipfile.ZipFile(io.BytesIO(built(tmp_path))).infolist()
    assert {(entry.external_attr >> 16, entry.date_time) for entry in entries} == {(0o100644, (1980, 1, 1, 0, 0, 0))}


def test_a_zip_is_small(tmp_path: Path) -> None:
    """A rule of a few lines stays below 20 kB; more than half of it is rdklib."""
    data = built(tmp_path)
    (rule,) = load_rules(tmp_path)[0]
    assert len(data) < 20_000 < sum(map(len, contents(rule).values()))
