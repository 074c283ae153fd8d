"""Lambda's control plane, and functions that run."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from orgctl.sandbox.embedded import Sandbox, running
from orgctl.sandbox.settings import Delay, Delays
from tests.sandbox.conftest import assumed, client, member, refusal
from tests.sandbox.functions import function, role, trust, zipped

PROFILE = "arn:aws:signer:us-east-1:111111111111:/signing-profiles/release/abcdefghij"
SIGNED = zipped(main="x = 1", **{"META-INF/aws_signer_signature_v1.0.SF": ""})
ECHO = "def handler(event, context):\n    print('seen', event)\n    return {'got': event}"
SLOW = "def handler(event, context):\n    while True: pass"


def invoked(api: Any, name: str = "one", event: Any = None, **more: Any) -> tuple[Any, str | None]:
    answer = api.invoke(FunctionName=name, Payload=json.dumps(event).encode(), **more)
    return json.loads(answer["Payload"].read()), answer.get("FunctionError")


def layer(api: Any, name: str = "approved", **more: Any) -> str:
    content = {"ZipFile": zipped(**{"python/thing": "x = 1"})}
    return str(api.publish_layer_version(LayerName=name, Content=content, **more)["LayerVersionArn"])


def signing(api: Any, policy: str = "Enforce") -> str:
    made = api.create_code_signing_config(
        AllowedPublishers={"SigningProfileVersionArns": [PROFILE]},
        CodeSigningPolicies={"UntrustedArtifactOnDeployment": policy},
    )
    return str(made["CodeSigningConfig"]["CodeSigningConfigArn"])


def test_a_function_lives(sandbox: Sandbox) -> None:
    """It is made, read with its layers, tags and concurrency, changed, listed and deleted."""
    api = client(sandbox, "lambda")
    arn = function(api, role(sandbox), Tags={"owner": "a"})
    first = layer(api)
    api.update_function_configuration(FunctionName="one", Layers=[first], Environment={"Variables": {"KEY": "v"}})
    api.put_function_concurrency(FunctionName=arn, ReservedConcurrentExecutions=0)
    api.tag_resource(Resource=arn, Tags={"env": "prod"})
    api.untag_resource(Resource=arn, TagKeys=["owner"])
    found = api.get_function(FunctionName="one")
    assert (found["Tags"], found["Concurrency"]) == ({"env": "prod"}, {"ReservedConcurrentExecutions": 0})
    assert [used["Arn"] for used in found["Configuration"]["Layers"]] == [first]
    assert (found["Configuration"]["State"], found["Configuration"]["Timeout"]) == ("Active", 3)
    assert [item["FunctionName"] for item in api.list_functions()["Functions"]] == ["one"]
    api.delete_function_concurrency(FunctionName="one")
    assert "ReservedConcurrentExecutions" not in api.get_function_concurrency(FunctionName="one")
    api.delete_function(FunctionName="one")
    assert api.list_functions()["Functions"] == []


def test_layers_have_versions(sandbox: Sandbox) -> None:
    """Numbers go up and are not used again; a version is found by number and by ARN."""
    api = client(sandbox, "lambda")
    first, second = layer(api), layer(api, Description="two")
    assert (first[-2:], second[-2:]) == (":1", ":2")
    assert api.get_layer_version_by_arn(Arn=second)["Description"] == "two"
    api.delete_layer_version(LayerName="approved", VersionNumber=2)
    assert layer(api)[-2:] == ":3"
    assert [found["Version"] for found in api.list_layer_versions(LayerName="approved")["LayerVersions"]] == [3, 1]
    assert api.list_layers()["Layers"][0]["LatestMatchingVersion"]["Version"] == 3


def test_a_layer_of_another_account_has_to_be_shared(sandbox: Sandbox, organizations: Any) -> None:
    """With the organization, for instance; a member uses it then."""
    account, api = member(organizations, "one"), client(sandbox, "lambda")
    theirs, arn, shared = client(sandbox, "lambda", account), role(sandbox, account), layer(api)
    assert refusal(lambda: function(theirs, arn, Layers=[shared]))[0] == "InvalidParameterValueException"
    api.add_layer_version_permission(
        LayerName="approved",
        VersionNumber=1,
        StatementId="org",
        Action="lambda:GetLayerVersion",
        Principal="*",
        OrganizationId=sandbox.organization.id,
    )
    assert function(theirs, arn, Layers=[shared]).endswith(":function:one")


def test_code_signing_is_enforced(sandbox: Sandbox) -> None:
    """Unsigned code is refused under Enforce, taken under Warn; attaching a configuration looks at no code."""
    api, arn = client(sandbox, "lambda"), role(sandbox)
    function(api, arn)
    assert "CodeSigningConfigArn" not in api.get_function_code_signing_config(FunctionName="one")
    enforce = signing(api)
    api.put_function_code_signing_config(FunctionName="one", CodeSigningConfigArn=enforce)
    assert api.get_function_code_signing_config(FunctionName="one")["CodeSigningConfigArn"] == enforce
    unsigned = zipped(main="x = 2")
    refused = refusal(lambda: api.update_function_code(FunctionName="one", ZipFile=unsigned))
    assert refused == ("CodeVerificationFailedException", None)
    assert api.update_function_code(FunctionName="one", ZipFile=SIGNED)["SigningProfileVersionArn"] == PROFILE
    function(api, arn, "two", CodeSigningConfigArn=signing(api, "Warn"))
    assert api.list_functions_by_code_signing_config(CodeSigningConfigArn=enforce)["FunctionArns"]
    assert (
        refusal(lambda: api.delete_code_signing_config(CodeSigningConfigArn=enforce))[0] == "ResourceConflictException"
    )


def test_a_function_takes_its_time() -> None:
    """With a delay it is Pending first, and a change meanwhile is a conflict."""
    with running(delays=Delays(function=Delay(2))) as sandbox:
        api = client(sandbox, "lambda")
        function(api, role(sandbox))
        change = refusal(lambda: api.update_function_configuration(FunctionName="one", Timeout=9))
        states = [api.get_function(FunctionName="one")["Configuration"]["State"] for _ in range(2)]
        changed = api.update_function_configuration(FunctionName="one", Timeout=9)
    assert (change[0], states) == ("ResourceConflictException", ["Pending", "Active"])
    assert (changed["State"], changed["LastUpdateStatus"]) == ("Active", "InProgress")


def test_code_can_come_from_s3(sandbox: Sandbox) -> None:
    """Bucket and key name it; what is not there is refused."""
    s3, api = client(sandbox, "s3"), client(sandbox, "lambda")
    s3.create_bucket(Bucket="code")
    s3.put_object(Bucket="code", Key="one.zip", Body=zipped(main=ECHO))
    arn = role(sandbox)
    function(api, arn, Code={"S3Bucket": "code", "S3Key": "one.zip"})
    assert invoked(api, event=1) == ({"got": 1}, None)
    assert refusal(lambda: function(api, arn, "two", Code={"S3Bucket": "code", "S3Key": "two.zip"}))[0] == (
        "InvalidParameterValueException"
    )


def test_a_function_runs_in_a_process(sandbox: Sandbox) -> None:
    """It gets the event, and what it prints is in its log and the tail of it."""
    api = client(sandbox, "lambda")
    arn = function(api, role(sandbox), code=ECHO)
    assert invoked(api, event={"a": 1}) == ({"got": {"a": 1}}, None)
    answer = api.invoke(FunctionName="one", Payload=b"2", LogType="Tail")
    assert base64.b64decode(answer["LogResult"]).decode() == "seen 2\n"
    assert sandbox.logs(arn) == ["seen {'a': 1}", "seen 2"]


FAILURES: dict[str, tuple[str, dict[str, Any], str]] = {
    "raises": ("def handler(event, context): raise ValueError('no')", {}, "ValueError"),
    "cannot be imported": ("import nowhere", {}, "ModuleNotFoundError"),
    "has no such function": ("x = 1", {}, "AttributeError"),
    "ends its process": ("import os\ndef handler(event, context): os._exit(3)", {}, "Runtime.ExitError"),
    "takes too long": (SLOW, {"Timeout": 1}, "Sandbox.Timedout"),
}


@pytest.mark.parametrize("case", FAILURES)
def test_a_function_that_fails(sandbox: Sandbox, case: str) -> None:
    """The error comes back as Lambda tells it, and the next event finds a process again."""
    code, changes, expected = FAILURES[case]
    api = client(sandbox, "lambda")
    function(api, role(sandbox), code=code, **changes)
    results = [invoked(api) for _ in range(2)]
    assert [(body["errorType"], told) for body, told in results] == [(expected, "Unhandled")] * 2


CALLER = """
import boto3
def handler(event, context):
    sts = boto3.client("sts", **event)
    return sts.get_caller_identity()["Arn"]
