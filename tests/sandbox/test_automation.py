"""Automation documents and what their steps do; remediation by hand and by itself."""

from __future__ import annotations

import json
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
import yaml

from orgctl.sandbox.embedded import Sandbox
from tests.sandbox.configured import APPROVED, recorder, rule, rule_function, said
from tests.sandbox.conftest import client, every, member, refusal
from tests.sandbox.functions import function, role, trust
from tests.sandbox.test_lambda import layer

MANAGEMENT = "111111111111"


def document(*steps: dict[str, Any], **parts: Any) -> str:
    return yaml.safe_dump({"schemaVersion": "0.3", "mainSteps": list(steps), **parts}, sort_keys=False)


def api_step(name: str, service: str, operation: str, outputs: Any = (), **inputs: Any) -> dict[str, Any]:
    found = {"name": name, "action": "aws:executeAwsApi", "inputs": {"Service": service, "Api": operation, **inputs}}
    return {**found, "outputs": list(outputs)}


def script(name: str, code: str, selector: str = "$.Payload", kind: str = "String", **payload: Any) -> dict[str, Any]:
    inputs = {"Runtime": "python3.11", "Handler": "run", "Script": code, "InputPayload": payload}
    outputs = [{"Name": "Out", "Selector": selector, "Type": kind}]
    return {"name": name, "action": "aws:executeScript", "inputs": inputs, "outputs": outputs}


def branch(name: str, *choices: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"name": name, "action": "aws:branch", "inputs": {"Choices": list(choices), **more}}


def create(api: Any, content: str, name: str = "mend", **more: Any) -> None:
    settings = {"DocumentType": "Automation", "DocumentFormat": "YAML", **more}
    api.create_document(Name=name, Content=content, **settings)


def carried_out(sandbox: Sandbox, content: str, account: str | None = None, **parameters: list[str]) -> dict[str, Any]:
    """The execution of a document, when it is over."""
    api = client(sandbox, "ssm", account)
    create(api, content)
    started = api.start_automation_execution(DocumentName="mend", Parameters=parameters)
    assert sandbox.settled()
    found = api.get_automation_execution(AutomationExecutionId=started["AutomationExecutionId"])
    return dict(found["AutomationExecution"])


def went(execution: dict[str, Any]) -> list[tuple[str, str]]:
    return [(step["StepName"], step["StepStatus"]) for step in execution["StepExecutions"]]


ADD = "def run(events, context):\n    return {'sum': events['a'] + events['b'], 'who': events['who']}"


def test_values_go_from_step_to_step(sandbox: Sandbox) -> None:
    """Parameters, outputs and global variables are filled in, whole values with their types."""
    content = document(
        api_step("who", "sts", "GetCallerIdentity", [{"Name": "Account", "Selector": "$.Account", "Type": "String"}]),
        script(
            "add", ADD, "$.Payload.sum", "Integer", a="{{ Number }}", b=2, who="{{ who.Account }} {{ global:REGION }}"
        ),
        branch(
            "choose",
            {"NextStep": "never", "Variable": "{{ add.Out }}", "NumericLesser": 5},
            {"NextStep": "last", "And": [{"Variable": "{{ add.Out }}", "NumericEquals": 5}]},
            Default="never",
        ),
        {"name": "never", "action": "aws:sleep", "inputs": {"Duration": "PT1H"}},
        {"name": "last", "action": "aws:sleep", "inputs": {"Duration": "PT1H"}, "isEnd": True},
        {"name": "after", "action": "aws:sleep", "inputs": {"Duration": "PT1H"}},
        parameters={"Number": {"type": "Integer"}},
        outputs=["add.Out"],
    )
    done = carried_out(sandbox, content, Number=["3"])
    assert went(done) == [(name, "Success") for name in ("who", "add", "choose", "last")]
    assert (done["AutomationExecutionStatus"], done["Outputs"]) == ("Success", {"add.Out": ["5"]})


CHOICES: list[tuple[dict[str, Any], bool]] = [
    ({"Variable": "abc", "StringEquals": "abc"}, True),
    ({"Variable": "abc", "EqualsIgnoreCase": "ABC"}, True),
    ({"Variable": "abc", "StartsWith": "b"}, False),
    ({"Variable": "abc", "EndsWith": "bc"}, True),
    ({"Variable": "abc", "Contains": "x"}, False),
    ({"Variable": True, "BooleanEquals": True}, True),
    ({"Variable": 3, "NumericGreater": 2}, True),
    ({"Variable": 3, "NumericGreaterOrEquals": 4}, False),
    ({"Variable": 3, "NumericLesserOrEquals": 3}, True),
    ({"Not": {"Variable": "a", "StringEquals": "a"}}, False),
    ({"Or": [{"Variable": "a", "StringEquals": "b"}, {"Variable": "a", "StringEquals": "a"}]}, True),
]


