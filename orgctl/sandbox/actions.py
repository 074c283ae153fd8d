"""Which IAM action and which resources a request is about. Source: the Service Authorization Reference."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from orgctl.sandbox.credentials import Principal
from orgctl.sandbox.organizations.arns import arn, policy_arn, target_arn
from orgctl.sandbox.permissions import ANY
from orgctl.sandbox.scope import Scope
from orgctl.sandbox.state import Organization

_S3_ACTIONS = {
    "HeadBucket": "ListBucket",
    "ListObjects": "ListBucket",
    "ListObjectsV2": "ListBucket",
    "ListBuckets": "ListAllMyBuckets",
    "HeadObject": "GetObject",
    "GetBucketEncryption": "GetEncryptionConfiguration",
    "PutBucketEncryption": "PutEncryptionConfiguration",
    "DeleteBucketEncryption": "PutEncryptionConfiguration",
    "GetPublicAccessBlock": "GetBucketPublicAccessBlock",
    "PutPublicAccessBlock": "PutBucketPublicAccessBlock",
    "DeletePublicAccessBlock": "PutBucketPublicAccessBlock",
    "GetBucketLifecycleConfiguration": "GetLifecycleConfiguration",
    "PutBucketLifecycleConfiguration": "PutLifecycleConfiguration",
    "DeleteBucketLifecycle": "PutLifecycleConfiguration",
    "DeleteBucketTagging": "PutBucketTagging",
    "DeleteBucketOwnershipControls": "PutBucketOwnershipControls",
}
_VERBS = {"Get": "GET", "Update": "PATCH", "Delete": "DELETE", "Import": "PUT", "Reimport": "PUT", "Untag": "DELETE"}
_LAMBDA_ACTIONS = {"Invoke": "InvokeFunction", "GetLayerVersionByArn": "GetLayerVersion"}


@dataclass(frozen=True, slots=True)
class Intent:
    """An action as IAM names it, and the ARNs it is about (`*`: none in particular)."""

    action: str
    resources: tuple[str, ...]


def intent_of(
    scope: Scope, operation: str, parameters: Mapping[str, Any], organization: Organization | None, account: str
) -> Intent:
    """What a request means to IAM. `parameters` are those that name resources."""
    match scope.service:
        case "organizations":
            return Intent(f"organizations:{operation}", _organization_arns(parameters, organization))
        case "s3":
            return Intent(f"s3:{_S3_ACTIONS.get(operation, operation)}", (_bucket_arn(parameters),))
        case "cloudtrail":
            return Intent(f"cloudtrail:{operation}", _trail_arns(scope, operation, parameters, account))
        case "sts":
            return Intent(f"sts:{operation}", (str(parameters.get("RoleArn", "*")),))
        case "account":
            return Intent(f"account:{operation}", (_account_arn(parameters, organization, account),))
        case _:
            return _workload_intent(scope, operation, parameters, organization, account)


def _workload_intent(
    scope: Scope, operation: str, parameters: Mapping[str, Any], organization: Organization | None, account: str
) -> Intent:
    """The same for the services of workloads, and of what watches them."""
    match scope.service:
        case "lambda":
            action = _LAMBDA_ACTIONS.get(operation, operation)
            return Intent(f"lambda:{action}", _lambda_arns(scope, parameters, account))
        case "config":
            return Intent(f"config:{operation}", _config_arns(scope, parameters, account))
        case "cloudformation":
            return Intent(f"cloudformation:{operation}", _stack_set_arns(scope, parameters, organization))
        case "ssm":
            return Intent(f"ssm:{operation}", _document_arns(scope, parameters, account))
        case "glue":
            return Intent(f"glue:{operation}", _catalog_arns(scope, parameters, account))
        case "athena":
            return Intent(f"athena:{operation}", _workgroup_arns(scope, parameters, account))
        case "iam" if parameters.get("RoleName"):
            return Intent(f"iam:{operation}", (f"arn:aws:iam::{account}:role/{parameters['RoleName']}",))
        case "apigateway":
            verb = next((verb for word, verb in _VERBS.items() if operation.startswith(word)), "POST")
            return Intent(f"apigateway:{verb}", ANY)
        case service:
            return Intent(f"{service}:{operation}", ANY)


def _organization_arns(parameters: Mapping[str, Any], organization: Organization | None) -> tuple[str, ...]:
    if organization is None:
        return ANY
    arns = []
    for name in (*organization_ids(parameters), *(p for p in [parameters.get("HandshakeId")] if p)):
        if name in organization.policies:
            arns.append(policy_arn(organization, organization.policies[name]))
        elif name in organization.handshakes:
            handshake = organization.handshakes[name]
            arns.append(arn(organization, "handshake", handshake.action.lower(), name))
        elif name == organization.root or name in organization.units or name in organization.accounts:
            arns.append(target_arn(organization, name))
    return tuple(arns) or ANY


def organization_ids(parameters: Mapping[str, Any]) -> tuple[str, ...]:
    """The ids in a request's parameters that name roots, OUs, accounts and policies."""
    names = ("PolicyId", "TargetId", "AccountId", "OrganizationalUnitId", "ParentId", "ResourceId", "RootId", "ChildId")
    moved = ("SourceParentId", "DestinationParentId")
    return tuple(str(parameters[name]) for name in (*names, *moved) if name in parameters)


def _bucket_arn(parameters: Mapping[str, Any]) -> str:
    bucket, key = parameters.get("Bucket"), parameters.get("Key")
    if bucket is None:
        return "*"
    return f"arn:aws:s3:::{bucket}/{key}" if key else f"arn:aws:s3:::{bucket}"