"""


@pytest.mark.parametrize("endpoint", [None, "https://sts.us-east-1.amazonaws.com"])
def test_a_function_calls_aws_as_its_role(endpoint: str | None) -> None:
    """Its AWS is the sandbox, also where the code names one of AWS's hosts; signatures hold."""
    with running(enforce_iam=True) as sandbox:
        api = client(sandbox, "lambda")
        function(api, role(sandbox), code=CALLER, Timeout=20)
        event = {"endpoint_url": endpoint} if endpoint else {}
        assert invoked(api, event=event) == ("arn:aws:sts::111111111111:assumed-role/functions/one", None)


def test_an_event_runs_after_the_answer(sandbox: Sandbox) -> None:
    """The caller does not wait; what it printed shows when all is settled."""
    api = client(sandbox, "lambda")
    arn = function(api, role(sandbox), code=ECHO)
    assert api.invoke(FunctionName="one", InvocationType="Event", Payload=b"3")["StatusCode"] == 202
    assert (sandbox.settled(), sandbox.logs(arn)) == (True, ["seen 3"])


POLICY = '{"Version":"2012-10-17","Statement":[{"Sid":"%s","Effect":"Allow","Principal":%s,"Action":"lambda:*"}]}'


def test_the_resource_policy_can_be_replaced_as_a_whole(sandbox: Sandbox) -> None:
    """PutResourcePolicy takes the place of what AddPermission wrote."""
    api = client(sandbox, "lambda")
    arn = function(api, role(sandbox))
    who = {"Action": "lambda:InvokeFunction", "Principal": "config.amazonaws.com", "SourceAccount": "222222222222"}
    api.add_permission(FunctionName="one", StatementId="first", **who)
    statement = json.loads(api.get_policy(FunctionName="one")["Policy"])["Statement"][0]
    assert statement["Condition"] == {"StringEquals": {"AWS:SourceAccount": "222222222222"}}
    api.put_resource_policy(ResourceArn=arn, Policy=POLICY % ("second", '{"Service":"config.amazonaws.com"}'))
    sids = [s["Sid"] for s in json.loads(api.get_resource_policy(ResourceArn=arn)["Policy"])["Statement"]]
    assert sids == ["second"]
    api.remove_permission(FunctionName="one", StatementId="second")
    assert refusal(lambda: api.delete_resource_policy(ResourceArn=arn))[0] == "ResourceNotFoundException"


