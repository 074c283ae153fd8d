"""What the recorder sees of each kind of resource, and in which form."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

import pytest

from orgctl.sandbox.embedded import Sandbox
from tests.sandbox.configured import recorder
from tests.sandbox.conftest import client, every, refusal
from tests.sandbox.functions import role

Item = dict[str, Any]


def newest(sandbox: Sandbox, kind: str, identity: str | None = None) -> Item:
    """The newest item of a resource (by its id, or the only one of its type), with its configuration parsed."""
    api = client(sandbox, "config")
    if identity is None:
        found = every(api, "list_discovered_resources", "resourceIdentifiers", resourceType=kind)
        identity = found[-1]["resourceId"]
    item = every(api, "get_resource_config_history", "configurationItems", resourceType=kind, resourceId=identity)[0]
    return {**item, "configuration": json.loads(item["configuration"])}


def a_role(sandbox: Sandbox) -> None:
    role(sandbox, None, "shop", "s3:GetObject")


def a_repository(sandbox: Sandbox) -> None:
    ecr = client(sandbox, "ecr")
    ecr.create_repository(repositoryName="shop", tags=[{"Key": "owner", "Value": "a"}])
    statement = {"Effect": "Allow", "Principal": "*", "Action": "ecr:BatchGetImage", "Sid": "all"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    ecr.set_repository_policy(repositoryName="shop", policyText=document)


def an_api(sandbox: Sandbox) -> None:
    client(sandbox, "apigatewayv2").create_api(Name="shop", ProtocolType="HTTP", Tags={"owner": "a"})


KINDS: dict[str, tuple[Callable[[Sandbox], None], Callable[[Item], object], object]] = {
    "AWS::IAM::Role": (
        a_role,
        lambda item: (
            item["awsRegion"],
            json.loads(unquote(item["configuration"]["assumeRolePolicyDocument"]))["Statement"][0]["Principal"],
            [policy["policyName"] for policy in item["configuration"]["rolePolicyList"]],
            item["configuration"]["permissionsBoundary"],
        ),
        ("global", {"Service": "lambda.amazonaws.com"}, ["p"], None),
    ),
    "AWS::ECR::Repository": (
        a_repository,
        lambda item: (
            item["resourceId"],
            item["tags"],
            item["configuration"]["RepositoryPolicyText"]["Statement"][0]["Principal"],
        ),
        ("shop", {"owner": "a"}, "*"),
    ),
    "AWS::ApiGatewayV2::Api": (
        an_api,
        lambda item: (item["resourceName"], item["configuration"]["protocolType"], item["tags"]),
        ("shop", "HTTP", {"owner": "a"}),
    ),
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_resource_becomes_an_item(sandbox: Sandbox, kind: str) -> None:
    """As soon as it is there, in the form that rules know."""
    make, seen, expected = KINDS[kind]
    recorder(sandbox, allSupported=True, includeGlobalResourceTypes=True)
    make(sandbox)
    assert seen(newest(sandbox, kind)) == expected


def test_global_types_have_to_be_asked_for(sandbox: Sandbox) -> None:
    """A recorder of all types sees no roles by itself; with a second region that includes them, that one does."""
    recorder(sandbox)
    recorder(sandbox, region="eu-west-1", allSupported=True, includeGlobalResourceTypes=True)
    a_role(sandbox)
    seen = [
        every(
            client(sandbox, "config", region=region),
            "list_discovered_resources",
            "resourceIdentifiers",
            resourceType="AWS::IAM::Role",
        )
        for region in ("us-east-1", "eu-west-1")
    ]
    assert [[found["resourceName"] for found in region] for region in seen] == [[], ["shop"]]


def test_newest_states_in_one_call(sandbox: Sandbox) -> None:
    """What is not known comes back as unprocessed."""
    recorder(sandbox)
    an_api(sandbox)
    identity = newest(sandbox, "AWS::ApiGatewayV2::Api")["resourceId"]
    keys = [{"resourceType": "AWS::ApiGatewayV2::Api", "resourceId": name} for name in (identity, "other")]
    found = client(sandbox, "config").batch_get_resource_config(resourceKeys=keys)
    assert [item["resourceName"] for item in found["baseConfigurationItems"]] == ["shop"]
    assert found["unprocessedResourceKeys"] == [keys[1]]


def test_a_recorder_is_stopped_and_deleted(sandbox: Sandbox) -> None:
    """What changes meanwhile is not recorded; the channel stays until the recorder stands still."""
    recorder(sandbox)
    api, name = client(sandbox, "config"), {"ConfigurationRecorderName": "default"}
    assert refusal(lambda: api.delete_delivery_channel(DeliveryChannelName="default"))[0] == (
        "LastDeliveryChannelDeleteFailedException"
    )
    api.stop_configuration_recorder(**name)
    status = api.describe_configuration_recorder_status()["ConfigurationRecordersStatus"][0]
    assert (status["recording"], "lastStopTime" in status) == (False, True)
    an_api(sandbox)
    kind = {"resourceType": "AWS::ApiGatewayV2::Api"}
    assert every(api, "list_discovered_resources", "resourceIdentifiers", **kind) == []
    api.delete_delivery_channel(DeliveryChannelName="default")
    api.delete_configuration_recorder(**name)
    assert api.describe_configuration_recorders()["ConfigurationRecorders"] == []


def test_a_recorder_of_a_service(sandbox: Sandbox) -> None:
    """It is not the customer's: no rule needs it, no call but its own changes it."""
    api, principal = client(sandbox, "config"), {"ServicePrincipal": "observabilityadmin.amazonaws.com"}
    made = api.put_service_linked_configuration_recorder(**principal)
    assert api.describe_configuration_recorders()["ConfigurationRecorders"] == []
    assert (
        api.describe_configuration_recorder_status(**principal)["ConfigurationRecordersStatus"][0]["recording"] is True
    )
    listed = every(api, "list_configuration_recorders", "ConfigurationRecorderSummaries")
    assert [found["recordingScope"] for found in listed] == ["INTERNAL"]
    stopped = refusal(lambda: api.stop_configuration_recorder(ConfigurationRecorderName=made["Name"]))
    assert stopped[0] == "UnmodifiableEntityException"
    api.delete_service_linked_configuration_recorder(**principal)
    assert api.list_configuration_recorders()["ConfigurationRecorderSummaries"] == []


