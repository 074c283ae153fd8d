"""From a pack of the organization to a function that is mended: everything that AWS does in between really happens."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from orgctl.rules.building import build
from orgctl.rules.catalog import load_rules
from orgctl.sandbox.embedded import Sandbox
from tests.sandbox.configured import recorder
from tests.sandbox.conftest import client, every, member, root_of
from tests.sandbox.functions import function, role
from tests.sandbox.packed import administrator, custom_rule, deployed, put, template
from tests.sandbox.test_aggregators import NAME, aggregator
from tests.sandbox.test_lambda import layer

NAMED = "LAMBDA_LAYER_REQUIRED"
ROOT = Path(__file__).parents[2]
PARTS = "arn:aws:iam::{}:role/{}"

DOCUMENT = """
schemaVersion: "0.3"
description: Add a layer to a function, and keep the layers that it has.
assumeRole: "{{ AutomationAssumeRole }}"
parameters:
  FunctionName: {type: String}
  Layer: {type: String}
  AutomationAssumeRole: {type: String}
mainSteps:
  - name: look
    action: aws:executeAwsApi
    inputs: {Service: lambda, Api: GetFunctionConfiguration, FunctionName: "{{ FunctionName }}"}
    outputs:
      - {Name: Layers, Selector: "$.Layers[*].Arn", Type: StringList}
  - name: join
    action: aws:executeScript
    inputs:
      Runtime: python3.11
      Handler: joined
      Script: |
        def joined(events, context):
            return [*events["Layers"], events["Layer"]]
      InputPayload: {Layers: "{{ look.Layers }}", Layer: "{{ Layer }}"}
    outputs:
      - {Name: Layers, Selector: $.Payload, Type: StringList}
  - name: change
    action: aws:executeAwsApi
    inputs:
      Service: lambda
      Api: UpdateFunctionConfiguration
      FunctionName: "{{ FunctionName }}"
      Layers: "{{ join.Layers }}"
  - name: check
    action: aws:assertAwsResourceProperty
    isEnd: true
    inputs:
      Service: lambda
      Api: GetFunctionConfiguration
      FunctionName: "{{ FunctionName }}"
      PropertySelector: $.Layers[-1].Arn
      DesiredValues: ["{{ Layer }}"]
"""


def allowing(*actions: str, resource: str = "*") -> str:
    statement = {"Effect": "Allow", "Action": list(actions), "Resource": resource}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def trusting(who: dict[str, str]) -> str:
    statement = {"Effect": "Allow", "Principal": who, "Action": "sts:AssumeRole"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def rule_function(sandbox: Sandbox, account: str) -> None:
    """The shipped rule's function, built as it is deployed, with a role that may enter the evaluation role only."""
    rules, problems = load_rules(ROOT)
    rule = next(found for found in rules if found.name == NAMED)
    assert [problem for problem in problems if NAMED in str(problem)] == []
    iam, api = client(sandbox, "iam", account), client(sandbox, "lambda", account)
    iam.create_role(RoleName="rules", AssumeRolePolicyDocument=trusting({"Service": "lambda.amazonaws.com"}))
    document = allowing("sts:AssumeRole", resource="arn:aws:iam::*:role/evaluation")
    iam.put_role_policy(RoleName="rules", PolicyName="enter", PolicyDocument=document)
    made = function(
        api,
        PARTS.format(account, "rules"),
        "rule",
        Code={"ZipFile": build(rule)},
        Handler=f"{NAMED}.lambda_handler",
        Timeout=60,
    )
    condition = {"StringEquals": {"aws:SourceOrgID": sandbox.organization.id}}
    service = {"Effect": "Allow", "Principal": {"Service": "config.amazonaws.com"}, "Condition": condition}
    statement = {**service, "Action": "lambda:InvokeFunction", "Resource": made}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    api.put_resource_policy(ResourceArn=made, Policy=policy)


def evaluation_role(sandbox: Sandbox, administrator_account: str) -> None:
    """A StackSet that brings the evaluation role, which trusts the function's role, into every member."""
    api = client(sandbox, "cloudformation")
    api.activate_organizations_access()
    properties = {
        "RoleName": "evaluation",
        "AssumeRolePolicyDocument": json.loads(trusting({"AWS": PARTS.format(administrator_account, "rules")})),
        "Policies": [{"PolicyName": "evaluate", "PolicyDocument": json.loads(allowing("config:PutEvaluations"))}],
    }
    body = json.dumps({"Resources": {"Role": {"Type": "AWS::IAM::Role", "Properties": properties}}})
    api.create_stack_set(
        StackSetName="evaluation",
        TemplateBody=body,
        PermissionModel="SERVICE_MANAGED",
        Capabilities=["CAPABILITY_NAMED_IAM"],
        AutoDeployment={"Enabled": True, "RetainStacksOnAccountRemoval": False},
    )
    begun = api.create_stack_instances(
        StackSetName="evaluation",
        DeploymentTargets={"OrganizationalUnitIds": [root_of(sandbox)]},
        Regions=["us-east-1"],
    )
    status = "RUNNING"
    while status == "RUNNING":
        found = api.describe_stack_set_operation(StackSetName="evaluation", OperationId=begun["OperationId"])
        status = found["StackSetOperation"]["Status"]
    assert status == "SUCCEEDED"


