"""ARNs and the API's views of what the state holds."""

from __future__ import annotations

from orgctl.sandbox.operations import Call, Members
from orgctl.sandbox.state import Account, Organization, Policy, Unit

_OLD_STATUS = {"ACTIVE": "ACTIVE", "PENDING_CLOSURE": "PENDING_CLOSURE", "PENDING_ACTIVATION": "ACTIVE"}


def arn(organization: Organization, kind: str, *rest: str) -> str:
    """`arn:aws:organizations::<management account>:<kind>/<organization>/…`."""
    return f"arn:aws:organizations::{organization.management}:{'/'.join((kind, organization.id, *rest))}"


def policy_arn(organization: Organization, policy: Policy) -> str:
    """The ARN of a policy; AWS's own belong to the account `aws`."""
    kind = policy.type.lower()
    if policy.aws_managed:
        return f"arn:aws:organizations::aws:policy/{kind}/{policy.id}"
    return arn(organization, "policy", kind, policy.id)


def target_arn(organization: Organization, target: str) -> str:
    """The ARN of the root, an OU or an account, by its id."""
    kind = "root" if target == organization.root else "ou" if target in organization.units else "account"
    return arn(organization, kind, target)


def account_view(call: Call, account: Account) -> Members:
    """`Account`, with `Paths` and `Status` as the settings say."""
    organization, settings = call.organization, call.cloud.settings
    view: Members = {
        "Id": account.id,
        "Arn": arn(organization, "account", account.id),
        "Email": account.email,
        "Name": account.name,
        "State": account.state.value,
        "JoinedMethod": account.joined_method,
        "JoinedTimestamp": account.joined,
    }
    if settings.status:
        view["Status"] = _OLD_STATUS.get(account.state, "SUSPENDED")
    if settings.paths:
        view["Paths"] = [organization.path(account.id)]
    return view


def unit_view(call: Call, unit: Unit) -> Members:
    """`OrganizationalUnit`, with `Path` as the settings say."""
    organization = call.organization
    view: Members = {"Id": unit.id, "Arn": arn(organization, "ou", unit.id), "Name": unit.name}
    if call.cloud.settings.paths:
        view["Path"] = organization.path(unit.id)
    return view


def policy_view(organization: Organization, policy: Policy) -> Members:
    """`PolicySummary`."""
    return {
        "Id": policy.id,
        "Arn": policy_arn(organization, policy),
        "Name": policy.name,
        "Description": policy.description,
        "Type": policy.type,
        "AwsManaged": policy.aws_managed,
    }


def root_view(organization: Organization) -> Members:
    """`Root`."""
    types = [{"Type": name, "Status": enabled.status} for name, enabled in organization.types.items()]
    return {
        "Id": organization.root,
        "Arn": arn(organization, "root", organization.root),
        "Name": "Root",
        "PolicyTypes": types,
    }
