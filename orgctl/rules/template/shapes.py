"""From CloudFormation's properties to what AWS Config records, one resource type after another.

Each function gets a resource with its properties worked out and gives `configuration`, and what else the item holds.
What the template does not say stays out where AWS's default is the same; what the deployment decides is Unknown.
Sources: the fixtures of the rules in this repository, "Supported Resource Types" in AWS Config's guide, and the APIs'
answers in botocore's models, whose names AWS Config uses for these types.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from orgctl.rules.template.naming import arn_of, name_of
from orgctl.rules.template.resolving import Resolver
from orgctl.rules.template.unknown import Unknown, first_unknown

Properties = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Shape:
    """What a configuration item says of a resource, besides where it is."""

    configuration: Mapping[str, object]
    supplementary: Mapping[str, object] = field(default_factory=dict)


def _function(resolver: Resolver, logical_id: str, given: Properties) -> Shape:
    image = given.get("PackageType") == "Image" or "ImageUri" in _mapping(given.get("Code"))
    signed = Unknown("whether the code is signed shows when it is deployed")
    configuration = {
        "functionName": given.get("FunctionName", name_of(resolver, logical_id)),
        "functionArn": arn_of(resolver, logical_id),
        **_renamed(given, ("Role", "Handler", "Runtime", "Description", "Timeout", "MemorySize", "Architectures")),
        **{key: _lowered(given[name]) for name, key in _FUNCTION_PARTS.items() if name in given},
        "layers": _layers(given.get("Layers")),
        "packageType": "Image" if image else given.get("PackageType", "Zip"),
        "version": "$LATEST",
        "signingJobArn": None if image else signed,
        "signingProfileVersionArn": None if image else signed,
    }
    reserved = given.get("ReservedConcurrentExecutions")
    concurrency = {} if reserved is None else {"Concurrency": {"reservedConcurrentExecutions": _number(reserved)}}
    return Shape(configuration, {**concurrency, "Tags": tags(given)})


_FUNCTION_PARTS = {
    "DeadLetterConfig": "deadLetterConfig",
    "Environment": "environment",
    "TracingConfig": "tracingConfig",
    "VpcConfig": "vpcConfig",
    "EphemeralStorage": "ephemeralStorage",
    "LoggingConfig": "loggingConfig",
    "SnapStart": "snapStart",
    "FileSystemConfigs": "fileSystemConfigs",
    "KmsKeyArn": "kmsKeyArn",
}


def _layers(given: object) -> object:
    """As `layers` of an item: a list of objects, one for each ARN."""
    if isinstance(given, list):
        return [{"arn": each} for each in given]
    return given if isinstance(given, Unknown) else []


def _role(resolver: Resolver, logical_id: str, given: Properties) -> Shape:
    trust = given.get("AssumeRolePolicyDocument", {})
    boundary = given.get("PermissionsBoundary")
    configuration = {
        "path": given.get("Path", "/"),
        "roleName": given.get("RoleName", name_of(resolver, logical_id)),
        "arn": arn_of(resolver, logical_id),
        "assumeRolePolicyDocument": _encoded(trust),
        "permissionsBoundary": None
        if boundary is None
        else {"permissionsBoundaryArn": boundary, "permissionsBoundaryType": "Policy"},
        "attachedManagedPolicies": _attached(given.get("ManagedPolicyArns")),
        "rolePolicyList": _inline(given.get("Policies")),
        "tags": [{"key": key, "value": value} for key, value in _pairs(tags(given))],
    }
    return Shape(configuration)


def _encoded(document: object) -> object:
    """As IAM's items hold documents: JSON, URL-encoded."""
    return first_unknown(document) or quote(json.dumps(document, separators=(",", ":")), safe="")


def _attached(given: object) -> object:
    if not isinstance(given, list):
        return given if isinstance(given, Unknown) else []
    return [each if isinstance(each, Unknown) else {"policyArn": each, "policyName": _last(each)} for each in given]


def _inline(given: object) -> object:
    if not isinstance(given, list):
        return given if isinstance(given, Unknown) else []
    return [
        {"policyName": each.get("PolicyName"), "policyDocument": _encoded(each.get("PolicyDocument"))}
        if isinstance(each, Mapping)
        else each
        for each in given
    ]