@pytest.mark.parametrize(("choice", "expected"), CHOICES)
def test_a_branch_is_taken(sandbox: Sandbox, choice: dict[str, Any], expected: bool) -> None:
    """Each operator decides whether the choice's step is next."""
    content = document(
        branch("choose", {"NextStep": "taken", **choice}, Default="other"),
        {"name": "taken", "action": "aws:sleep", "inputs": {}, "isEnd": True},
        {"name": "other", "action": "aws:sleep", "inputs": {}},
    )
    assert went(carried_out(sandbox, content))[1][0] == ("taken" if expected else "other")


def asserting(value: str, action: str = "aws:assertAwsResourceProperty") -> dict[str, Any]:
    inputs = {"Service": "sts", "Api": "GetCallerIdentity", "PropertySelector": "$.Account", "DesiredValues": [value]}
    return {"name": "check", "action": action, "inputs": inputs}


RAISING = script("fail", "def run(events, context): raise ValueError('no')")
FAILURES: dict[str, tuple[dict[str, Any], str]] = {
    "AWS refuses": (api_step("fail", "lambda", "GetFunction", FunctionName="none"), "ResourceNotFoundException"),
    "there is no such API": (api_step("fail", "lambda", "Explode"), "explode"),
    "the script raises": (RAISING, "ValueError: no"),
    "another language": (
        {**RAISING, "inputs": {**RAISING["inputs"], "Runtime": "PowerShell 7.0"}},
        "Python only",
    ),
    "the property is another": (asserting("222222222222"), "the property is 111111111111"),
    "the property does not become it": (
        asserting("222222222222", "aws:waitForAwsResourceProperty"),
        "did not become",
    ),
    "a selector to nothing": (
        api_step("fail", "sts", "GetCallerIdentity", [{"Name": "X", "Selector": "$.Nothing", "Type": "String"}]),
        "leads to nothing",
    ),
    "a name that there is not": (api_step("fail", "sts", "GetCallerIdentity", X="{{ nothing.X }}"), "nothing.X"),
    "an action that the sandbox lacks": (
        {"name": "fail", "action": "aws:approve", "inputs": {}},
        "no action aws:approve",
    ),
    "a choice without an operator": (branch("fail", {"NextStep": "fail", "Variable": "a"}), "no operator"),
    "a branch to nowhere": (branch("fail", Default="nowhere"), "no step nowhere"),
    "a circle": (branch("fail", Default="fail"), "more than 200 steps"),
}


@pytest.mark.parametrize("case", FAILURES)
def test_a_step_that_fails(sandbox: Sandbox, case: str) -> None:
    """The execution fails, and says why."""
    step, why = FAILURES[case]
    done = carried_out(sandbox, document(step))
    assert (done["AutomationExecutionStatus"], why in done["FailureMessage"]) == ("Failed", True), done[
        "FailureMessage"
    ]


def test_a_failure_can_be_passed_over(sandbox: Sandbox) -> None:
    """By going on, or by going on with another step."""
    going_on = {**RAISING, "onFailure": "Continue"}
    elsewhere = {**RAISING, "name": "second", "onFailure": "step:last"}
    content = document(going_on, elsewhere, asserting("1"), {"name": "last", "action": "aws:sleep", "inputs": {}})
    done = carried_out(sandbox, content)
    assert went(done) == [("fail", "Failed"), ("second", "Failed"), ("last", "Success")]
    assert done["AutomationExecutionStatus"] == "Success"


def test_a_document_acts_as_the_role_it_assumes(sandbox: Sandbox) -> None:
    """Which has to trust Systems Manager, and may do what its policies allow."""
    sandbox.configure(enforce_iam=True)
    iam = client(sandbox, "iam")
    made = [
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust(f"{service}.amazonaws.com"))["Role"]["Arn"]
        for name, service in (("mender", "ssm"), ("other", "lambda"))
    ]
    content = document(
        api_step("who", "sts", "GetCallerIdentity", [{"Name": "Arn", "Selector": "$.Arn", "Type": "String"}]),
        api_step("list", "lambda", "ListFunctions"),
        assumeRole="{{ AutomationAssumeRole }}",
        parameters={"AutomationAssumeRole": {"type": "String"}},
    )
    done = carried_out(sandbox, content, AutomationAssumeRole=[made[0]])
    assert (went(done), "lambda:ListFunctions" in done["FailureMessage"]) == (
        [("who", "Success"), ("list", "Failed")],
        True,
    )
    assert (
        f":assumed-role/mender/Automation-{done['AutomationExecutionId']}"
        in done["StepExecutions"][0]["Outputs"]["Arn"][0]
    )
    api = client(sandbox, "ssm")
    api.start_automation_execution(DocumentName="mend", Parameters={"AutomationAssumeRole": [made[1]]})
    assert sandbox.settled()
    newest = api.describe_automation_executions()["AutomationExecutionMetadataList"][0]
    assert "cannot be assumed by Systems Manager" in newest["FailureMessage"]


