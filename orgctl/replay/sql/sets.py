"""Which policies bear on which accounts, each distinct combination once.

A `Place` is what all its accounts have in common: the SCPs that bind their callers and the RCPs on their resources, in
each of the organizations that are compared (the policies as they are, and as they are to be).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from orgctl.model.policy_types import RCP, SCP
from orgctl.policy.layers import Level
from orgctl.simulator import Simulator

Levels = tuple[Level, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """The levels of SCPs and RCPs, a pair of them for each simulator; no levels where a type does not bear.

    `members`: the accounts belong to the last simulator's organization.
    """

    number: int
    scps: tuple[Levels, ...]
    rcps: tuple[Levels, ...]
    accounts: tuple[str, ...]
    members: bool = True


def places(simulators: Sequence[Simulator]) -> tuple[Place, ...]:
    """The places of all accounts that one of the simulators has, by id."""
    ids = dict.fromkeys(account.id for each in simulators for account in each.accounts if account.id)
    members = {account.id for each in simulators[-1:] for account in each.accounts}
    found: dict[tuple[bool, tuple[Levels, ...], tuple[Levels, ...]], list[str]] = {}
    for account in ids:
        scps = tuple(_levels(each, account, SCP.folder) for each in simulators)
        rcps = tuple(_levels(each, account, RCP.folder) for each in simulators)
        found.setdefault((account in members, scps, rcps), []).append(account)
    return tuple(
        Place(number, scps, rcps, tuple(accounts), inside)
        for number, ((inside, scps, rcps), accounts) in enumerate(found.items())
    )


def _levels(simulator: Simulator, account: str, folder: str) -> Levels:
    """The levels on an account; none for the management account, which nothing binds."""
    if account == simulator.organization.management_account:
        return ()
    return simulator.levels(account, folder) or ()
