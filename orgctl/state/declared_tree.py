"""The tree of OUs and accounts as the manifest declares it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from orgctl.manifest import patterns, schema
from orgctl.model import resources as model
from orgctl.model.address import ROOT, UnitPath, attachment_address
from orgctl.model.policy_types import SCP
from orgctl.model.resources import AccountState
from orgctl.model.state import Finding, State
from orgctl.state.declarable import fits, tags

_FULL_AWS_ACCESS = "scp/FullAWSAccess"
_LONGEST_NAME = 50
_LONGEST_EMAIL = 64

_ACTIVE = frozenset({AccountState.ACTIVE, AccountState.PENDING_ACTIVATION})
_CLOSED = frozenset({AccountState.PENDING_CLOSURE, AccountState.CLOSED})


def tree(state: State, policies: Mapping[str, object], remarks: list[Finding]) -> schema.Root:
    """The root with everything below it, in the order of names; of attachments those of `policies`, by name."""
    accounts: dict[UnitPath, list[model.Account]] = defaultdict(list)
    for account in sorted(state.each(model.Account), key=lambda account: (account.key.casefold(), account.key)):
        accounts[account.parent].append(account)
    children: dict[UnitPath, list[UnitPath]] = defaultdict(list)
    for path in sorted((unit.path for unit in state.each(model.Unit) if unit.path), key=_folded):
        children[path[:-1]].append(path)
    return schema.Root(**_Tree(state, accounts, children, _attached(state, policies), remarks).below(ROOT))


def active_accounts(unit: schema.Unit) -> Iterator[tuple[str, schema.Account]]:
    """The accounts below a unit that are not closed, with their keys."""
    yield from ((key, account) for key, account in unit.accounts.items() if account.state == "active")
    for child in unit.units.values():
        yield from active_accounts(child)


def _folded(path: UnitPath) -> tuple[tuple[str, ...], UnitPath]:
    return tuple(name.casefold() for name in path), path


def _attached(state: State, policies: Mapping[str, object]) -> dict[str, list[str]]:
    """The policies that are declared, by the address of their target, in the order of names."""
    by_target: dict[str, list[str]] = defaultdict(list)
    for attachment in sorted(state.each(model.Attachment), key=lambda attachment: attachment.policy):
        if attachment.policy in policies:
            by_target[attachment.target].append(attachment.policy)
    return by_target


@dataclass(frozen=True, slots=True)
class _Tree:
    """`accounts` and `children` are by their parent's path, `attached` by the target's address."""

    state: State
    accounts: Mapping[UnitPath, list[model.Account]]
    children: Mapping[UnitPath, list[UnitPath]]
    attached: Mapping[str, list[str]]
    remarks: list[Finding]

    def below(self, path: UnitPath) -> dict[str, Any]:
        """The attributes of one OU."""
        unit = self.state.get(model.Unit, model.Unit(path).address) or model.Unit(path)
        return {
            **self._guarded(unit.address, unit.tags),
            "accounts": {a.key: self._account(a) for a in self.accounts.get(path, ()) if self._is_told(a)},
            "units": {child[-1]: schema.Unit(**self.below(child)) for child in self.children.get(path, ())},
        }

    def _guarded(self, address: str, declared: model.Tags | None) -> dict[str, Any]:
        scps = model.PolicyTypeSwitch(SCP.api_name).address in self.state.resources
        return {
            "policies": self.attached.get(address, []),
            "full_aws_access": not scps or attachment_address(_FULL_AWS_ACCESS, address) in self.state.resources,
            "tags": tags(declared, address, self.remarks),
        }

    def _account(self, account: model.Account) -> schema.Account:
        known: dict[str, Any] = {"id": account.id}
        if account.email and fits(patterns.EMAIL, account.email, most=_LONGEST_EMAIL):
            known["email"] = account.email
        if account.name and account.name != account.key and len(account.name) <= _LONGEST_NAME:
            known["name"] = account.name
        if account.state in _CLOSED:
            return schema.Account(**known, state="closed")
        return schema.Account(**known, **self._guarded(account.address, account.tags))

    def _is_told(self, account: model.Account) -> bool:
        """Whether the account is declared. One that AWS suspended may come back, and must not be closed then."""
        if account.state in _ACTIVE | _CLOSED:
            return True
        message = f"the account `{account.name}` ({account.id}) is {account.state.value.lower()}, and left out"
        self.remarks.append(Finding(model.Unit(account.parent).address, message))
        return False
