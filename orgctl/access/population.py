"""Which accounts are looked at, and which of them are alike: under the same policies, level by level."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from orgctl.model.policy_types import RCP, SCP
from orgctl.model.resources import Account, AccountState
from orgctl.policy.compiler import Compiled
from orgctl.policy.layers import Layers, NamedPolicy
from orgctl.simulator import Simulator

Level = tuple[int, ...]
"""The policies on one target, by the numbers that `Editions` gives them."""

Levels = tuple[Level, ...] | None
"""From the root down; None where the policy type does not bear on the account."""


class Editions:
    """Numbers for policies: two of one name and one meaning, of either organization, have one number."""

    def __init__(self) -> None:
        self._numbers: dict[NamedPolicy, int] = {}
        self._met: dict[int, tuple[NamedPolicy, int]] = {}
        self._policies: list[NamedPolicy] = []
        self._compiled: list[Compiled] = []
        self._speaks: dict[tuple[int, str], bool] = {}
        self._about: dict[tuple[Level, str], Level] = {}

    def number(self, policy: NamedPolicy) -> int:
        """The policy's number. The same object is not compared twice."""
        met = self._met.get(id(policy))
        if met is None:
            number = self._numbers.setdefault(policy, len(self._policies))
            if number == len(self._policies):
                self._policies.append(policy)
                self._compiled.append(Compiled(Layers(scp=((policy,),))))
            met = self._met[id(policy)] = policy, number
        return met[1]

    def policy(self, number: int) -> NamedPolicy:
        """The policy with this number."""
        return self._policies[number]

    def policies(self, levels: Levels) -> tuple[tuple[NamedPolicy, ...], ...] | None:
        """The policies of numbered levels."""
        return None if levels is None else tuple(tuple(map(self.policy, level)) for level in levels)

    def all(self) -> Iterable[NamedPolicy]:
        """Every policy that has a number."""
        return tuple(self._policies)

    def about(self, levels: Levels, action: str) -> Levels:
        """Of the policies, those that speak of an action (in lower case); no other can matter to it."""
        return levels if levels is None else tuple([self._level_about(level, action) for level in levels])

    def _level_about(self, level: Level, action: str) -> Level:
        found = self._about.get((level, action))
        if found is None:
            found = self._about[level, action] = tuple(number for number in level if self._speaks_of(number, action))
        return found

    def _speaks_of(self, number: int, action: str) -> bool:
        known = self._speaks.get((number, action))
        if known is None:
            known = self._speaks[number, action] = bool(self._compiled[number].plan(action).rules)
        return known


class Side:
    """One organization, its accounts' policies by number."""

    def __init__(self, simulator: Simulator, editions: Editions) -> None:
        self.simulator = simulator
        self._editions = editions
        self._known: dict[tuple[str, str], Levels] = {}

    def scps(self, account_id: str) -> Levels:
        """The SCPs that bear on callers of an account."""
        return self._levels(account_id, SCP.folder)

    def rcps(self, account_id: str) -> Levels:
        """The RCPs that bear on resources of an account."""
        return self._levels(account_id, RCP.folder)

    def _levels(self, account_id: str, folder: str) -> Levels:
        key = (account_id, folder)
        if key not in self._known:
            levels, number = self.simulator.levels(account_id, folder), self._editions.number
            self._known[key] = (
                None if levels is None else tuple([tuple(sorted(map(number, level))) for level in levels])
            )
        return self._known[key]


@dataclass(frozen=True, slots=True)
class Kind:
    """Accounts of one OU under the same policies before, and under the same after. `is_new`: there is no before.

    `is_single`: it is one account, which others cannot answer for.
    """

    accounts: tuple[Account, ...]
    is_new: bool
    is_single: bool


def standing(before: Simulator, after: Simulator) -> tuple[list[Account], list[Account]]:
    """The active accounts of both organizations, as they are after; and those that there are only after."""
    known = {account.key for account in before.accounts if account.state is AccountState.ACTIVE and account.id}
    active = [account for account in after.accounts if account.state is AccountState.ACTIVE and account.id]
    return [a for a in active if a.key in known], [a for a in active if a.key not in known]


def kinds(before: Side, after: Side, named: Collection[str]) -> list[Kind]:
    """The accounts by kind. The management account, and those that are named by their ids, are each one of its own."""
    both, new = standing(before.simulator, after.simulator)
    single = {*named, after.simulator.organization.management_account}
    members: dict[object, list[Account]] = {}
    for account in both:
        home = str(account.id)
        old: object = before.scps(home), before.rcps(home), before.simulator.account(account.key).parent
        key: object = (old, after.scps(home), after.rcps(home), account.parent, home if home in single else "")
        members.setdefault(key, []).append(account)
    for account in new:
        home = str(account.id)
        key = None, after.scps(home), after.rcps(home), account.parent, home if home in single else ""
        members.setdefault(key, []).append(account)
    fresh = {account.key for account in new}
    return [Kind(tuple(each), each[0].key in fresh, str(each[0].id) in single) for each in members.values()]
