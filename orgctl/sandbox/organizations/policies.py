"""Policies of all types: created, changed, deleted, listed."""

from __future__ import annotations

from orgctl.model.policy_types import BY_API_NAME
from orgctl.sandbox.messages import RefusalError, constraint, invalid_input
from orgctl.sandbox.operations import Access, Call, Members, Parameters
from orgctl.sandbox.organizations import find
from orgctl.sandbox.organizations.arns import policy_view
from orgctl.sandbox.organizations.documents import refuse_malformed
from orgctl.sandbox.organizations.pages import page
from orgctl.sandbox.organizations.registry import operation
from orgctl.sandbox.organizations.tags import checked_tags
from orgctl.sandbox.state import Organization, Policy


@operation("CreatePolicy")
def create_policy(call: Call, params: Parameters) -> Members:
    """A policy that is attached to nothing yet."""
    organization, kind = call.organization, BY_API_NAME[params["Type"]]
    if organization.features != "ALL":
        raise RefusalError(
            "PolicyTypeNotAvailableForOrganizationException", "The policy type needs an organization of all features."
        )
    _refuse_duplicate(organization, kind.api_name, params["Name"])
    _refuse_content(call, kind.api_name, params["Content"])
    count = sum(policy.type == kind.api_name and not policy.aws_managed for policy in organization.policies.values())
    quota = call.quota(f"{kind.folder}_count")
    if quota is not None and count >= quota:
        raise constraint("POLICY_NUMBER_LIMIT_EXCEEDED", "You have exceeded the number of policies you can have.")
    policy = Policy(
        id=call.cloud.ids.prefixed("p", 10),
        name=params["Name"],
        type=kind.api_name,
        description=params["Description"],
        content=params["Content"],
        tags=checked_tags(call, params.get("Tags")),
        updated=call.now,
    )
    organization.policies[policy.id] = policy
    return _whole(organization, policy)


@operation("UpdatePolicy")
def update_policy(call: Call, params: Parameters) -> Members:
    """A new name, description or content, in place; attachments stay."""
    organization, policy = call.organization, find.policy(call, params["PolicyId"])
    _refuse_aws_managed(policy)
    name, content = params.get("Name", policy.name), params.get("Content", policy.content)
    if name != policy.name:
        _refuse_duplicate(organization, policy.type, name)
    _refuse_content(call, policy.type, content)
    policy.name, policy.content = name, content
    policy.description = params.get("Description", policy.description)
    policy.updated = call.now
    return _whole(organization, policy)


@operation("DeletePolicy")
def delete_policy(call: Call, params: Parameters) -> None:
    """Gone; refused while it is attached to anything."""
    organization, policy = call.organization, find.policy(call, params["PolicyId"])
    _refuse_aws_managed(policy)
    if organization.targets.get(policy.id):
        raise RefusalError(
            "PolicyInUseException",
            "The policy is attached to one or more entities. You must detach it from all roots, OUs, and accounts"
            " before performing this operation.",
        )
    del organization.policies[policy.id]
    organization.targets.pop(policy.id, None)


@operation("DescribePolicy", Access.DELEGATED)
def describe_policy(call: Call, params: Parameters) -> Members:
    """One policy with its content."""
    return _whole(call.organization, find.policy(call, params["PolicyId"]))


@operation("ListPolicies", Access.DELEGATED)
def list_policies(call: Call, params: Parameters) -> Members:
    """Every policy of one type, AWS's own included."""
    organization = call.organization
    found = [policy for policy in organization.policies.values() if policy.type == params["Filter"]]
    return page(call, params, "Policies", found, lambda policy: policy_view(organization, policy))


def _whole(organization: Organization, policy: Policy) -> Members:
    return {"Policy": {"PolicySummary": policy_view(organization, policy), "Content": policy.content}}


def _refuse_duplicate(organization: Organization, policy_type: str, name: str) -> None:
    if any(p.type == policy_type and p.name == name for p in organization.policies.values()):
        raise RefusalError("DuplicatePolicyException", "A policy with the same name already exists.")


def _refuse_aws_managed(policy: Policy) -> None:
    if policy.aws_managed:
        raise invalid_input("IMMUTABLE_POLICY", "You cannot change or delete an AWS-managed policy.")


def _refuse_content(call: Call, policy_type: str, content: str) -> None:
    """Size is counted in characters as sent, whitespace included."""
    quota = call.quota(f"{BY_API_NAME[policy_type].folder}_size")
    if quota is not None and len(content) > quota:
        raise constraint("POLICY_CONTENT_LIMIT_EXCEEDED", f"The policy has more than {quota} characters.")
    refuse_malformed(policy_type, content)