def compliance(sandbox: Sandbox, api: Any) -> list[tuple[str, str]]:
    """What the aggregator says of each account, once everything is settled."""
    assert sandbox.settled()
    found = every(api, "describe_aggregate_compliance_by_config_rules", "AggregateComplianceByConfigRules", **NAME)
    return [(rule["AccountId"], rule["Compliance"]["ComplianceType"]) for rule in found]


@pytest.mark.slow
def test_a_function_without_a_layer_is_found_and_mended(sandbox: Sandbox, organizations: Any) -> None:
    """A pack comes into a member, its rule runs in the administrator's function, the aggregator says NON_COMPLIANT; the
    remediation adds the layer and keeps the other one, and then it says COMPLIANT."""
    sandbox.configure(enforce_iam=True)
    audit, shop = administrator(organizations), member(organizations, "shop")
    for account in (audit, shop):
        recorder(sandbox, account)
    rule_function(sandbox, audit)
    evaluation_role(sandbox, audit)
    api = aggregator(sandbox, audit)
    theirs, lambdas = client(sandbox, "config", shop), client(sandbox, "lambda", shop)
    own, approved = layer(lambdas, "own"), layer(lambdas, "approved")
    target = function(lambdas, role(sandbox, shop), "shop", Layers=[own])

    documents = client(sandbox, "ssm", audit)
    documents.create_document(Name="add-layer", Content=DOCUMENT, DocumentType="Automation", DocumentFormat="YAML")
    documents.modify_document_permission(Name="add-layer", PermissionType="Share", AccountIdsToAdd=[shop])
    iam = client(sandbox, "iam", shop)
    iam.create_role(RoleName="mender", AssumeRolePolicyDocument=trusting({"Service": "ssm.amazonaws.com"}))
    actions = ("lambda:GetFunctionConfiguration", "lambda:UpdateFunctionConfiguration")
    iam.put_role_policy(RoleName="mender", PolicyName="mend", PolicyDocument=allowing(*actions, resource=target))

    wanted = approved.rsplit(":", 1)[0]
    rule = custom_rule(ApprovedLayers=f"{wanted}:1", ExecutionRoleName="evaluation")
    values = {
        "FunctionName": {"ResourceValue": {"Value": "RESOURCE_ID"}},
        "Layer": {"StaticValue": {"Values": [approved]}},
        "AutomationAssumeRole": {
            "StaticValue": {"Values": [{"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/mender"}]}
        },
    }
    remediation = {
        "ConfigRuleName": "layer-required",
        "TargetType": "SSM_DOCUMENT",
        "TargetId": f"arn:aws:ssm:us-east-1:{audit}:document/add-layer",
        "Parameters": values,
    }
    mend = {"Mend": {"Type": "AWS::Config::RemediationConfiguration", "Properties": remediation}}
    put(
        api,
        "serverless",
        template(rule, Resources=mend),
        ExcludedAccounts=["111111111111", audit],
        ConformancePackInputParameters=[{"ParameterName": "AdministratorAccountId", "ParameterValue": audit}],
    )
    assert deployed(api, "serverless") == {shop: "CREATE_SUCCESSFUL"}
    assert compliance(sandbox, api) == [(shop, "NON_COMPLIANT")]

    (name,) = (rule["ConfigRuleName"] for rule in every(theirs, "describe_config_rules", "ConfigRules"))
    key = {"resourceType": "AWS::Lambda::Function", "resourceId": "shop"}
    assert "FailedItems" not in theirs.start_remediation_execution(ConfigRuleName=name, ResourceKeys=[key])
    assert compliance(sandbox, api) == [(shop, "COMPLIANT")]
    (status,) = every(
        theirs, "describe_remediation_execution_status", "RemediationExecutionStatuses", ConfigRuleName=name
    )
    steps = [(step["Name"], step["State"]) for step in status["StepDetails"]]
    assert (status["State"], steps) == (
        "SUCCEEDED",
        [(step, "SUCCEEDED") for step in ("look", "join", "change", "check")],
    )
    layers = lambdas.get_function_configuration(FunctionName="shop")["Layers"]
    assert [found["Arn"] for found in layers] == [own, approved]
