"""A small governance repository for packs.

    /               management
    /Security       audit, which administers AWS Config in eu-west-1 and us-east-1 (global resources in the first)
    /Workloads      shop, data, and old, which is closed
    /Sandbox        playground

Rules: LAYERS (a function of ours; changes), ROLES (changes of IAM and time: one region), TRAIL (time; once in the
organization), GUARDED (a Guard policy), BROKEN. Document: add-layer.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from tests.rules.folders import guard_files, lambda_files, parameters

TODAY = date(2026, 11, 23)

ORGANIZATION = """\
version: 1
organization:
  management_account: "111111111111"
  home_region: eu-west-1
  regions: [eu-west-1, us-east-1]
  trusted_access: [config.amazonaws.com, config-multiaccountsetup.amazonaws.com]
  delegated_administrators: {config.amazonaws.com: [audit], config-multiaccountsetup.amazonaws.com: [audit]}
parameters: {layers: [a, b], layer: c}
root:
  accounts:
    management: {id: "111111111111"}
  units:
    Security: {accounts: {audit: {id: "222222222222"}}}
    Workloads:
      accounts:
        shop: {id: "333333333333"}
        data: {email: data@example.com}
        old: {id: "444444444444", state: closed}
    Sandbox: {accounts: {playground: {id: "555555555555"}}}
config: {administrator: audit, packs: [pack]}
"""

DOCUMENT = """\
schemaVersion: "0.3"
parameters:
  AutomationAssumeRole: {type: "AWS::IAM::Role::Arn", default: ""}
  FunctionName: {type: String}
  Layer: {type: String, default: ""}
mainSteps:
  - name: addLayer
    action: aws:executeAwsApi
    inputs: {Service: lambda, Api: UpdateFunctionConfiguration, FunctionName: "{{ FunctionName }}"}
"""


def files() -> dict[str, str]:
    """Every file, by its name; the pack is a small one."""
    inputs = {"InputParameters": '{"Approved": "", "Kind": "any"}', "OptionalParameters": '{"Oldest": ""}'}
    types = {"SourceEvents": "AWS::IAM::Role,AWS::IAM::User", "SourcePeriodic": "Six_Hours"}
    rules = {
        "LAYERS": {**lambda_files("LAYERS"), "parameters.json": parameters("LAYERS", **inputs)},
        "ROLES": {**lambda_files("ROLES"), "parameters.json": parameters("ROLES", **types)},
        "TRAIL": {
            **lambda_files("TRAIL"),
            "parameters.json": parameters("TRAIL", SourceEvents=None, SourcePeriodic="One_Hour"),
        },
        "GUARDED": guard_files("GUARDED"),
        "BROKEN": {"parameters.json": parameters("BROKEN")},
    }
    rules["ROLES"]["rule.yaml"] = "summary: Roles are bounded.\nscope: global\n"
    rules["TRAIL"]["rule.yaml"] = "summary: The trail is on.\norganization: true\n"
    for name in ("ROLES", "TRAIL"):
        rules[name] = {file: text for file, text in rules[name].items() if not file.startswith("fixtures")}
    named = {f"config_rules/{rule}/{file}": text for rule, found in rules.items() for file, text in found.items()}
    return {
        "organization.yaml": ORGANIZATION,
        "conformance_packs/pack.yaml": "rules: [{managed: LAMBDA_DLQ_CHECK}]\n",
        "conformance_packs/remediation/add-layer.yaml": DOCUMENT,
        **named,
    }


def lay_down(directory: Path, changed: Mapping[str, str]) -> Path:
    """Write the repository with some files of its own; returns `directory`."""
    for name, text in {**files(), **changed}.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return directory