def test_documents_have_versions_and_are_shared(sandbox: Sandbox, organizations: Any) -> None:
    """The default stays until it is moved; another account sees a shared document by its ARN."""
    api, account = client(sandbox, "ssm"), member(organizations, "one")
    first, second = document(asserting("1")), document(asserting("2"))
    create(api, first, Tags=[{"Key": "orgctl:managed", "Value": "true"}])
    assert (
        api.update_document(Name="mend", Content=second, DocumentVersion="$LATEST")["DocumentDescription"][
            "LatestVersion"
        ]
        == "2"
    )
    assert api.get_document(Name="mend")["Content"] == first
    api.update_document_default_version(Name="mend", DocumentVersion="2")
    assert json.loads(api.get_document(Name="mend", DocumentFormat="JSON")["Content"]) == yaml.safe_load(second)
    arn, theirs = f"arn:aws:ssm:us-east-1:{MANAGEMENT}:document/mend", client(sandbox, "ssm", account)
    assert refusal(lambda: theirs.get_document(Name=arn)) == ("InvalidDocument", None)
    api.modify_document_permission(Name="mend", PermissionType="Share", AccountIdsToAdd=[account])
    assert theirs.get_document(Name=arn)["Content"] == second
    shared = api.describe_document_permission(Name="mend", PermissionType="Share")
    assert shared["AccountIds"] == [account]
    assert refusal(lambda: api.delete_document(Name="mend")) == ("InvalidDocumentOperation", None)
    api.modify_document_permission(Name="mend", PermissionType="Share", AccountIdsToRemove=[account])
    filters = [{"Key": "Owner", "Values": ["Self"]}, {"Key": "DocumentType", "Values": ["Automation"]}]
    assert [found["Name"] for found in api.list_documents(Filters=filters)["DocumentIdentifiers"]] == ["mend"]
    api.delete_document(Name="mend")
    assert api.list_documents()["DocumentIdentifiers"] == []


def test_tags_of_a_document(sandbox: Sandbox) -> None:
    """They are added, listed, filtered by, and taken away."""
    api, resource = client(sandbox, "ssm"), {"ResourceType": "Document", "ResourceId": "mend"}
    create(api, document(asserting("1")))
    api.add_tags_to_resource(**resource, Tags=[{"Key": "owner", "Value": "a"}])
    assert api.list_tags_for_resource(**resource)["TagList"] == [{"Key": "owner", "Value": "a"}]
    by_tag = [{"Key": "tag:owner", "Values": ["a"]}]
    assert [found["Name"] for found in api.list_documents(Filters=by_tag)["DocumentIdentifiers"]] == ["mend"]
    api.remove_tags_from_resource(**resource, TagKeys=["owner"])
    assert api.list_documents(Filters=by_tag)["DocumentIdentifiers"] == []


@pytest.fixture
def scene(sandbox: Sandbox) -> SimpleNamespace:
    """A function without the layer, found by a rule; a document that adds it, kept in a table of remediations."""
    recorder(sandbox)
    lambdas, config, ssm = (client(sandbox, service) for service in ("lambda", "config", "ssm"))
    function(lambdas, role(sandbox), "shop")
    layer(lambdas)
    config.put_config_rule(
        ConfigRule=rule(
            rule_function(sandbox), Scope={"ComplianceResourceTypes": [KIND], "ComplianceResourceId": "shop"}
        )
    )
    made = client(sandbox, "iam").create_role(RoleName="mender", AssumeRolePolicyDocument=trust("ssm.amazonaws.com"))
    step = api_step("add", "lambda", "UpdateFunctionConfiguration", FunctionName="{{ Name }}", Layers=["{{ Layer }}"])
    create(
        ssm,
        document(
            step,
            parameters={
                "Name": {"type": "String"},
                "Layer": {"type": "String"},
                "AutomationAssumeRole": {"type": "String"},
            },
            assumeRole="{{ AutomationAssumeRole }}",
        ),
    )
    return SimpleNamespace(config=config, ssm=ssm, role=made["Role"]["Arn"], lambdas=lambdas)


