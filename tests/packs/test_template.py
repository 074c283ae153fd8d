"""What becomes of a pack: its template, in each region."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from orgctl.api.packs import packs_of
from orgctl.manifest import load
from orgctl.model.limits import QUOTAS
from orgctl.packs.building import build_packs
from orgctl.packs.built import BuiltPack
from tests.packs.repository import TODAY, lay_down

FUNCTION = "arn:${AWS::Partition}:lambda:${AWS::Region}:${AdministratorAccountId}:function:orgctl-rule-"
CHANGES = [
    {"EventSource": "aws.config", "MessageType": "ConfigurationItemChangeNotification"},
    {"EventSource": "aws.config", "MessageType": "OversizedConfigurationItemChangeNotification"},
]


def built(directory: Path, pack: str, **files: str) -> dict[str, BuiltPack]:
    """The pack in each of its regions. It has no problem but warnings."""
    packs, _ = packs_of(load(lay_down(directory, {"conformance_packs/pack.yaml": pack, **files})), TODAY)
    return {each.region: each for each in build_packs(packs)}


def resources(directory: Path, rules: str, region: str = "eu-west-1") -> dict[str, Any]:
    """The template's resources in a region."""
    found: dict[str, Any] = json.loads(built(directory, f"rules:\n{rules}")[region].template)["Resources"]
    return found


def test_a_custom_rule_of_changes_calls_its_function_in_the_administrators_account(tmp_path: Path) -> None:
    """Oversized items trigger it too, and it is told the role by which it looks at the account."""
    rule = resources(tmp_path, '  - rule: LAYERS\n    parameters: {Approved: [x, "@{parameters.layers}"]}')["Layers"]
    assert rule == {
        "Type": "AWS::Config::ConfigRule",
        "Properties": {
            "ConfigRuleName": "layers",
            "Description": "functions have a layer",
            "Scope": {"ComplianceResourceTypes": ["AWS::Lambda::Function"]},
            "Source": {
                "Owner": "CUSTOM_LAMBDA",
                "SourceIdentifier": {"Fn::Sub": f"{FUNCTION}LAYERS"},
                "SourceDetails": CHANGES,
            },
            "InputParameters": {"Approved": "x,a,b", "ExecutionRoleName": "orgctl-config-evaluation", "Kind": "any"},
        },
    }


def test_a_rule_keeps_both_its_triggers(tmp_path: Path) -> None:
    """Changes and time, the time as the pack has it, and only the types that the pack asks for."""
    text = "  - rule: ROLES\n    frequency: One_Hour\n    resource_types: [AWS::IAM::Role]"
    properties = resources(tmp_path, text)["Roles"]["Properties"]
    scheduled = {"EventSource": "aws.config", "MessageType": "ScheduledNotification"}
    assert [*CHANGES, {**scheduled, "MaximumExecutionFrequency": "One_Hour"}] == properties["Source"]["SourceDetails"]
    assert properties["Scope"] == {"ComplianceResourceTypes": ["AWS::IAM::Role"]}


def test_a_guard_rule_is_in_the_template_itself(tmp_path: Path) -> None:
    """It needs no function, so the template has no parameter."""
    pack = built(tmp_path, "rules: [{rule: GUARDED}]")["eu-west-1"]
    template = json.loads(pack.template)
    source = template["Resources"]["Guarded"]["Properties"]["Source"]
    assert (source["Owner"], source["CustomPolicyDetails"]["PolicyRuntime"]) == ("CUSTOM_POLICY", "guard-2.x.x")
    assert source["CustomPolicyDetails"]["PolicyText"].startswith("rule layers when")
    assert (list(template), pack.functions) == (["Resources"], ())


def test_a_managed_rule_is_as_short_as_can_be(tmp_path: Path) -> None:
    """What AWS knows by itself (triggers, types, defaults) is not said."""
    text = """  - managed: ACCESS_KEYS_ROTATED
    name: keys
    parameters: {maxAccessKeyAge: 90}
    frequency: Six_Hours"""
    assert resources(tmp_path, text)["Keys"]["Properties"] == {
        "ConfigRuleName": "keys",
        "Source": {"Owner": "AWS", "SourceIdentifier": "ACCESS_KEYS_ROTATED"},
        "InputParameters": {"maxAccessKeyAge": "90"},
        "MaximumExecutionFrequency": "Six_Hours",
    }


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("[a, b]", "a,b"),
        ("[]", ""),
        ("true", "true"),
        ("1.5", "1.5"),
        ('"007"', "007"),
        ('"@{parameters.layers}"', "a,b"),
        ('"x-@{parameters.layer}"', "x-c"),
        ('"@{accounts.shop}"', "333333333333"),
        ('"@{accounts.data}"', "@{accounts.data}"),
        ('"${partition}"', "${partition}"),
    ],
)
def test_parameters_are_text(value: str, expected: str, tmp_path: Path) -> None:
    """Lists are joined by commas; ids that AWS has yet to give stay placeholders, as do the rule's own."""
    text = f"  - rule: LAYERS\n    parameters: {{Approved: {value}}}"
    assert expected == resources(tmp_path, text)["Layers"]["Properties"]["InputParameters"]["Approved"]


def test_rules_on_global_resources_are_in_one_region(tmp_path: Path) -> None:
    """In the region for global resources, whether the rule is ours or AWS's, and wherever else only if asked for."""
    text = """rules:
  - rule: ROLES
  - managed: IAM_USER_NO_POLICIES_CHECK
  - managed: LAMBDA_DLQ_CHECK
  - managed: VPC_FLOW_LOGS_ENABLED
    scope: global
  - managed: ROOT_ACCOUNT_MFA_ENABLED
    regions: [us-east-1]
"""
    found = {region: list(json.loads(pack.template)["Resources"]) for region, pack in built(tmp_path, text).items()}
    assert found == {
        "eu-west-1": ["Roles", "IamUserNoPoliciesCheck", "LambdaDlqCheck", "VpcFlowLogsEnabled"],
        "us-east-1": ["LambdaDlqCheck", "RootAccountMfaEnabled"],
    }


