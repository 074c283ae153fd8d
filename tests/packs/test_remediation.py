"""The remediation documents, carried out in the sandbox with the permissions that they say they need and no others."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from orgctl.packs.documents import load_documents
from orgctl.sandbox.embedded import Sandbox
from tests.sandbox.configured import recorder
from tests.sandbox.conftest import client, no_metadata, sandbox
from tests.sandbox.functions import function, role, trust
from tests.sandbox.test_lambda import layer

__all__ = ["no_metadata", "sandbox"]

DOCUMENTS = load_documents(Path(__file__).parents[2]).found
MANAGEMENT = "111111111111"
MENDER = f"arn:aws:iam::{MANAGEMENT}:role/mender"
ADD_LAYER = ("lambda:GetFunctionConfiguration", "lambda:UpdateFunctionConfiguration", "lambda:GetLayerVersion")
NOTIFY = ("config:GetResourceConfigHistory", "sns:Publish")


def mender(sandbox: Sandbox, actions: Sequence[str]) -> None:
    """A role that Systems Manager may assume, with these permissions; permissions count from here on."""
    iam = client(sandbox, "iam")
    iam.create_role(RoleName="mender", AssumeRolePolicyDocument=trust("ssm.amazonaws.com"))
    statement = {"Effect": "Allow", "Action": list(actions), "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    iam.put_role_policy(RoleName="mender", PolicyName="mend", PolicyDocument=document)
    sandbox.configure(enforce_iam=True)


def carried_out(sandbox: Sandbox, name: str, **parameters: str) -> tuple[str, list[str], str]:
    """The document's status when it is over, the steps that succeeded, and the message of its failure."""
    api = client(sandbox, "ssm")
    api.create_document(Name=name, Content=DOCUMENTS[name].content, DocumentType="Automation", DocumentFormat="JSON")
    given = {"AutomationAssumeRole": [MENDER], **{key: [value] for key, value in parameters.items()}}
    started = api.start_automation_execution(DocumentName=name, Parameters=given)
    assert sandbox.settled()
    done = api.get_automation_execution(AutomationExecutionId=started["AutomationExecutionId"])["AutomationExecution"]
    steps = [step["StepName"] for step in done["StepExecutions"] if step["StepStatus"] == "Success"]
    return done["AutomationExecutionStatus"], steps, done.get("FailureMessage", "")


def layers_of(api: Any, name: str = "orders") -> list[str]:
    return [each["Arn"] for each in api.get_function_configuration(FunctionName=name).get("Layers", ())]


def anywhere(arn: str) -> str:
    """The layer's ARN as a pack writes it: of whichever region the function is in."""
    return arn.replace("arn:aws:", "arn:${partition}:").replace("us-east-1", "${region}")


@pytest.mark.slow
def test_the_layer_is_added_behind_the_others(sandbox: Sandbox) -> None:
    """All that the function has besides stays as it is."""
    api = client(sandbox, "lambda")
    other, wanted = layer(api, "other"), layer(api, "wanted")
    function(api, role(sandbox), "orders", Layers=[other], MemorySize=512, Environment={"Variables": {"STAGE": "prod"}})
    mender(sandbox, ADD_LAYER)
    done = carried_out(sandbox, "orgctl-add-lambda-layer", FunctionName="orders", LayerVersionArn=anywhere(wanted))
    assert done == ("Success", ["waitForOthers", "chooseLayers", "isThere", "addLayer", "waitForUpdate"], "")
    assert layers_of(api) == [other, wanted]
    found = api.get_function_configuration(FunctionName="orders")
    assert (found["MemorySize"], found["Environment"]["Variables"]) == (512, {"STAGE": "prod"})


@pytest.mark.slow
def test_an_older_version_is_replaced_where_it_stands(sandbox: Sandbox) -> None:
    """The tenth version is newer than the ninth, and layers go over each other in their order."""
    api = client(sandbox, "lambda")
    versions = [layer(api, "wanted") for _ in range(10)]
    other = layer(api, "other")
    function(api, role(sandbox), "orders", Layers=[versions[8], other])
    mender(sandbox, ADD_LAYER)
    status, _, _ = carried_out(sandbox, "orgctl-add-lambda-layer", FunctionName="orders", LayerVersionArn=versions[9])
    assert (status, layers_of(api)) == ("Success", [versions[9], other])