KIND = "AWS::Lambda::Function"
RULE = {"ConfigRuleName": "layer-required"}
KEY = {"ResourceType": KIND, "ResourceId": "shop"}


def remediation(
    scene: SimpleNamespace, *, automatic: bool = True, layer_arn: str = f"{APPROVED}:1", **more: Any
) -> None:
    values = {
        "Name": {"ResourceValue": {"Value": "RESOURCE_ID"}},
        "Layer": {"StaticValue": {"Values": [layer_arn]}},
        "AutomationAssumeRole": {"StaticValue": {"Values": [scene.role]}},
    }
    tries = {"MaximumAutomaticAttempts": 2, "RetryAttemptSeconds": 60} if automatic else {}
    given = {**RULE, "TargetType": "SSM_DOCUMENT", "TargetId": "mend", "Parameters": values, "Automatic": automatic}
    scene.config.put_remediation_configurations(RemediationConfigurations=[{**given, **tries, **more}])


def executions(scene: SimpleNamespace) -> list[str]:
    found = every(scene.config, "describe_remediation_execution_status", "RemediationExecutionStatuses", **RULE)
    return [status["State"] for status in found]


def test_a_resource_is_mended_by_itself(sandbox: Sandbox, scene: SimpleNamespace) -> None:
    """As soon as the rule says NON_COMPLIANT, if that is automatic."""
    assert said(sandbox, "layer-required") == {"shop": "NON_COMPLIANT"}
    remediation(scene)
    scene.config.start_config_rules_evaluation(ConfigRuleNames=["layer-required"])
    assert said(sandbox, "layer-required") == {"shop": "COMPLIANT"}
    assert executions(scene) == ["SUCCEEDED"]
    scene.config.delete_remediation_configuration(**RULE)
    assert (
        scene.config.describe_remediation_configurations(ConfigRuleNames=["layer-required"])[
            "RemediationConfigurations"
        ]
        == []
    )


def test_an_exception_leaves_a_resource_alone(sandbox: Sandbox, scene: SimpleNamespace) -> None:
    """Until it expires; by hand it is mended all the same."""
    assert said(sandbox, "layer-required") == {"shop": "NON_COMPLIANT"}
    remediation(scene)
    expires = sandbox.front.clock.now() + 3600
    scene.config.put_remediation_exceptions(**RULE, ResourceKeys=[KEY], Message="waived", ExpirationTime=expires)
    scene.config.start_config_rules_evaluation(ConfigRuleNames=["layer-required"])
    assert (said(sandbox, "layer-required"), executions(scene)) == ({"shop": "NON_COMPLIANT"}, [])
    sandbox.configure(empty_page_every=0)
    (found,) = scene.config.describe_remediation_exceptions(**RULE)["RemediationExceptions"]
    assert (found["ResourceId"], found["Message"]) == ("shop", "waived")
    sandbox.advance(3601)
    assert scene.config.describe_remediation_exceptions(**RULE)["RemediationExceptions"] == []
    scene.config.start_config_rules_evaluation(ConfigRuleNames=["layer-required"])
    assert said(sandbox, "layer-required") == {"shop": "COMPLIANT"}


def test_automatic_remediation_gives_up(sandbox: Sandbox, scene: SimpleNamespace) -> None:
    """After as many attempts as it has; the last failure shows."""
    remediation(scene, layer_arn=f"{APPROVED}:9")
    for _ in range(4):
        scene.config.start_config_rules_evaluation(ConfigRuleNames=["layer-required"])
        assert said(sandbox, "layer-required") == {"shop": "NON_COMPLIANT"}
    assert executions(scene) == ["FAILED"]
    assert len(scene.ssm.describe_automation_executions()["AutomationExecutionMetadataList"]) == 2


def test_what_cannot_be_started_is_told(sandbox: Sandbox, scene: SimpleNamespace) -> None:
    """A document that there is not fails the item, not the call."""
    remediation(scene, automatic=False, TargetId="none")
    key = {"resourceType": KIND, "resourceId": "shop"}
    answer = scene.config.start_remediation_execution(**RULE, ResourceKeys=[key])
    assert answer["FailedItems"] == [key]
    assert "AutomationDefinitionNotFoundException" in answer["FailureMessage"]


