"""JSON output about rules, packs and policy tests has the fields that the reference tells of, and no others."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from docs.pages.policy_test_json import REPORT
from docs.pages.rules_json import BUILT, CHECKED, INVOKED, PACKS, RULES, TESTS, WRITTEN
from tests.cli.test_command_line import orgctl
from tests.docs.test_reference import paths
from tests.functional.conftest import REPOSITORY, copy_example

HERE = {"AWS_REGION": "eu-west-1"}
RULE = "LAMBDA_LAYER_REQUIRED"
TEMPLATE = "Resources: {F: {Type: AWS::Lambda::Function, Properties: {Runtime: python3.13}}}\n"
WAIVER = """
waivers:
  - {rule: LAMBDA_DLQ_CHECK, account: shop-dev, resource: "x*", owner: shop, reason: none, expires: 2098-12-31}
"""
FAILING = """\
version: 1
cases:
  - {name: anybody may, action: "cloudhsm:CreateCluster", expect: ALLOWED}
"""


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example, with a waiver and a template."""
    folder = tmp_path_factory.mktemp("example")
    copy_example(folder)
    with (folder / "conformance_packs/serverless-governance.yaml").open("a") as pack:
        pack.write(WAIVER)
    (folder / "template.yaml").write_text(TEMPLATE)
    return folder


SAID: tuple[tuple[tuple[str, ...], Mapping[str, str]], ...] = (
    (("rules", "list"), RULES),
    (("rules", "test", RULE), TESTS),
    (("rules", "invoke", RULE, "--event", f"{REPOSITORY}/config_rules/{RULE}/fixtures/without_layers.json"), INVOKED),
    (("rules", "build", RULE), BUILT),
    (("rules", "check", "{example}/template.yaml"), CHECKED),
    (("packs", "list"), PACKS),
    (("packs", "build"), WRITTEN),
)


def differences(value: Any, fields: Mapping[str, str]) -> tuple[set[str], set[str]]:
    """The fields that are not told of, and those that are but are not there."""
    found = set(paths(value, fields))
    return found - set(fields), set(fields) - found


@pytest.mark.parametrize(("arguments", "fields"), SAID, ids=[" ".join(arguments[:2]) for arguments, _ in SAID])
def test_json_of_rules_and_packs(example: Path, arguments: tuple[str, ...], fields: Mapping[str, str]) -> None:
    """Every field of real output is told of, and every field that is told of is there."""
    given = [argument.format(example=example) for argument in arguments]
    said = orgctl(example, *given, "--format", "json", environment=HERE)
    assert differences(json.loads(said.stdout), fields) == (set(), set())


def test_json_of_policy_tests(example: Path, tmp_path: Path) -> None:
    """The same of tests that fail, and do not notice everything."""
    copy = tmp_path / "copy"
    shutil.copytree(example, copy)
    for name in ("deny-cloudhsm", "region-lock"):
        (copy / f"policies/scp/{name}.test.yaml").write_text(FAILING)
    said = orgctl(copy, "test", "--coverage", "--mutate", "--format", "json", environment=HERE)
    assert differences(json.loads(said.stdout), REPORT) == (set(), set())