def many_permissions(api: Any) -> None:
    who = {"Action": "lambda:InvokeFunction", "Principal": "config.amazonaws.com"}
    for number in range(200):
        api.add_permission(FunctionName="one", StatementId=f"s{number}", SourceAccount=f"{number:012}", **who)


REFUSALS: dict[str, tuple[Callable[[Any, SimpleNamespace], object], str]] = {
    "the same function twice": (lambda api, s: function(api, s.role), "ResourceConflictException"),
    "a role that Lambda may not assume": (lambda api, s: function(api, s.other, "x"), "InvalidParameterValueException"),
    "a role that there is not": (
        lambda api, s: function(api, "arn:aws:iam::111111111111:role/none", "x"),
        "InvalidParameterValueException",
    ),
    "no zip": (lambda api, s: function(api, s.role, "x", Code={"ZipFile": b"no"}), "InvalidParameterValueException"),
    "no code": (lambda api, s: function(api, s.role, "x", Code={}), "InvalidParameterValueException"),
    "a layer that there is not": (
        lambda api, s: api.update_function_configuration(FunctionName="one", Layers=[s.layer[:-1] + "9"]),
        "InvalidParameterValueException",
    ),
    "two versions of a layer": (
        lambda api, s: api.update_function_configuration(FunctionName="one", Layers=[s.layer, s.second]),
        "InvalidParameterValueException",
    ),
    "a layer of another region": (
        lambda api, s: api.update_function_configuration(
            FunctionName="one", Layers=[s.layer.replace("us-east-1", "eu-west-1")]
        ),
        "InvalidParameterValueException",
    ),
    "six layers": (
        lambda api, s: api.update_function_configuration(
            FunctionName="one", Layers=[layer(api, f"l{n}") for n in range(6)]
        ),
        "InvalidParameterValueException",
    ),
    "an image with layers": (
        lambda api, s: function(api, s.role, "x", PackageType="Image", Code={"ImageUri": "r:1"}, Layers=[s.layer]),
        "InvalidParameterValueException",
    ),
    "a timeout of an hour and a half and a second": (
        lambda api, s: api.update_function_configuration(FunctionName="one", Timeout=5401),
        "InvalidParameterValueException",
    ),
    "too large an environment": (
        lambda api, s: api.update_function_configuration(
            FunctionName="one", Environment={"Variables": {"KEY": "v" * 4096}}
        ),
        "InvalidParameterValueException",
    ),
    "another revision": (
        lambda api, s: api.update_function_configuration(FunctionName="one", RevisionId="x"),
        "PreconditionFailedException",
    ),
    "an unknown function": (lambda api, s: api.get_function(FunctionName="none"), "ResourceNotFoundException"),
    "another region's function": (
        lambda api, s: api.get_function(FunctionName="arn:aws:lambda:eu-west-1:111111111111:function:one"),
        "ResourceNotFoundException",
    ),
    "a version": (lambda api, s: api.get_function(FunctionName="one:7"), "ResourceNotFoundException"),
    "a statement twice": (
        lambda api, s: [
            api.add_permission(FunctionName="one", StatementId="a", Action="lambda:*", Principal="1" * 12)
            for _ in range(2)
        ],
        "ResourceConflictException",
    ),
    "a policy that is too long": (lambda api, s: many_permissions(api), "PolicyLengthExceededException"),
    "a principal that is none": (
        lambda api, s: api.add_permission(FunctionName="one", StatementId="a", Action="lambda:*", Principal="me"),
        "InvalidParameterValueException",
    ),
    "no policy": (lambda api, s: api.get_policy(FunctionName="one"), "ResourceNotFoundException"),
    "no statement of that name": (
        lambda api, s: api.remove_permission(FunctionName="one", StatementId="a"),
        "ResourceNotFoundException",
    ),
    "a policy for everybody": (
        lambda api, s: api.put_resource_policy(ResourceArn=s.function, Policy=POLICY % ("a", '"*"')),
        "PublicPolicyException",
    ),
    "a policy that is no policy": (
        lambda api, s: api.put_resource_policy(ResourceArn=s.function, Policy="[]"),
        "InvalidParameterValueException",
    ),
    "a policy of another revision": (
        lambda api, s: api.put_resource_policy(
            ResourceArn=s.function,
            Policy=POLICY % ("a", '{"AWS":"1"}'),
            RevisionId="00000000-0000-4000-8000-000000000000",
        ),
        "PreconditionFailedException",
    ),
    "an unknown signing configuration": (
        lambda api, s: api.put_function_code_signing_config(FunctionName="one", CodeSigningConfigArn=s.signing),
        "CodeSigningConfigNotFoundException",
    ),
    "nine hundred and one reserved": (
        lambda api, s: api.put_function_concurrency(FunctionName="one", ReservedConcurrentExecutions=901),
        "InvalidParameterValueException",
    ),
    "no such layer": (
        lambda api, s: api.get_layer_version(LayerName="none", VersionNumber=1),
        "ResourceNotFoundException",
    ),
    "an event that is no JSON": (
        lambda api, s: api.invoke(FunctionName="one", Payload=b"{"),
        "InvalidRequestContentException",
    ),
    "a function that is stopped": (
        lambda api, s: (
            api.put_function_concurrency(FunctionName="one", ReservedConcurrentExecutions=0),
            api.invoke(FunctionName="one"),
        ),
        "TooManyRequestsException",
    ),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_refused_as_lambda_does(sandbox: Sandbox, case: str) -> None:
    """Each of these is refused with Lambda's exception."""
    api, arn = client(sandbox, "lambda"), role(sandbox)
    iam = client(sandbox, "iam")
    other = iam.create_role(RoleName="o", AssumeRolePolicyDocument=trust("ec2.amazonaws.com"))["Role"]["Arn"]
    scene = SimpleNamespace(role=arn, other=other, function=function(api, arn), layer=layer(api), second=layer(api))
    scene.signing = "arn:aws:lambda:us-east-1:111111111111:code-signing-config:csc-" + "0" * 17
    call, expected = REFUSALS[case]
    assert expected == refusal(lambda: call(api, scene))[0]


def test_only_what_a_policy_allows() -> None:
    """IAM's actions are on functions and layers by their ARNs; invoking is lambda:InvokeFunction."""
    with running(enforce_iam=True) as enforced:
        admin, iam = client(enforced, "lambda"), client(enforced, "iam")
        arn = function(admin, role(enforced), code=ECHO)
        function(admin, "arn:aws:iam::111111111111:role/functions", "two")
        iam.create_user(UserName="ci")
        statement = {"Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": arn}
        document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        iam.put_user_policy(UserName="ci", PolicyName="p", PolicyDocument=document)
        api = assumed(enforced, "lambda", iam.create_access_key(UserName="ci")["AccessKey"])
        assert invoked(api, event=1) == ({"got": 1}, None)
        assert refusal(lambda: api.invoke(FunctionName="two"))[0] == "AccessDeniedException"
        assert refusal(lambda: api.get_function(FunctionName="one"))[0] == "AccessDeniedException"
