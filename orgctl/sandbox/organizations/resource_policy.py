"""The organization's resource policy, by which it delegates its own administration."""

from __future__ import annotations

import json

from orgctl.sandbox.messages import RefusalError, constraint, invalid_input
from orgctl.sandbox.operations import Access, Call, Members, Parameters
from orgctl.sandbox.organizations.arns import arn
from orgctl.sandbox.organizations.registry import operation
from orgctl.sandbox.organizations.tags import checked_tags
from orgctl.sandbox.state import Organization, ResourcePolicy


@operation("PutResourcePolicy")
def put(call: Call, params: Parameters) -> Members:
    """Create or replace it. What it delegates is not evaluated by the sandbox."""
    organization, content = call.organization, params["Content"]
    if organization.features != "ALL":
        raise constraint("ORGANIZATION_NOT_IN_ALL_FEATURES_MODE", "A resource policy needs all features.")
    _refuse(content)
    before = organization.resource_policy
    tags = checked_tags(call, params.get("Tags"), before.tags if before else None)
    identity = before.id if before else call.cloud.ids.prefixed("rp", 8)
    organization.resource_policy = ResourcePolicy(identity, content, tags)
    return {"ResourcePolicy": _view(organization, organization.resource_policy)}


@operation("DescribeResourcePolicy", Access.MEMBER)
def describe(call: Call, params: Parameters) -> Members:
    """The policy with its content."""
    return {"ResourcePolicy": _view(call.organization, _existing(call.organization))}


@operation("DeleteResourcePolicy")
def delete(call: Call, params: Parameters) -> None:
    """Gone."""
    _existing(call.organization)
    call.organization.resource_policy = None


def _existing(organization: Organization) -> ResourcePolicy:
    if organization.resource_policy is None:
        raise RefusalError("ResourcePolicyNotFoundException", "We can't find a resource policy.")
    return organization.resource_policy


def _view(organization: Organization, policy: ResourcePolicy) -> Members:
    summary = {"Id": policy.id, "Arn": arn(organization, "resourcepolicy", policy.id)}
    return {"ResourcePolicySummary": summary, "Content": policy.content}


def _refuse(content: str) -> None:
    try:
        document = json.loads(content)
    except ValueError:
        raise invalid_input("INVALID_RESOURCE_POLICY_JSON", "The resource policy is not JSON.") from None
    statements = document.get("Statement") if isinstance(document, dict) else None
    statements = [statements] if isinstance(statements, dict) else statements
    if not isinstance(statements, list) or not all(isinstance(s, dict) for s in statements):
        raise invalid_input("INVALID_RESOURCE_POLICY_JSON", "The resource policy has no statements.")
    if any("Principal" not in statement for statement in statements):
        raise invalid_input("INVALID_PRINCIPAL", "A statement of the resource policy has no Principal.")
