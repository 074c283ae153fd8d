"""Creating accounts: asynchronous, five at a time, without an idempotency token, always under the root."""

from __future__ import annotations

from orgctl.sandbox.messages import RefusalError
from orgctl.sandbox.operations import Access, Call, Members, Parameters
from orgctl.sandbox.organizations.pages import page
from orgctl.sandbox.organizations.policy_types import attach_defaults
from orgctl.sandbox.organizations.registry import operation
from orgctl.sandbox.organizations.tags import checked_tags
from orgctl.sandbox.pending import Pending
from orgctl.sandbox.state import Account, Creation

DEFAULT_ROLE = "OrganizationAccountAccessRole"


@operation("CreateAccount")
def create_account(call: Call, params: Parameters) -> Members:
    """A request under way. That more than five are refused with TooManyRequestsException is unconfirmed."""
    organization, cloud = call.organization, call.cloud
    running = sum(creation.state == "IN_PROGRESS" for creation in organization.creations.values())
    if running >= (call.quota("accounts_being_created") or 5):
        raise RefusalError("TooManyRequestsException", "Too many accounts are being created at this time.")
    creation = Creation(
        id=cloud.ids.prefixed("car", 32),
        email=params["Email"],
        name=params["AccountName"],
        role=params.get("RoleName", DEFAULT_ROLE),
        requested=call.now,
        pending=Pending.after(cloud.settings.delays.create_account, cloud.clock),
        tags=checked_tags(call, params.get("Tags")),
    )
    organization.creations[creation.id] = creation
    return {"CreateAccountStatus": _view(creation)}


@operation("DescribeCreateAccountStatus", Access.DELEGATED)
def describe_creation(call: Call, params: Parameters) -> Members:
    """How far one request is. Asking moves it on."""
    creation = call.organization.creations.get(params["CreateAccountRequestId"])
    if creation is None:
        raise RefusalError("CreateAccountStatusNotFoundException", "There is no such create account request.")
    _settle(call, creation)
    return {"CreateAccountStatus": _view(creation)}


@operation("ListCreateAccountStatus", Access.DELEGATED)
def list_creations(call: Call, params: Parameters) -> Members:
    """The requests in the states asked for; without `States`, in any. Asking moves them on."""
    for creation in call.organization.creations.values():
        _settle(call, creation)
    states = params.get("States") or ("IN_PROGRESS", "SUCCEEDED", "FAILED")
    found = [creation for creation in call.organization.creations.values() if creation.state in states]
    return page(call, params, "CreateAccountStatuses", found, _view)


def _settle(call: Call, creation: Creation) -> None:
    """Finish a request that is due: the account appears under the root, or the request fails with its reason."""
    if creation.state != "IN_PROGRESS" or not creation.pending.poll(call.cloud.clock):
        return
    creation.completed = call.now
    creation.failure = _failure(call, creation)
    if creation.failure is not None:
        creation.state = "FAILED"
        return
    creation.state = "SUCCEEDED"
    creation.account = _join(call, creation).id


def _failure(call: Call, creation: Creation) -> str | None:
    everyone = [*call.organization.accounts.values(), *call.cloud.outside.values()]
    if any(account.email.lower() == creation.email.lower() for account in everyone):
        return "EMAIL_ALREADY_EXISTS"
    if len(call.organization.accounts) >= (call.quota("accounts") or 50_000):
        return "ACCOUNT_LIMIT_EXCEEDED"
    return None


def _join(call: Call, creation: Creation) -> Account:
    organization, cloud = call.organization, call.cloud
    account = Account(
        id=cloud.ids.account(),
        email=creation.email,
        name=creation.name,
        created=call.now,
        joined=call.now,
        role=creation.role,
        role_pending=Pending.after(cloud.settings.delays.access_role, cloud.clock),
        tags=creation.tags,
    )
    organization.add_account(account, organization.root)
    attach_defaults(organization, account.id)
    return account


def _view(creation: Creation) -> Members:
    view = {
        "Id": creation.id,
        "AccountName": creation.name,
        "State": creation.state,
        "RequestedTimestamp": creation.requested,
        "CompletedTimestamp": creation.completed,
        "AccountId": creation.account,
        "FailureReason": creation.failure,
    }
    return {key: value for key, value in view.items() if value is not None}
