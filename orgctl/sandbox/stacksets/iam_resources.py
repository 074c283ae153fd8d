"""The resources that stacks may have, made, changed and deleted by IAM's own calls in the account."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from orgctl.sandbox.backstage import Backstage
from orgctl.sandbox.messages import RefusalError
from orgctl.sandbox.stack_state import Resource

ROLE = "AWS::IAM::Role"
POLICY = "AWS::IAM::ManagedPolicy"
TYPES = frozenset({ROLE, POLICY})
NAMING = ("RoleName", "ManagedPolicyName", "Path")
_NAMES = {ROLE: "RoleName", POLICY: "ManagedPolicyName"}
_FIXED = {ROLE: ("RoleName", "Path"), POLICY: ("ManagedPolicyName", "Path", "Description")}

Properties = Mapping[str, Any]


def needs_name(kind: str, properties: Properties) -> bool:
    """Whether a resource has a name of its own, for which CAPABILITY_NAMED_IAM has to be acknowledged."""
    return _NAMES[kind] in properties


def attributes(account: str, kind: str, name: str, properties: Properties) -> tuple[str, str]:
    """What Ref and the attribute Arn of a resource give."""
    path = str(properties.get("Path", "/"))
    arn = f"arn:aws:iam::{account}:{'role' if kind == ROLE else 'policy'}{path}{name}"
    return (name if kind == ROLE else arn), arn


def name_of(kind: str, properties: Properties, generated: str) -> str:
    """The name of a resource: the one that it is given, or the generated one."""
    return str(properties.get(_NAMES[kind], generated))


def replaced(before: Resource, properties: Properties) -> bool:
    """Whether new properties make another resource of it."""
    return any(before.properties.get(key) != properties.get(key) for key in _FIXED[before.type])


def create(iam: Backstage, account: str, kind: str, name: str, properties: Properties) -> Resource:
    """Make a resource."""
    if kind == ROLE:
        _create_role(iam, account, name, properties)
    else:
        iam.iam(
            account,
            "CreatePolicy",
            PolicyName=name,
            Path=properties.get("Path", "/"),
            Description=properties.get("Description"),
            PolicyDocument=_document(properties["PolicyDocument"]),
        )
        for role in properties.get("Roles", ()):
            iam.iam(account, "AttachRolePolicy", RoleName=role, PolicyArn=_policy_arn(account, name, properties))
    return Resource(kind, dict(properties), name)


def _create_role(iam: Backstage, account: str, name: str, properties: Properties) -> None:
    iam.iam(
        account,
        "CreateRole",
        RoleName=name,
        Path=properties.get("Path", "/"),
        Description=properties.get("Description"),
        MaxSessionDuration=properties.get("MaxSessionDuration"),
        PermissionsBoundary=properties.get("PermissionsBoundary"),
        AssumeRolePolicyDocument=_document(properties["AssumeRolePolicyDocument"]),
        Tags=list(properties.get("Tags", ())),
    )
    _inline(iam, account, name, {}, properties)
    _attached(iam, account, name, {}, properties)


def update(iam: Backstage, account: str, before: Resource, properties: Properties) -> Resource:
    """Change a resource in place."""
    name = before.physical
    if before.type == ROLE:
        document = _document(properties["AssumeRolePolicyDocument"])
        iam.iam(account, "UpdateAssumeRolePolicy", RoleName=name, PolicyDocument=document)
        _inline(iam, account, name, before.properties, properties)
        _attached(iam, account, name, before.properties, properties)
    elif before.properties["PolicyDocument"] != properties["PolicyDocument"]:
        document, arn = _document(properties["PolicyDocument"]), _policy_arn(account, name, properties)
        iam.iam(account, "CreatePolicyVersion", PolicyArn=arn, PolicyDocument=document, SetAsDefault="true")
    return Resource(before.type, dict(properties), name)


def _inline(iam: Backstage, account: str, role: str, before: Properties, after: Properties) -> None:
    wanted = {policy["PolicyName"]: policy["PolicyDocument"] for policy in after.get("Policies", ())}
    for policy in before.get("Policies", ()):
        if policy["PolicyName"] not in wanted:
            iam.iam(account, "DeleteRolePolicy", RoleName=role, PolicyName=policy["PolicyName"])
    for name, document in wanted.items():
        iam.iam(account, "PutRolePolicy", RoleName=role, PolicyName=name, PolicyDocument=_document(document))


def _attached(iam: Backstage, account: str, role: str, before: Properties, after: Properties) -> None:
    had, wanted = set(before.get("ManagedPolicyArns", ())), set(after.get("ManagedPolicyArns", ()))
    for arn in sorted(had - wanted):
        iam.iam(account, "DetachRolePolicy", RoleName=role, PolicyArn=arn)
    for arn in sorted(wanted - had):
        iam.iam(account, "AttachRolePolicy", RoleName=role, PolicyArn=arn)


def delete(iam: Backstage, account: str, resource: Resource) -> None:
    """Take a resource away; one that is gone already is no error."""
    try:
        if resource.type == ROLE:
            _inline(iam, account, resource.physical, resource.properties, {})
            _attached(iam, account, resource.physical, resource.properties, {})
            iam.iam(account, "DeleteRole", RoleName=resource.physical)
        else:
            arn = _policy_arn(account, resource.physical, resource.properties)
            for role in resource.properties.get("Roles", ()):
                iam.iam(account, "DetachRolePolicy", RoleName=role, PolicyArn=arn)
            iam.iam(account, "DeletePolicy", PolicyArn=arn)
    except RefusalError as refusal:
        if refusal.code != "NoSuchEntity":
            raise


def _policy_arn(account: str, name: str, properties: Properties) -> str:
    return attributes(account, POLICY, name, properties)[1]


def _document(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)
