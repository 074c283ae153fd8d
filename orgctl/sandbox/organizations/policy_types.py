"""Policy types: enabled and disabled on the root, asynchronously; and the policies that AWS itself attaches."""

from __future__ import annotations

import json
from collections.abc import Iterator

from orgctl.model.policy_types import BY_API_NAME, POLICY_TYPES
from orgctl.sandbox.messages import RefusalError, constraint
from orgctl.sandbox.operations import Call, Members, Parameters
from orgctl.sandbox.organizations.arns import root_view
from orgctl.sandbox.organizations.registry import operation
from orgctl.sandbox.pending import Pending
from orgctl.sandbox.state import EnabledType, Organization, Policy

_FULL_ACCESS = {
    "SERVICE_CONTROL_POLICY": {"Effect": "Allow", "Action": "*", "Resource": "*"},
    "RESOURCE_CONTROL_POLICY": {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"},
}


def aws_policies() -> Iterator[Policy]:
    """The AWS-managed policies that every organization has from the start, attached or not."""
    for kind in POLICY_TYPES:
        if kind.default_policy is not None:
            name = kind.default_policy.removeprefix("p-")
            content = json.dumps({"Version": "2012-10-17", "Statement": [_FULL_ACCESS[kind.api_name]]})
            yield Policy(kind.default_policy, name, kind.api_name, "Allows access to every operation", content, True)


def is_enabled(organization: Organization, policy_type: str) -> bool:
    """Whether policies of the type can be attached now."""
    enabled = organization.types.get(policy_type)
    return enabled is not None and enabled.status == "ENABLED"


def attach_defaults(organization: Organization, target: str) -> None:
    """Attach AWS's own policies to a new target, for the types that are enabled."""
    for name in organization.types:
        kind = BY_API_NAME.get(name)
        if kind is not None and kind.default_policy is not None and is_enabled(organization, name):
            organization.attach(kind.default_policy, target)


@operation("EnablePolicyType")
def enable_policy_type(call: Call, params: Parameters) -> Members:
    """PENDING_ENABLE at once, ENABLED once ListRoots was asked often and late enough."""
    organization, name = _root_of(call, params["RootId"]), params["PolicyType"]
    if organization.features != "ALL":
        raise RefusalError(
            "PolicyTypeNotAvailableForOrganizationException", "The policy type needs an organization of all features."
        )
    _refuse_in_progress(organization, name)
    if name in organization.types:
        raise RefusalError("PolicyTypeAlreadyEnabledException", "The policy type is already enabled.")
    service = BY_API_NAME[name].service
    if service is not None and service not in organization.trusted:
        raise constraint("SERVICE_ACCESS_NOT_ENABLED", f"Enable trusted access for {service} first.")
    pending = Pending.after(call.cloud.settings.delays.policy_type, call.cloud.clock)
    organization.types[name] = EnabledType("PENDING_ENABLE", pending)
    return {"Root": root_view(organization)}


@operation("DisablePolicyType")
def disable_policy_type(call: Call, params: Parameters) -> Members:
    """PENDING_DISABLE at once; every policy of the type is then detached from everything."""
    organization, name = _root_of(call, params["RootId"]), params["PolicyType"]
    _refuse_in_progress(organization, name)
    enabled = organization.types.get(name)
    if enabled is None:
        raise RefusalError("PolicyTypeNotEnabledException", "The policy type is not enabled in this root.")
    enabled.status = "PENDING_DISABLE"
    enabled.pending = Pending.after(call.cloud.settings.delays.policy_type, call.cloud.clock)
    return {"Root": root_view(organization)}


def settle_types(call: Call) -> None:
    """Finish the types that are due: one call is one poll of each."""
    organization = call.organization
    for name, enabled in tuple(organization.types.items()):
        if enabled.pending is None or not enabled.pending.poll(call.cloud.clock):
            continue
        enabled.pending = None
        if enabled.status == "PENDING_ENABLE":
            enabled.status = "ENABLED"
            _attach_everywhere(organization, name)
        else:
            del organization.types[name]
            _detach_everywhere(organization, name)


def _attach_everywhere(organization: Organization, policy_type: str) -> None:
    default = BY_API_NAME[policy_type].default_policy
    if default is not None:
        for target in organization.subtree():
            organization.attach(default, target)


def _detach_everywhere(organization: Organization, policy_type: str) -> None:
    for policy in organization.policies.values():
        if policy.type == policy_type:
            for target in tuple(organization.targets.get(policy.id, {})):
                organization.detach(policy.id, target)


def _root_of(call: Call, root: str) -> Organization:
    if root != call.organization.root:
        raise RefusalError("RootNotFoundException", "You specified a root that doesn't exist.")
    return call.organization


def _refuse_in_progress(organization: Organization, name: str) -> None:
    enabled = organization.types.get(name)
    if enabled is not None and enabled.pending is not None:
        raise RefusalError(
            "PolicyChangesInProgressException", "Changes to the policy are in progress. Try again later."
        )
