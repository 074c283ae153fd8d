"""Attaching and detaching policies, and listing what is attached where."""

from __future__ import annotations

from orgctl.model.policy_types import BY_API_NAME
from orgctl.sandbox.messages import RefusalError, constraint, invalid_input
from orgctl.sandbox.operations import Access, Call, Members, Parameters
from orgctl.sandbox.organizations import find
from orgctl.sandbox.organizations.arns import policy_view, target_arn
from orgctl.sandbox.organizations.pages import page
from orgctl.sandbox.organizations.policy_types import is_enabled
from orgctl.sandbox.organizations.registry import operation
from orgctl.sandbox.state import Organization, Policy


@operation("AttachPolicy")
def attach_policy(call: Call, params: Parameters) -> None:
    """Attach, within the quota of the type for each target."""
    organization = call.organization
    policy, target = find.policy(call, params["PolicyId"]), find.target(call, params["TargetId"])
    _refuse_not_enabled(organization, policy.type)
    if policy.id in organization.attached.get(target, {}):
        raise RefusalError("DuplicatePolicyAttachmentException", "The policy is already attached to the target.")
    quota = call.quota(f"{BY_API_NAME[policy.type].folder}_attached")
    if quota is not None and len(_of_type(organization, target, policy.type)) >= quota:
        raise constraint(
            "MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED", f"The target has {quota} policies of this type already."
        )
    organization.attach(policy.id, target)


@operation("DetachPolicy")
def detach_policy(call: Call, params: Parameters) -> None:
    """Detach; the last SCP of a target stays, and so does RCPFullAWSAccess."""
    organization = call.organization
    policy, target = find.policy(call, params["PolicyId"]), find.target(call, params["TargetId"])
    if policy.id not in organization.attached.get(target, {}):
        raise RefusalError("PolicyNotAttachedException", "The policy isn't attached to the specified target.")
    if policy.id == "p-RCPFullAWSAccess":
        raise invalid_input("NON_DETACHABLE_POLICY", "You cannot detach this policy.")
    if policy.type == "SERVICE_CONTROL_POLICY" and len(_of_type(organization, target, policy.type)) == 1:
        raise constraint(
            "MIN_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED", "You cannot detach the last service control policy."
        )
    organization.detach(policy.id, target)


@operation("ListTargetsForPolicy", Access.DELEGATED)
def list_targets(call: Call, params: Parameters) -> Members:
    """Everything that a policy is attached to directly."""
    organization, policy = call.organization, find.policy(call, params["PolicyId"])
    targets = list(organization.targets.get(policy.id, {}))
    return page(call, params, "Targets", targets, lambda target: _target_view(organization, target))


@operation("ListPoliciesForTarget", Access.DELEGATED)
def list_policies_for_target(call: Call, params: Parameters) -> Members:
    """The policies of one type that are attached directly to a target."""
    organization, target = call.organization, find.target(call, params["TargetId"])
    policies = _of_type(organization, target, params["Filter"])
    return page(call, params, "Policies", policies, lambda policy: policy_view(organization, policy))


def _of_type(organization: Organization, target: str, policy_type: str) -> list[Policy]:
    policies = (organization.policies[policy] for policy in organization.attached.get(target, {}))
    return [policy for policy in policies if policy.type == policy_type]


def _refuse_not_enabled(organization: Organization, policy_type: str) -> None:
    if not is_enabled(organization, policy_type):
        raise RefusalError("PolicyTypeNotEnabledException", "The policy type is not enabled in this root.")


def _target_view(organization: Organization, target: str) -> Members:
    if target == organization.root:
        name, kind = "Root", "ROOT"
    elif target in organization.units:
        name, kind = organization.units[target].name, "ORGANIZATIONAL_UNIT"
    else:
        name, kind = organization.accounts[target].name, "ACCOUNT"
    return {"TargetId": target, "Arn": target_arn(organization, target), "Name": name, "Type": kind}