REFUSALS: dict[str, tuple[Callable[[SimpleNamespace], object], str]] = {
    "a document of commands": (
        lambda s: create(s.ssm, document(asserting("1")), "another", DocumentType="Command"),
        "InvalidDocumentContent",
    ),
    "a document twice": (lambda s: create(s.ssm, document(asserting("1"))), "DocumentAlreadyExists"),
    "no document": (lambda s: create(s.ssm, "[", "another"), "InvalidDocumentContent"),
    "another schema": (
        lambda s: create(s.ssm, document(asserting("1"), schemaVersion="2.2"), "another"),
        "InvalidDocumentContent",
    ),
    "no steps": (lambda s: create(s.ssm, document(), "another"), "InvalidDocumentContent"),
    "two steps of a name": (
        lambda s: create(s.ssm, document(asserting("1"), asserting("2")), "another"),
        "InvalidDocumentContent",
    ),
    "an action of no name": (
        lambda s: create(s.ssm, document({"name": "a", "action": "aws:explode"}), "another"),
        "InvalidDocumentContent",
    ),
    "a next step that there is not": (
        lambda s: create(s.ssm, document({**asserting("1"), "nextStep": "none"}), "another"),
        "InvalidDocumentContent",
    ),
    "a document of 65 KB": (
        lambda s: create(s.ssm, document(asserting("1"), description="x" * 65_536), "another"),
        "MaxDocumentSizeExceeded",
    ),
    "the same content again": (
        lambda s: s.ssm.update_document(Name="mend", Content=s.ssm.get_document(Name="mend")["Content"]),
        "DuplicateDocumentContent",
    ),
    "an update of an older version": (
        lambda s: s.ssm.update_document(Name="mend", Content=document(asserting("1")), DocumentVersion="7"),
        "InvalidDocumentVersion",
    ),
    "a default that there is not": (
        lambda s: s.ssm.update_document_default_version(Name="mend", DocumentVersion="7"),
        "InvalidDocumentVersion",
    ),
    "an unknown document": (lambda s: s.ssm.get_document(Name="none"), "InvalidDocument"),
    "tags of nothing": (
        lambda s: s.ssm.list_tags_for_resource(ResourceType="Document", ResourceId="none"),
        "InvalidResourceId",
    ),
    "tags of something else": (
        lambda s: s.ssm.list_tags_for_resource(ResourceType="Parameter", ResourceId="mend"),
        "InvalidResourceType",
    ),
    "an execution of nothing": (
        lambda s: s.ssm.start_automation_execution(DocumentName="none"),
        "AutomationDefinitionNotFoundException",
    ),
    "an execution of another version": (
        lambda s: s.ssm.start_automation_execution(DocumentName="mend", DocumentVersion="7"),
        "AutomationDefinitionVersionNotFoundException",
    ),
    "an execution without its parameters": (
        lambda s: s.ssm.start_automation_execution(DocumentName="mend"),
        "InvalidAutomationExecutionParametersException",
    ),
    "an execution with other parameters": (
        lambda s: s.ssm.start_automation_execution(DocumentName="mend", Parameters={"Other": ["x"]}),
        "InvalidAutomationExecutionParametersException",
    ),
    "an unknown execution": (
        lambda s: s.ssm.get_automation_execution(AutomationExecutionId="0" * 36),
        "AutomationExecutionNotFoundException",
    ),
    "a remediation of no rule": (
        lambda s: remediation(s, ConfigRuleName="none"),
        "InvalidParameterValueException",
    ),
    "an automatic one without a number of attempts": (
        lambda s: remediation(s, automatic=False, Automatic=True),
        "InvalidParameterValueException",
    ),
    "an automatic one without a role": (
        lambda s: remediation(s, Parameters={}),
        "InvalidParameterValueException",
    ),
    "an execution without a remediation": (
        lambda s: s.config.start_remediation_execution(
            **RULE, ResourceKeys=[{"resourceType": KIND, "resourceId": "shop"}]
        ),
        "NoSuchRemediationConfigurationException",
    ),
    "an exception without a remediation": (
        lambda s: s.config.put_remediation_exceptions(**RULE, ResourceKeys=[KEY]),
        "InvalidParameterValueException",
    ),
    "an exception that there is not": (
        lambda s: s.config.delete_remediation_exceptions(**RULE, ResourceKeys=[KEY]),
        "NoSuchRemediationExceptionException",
    ),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_refused_as_aws_does(sandbox: Sandbox, scene: SimpleNamespace, case: str) -> None:
    """Each of these is refused with AWS's exception."""
    call, expected = REFUSALS[case]
    assert expected == refusal(lambda: call(scene))[0]
    assert sandbox.settled()