@pytest.mark.slow
def test_a_function_that_has_it_is_not_touched(sandbox: Sandbox) -> None:
    """A newer version will do; nothing is updated."""
    api = client(sandbox, "lambda")
    older, newer = layer(api, "wanted"), layer(api, "wanted")
    function(api, role(sandbox), "orders", Layers=[newer])
    before = api.get_function_configuration(FunctionName="orders")["RevisionId"]
    mender(sandbox, ADD_LAYER)
    done = carried_out(sandbox, "orgctl-add-lambda-layer", FunctionName="orders", LayerVersionArn=older)
    assert done == ("Success", ["waitForOthers", "chooseLayers", "isThere", "waitForUpdate"], "")
    assert api.get_function_configuration(FunctionName="orders")["RevisionId"] == before


@pytest.mark.slow
def test_a_sixth_layer_is_refused_with_the_reason(sandbox: Sandbox) -> None:
    """AWS takes five; which of them is to go is for people to say."""
    api = client(sandbox, "lambda")
    five = [layer(api, f"layer{number}") for number in range(5)]
    wanted = layer(api, "wanted")
    function(api, role(sandbox), "orders", Layers=five)
    mender(sandbox, ADD_LAYER)
    status, steps, failure = carried_out(
        sandbox, "orgctl-add-lambda-layer", FunctionName="orders", LayerVersionArn=wanted
    )
    assert (status, steps, layers_of(api)) == ("Failed", ["waitForOthers"], five)
    assert "orders has 5 layers already; take one out first" in failure


@pytest.mark.slow
def test_the_owner_is_told(sandbox: Sandbox) -> None:
    """By the tag that names them: in the text, and as an attribute that subscriptions can be filtered by."""
    recorder(sandbox)
    api = client(sandbox, "lambda")
    arn = function(api, role(sandbox), "orders", Tags={"Owner": "shop-team"})
    messages = subscribed(sandbox, "owners")
    assert sandbox.settled()
    mender(sandbox, NOTIFY)
    status, steps, failure = notify(sandbox, "orders")
    assert (status, steps, failure) == ("Success", ["describe", "publish"], "")
    (message,) = messages()
    assert message["Subject"] == "LAMBDA_LAYER_REQUIRED: orders"
    assert message["MessageAttributes"]["owner"]["Value"] == "shop-team"
    lines = message["Message"].splitlines()
    assert lines[0] == f"AWS::Lambda::Function {arn} does not comply with the rule LAMBDA_LAYER_REQUIRED."
    assert f"account: {MANAGEMENT}" in lines
    assert "owner: shop-team" in lines


@pytest.mark.slow
def test_a_resource_of_nobody_is_told_of_too(sandbox: Sandbox) -> None:
    """One without the tag, or that AWS Config does not know."""
    recorder(sandbox)
    messages = subscribed(sandbox, "owners")
    mender(sandbox, NOTIFY)
    assert notify(sandbox, "gone")[0] == "Success"
    (message,) = messages()
    assert message["MessageAttributes"]["owner"]["Value"] == "unknown"


def notify(sandbox: Sandbox, resource: str) -> tuple[str, list[str], str]:
    return carried_out(
        sandbox,
        "orgctl-notify-owner",
        ResourceId=resource,
        ResourceType="AWS::Lambda::Function",
        RuleName="LAMBDA_LAYER_REQUIRED",
        TopicArn=f"arn:${{partition}}:sns:${{region}}:{MANAGEMENT}:owners",
    )


def subscribed(sandbox: Sandbox, topic: str) -> Any:
    """A topic with a queue that gets its messages; returns what reads them."""
    sns, sqs = client(sandbox, "sns"), client(sandbox, "sqs")
    arn = sns.create_topic(Name=topic)["TopicArn"]
    url = sqs.create_queue(QueueName=topic)["QueueUrl"]
    queue = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    sns.subscribe(TopicArn=arn, Protocol="sqs", Endpoint=queue)
    return lambda: [json.loads(each["Body"]) for each in sqs.receive_message(QueueUrl=url).get("Messages", ())]
