"""A state as an `Outline`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from orgctl.model.address import ROOT, UnitPath, attachment_address
from orgctl.model.outline import AccountLine, Outline
from orgctl.model.policy_types import SCP
from orgctl.model.resources import Account, AccountState, Attachment, PolicyTypeSwitch, Unit
from orgctl.model.state import State

_FULL_AWS_ACCESS = "scp/FullAWSAccess"


def outline(state: State) -> Outline:
    """The tree with everything in it, in the order of the state. The root is called `Root`."""
    accounts: dict[UnitPath, list[Account]] = defaultdict(list)
    for account in state.each(Account):
        accounts[account.parent].append(account)
    children: dict[UnitPath, list[UnitPath]] = defaultdict(list)
    for unit in state.each(Unit):
        if unit.path:
            children[unit.path[:-1]].append(unit.path)
    attached: dict[str, list[str]] = defaultdict(list)
    for attachment in state.each(Attachment):
        if attachment.policy != _FULL_AWS_ACCESS:
            attached[attachment.target].append(attachment.policy)
    return _Outlining(state, accounts, children, attached).unit(ROOT)


@dataclass(frozen=True, slots=True)
class _Outlining:
    state: State
    accounts: Mapping[UnitPath, list[Account]]
    children: Mapping[UnitPath, list[UnitPath]]
    attached: Mapping[str, list[str]]

    def unit(self, path: UnitPath) -> Outline:
        address = Unit(path).address
        accounts = tuple(map(self._account, self.accounts.get(path, ())))
        units = tuple(map(self.unit, self.children.get(path, ())))
        return Outline(
            path[-1] if path else "Root",
            tuple(self.attached.get(address, ())),
            self._full_access(address),
            accounts,
            units,
            total=len(accounts) + sum(unit.total for unit in units),
        )

    def _account(self, account: Account) -> AccountLine:
        closed = account.state is AccountState.CLOSED
        policies = tuple(self.attached.get(account.address, ()))
        return AccountLine(account.key, policies, closed or self._full_access(account.address), closed)

    def _full_access(self, address: str) -> bool:
        scps = self.state.get(PolicyTypeSwitch, PolicyTypeSwitch(SCP.api_name).address)
        if scps is None or not scps.enabled:
            return True
        return attachment_address(_FULL_AWS_ACCESS, address) in self.state.resources
