"""AWS Account Management: alternate contacts, the account's name, what is known about it.

With `AccountId` the management account (or a delegated administrator of account.amazonaws.com) acts for a member. AWS
wants trusted access for account.amazonaws.com for that; the sandbox asks for all features and lets the rest pass,
since the documents do not agree on it.
"""

from __future__ import annotations

from orgctl.sandbox.messages import RefusalError
from orgctl.sandbox.operations import Access, Call, Members, Parameters, Registry
from orgctl.sandbox.state import Account, State

operation = Registry()

SERVICE = "account.amazonaws.com"


def _account(call: Call, params: Parameters) -> Account:
    """The account that a request is about. Raises AccessDeniedException if the caller may not act for it."""
    wanted = params.get("AccountId")
    organization = call.cloud.organization
    if wanted is None:
        return call.cloud.account(call.caller) or call.cloud.outsider(call.caller)
    account = organization.accounts.get(wanted) if organization else None
    if organization is None or account is None:
        raise RefusalError("AccessDeniedException", "User is not authorized to act for this account.")
    allowed = {organization.management, *organization.delegated.get(SERVICE, {})}
    if call.caller not in allowed or organization.features != "ALL":
        raise RefusalError("AccessDeniedException", "User is not authorized to act for this account.")
    if wanted == organization.management:
        raise RefusalError(
            "ValidationException",
            "The management account cannot be named by AccountId.",
            reason="fieldValidationFailed",
        )
    return account


@operation("GetAlternateContact", Access.ANYBODY)
def get_contact(call: Call, params: Parameters) -> Members:
    """One alternate contact."""
    kind = params["AlternateContactType"]
    contact = _account(call, params).contacts.get(kind)
    if contact is None:
        raise RefusalError("ResourceNotFoundException", "No contact of the inputted alternate contact type found.")
    return {"AlternateContact": {**contact, "AlternateContactType": kind}}


@operation("PutAlternateContact", Access.ANYBODY)
def put_contact(call: Call, params: Parameters) -> None:
    """Create or replace one."""
    account = _account(call, params)
    members = ("Name", "Title", "EmailAddress", "PhoneNumber")
    account.contacts[params["AlternateContactType"]] = {name: params[name] for name in members}


@operation("DeleteAlternateContact", Access.ANYBODY)
def delete_contact(call: Call, params: Parameters) -> None:
    """Gone."""
    if _account(call, params).contacts.pop(params["AlternateContactType"], None) is None:
        raise RefusalError("ResourceNotFoundException", "No contact of the inputted alternate contact type found.")


@operation("PutAccountName", Access.ANYBODY)
def put_name(call: Call, params: Parameters) -> None:
    """A new name, which Organizations shows too."""
    _account(call, params).name = params["AccountName"]


@operation("GetAccountInformation", Access.ANYBODY)
def get_information(call: Call, params: Parameters) -> Members:
    """Id, name, date and state."""
    account = _account(call, params)
    state = "CLOSED" if account.state is State.PENDING_CLOSURE else account.state.value
    return {
        "AccountId": account.id,
        "AccountName": account.name,
        "AccountCreatedDate": account.created,
        "AccountState": state,
    }


@operation("GetPrimaryEmail", Access.ANYBODY)
def get_email(call: Call, params: Parameters) -> Members:
    """The address of a member's root user."""
    return {"PrimaryEmail": _account(call, params).email}
