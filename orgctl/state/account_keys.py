"""Names for the accounts of an organization that has no manifest yet: AWS's own, made unique."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from orgctl.aws.read.shapes import AccountInfo
from orgctl.state.actual import AccountNames

_LONGEST = 128
"""The longest key that the manifest takes."""


def account_keys(accounts: Iterable[AccountInfo]) -> AccountNames:
    """A key for each account: its name in AWS; where several share one, or have none, with the id: `shop-222222222222`.

    AWS allows equal names, the manifest does not. Keys stay the same whatever the order of the accounts.
    """
    accounts = sorted(accounts, key=lambda account: account.id)
    often = Counter(account.name for account in accounts)
    keys = {account.id: account.name for account in accounts if account.name and often[account.name] == 1}
    taken = set(keys.values())
    for account in accounts:
        if account.id not in keys:
            keys[account.id] = _free(account, taken)
            taken.add(keys[account.id])
    return AccountNames(by_id=keys)


def _free(account: AccountInfo, taken: set[str]) -> str:
    suffix = f"-{account.id}"
    key = account.name[: _LONGEST - len(suffix)] + suffix if account.name else account.id
    while key in taken:
        key = key[: _LONGEST - 1] + "_"
    return key
