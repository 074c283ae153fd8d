"""Closing accounts: asynchronous, few at a time, and limited over thirty days."""

from __future__ import annotations

from collections.abc import Iterable

from orgctl.sandbox.messages import RefusalError, constraint
from orgctl.sandbox.operations import Call, Parameters
from orgctl.sandbox.organizations import find
from orgctl.sandbox.organizations.registry import operation
from orgctl.sandbox.pending import Pending
from orgctl.sandbox.state import Account, State

MONTH = 30 * 24 * 60 * 60.0


@operation("CloseAccount")
def close_account(call: Call, params: Parameters) -> None:
    """PENDING_CLOSURE at once; CLOSED (as the older `Status` has it: SUSPENDED) later."""
    organization, account = call.organization, find.account(call, params["AccountId"])
    if account.id == organization.management:
        raise constraint("CANNOT_CLOSE_MANAGEMENT_ACCOUNT", "You cannot close the management account.")
    if account.state is not State.ACTIVE:
        raise RefusalError("AccountAlreadyClosedException", "You attempted to close an account that is already closed.")
    if any(account.id in accounts for accounts in organization.delegated.values()):
        raise constraint("CANNOT_REMOVE_DELEGATED_ADMINISTRATOR_FROM_ORG", "The account is a delegated administrator.")
    _refuse_over_quota(call)
    organization.closures.append(call.now)
    organization.version += 1
    account.state = State.PENDING_CLOSURE
    account.closing = Pending.after(call.cloud.settings.delays.close_account, call.cloud.clock)


def _refuse_over_quota(call: Call) -> None:
    organization = call.organization
    closing = sum(account.state is State.PENDING_CLOSURE for account in organization.accounts.values())
    if closing >= (call.quota("accounts_being_closed") or 3):
        raise constraint("CLOSE_ACCOUNT_REQUESTS_LIMIT_EXCEEDED", "Too many accounts are being closed at this time.")
    allowed = min(1000, max(250, len(organization.accounts) // 5))
    allowed = call.quota("accounts_closed_in_30_days") or allowed
    if sum(when > call.now - MONTH for when in organization.closures) >= allowed:
        raise constraint("CLOSE_ACCOUNT_QUOTA_EXCEEDED", "You have exceeded the close account quota of 30 days.")


def settle_closures(call: Call, *accounts: Account) -> None:
    """Let closures that are due happen; asking about an account, or listing all, is a poll."""
    asked: Iterable[Account] = accounts or call.organization.accounts.values()
    for account in asked:
        if account.closing is not None and account.closing.poll(call.cloud.clock):
            account.state, account.closing = State.CLOSED, None
