"""Which policies bear on which accounts, each distinct combination once.

A `Place` is what all its accounts have in common: the SCPs that bind their callers and the RCPs on their resources, in
each of the organizations that are compared (the policies as they are, and as they are to be).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from orgctl.model.policy_types import RCP, SCP
from orgctl.policy.layers import Level
from orgctl.simulator import Simulator

Levels = tuple[Level, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """The levels of SCPs and RCPs, a pair of them for each simulator; no levels where a type does not bear.

    `members`: the accounts belong to the last simulator's organization. `open`: what is denied there is not asked, and
    is NULL.
    """

    number: int
    scps: tuple[Levels, ...]
    rcps: tuple[Levels, ...]
    accounts: tuple[str, ...]
    members: bool = True
    open: bool = False


def places(simulators: Sequence[Simulator], about: Collection[str] | None = None) -> tuple[Place, ...]:
    """The places of all accounts that one of the simulators has, by id; open but for those that it is `about`."""
    ids = dict.fromkeys(account.id for each in simulators for account in each.accounts if account.id)
    members = {account.id for each in simulators[-1:] for account in each.accounts}
    found: dict[tuple[tuple[Levels, ...], tuple[Levels, ...], bool, bool], list[str]] = {}
    for account in ids:
        left_open = about is not None and account not in about
        asked = () if left_open else simulators
        scps = tuple(_levels(each, account, SCP.folder) for each in asked)
        rcps = tuple(_levels(each, account, RCP.folder) for each in asked)
        found.setdefault((scps, rcps, account in members, left_open), []).append(account)
    return tuple(
        Place(number, scps, rcps, tuple(accounts), inside, left_open)
        for number, ((scps, rcps, inside, left_open), accounts) in enumerate(found.items())
    )


def _levels(simulator: Simulator, account: str, folder: str) -> Levels:
    """The levels on an account; none for the management account, which nothing binds."""
    if account == simulator.organization.management_account:
        return ()
    return simulator.levels(account, folder) or ()