ROLE = "arn:aws:iam::111111111111:role/r"


def put(api: Any, name: str = "default", **group: Any) -> None:
    settings = {"name": name, "roleARN": ROLE, **({"recordingGroup": group} if group else {})}
    api.put_configuration_recorder(ConfigurationRecorder=settings)


REFUSALS: dict[str, tuple[Callable[[Any], object], str]] = {
    "a second recorder": (
        lambda api: [put(api, name) for name in ("one", "two")],
        "MaxNumberOfConfigurationRecordersExceededException",
    ),
    "no role": (
        lambda api: api.put_configuration_recorder(ConfigurationRecorder={"name": "default"}),
        "InvalidRoleException",
    ),
    "all types and some": (
        lambda api: put(api, allSupported=True, resourceTypes=["AWS::IAM::Role"]),
        "InvalidRecordingGroupException",
    ),
    "no types": (lambda api: put(api, allSupported=False), "InvalidRecordingGroupException"),
    "a service's recorder by the wrong call": (
        lambda api: api.put_configuration_recorder(
            ConfigurationRecorder={"name": "x", "roleARN": ROLE, "servicePrincipal": "x.amazonaws.com"}
        ),
        "ValidationException",
    ),
    "a service's recorder twice": (
        lambda api: [
            api.put_service_linked_configuration_recorder(ServicePrincipal="x.amazonaws.com") for _ in range(2)
        ],
        "ConflictException",
    ),
    "an unknown service's recorder": (
        lambda api: api.delete_service_linked_configuration_recorder(ServicePrincipal="x.amazonaws.com"),
        "NoSuchConfigurationRecorderException",
    ),
    "a channel without a recorder": (
        lambda api: api.put_delivery_channel(DeliveryChannel={"s3BucketName": "b"}),
        "NoAvailableConfigurationRecorderException",
    ),
    "a channel without its bucket": (
        lambda api: (put(api), api.put_delivery_channel(DeliveryChannel={"s3BucketName": "nowhere"})),
        "NoSuchBucketException",
    ),
    "a start without a channel": (
        lambda api: (put(api), api.start_configuration_recorder(ConfigurationRecorderName="default")),
        "NoAvailableDeliveryChannelException",
    ),
    "an unknown recorder": (
        lambda api: api.start_configuration_recorder(ConfigurationRecorderName="none"),
        "NoSuchConfigurationRecorderException",
    ),
    "an unknown channel": (
        lambda api: api.describe_delivery_channels(DeliveryChannelNames=["none"]),
        "NoSuchDeliveryChannelException",
    ),
    "history without a recorder": (
        lambda api: api.get_resource_config_history(resourceType="AWS::IAM::Role", resourceId="x"),
        "NoAvailableConfigurationRecorderException",
    ),
    "history of nothing": (
        lambda api: (put(api), api.get_resource_config_history(resourceType="AWS::IAM::Role", resourceId="x")),
        "ResourceNotDiscoveredException",
    ),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_refused_as_config_does(sandbox: Sandbox, case: str) -> None:
    """Each of these is refused with AWS's exception."""
    call, expected = REFUSALS[case]
    assert expected == refusal(lambda: call(client(sandbox, "config")))[0]
