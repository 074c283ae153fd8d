"""Member accounts: listing, describing, moving, removing. Creating and closing have files of their own."""

from __future__ import annotations

from orgctl.sandbox.messages import RefusalError, constraint
from orgctl.sandbox.operations import Access, Call, Members, Parameters
from orgctl.sandbox.organizations import find
from orgctl.sandbox.organizations.arns import account_view
from orgctl.sandbox.organizations.closing import settle_closures
from orgctl.sandbox.organizations.pages import page
from orgctl.sandbox.organizations.registry import operation
from orgctl.sandbox.state import Account

DAY = 24 * 60 * 60.0


@operation("ListAccounts", Access.DELEGATED)
def list_accounts(call: Call, params: Parameters) -> Members:
    """Every account, closed ones too."""
    settle_closures(call)
    accounts = list(call.organization.accounts.values())
    return page(call, params, "Accounts", accounts, lambda account: account_view(call, account))


@operation("ListAccountsForParent", Access.DELEGATED)
def list_accounts_for_parent(call: Call, params: Parameters) -> Members:
    """The accounts directly under a root or OU."""
    settle_closures(call)
    organization, parent = call.organization, find.parent(call, params["ParentId"])
    found = [organization.accounts[c] for c in organization.children.get(parent, {}) if c in organization.accounts]
    return page(call, params, "Accounts", found, lambda account: account_view(call, account))


@operation("DescribeAccount", Access.DELEGATED)
def describe_account(call: Call, params: Parameters) -> Members:
    """One account."""
    account = find.account(call, params["AccountId"])
    settle_closures(call, account)
    return {"Account": account_view(call, account)}


@operation("MoveAccount")
def move_account(call: Call, params: Parameters) -> None:
    """From one parent directly to another."""
    account = find.account(call, params["AccountId"])
    source = find.parent(call, params["SourceParentId"], "SourceParentNotFoundException")
    destination = find.parent(call, params["DestinationParentId"], "DestinationParentNotFoundException")
    if account.parent == destination:
        raise RefusalError("DuplicateAccountException", "That account is already present in the destination.")
    if account.parent != source:
        raise RefusalError("SourceParentNotFoundException", "The account is not in the source parent.")
    call.organization.move_account(account, destination)


@operation("RemoveAccountFromOrganization")
def remove_account(call: Call, params: Parameters) -> None:
    """Out of the organization; refused to accounts that were created less than four days ago."""
    leave(call, find.account(call, params["AccountId"]))


@operation("LeaveOrganization", Access.MEMBER)
def leave_organization(call: Call, params: Parameters) -> None:
    """The calling account leaves."""
    leave(call, find.account(call, call.caller))


def leave(call: Call, account: Account) -> None:
    """Take an account out. Raises AWS's refusals: the management account, too young, a delegated administrator."""
    organization, cloud = call.organization, call.cloud
    if account.id == organization.management:
        raise RefusalError("MasterCannotLeaveOrganizationException", "The management account cannot leave.")
    if any(account.id in accounts for accounts in organization.delegated.values()):
        raise constraint("CANNOT_REMOVE_DELEGATED_ADMINISTRATOR_FROM_ORG", "The account is a delegated administrator.")
    age = call.now - account.created
    if account.joined_method == "CREATED" and age < cloud.settings.minimum_account_age_days * DAY:
        raise constraint("WAIT_PERIOD_ACTIVE", "The account was created less than four days ago.")
    organization.remove(account.id)
    account.parent = None
    cloud.outside[account.id] = account
