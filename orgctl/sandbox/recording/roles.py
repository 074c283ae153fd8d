"""IAM roles, in the form of the item of AWS::IAM::Role: documents are URL-encoded, the region is global."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, unquote

from orgctl.sandbox import moto_services
from orgctl.sandbox.recording.resource import Resource
from orgctl.sandbox.state import Cloud

TYPE = "AWS::IAM::Role"


def roles(cloud: Cloud, account: str, region: str) -> Iterator[Resource]:
    """The roles of an account."""
    for role in moto_services.iam(account).get_roles():
        yield Resource(
            type=TYPE,
            id=role.id,
            name=role.name,
            arn=role.arn,
            region="global",
            configuration=_configuration(role),
            created=role.create_date.timestamp(),
            tags={tag["Key"]: tag["Value"] for tag in role.tags or ()},
            relationships=tuple(
                {
                    "resourceType": "AWS::IAM::Policy",
                    "resourceName": policy.name,
                    "relationshipName": "Is attached to CustomerManagedPolicy",
                }
                for policy in role.managed_policies.values()
            ),
        )


def _configuration(role: Any) -> dict[str, Any]:
    inline = [{"policyName": name, "policyDocument": _encoded(text)} for name, text in role.policies.items()]
    managed = [{"policyName": policy.name, "policyArn": policy.arn} for policy in role.managed_policies.values()]
    boundary = None
    if role.permissions_boundary_arn:
        boundary = {"permissionsBoundaryType": "Policy", "permissionsBoundaryArn": role.permissions_boundary_arn}
    return {
        "path": role.path,
        "roleName": role.name,
        "roleId": role.id,
        "arn": role.arn,
        "createDate": role.create_date.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        "assumeRolePolicyDocument": _encoded(role.assume_role_policy_document),
        "instanceProfileList": [],
        "rolePolicyList": inline,
        "attachedManagedPolicies": managed,
        "permissionsBoundary": boundary,
        "tags": [{"key": tag["Key"], "value": tag["Value"]} for tag in role.tags or ()],
        "roleLastUsed": None,
    }


def _encoded(text: str) -> str:
    return quote(unquote(text) if text.lstrip().startswith("%") else text, safe="")
