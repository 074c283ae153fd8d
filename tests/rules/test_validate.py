"""`orgctl validate` looks at rules, too."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from orgctl.api.validating import TITLES, validate
from orgctl.rules import codes
from tests.functional.small import write
from tests.rules.folders import guard_files, lambda_files, lay, parameters

BROKEN = parameters("LAYERS", SourceEvents="AWS::Lambda::Funtion")


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    write(tmp_path, {})
    lay(tmp_path, "LAYERS", {**lambda_files(), "parameters.json": BROKEN, "fixtures/bare.json": None})
    return tmp_path


def test_rules_are_validated_with_the_manifest(directory: Path) -> None:
    """Their problems stand among the others, by file and line; every code has a title for SARIF."""
    assert [(str(each.position), each.code) for each in validate(directory) if each.code.startswith("R")] == [
        ("config_rules/LAYERS/parameters.json:10:22", codes.RESOURCE_TYPE)
    ]
    assert codes.TITLES.items() <= TITLES.items()


def test_one_rule_alone_can_be_validated(directory: Path) -> None:
    """By the path of its folder; another folder's problems are not said."""
    lay(directory, "OTHER", {**lambda_files("OTHER"), "rule.yaml": None})
    found = validate(directory, [directory / "config_rules/OTHER"])
    assert [each.code for each in found] == [codes.NO_METADATA]


def test_rules_need_no_manifest(directory: Path) -> None:
    """A repository of rules alone, or a pre-commit hook's list of files, is enough."""
    (directory / "organization.yaml").unlink()
    found = validate(directory, [directory / "config_rules"])
    assert [each.code for each in found] == [codes.RESOURCE_TYPE]


def test_fixtures_are_not_taken_for_policies(directory: Path) -> None:
    """An IAM role's configuration item holds a policy document; it is none of ours."""
    item = lambda_files()["fixtures/bare.json"].replace('"layers": []', '"Statement": []')
    lay(directory, "LAYERS", {"parameters.json": parameters("LAYERS"), "fixtures/role.json": item})
    assert validate(directory, [directory / "config_rules"]) == ()


def test_without_guard_its_policies_are_warned_of(tmp_path: Path) -> None:
    """The core does not need cfn-guard: the rest is checked, and it is said how to have it checked, too."""
    lay(tmp_path, "GUARDED", guard_files())
    program = "import sys; sys.modules['guardpycfn'] = None; from orgctl.__main__ import main; main()"
    command = [sys.executable, "-c", program, "-C", str(tmp_path), "validate", str(tmp_path / "config_rules")]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, env={**os.environ, "NO_COLOR": "1"})
    assert ended.returncode == 0
    assert ended.stdout.startswith("config_rules/GUARDED/GUARDED.guard: warning[R145]: the policy is not checked")
    assert "hint: install `orgctl[rules]`" in ended.stdout
