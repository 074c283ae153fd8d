"""Rules' folders for tests: small ones that work, to be broken in one place."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

FUNCTION: dict[str, object] = {
    "version": "1.3",
    "configurationItemCaptureTime": "2026-01-01T00:00:00.000Z",
    "configurationItemStatus": "OK",
    "awsAccountId": "111122223333",
    "resourceType": "AWS::Lambda::Function",
    "resourceId": "orders",
    "awsRegion": "eu-west-1",
    "configuration": {"functionName": "orders", "layers": []},
}

CODE = """from rdklib import ComplianceType, ConfigRule, Evaluation, Evaluator


class {name}(ConfigRule):
    def evaluate_change(self, event, client_factory, configuration_item, valid_rule_parameters):
        if configuration_item["configuration"].get("layers"):
            return [Evaluation(ComplianceType.COMPLIANT)]
        return [Evaluation(ComplianceType.NON_COMPLIANT, annotation="it has no layers")]


def lambda_handler(event, context):
    return Evaluator({name}(), ["AWS::Lambda::Function"]).handle(event, context)
"""

TESTS = """import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from {name} import {name}


class Layers(unittest.TestCase):
    def test_a_function_without_layers(self):
        item = {{"configuration": {{}}}}
        (evaluation,) = {name}().evaluate_change({{}}, None, item, {{}})
        self.assertEqual("NON_COMPLIANT", evaluation.complianceType)
"""

GUARD = """rule layers when resourceType == "AWS::Lambda::Function" {
  configuration.layers !empty <<it has no layers>>
}
"""

GUARD_TESTS = """- name: a function without layers
  input: {resourceType: AWS::Lambda::Function, configuration: {layers: []}}
  expectations: {rules: {layers: FAIL}}
"""


def parameters(name: str, **changed: object) -> str:
    """RDK's `parameters.json`, with some of `Parameters` changed; None takes one out."""
    inner = {
        "RuleName": name,
        "Description": name,
        "SourceRuntime": "python3.13-lib",
        "CodeKey": f"{name}.zip",
        "InputParameters": "{}",
        "OptionalParameters": "{}",
        "SourceEvents": "AWS::Lambda::Function",
        **changed,
    }
    kept = {key: value for key, value in inner.items() if value is not None}
    return json.dumps({"Version": "1.0", "Parameters": kept, "Tags": "[]"}, indent=2) + "\n"


def lambda_files(name: str = "LAYERS") -> dict[str, str]:
    """The files of a rule of Python."""
    return {
        f"{name}.py": CODE.format(name=name),
        f"{name}_test.py": TESTS.format(name=name),
        "parameters.json": parameters(name),
        "rule.yaml": "summary: functions have a layer\n",
        "README.md": f"# {name}\n",
        "fixtures/bare.json": json.dumps(FUNCTION),
    }


def guard_files(name: str = "GUARDED") -> dict[str, str]:
    """The files of a Guard rule."""
    return {
        f"{name}.guard": GUARD,
        f"{name}_tests.yaml": GUARD_TESTS,
        "rule.yaml": "summary: functions have a layer\nresource_types: [AWS::Lambda::Function]\n",
        "README.md": f"# {name}\n",
    }


def lay(directory: Path, name: str, files: Mapping[str, str | None]) -> Path:
    """Write a rule's files below `directory/config_rules/`; those that are None are left out. Returns the folder."""
    folder = directory / "config_rules" / name
    for file, text in files.items():
        if text is not None:
            path = folder / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    return folder
