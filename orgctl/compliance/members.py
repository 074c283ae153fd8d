"""The accounts of the organization as a report knows them: where they are, and what the manifest calls them."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass

from orgctl.aws.read.shapes import Snapshot
from orgctl.model.address import UnitPath, account_address, ancestors, unit_address
from orgctl.model.resources import Account, AccountState, Unit
from orgctl.packs.pack import Pack
from orgctl.state.actual import AccountNames, actual


@dataclass(frozen=True, slots=True)
class Member:
    """An account. `key` is its name in the manifest, or AWS's with the id; `path` the OU that it is in, in AWS.

    `active`: it is neither closed nor on its way.
    """

    id: str
    key: str
    path: UnitPath
    active: bool = True

    def is_in(self, addresses: Container[str]) -> bool:
        """Whether it, or an OU above it, is among these addresses."""
        if account_address(self.key) in addresses:
            return True
        return any(unit_address(path) in addresses for path in ancestors(self.path))

    def has(self, pack: Pack) -> bool:
        """Whether the pack is for it."""
        return (not pack.targets or self.is_in(pack.targets)) and not self.is_in(pack.exclude)


@dataclass(frozen=True, slots=True)
class Organization:
    """Every account, by its name, and the path of the root and every OU, parents first."""

    members: tuple[Member, ...]
    units: tuple[UnitPath, ...]


def organization_of(snapshot: Snapshot, names: AccountNames) -> Organization:
    """The organization that was read, under the manifest's names."""
    state = actual(snapshot, names)
    members = (
        Member(each.id, each.key, each.parent, each.state is AccountState.ACTIVE)
        for each in state.each(Account)
        if each.id
    )
    return Organization(
        tuple(sorted(members, key=lambda member: (member.key, member.id))),
        tuple(sorted(unit.path for unit in state.each(Unit))),
    )
