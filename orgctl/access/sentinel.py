"""`Sentinel`: requests whose answers a plan compares before and after."""

from __future__ import annotations

from dataclasses import dataclass

from orgctl.access.change import Concern
from orgctl.model.address import UnitPath
from orgctl.model.resources import Account
from orgctl.policytest.tables import Table


@dataclass(frozen=True, slots=True)
class Selection:
    """Accounts: by key or id, and by the OU that they are in or below. None of either: all of them."""

    names: frozenset[str] = frozenset()
    units: tuple[UnitPath, ...] = ()

    def __contains__(self, account: Account) -> bool:
        if not self.names and not self.units:
            return True
        named = account.key in self.names or account.id in self.names
        return named or any(account.parent[: len(unit)] == unit for unit in self.units)


EVERYWHERE = Selection()


@dataclass(frozen=True, slots=True)
class Sentinel:
    """A table of requests, posed in each of the selected accounts.

    `name` says in a few words what is done. `important`: what is denied of it is shown first.
    """

    name: str
    concern: Concern
    table: Table
    selection: Selection = EVERYWHERE
    important: bool = False