def _http_api(resolver: Resolver, logical_id: str, given: Properties) -> Shape:
    disabled = given.get("DisableExecuteApiEndpoint", False)
    configuration = {
        "apiId": name_of(resolver, logical_id),
        "apiEndpoint": Unknown("the API's address is known after the deployment"),
        **_renamed(given, ("Name", "ProtocolType", "Description", "RouteSelectionExpression", "CorsConfiguration")),
        "disableExecuteApiEndpoint": _flag(disabled),
        "tags": tags(given),
    }
    if "Body" in given or "BodyS3Location" in given:
        unnamed = Unknown("the API is described by an OpenAPI document")
        configuration = {"name": unnamed, "protocolType": "HTTP", **configuration}
    return Shape(configuration)


def _rest_api(resolver: Resolver, logical_id: str, given: Properties) -> Shape:
    configuration = {
        "id": name_of(resolver, logical_id),
        **_renamed(given, ("Name", "Description", "ApiKeySourceType")),
        "endpointConfiguration": _lowered(given.get("EndpointConfiguration", {"Types": ["EDGE"]})),
        "disableExecuteApiEndpoint": _flag(given.get("DisableExecuteApiEndpoint", False)),
        "policy": _text_of(given.get("Policy")),
        "tags": tags(given),
    }
    return Shape(configuration)


def _repository(resolver: Resolver, logical_id: str, given: Properties) -> Shape:
    configuration = {
        **given,
        "RepositoryName": given.get("RepositoryName", name_of(resolver, logical_id)),
        "Arn": arn_of(resolver, logical_id),
    }
    return Shape(configuration)


def _trail(resolver: Resolver, logical_id: str, given: Properties) -> Shape:
    flags = {
        "includeGlobalServiceEvents": _flag(given.get("IncludeGlobalServiceEvents", True)),
        "isMultiRegionTrail": _flag(given.get("IsMultiRegionTrail", False)),
        "logFileValidationEnabled": _flag(given.get("EnableLogFileValidation", False)),
        "isOrganizationTrail": _flag(given.get("IsOrganizationTrail", False)),
    }
    names = {
        "S3BucketName": "s3BucketName",
        "S3KeyPrefix": "s3KeyPrefix",
        "KMSKeyId": "kmsKeyId",
        "SnsTopicName": "snsTopicName",
        "CloudWatchLogsLogGroupArn": "cloudWatchLogsLogGroupArn",
        "CloudWatchLogsRoleArn": "cloudWatchLogsRoleArn",
    }
    configuration = {
        "name": given.get("TrailName", name_of(resolver, logical_id)),
        "trailARN": arn_of(resolver, logical_id),
        "homeRegion": resolver.deployment.region,
        **flags,
        **{key: given[name] for name, key in names.items() if name in given},
    }
    return Shape(configuration)


SHAPES: Mapping[str, Callable[[Resolver, str, Properties], Shape]] = {
    "AWS::Lambda::Function": _function,
    "AWS::IAM::Role": _role,
    "AWS::ApiGatewayV2::Api": _http_api,
    "AWS::ApiGateway::RestApi": _rest_api,
    "AWS::ECR::Repository": _repository,
    "AWS::CloudTrail::Trail": _trail,
}
"""The types whose items can be told from a template. A new one is a function and a line here."""


def tags(given: Properties) -> object:
    """The resource's tags as an object; CloudFormation has lists and objects of them, by type."""
    found = given.get("Tags")
    match found:
        case Unknown() | Mapping():
            return found
        case list():
            unknown = next((each for each in found if isinstance(each, Unknown)), None)
            pairs = (each for each in found if isinstance(each, Mapping))
            return unknown or {str(pair.get("Key")): pair.get("Value") for pair in pairs}
        case _:
            return {}


def _pairs(found: object) -> list[tuple[str, object]]:
    return list(found.items()) if isinstance(found, Mapping) else []


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


def _renamed(given: Properties, names: tuple[str, ...]) -> dict[str, object]:
    return {_lower(name): _lowered(given[name]) for name in names if name in given}


def _lowered(value: object) -> object:
    """The keys of CloudFormation's properties as the API has them: `SubnetIds` is `subnetIds`."""
    match value:
        case Mapping():
            return {_lower(str(key)): _lowered(each) for key, each in value.items()}
        case list():
            return [_lowered(each) for each in value]
        case _:
            return value


def _lower(name: str) -> str:
    return name[:1].lower() + name[1:]


def _last(arn: object) -> object:
    return str(arn).rpartition("/")[2]


def _flag(value: object) -> object:
    """CloudFormation takes `"true"` for true."""
    return value.lower() == "true" if isinstance(value, str) else value


def _number(value: object) -> object:
    return int(value) if isinstance(value, str) and value.isdigit() else value


def _text_of(document: object) -> object:
    if document is None or isinstance(document, str | Unknown):
        return document
    return first_unknown(document) or json.dumps(document, separators=(",", ":"))
