"""Which names, ids and ARNs a template's resources will have, as far as that can be told.

What CloudFormation makes up is `Assumed`: a name as `stack-LogicalId-XXXXXXXXXXXX`. Source: the return values in
"Resource and property types reference", CloudFormation.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from orgctl.rules.template.unknown import Assumed, Unknown

if TYPE_CHECKING:
    from orgctl.rules.template.resolving import Resolver

_NAMES: Mapping[str, str] = {
    "AWS::Lambda::Function": "FunctionName",
    "AWS::IAM::Role": "RoleName",
    "AWS::ECR::Repository": "RepositoryName",
    "AWS::CloudTrail::Trail": "TrailName",
    "AWS::S3::Bucket": "BucketName",
}
"""The property that names a resource of a type, where `Ref` gives that name."""

_IDS = frozenset(
    {
        "AWS::ApiGatewayV2::Api",
        "AWS::ApiGatewayV2::Authorizer",
        "AWS::ApiGatewayV2::Route",
        "AWS::ApiGateway::RestApi",
        "AWS::ApiGateway::Stage",
        "AWS::ApiGatewayV2::Stage",
        "AWS::Lambda::CodeSigningConfig",
    }
)
"""Types whose ids AWS makes up, and which other resources of a template refer to."""

_ARNS: Mapping[str, str] = {
    "AWS::Lambda::Function": "arn:{partition}:lambda:{region}:{account}:function:{name}",
    "AWS::IAM::Role": "arn:{partition}:iam::{account}:role/{name}",
    "AWS::ECR::Repository": "arn:{partition}:ecr:{region}:{account}:repository/{name}",
    "AWS::CloudTrail::Trail": "arn:{partition}:cloudtrail:{region}:{account}:trail/{name}",
    "AWS::S3::Bucket": "arn:{partition}:s3:::{name}",
    "AWS::ApiGatewayV2::Api": "arn:{partition}:apigateway:{region}::/apis/{name}",
    "AWS::ApiGateway::RestApi": "arn:{partition}:apigateway:{region}::/restapis/{name}",
    "AWS::Lambda::CodeSigningConfig": "arn:{partition}:lambda:{region}:{account}:code-signing-config:{name}",
}


def name_of(resolver: Resolver, logical_id: str) -> str:
    """What the resource will be called: what the template says, else something that stands for it."""
    resource = resolver.template.resources[logical_id]
    given = resolver.value(resource.properties.get(_NAMES.get(resource.kind, "Name")))
    if resource.kind in _NAMES and isinstance(given, str):
        return given
    if resource.kind == "AWS::Lambda::CodeSigningConfig":
        return Assumed(f"csc-{logical_id.lower()}")
    return Assumed(logical_id.lower()) if resource.kind in _IDS else Assumed(f"stack-{logical_id}-XXXXXXXXXXXX")


def arn_of(resolver: Resolver, logical_id: str) -> str:
    """Its ARN, as far as it goes: the place is that of the deployment."""
    resource, place = resolver.template.resources[logical_id], resolver.deployment
    service = resource.kind.split("::")[1].lower()
    pattern = _ARNS.get(resource.kind, "arn:{partition}:" + service + ":{region}:{account}:{name}")
    name = name_of(resolver, logical_id)
    if resource.kind == "AWS::IAM::Role":
        path = resolver.value(resource.properties.get("Path"))
        name = f"{path.strip('/')}/{name}" if isinstance(path, str) and path.strip("/") else name
    text = pattern.format(partition=place.partition, region=place.region, account=place.account, name=name)
    return Assumed(text)


def reference(resolver: Resolver, logical_id: str) -> object:
    """What `Ref` gives for a resource."""
    kind = resolver.template.resources[logical_id].kind
    if kind == "AWS::Lambda::CodeSigningConfig":
        return arn_of(resolver, logical_id)
    if kind in _NAMES or kind in _IDS:
        return name_of(resolver, logical_id)
    return Unknown(f"the id of `{logical_id}` is known after the deployment")


def attribute(resolver: Resolver, logical_id: str, key: str) -> object:
    """What `Fn::GetAtt` gives for a resource."""
    kind = resolver.template.resources[logical_id].kind
    if key in ("Arn", "CodeSigningConfigArn") and kind in _ARNS:
        return arn_of(resolver, logical_id)
    if key in ("ApiId", "RestApiId", "AuthorizerId", "RouteId") and kind in _IDS:
        return name_of(resolver, logical_id)
    return Unknown(f"`{logical_id}.{key}` is known after the deployment")