def test_a_region_without_rules_has_no_pack(tmp_path: Path) -> None:
    """AWS refuses an empty template."""
    assert list(built(tmp_path, "rules: [{rule: ROLES}]")) == ["eu-west-1"]


def test_a_rule_on_the_organization_runs_in_the_management_account_alone(tmp_path: Path) -> None:
    """The template is the same everywhere; a condition on the account's id decides."""
    packs = built(tmp_path, "rules: [{rule: TRAIL}, {managed: LAMBDA_DLQ_CHECK}]")
    template = json.loads(packs["eu-west-1"].template)
    ((name, condition),) = template["Conditions"].items()
    assert condition == {"Fn::Equals": [{"Ref": "AWS::AccountId"}, {"Ref": "ManagementAccountId"}]}
    assert template["Parameters"]["ManagementAccountId"]["Default"] == "111111111111"
    conditions = {key: resource.get("Condition") for key, resource in template["Resources"].items()}
    assert conditions == {"Trail": name, "LambdaDlqCheck": None}
    assert list(json.loads(packs["us-east-1"].template)["Resources"]) == ["LambdaDlqCheck"]


def test_a_remediation_of_ours_is_found_in_the_administrators_account(tmp_path: Path) -> None:
    """By ARN, since it is shared; the resource's id is a value of AWS Config's own; nobody is told to start it."""
    text = """  - rule: LAYERS
    parameters: {Approved: a}
    remediation: {document: add-layer, parameters: {FunctionName: RESOURCE_ID, Layer: "@{parameters.layer}"}}"""
    assert resources(tmp_path, text)["LayersRemediation"] == {
        "Type": "AWS::Config::RemediationConfiguration",
        "DependsOn": "Layers",
        "Properties": {
            "ConfigRuleName": "layers",
            "TargetType": "SSM_DOCUMENT",
            "TargetId": {
                "Fn::Sub": "arn:${AWS::Partition}:ssm:${AWS::Region}:${AdministratorAccountId}:document/add-layer"
            },
            "Parameters": {
                "FunctionName": {"ResourceValue": {"Value": "RESOURCE_ID"}},
                "Layer": {"StaticValue": {"Values": ["c"]}},
            },
            "Automatic": False,
            "ResourceType": "AWS::Lambda::Function",
        },
    }


def test_an_automatic_remediation_says_with_which_role_and_how_often(tmp_path: Path) -> None:
    """AWS's own documents are called by name; the role is the account's own."""
    text = """  - managed: S3_BUCKET_PUBLIC_READ_PROHIBITED
    remediation: {document: AWS-DisableS3BucketPublicReadWrite, automatic: true, role: service/mender, attempts: 3}"""
    properties = resources(tmp_path, text)["S3BucketPublicReadProhibitedRemediation"]["Properties"]
    assert (properties["TargetId"], properties["Automatic"]) == ("AWS-DisableS3BucketPublicReadWrite", True)
    assert (properties["MaximumAutomaticAttempts"], properties["RetryAttemptSeconds"]) == (3, 60)
    role = {"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/service/mender"}
    assert {"AutomationAssumeRole": {"StaticValue": {"Values": [role]}}} == properties["Parameters"]


def test_names_that_look_alike_have_logical_ids_of_their_own(tmp_path: Path) -> None:
    """CloudFormation's ids are letters and digits; names may differ in hyphens alone, or look like a remediation."""
    names = ("a-b", "a_b", "aB", "A-b2", "remediation")
    text = "".join(f"  - managed: LAMBDA_DLQ_CHECK\n    name: {name}\n" for name in names)
    assert list(resources(tmp_path, text)) == ["AB", "AB2", "AB3", "AB22", "RemediationRule"]


@pytest.mark.parametrize(
    ("text", "excluded"),
    [
        ("", []),
        ('targets: ["ou:/Workloads"]', ["management", "audit", "playground"]),
        ("targets: [shop, audit]", ["management", "data", "playground"]),
        ('exclude: ["ou:/Sandbox", management]', ["management", "playground"]),
        ('targets: ["ou:/"]\nexclude: [shop]', ["shop"]),
    ],
)
def test_whoever_is_no_target_is_excluded(text: str, excluded: list[str], tmp_path: Path) -> None:
    """AWS knows excluded accounts only. Closed accounts are left alone."""
    pack = built(tmp_path, f"{text}\nrules: [{{managed: LAMBDA_DLQ_CHECK}}]")["eu-west-1"]
    assert excluded == list(pack.excluded)


def test_templates_are_the_same_bytes_each_time_and_have_no_account_ids(tmp_path: Path) -> None:
    """Their hashes stand in plans and tags."""
    text = """rules:
  - rule: LAYERS
    parameters: {Kind: b, Approved: a}
    remediation: {document: add-layer, parameters: {FunctionName: RESOURCE_ID}}
"""
    one, other = (built(tmp_path / name, text)["eu-west-1"].template for name in ("one", "other"))
    assert one == other
    assert not any(account in one for account in ("111111111111", "222222222222", "333333333333"))
    assert len(json.loads(one)["Parameters"]) <= 60


def test_every_limit_is_a_quota() -> None:
    """What the checks look up is there, and can be overridden."""
    names = {"packs", "pack_rules", "rules_in_packs", "pack_excluded_accounts", "pack_inline_size"}
    assert names | {"pack_template_size", "rule_parameters_size"} <= set(QUOTAS)
