"""Handshakes: invitations of accounts, and the enabling of all features."""

from __future__ import annotations

from orgctl.sandbox.messages import RefusalError
from orgctl.sandbox.operations import Access, Call, Members, Parameters
from orgctl.sandbox.organizations.arns import arn
from orgctl.sandbox.organizations.pages import page
from orgctl.sandbox.organizations.policy_types import attach_defaults
from orgctl.sandbox.organizations.registry import operation
from orgctl.sandbox.organizations.tags import checked_tags
from orgctl.sandbox.state import Account, Handshake, Organization

_FIFTEEN_DAYS = 15 * 24 * 60 * 60.0
_OPEN = ("REQUESTED", "OPEN")


@operation("InviteAccountToOrganization")
def invite(call: Call, params: Parameters) -> Members:
    """Invite an account by its id or e-mail."""
    organization, target = call.organization, params["Target"]
    if target["Type"] not in ("ACCOUNT", "EMAIL"):
        raise RefusalError("InvalidInputException", "Invite an account.", Reason="INVALID_PARTY_TYPE_TARGET")
    account = _invited(call, target)
    if account.id in organization.accounts:
        raise _constraint("ALREADY_IN_AN_ORGANIZATION", "The account is already a member of an organization.")
    if any(h.account == account.id and _state(call, h) in _OPEN for h in organization.handshakes.values()):
        raise RefusalError("DuplicateHandshakeException", "A handshake with the same target already exists.")
    if len(organization.accounts) >= (call.quota("accounts") or 50_000):
        raise _constraint("ACCOUNT_NUMBER_LIMIT_EXCEEDED", "You have reached the number of accounts you can have.")
    handshake = _open(call, "INVITE", account.id, dict(target))
    handshake.notes = params.get("Notes")
    handshake.tags = checked_tags(call, params.get("Tags"))
    return {"Handshake": view(call, organization, handshake)}


def _invited(call: Call, target: dict[str, str]) -> Account:
    if target["Type"] == "ACCOUNT":
        return call.cloud.outsider(target["Id"])
    everyone = [*call.organization.accounts.values(), *call.cloud.outside.values()]
    for account in everyone:
        if account.email.lower() == target["Id"].lower():
            return account
    made_up = call.cloud.outsider(call.cloud.ids.account())
    made_up.email = target["Id"]
    return made_up


@operation("EnableAllFeatures")
def enable_all_features(call: Call, params: Parameters) -> Members:
    """Ask for all features. Members that were invited have to approve; then the management account accepts."""
    organization = call.organization
    if organization.features == "ALL":
        raise _constraint("ORGANIZATION_ALREADY_HAS_ALL_FEATURES", "The organization has all features already.")
    if any(h.action == "ENABLE_ALL_FEATURES" and _state(call, h) in _OPEN for h in organization.handshakes.values()):
        raise _constraint(
            "ORGANIZATION_IS_ALREADY_PENDING_ALL_FEATURES_MIGRATION", "All features are being enabled already."
        )
    party = {"Id": organization.management, "Type": "ACCOUNT"}
    handshake = _open(call, "ENABLE_ALL_FEATURES", organization.management, party)
    invited = [a for a in organization.accounts.values() if a.joined_method == "INVITED"]
    asked = [a for a in invited if a.id != organization.management]
    handshake.state = "REQUESTED" if asked else "OPEN"
    for account in asked:
        _open(call, "APPROVE_ALL_FEATURES", account.id, {"Id": account.id, "Type": "ACCOUNT"})
    return {"Handshake": view(call, organization, handshake)}


@operation("AcceptHandshake", Access.ANYBODY)
def accept(call: Call, params: Parameters) -> Members:
    """The account that was asked says yes."""
    organization, handshake = _answerable(call, params["HandshakeId"])
    match handshake.action:
        case "INVITE":
            _join(call, organization, handshake)
        case "ENABLE_ALL_FEATURES" if handshake.state != "OPEN":
            raise RefusalError("InvalidHandshakeTransitionException", "Not all members have approved.")
        case "ENABLE_ALL_FEATURES":
            organization.features = "ALL"
        case _:
            _approve(organization, handshake)
    handshake.state = "ACCEPTED"
    return {"Handshake": view(call, organization, handshake)}


@operation("DeclineHandshake", Access.ANYBODY)
def decline(call: Call, params: Parameters) -> Members:
    """The account that was asked says no."""
    organization, handshake = _answerable(call, params["HandshakeId"])
    handshake.state = "DECLINED"
    return {"Handshake": view(call, organization, handshake)}


@operation("CancelHandshake")
def cancel(call: Call, params: Parameters) -> Members:
    """The organization takes its question back."""
    organization, handshake = _existing(call, params["HandshakeId"])
    _refuse_over(call, handshake)
    handshake.state = "CANCELED"
    return {"Handshake": view(call, organization, handshake)}


