"""What a parameter names, or AWS's refusal that there is no such thing."""

from __future__ import annotations

from orgctl.sandbox.messages import RefusalError
from orgctl.sandbox.operations import Call
from orgctl.sandbox.state import Account, Policy, Unit


def account(call: Call, account_id: str) -> Account:
    """A member account."""
    found = call.organization.accounts.get(account_id)
    if found is None:
        raise RefusalError("AccountNotFoundException", "You specified an account that doesn't exist.")
    return found


def unit(call: Call, unit_id: str) -> Unit:
    """An OU."""
    found = call.organization.units.get(unit_id)
    if found is None:
        raise RefusalError(
            "OrganizationalUnitNotFoundException", "You specified an organizational unit that doesn't exist."
        )
    return found


def parent(call: Call, parent_id: str, code: str = "ParentNotFoundException") -> str:
    """The id of the root or an OU."""
    organization = call.organization
    if parent_id != organization.root and parent_id not in organization.units:
        raise RefusalError(code, "You specified a parent that doesn't exist.")
    return parent_id


def policy(call: Call, policy_id: str) -> Policy:
    """A policy, AWS's own included."""
    found = call.organization.policies.get(policy_id)
    if found is None:
        raise RefusalError("PolicyNotFoundException", "You specified a policy that doesn't exist.")
    return found


def target(call: Call, target_id: str) -> str:
    """The id of the root, an OU or an account."""
    organization = call.organization
    known = target_id in organization.units or target_id in organization.accounts
    if target_id != organization.root and not known:
        raise RefusalError("TargetNotFoundException", "You specified a target that doesn't exist.")
    return target_id
