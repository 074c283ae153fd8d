"""Accounts as people name them: by the OUs in which every account is meant, and singly where not all are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from orgctl.model.address import UnitPath, ancestors, unit_address
from orgctl.model.resources import Account


class Places:
    """The accounts that are looked at, with the management account (an id), which no OU stands for.

    Policies do not bind it, so it would keep every OU above it from being named.
    """

    def __init__(self, accounts: Iterable[Account], management_account: str | None) -> None:
        self._management = management_account
        self._all = self._counted(accounts)

    def of(self, accounts: Iterable[Account]) -> tuple[str, ...]:
        """Addresses: the highest OUs of which all accounts are meant, and the accounts that are in none of these."""
        chosen = list(accounts)
        counts = self._counted(chosen)
        whole = {path for path, count in counts.items() if count == self._all[path]}
        found: dict[str, None] = {}
        for account in chosen:
            path = None if account.id == self._management else self._highest(account.parent, whole)
            found[account.address if path is None else unit_address(path)] = None
        return tuple(sorted(found, key=lambda address: (not address.startswith("ou:"), address)))

    def _counted(self, accounts: Iterable[Account]) -> Counter[UnitPath]:
        parents = Counter(account.parent for account in accounts if account.id != self._management)
        counts: Counter[UnitPath] = Counter()
        for parent, number in parents.items():
            for path in ancestors(parent):
                counts[path] += number
        return counts

    def _highest(self, parent: UnitPath, whole: set[UnitPath]) -> UnitPath | None:
        return next((path for path in ancestors(parent) if path in whole), None)