def _trail_arns(scope: Scope, operation: str, parameters: Mapping[str, Any], account: str) -> tuple[str, ...]:
    if operation in ("DescribeTrails", "ListTrails"):
        return ANY
    names = parameters.get("ResourceIdList") or [
        parameters.get(key) for key in ("Name", "TrailName", "ResourceId") if parameters.get(key)
    ]
    prefix = f"arn:aws:cloudtrail:{scope.region}:{account}:trail/"
    return tuple(name if str(name).startswith("arn:") else f"{prefix}{name}" for name in names) or ANY


def _lambda_arns(scope: Scope, parameters: Mapping[str, Any], account: str) -> tuple[str, ...]:
    """The function, layer or code-signing configuration, with its full ARN."""
    prefix = f"arn:aws:lambda:{scope.region}:{account}"
    for name in ("Resource", "ResourceArn", "Arn"):
        if parameters.get(name):
            return (str(parameters[name]),)
    if name := str(parameters.get("FunctionName", "")):
        return (name if name.startswith("arn:") else f"{prefix}:function:{name.removeprefix('function:')}",)
    if layer := str(parameters.get("LayerName", "")):
        arn = layer if layer.startswith("arn:") else f"{prefix}:layer:{layer}"
        return (f"{arn}:{parameters['VersionNumber']}" if "VersionNumber" in parameters else arn,)
    return (str(parameters["CodeSigningConfigArn"]),) if parameters.get("CodeSigningConfigArn") else ANY


_CONFIG_KINDS = {
    "ConfigurationAggregatorName": "config-aggregator",
    "OrganizationConformancePackName": "organization-conformance-pack",
    "ConformancePackName": "conformance-pack",
    "ConfigRuleName": "config-rule",
}


def _config_arns(scope: Scope, parameters: Mapping[str, Any], account: str) -> tuple[str, ...]:
    """What is named; the ARNs of rules, packs and aggregators end in ids, for which `*` stands."""
    if parameters.get("ResourceArn"):
        return (str(parameters["ResourceArn"]),)
    for member, kind in _CONFIG_KINDS.items():
        if name := parameters.get(member):
            ending = "*" if kind in ("config-rule", "config-aggregator") else f"{name}-*"
            return (f"arn:aws:config:{scope.region}:{account}:{kind}/{ending}",)
    return ANY


def _stack_set_arns(scope: Scope, parameters: Mapping[str, Any], organization: Organization | None) -> tuple[str, ...]:
    name = parameters.get("StackSetName")
    if not name or organization is None:
        return ANY
    return (f"arn:aws:cloudformation:{scope.region}:{organization.management}:stackset/{name}:*",)


def _document_arns(scope: Scope, parameters: Mapping[str, Any], account: str) -> tuple[str, ...]:
    name = str(parameters.get("Name") or parameters.get("DocumentName") or "")
    if not name:
        return ANY
    return (name if name.startswith("arn:") else f"arn:aws:ssm:{scope.region}:{account}:document/{name}",)


def _catalog_arns(scope: Scope, parameters: Mapping[str, Any], account: str) -> tuple[str, ...]:
    """The catalog, and the database and table that are named."""
    prefix = f"arn:aws:glue:{scope.region}:{account}"
    of_database, of_table = parameters.get("DatabaseInput") or {}, parameters.get("TableInput") or {}
    database = parameters.get("DatabaseName") or of_database.get("Name") or parameters.get("Name")
    table = of_table.get("Name") or (parameters.get("Name") if parameters.get("DatabaseName") else None)
    named = [f"{prefix}:database/{database}"] if database else []
    named += [f"{prefix}:table/{database}/{table}"] if table else []
    return (f"{prefix}:catalog", *named)


def _workgroup_arns(scope: Scope, parameters: Mapping[str, Any], account: str) -> tuple[str, ...]:
    if parameters.get("ResourceARN"):
        return (str(parameters["ResourceARN"]),)
    name = parameters.get("WorkGroup") or parameters.get("Name")
    return (f"arn:aws:athena:{scope.region}:{account}:workgroup/{name}",) if name else ANY


def _account_arn(parameters: Mapping[str, Any], organization: Organization | None, account: str) -> str:
    member = parameters.get("AccountId")
    if member is None or organization is None:
        return f"arn:aws:account::{account}:account"
    return f"arn:aws:account::{organization.management}:account/{organization.id}/{member}"


def condition_context(
    scope: Scope, principal: Principal, organization: Organization | None, resources: tuple[str, ...] = ANY
) -> dict[str, str]:
    """The condition keys that the sandbox knows of a request, in lower case; `resources` are what it is about."""
    parameters = scope.parameters if isinstance(scope.parameters, dict) else {}
    context = {
        "aws:principalaccount": principal.account,
        "aws:principalarn": principal.arn,
        "aws:requestedregion": scope.region,
    }
    owner = next((found[4] for found in (arn.split(":", 5) for arn in resources[:1]) if len(found) == 6), "")
    context["aws:resourceaccount"] = owner or principal.account
    if organization is not None and principal.account in organization.accounts:
        context["aws:principalorgid"] = organization.id
    if organization is not None and context["aws:resourceaccount"] in organization.accounts:
        context["aws:resourceorgid"] = organization.id
    if "ServicePrincipal" in parameters:
        context["organizations:serviceprincipal"] = str(parameters["ServicePrincipal"])
    policy = organization.policies.get(str(parameters.get("PolicyId"))) if organization else None
    kind = policy.type if policy else parameters.get("Type") or parameters.get("PolicyType") or parameters.get("Filter")
    if scope.service == "organizations" and isinstance(kind, str):
        context["organizations:policytype"] = kind
    return context