@operation("DescribeHandshake", Access.ANYBODY)
def describe(call: Call, params: Parameters) -> Members:
    """One handshake, to those whom it concerns."""
    organization, handshake = _existing(call, params["HandshakeId"])
    if call.caller not in (handshake.account, organization.management):
        raise RefusalError("HandshakeNotFoundException", "We can't find a handshake with that id.")
    return {"Handshake": view(call, organization, handshake)}


@operation("ListHandshakesForOrganization", Access.DELEGATED)
def list_for_organization(call: Call, params: Parameters) -> Members:
    """Every handshake of the organization, of the kind asked for."""
    organization = call.organization
    found = _filtered(organization, params)
    return page(call, params, "Handshakes", found, lambda h: view(call, organization, h))


@operation("ListHandshakesForAccount", Access.ANYBODY)
def list_for_account(call: Call, params: Parameters) -> Members:
    """The handshakes that the calling account is asked for."""
    organization = call.cloud.organization
    mine = [] if organization is None else [h for h in _filtered(organization, params) if h.account == call.caller]
    return page(call, params, "Handshakes", mine, lambda h: view(call, call.cloud.organization, h))


def view(call: Call, organization: Organization | None, handshake: Handshake) -> Members:
    """`Handshake`."""
    assert organization is not None  # noqa: S101 (a handshake is an organization's)
    management = organization.accounts[organization.management]
    resources = [
        {
            "Type": "ORGANIZATION",
            "Value": organization.id,
            "Resources": [
                {"Type": "MASTER_EMAIL", "Value": management.email},
                {"Type": "MASTER_NAME", "Value": management.name},
                {"Type": "ORGANIZATION_FEATURE_SET", "Value": organization.features},
            ],
        },
        {"Type": handshake.target["Type"], "Value": handshake.target["Id"]},
    ]
    if handshake.notes is not None:
        resources.append({"Type": "NOTES", "Value": handshake.notes})
    return {
        "Id": handshake.id,
        "Arn": arn(organization, "handshake", handshake.action.lower(), handshake.id),
        "Parties": [{"Id": organization.id, "Type": "ORGANIZATION"}, dict(handshake.target)],
        "State": _state(call, handshake),
        "RequestedTimestamp": handshake.requested,
        "ExpirationTimestamp": handshake.expires,
        "Action": handshake.action,
        "Resources": resources,
    }


def _filtered(organization: Organization, params: Parameters) -> list[Handshake]:
    wanted = params.get("Filter", {}).get("ActionType")
    return [h for h in organization.handshakes.values() if wanted in (None, h.action)]


def _open(call: Call, action: str, account: str, target: dict[str, str]) -> Handshake:
    identity = call.cloud.ids.prefixed("h", 32)
    handshake = Handshake(identity, action, account, target, call.now, call.now + _FIFTEEN_DAYS)
    call.organization.handshakes[identity] = handshake
    return handshake


def _existing(call: Call, identity: str) -> tuple[Organization, Handshake]:
    organization = call.cloud.organization
    handshake = organization.handshakes.get(identity) if organization else None
    if organization is None or handshake is None:
        raise RefusalError("HandshakeNotFoundException", "We can't find a handshake with that id.")
    return organization, handshake


def _answerable(call: Call, identity: str) -> tuple[Organization, Handshake]:
    organization, handshake = _existing(call, identity)
    if call.caller != handshake.account:
        raise RefusalError("AccessDeniedException", "You don't have permissions to access this resource.")
    _refuse_over(call, handshake)
    return organization, handshake


def _refuse_over(call: Call, handshake: Handshake) -> None:
    state = _state(call, handshake)
    if state in ("ACCEPTED", "DECLINED", "CANCELED"):
        raise RefusalError("HandshakeAlreadyInStateException", f"The handshake is {state} already.")
    if state == "EXPIRED":
        raise RefusalError("InvalidHandshakeTransitionException", "The handshake has expired.")


def _state(call: Call, handshake: Handshake) -> str:
    return "EXPIRED" if handshake.state in _OPEN and call.now > handshake.expires else handshake.state


def _join(call: Call, organization: Organization, handshake: Handshake) -> None:
    account = call.cloud.outsider(handshake.account)
    if account.id in organization.accounts:
        raise _constraint("ALREADY_IN_AN_ORGANIZATION", "The account is already a member of an organization.")
    call.cloud.outside.pop(account.id, None)
    account.joined, account.joined_method = call.now, "INVITED"
    account.tags.update(handshake.tags)
    organization.add_account(account, organization.root)
    attach_defaults(organization, account.id)


def _approve(organization: Organization, approved: Handshake) -> None:
    """Open the management account's handshake once nobody else is asked."""
    asked = [h for h in organization.handshakes.values() if h.action == "APPROVE_ALL_FEATURES" and h is not approved]
    if not any(h.state in _OPEN for h in asked):
        for handshake in organization.handshakes.values():
            if handshake.action == "ENABLE_ALL_FEATURES" and handshake.state == "REQUESTED":
                handshake.state = "OPEN"


def _constraint(reason: str, message: str) -> RefusalError:
    return RefusalError("HandshakeConstraintViolationException", message, Reason=reason)
