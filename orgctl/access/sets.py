"""The sentinels that orgctl brings along, by the names that the manifest's `sentinels` calls them by."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from orgctl.access.change import Concern
from orgctl.access.emergency import EMERGENCY
from orgctl.access.everyday import EVERYDAY
from orgctl.access.own_needs import Need, entering, tables_of
from orgctl.access.roles import principals
from orgctl.access.sentinel import EVERYWHERE, Selection, Sentinel
from orgctl.access.work import tables
from orgctl.model.resources import Account
from orgctl.policytest.tables import ANYBODY

DEFAULTS = "defaults"
"""All of them."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the sets are made for. `regions` are those in use, the home region first; roles are ARN patterns."""

    partition: str
    regions: tuple[str, ...]
    management_account: str
    access_role: str
    protected_roles: tuple[str, ...] = ()
    break_glass_roles: tuple[str, ...] = ()
    accounts: tuple[Account, ...] = ()
    needs: tuple[Need, ...] = ()


def named(name: str, around: Surroundings) -> tuple[Sentinel, ...]:
    """The sentinels of one set, or of all."""
    makers = SETS.values() if name == DEFAULTS else (SETS[name],)
    return tuple(sentinel for make in makers for sentinel in make(around))


def _access_role(around: Surroundings) -> Iterator[Sentinel]:
    """orgctl can enter every account, and does what it has to do in those where it has to."""
    concern, principal = Concern.ACCESS_ROLE, f"role/{around.access_role}"
    enter = entering(around.access_role, around.management_account, around.partition)
    yield Sentinel("orgctl enters the account", concern, enter, important=True)
    for need in around.needs:
        selection = Selection(frozenset({need.account})) if need.account else EVERYWHERE
        for table in tables_of(need, principal, around.regions[0]):
            yield Sentinel("orgctl does its work", concern, table, selection, important=True)


def _protected(around: Surroundings) -> Iterator[Sentinel]:
    access_role = f"arn:{around.partition}:iam::*:role/{around.access_role}"
    yield from _of_roles((access_role, *around.protected_roles), Concern.PROTECTED_ROLE, around)


def _break_glass(around: Surroundings) -> Iterator[Sentinel]:
    yield from _of_roles(around.break_glass_roles, Concern.BREAK_GLASS, around)


def _of_roles(patterns: Iterable[str], concern: Concern, around: Surroundings) -> Iterator[Sentinel]:
    """What is needed in an emergency, in every region in use."""
    roles = dict.fromkeys(found for pattern in patterns for found in principals(pattern, around.accounts))
    for principal, selection in roles:
        for work in EMERGENCY:
            for table in tables(work, principal, around.partition, around.regions):
                yield Sentinel(work.sentence, concern, table, selection, important=True)


def _everyday(around: Surroundings) -> Iterator[Sentinel]:
    """Some role of the account that no policy names, in every region in use."""
    for work in EVERYDAY:
        for table in tables(work, ANYBODY, around.partition, around.regions):
            yield Sentinel(work.sentence, Concern.EVERYDAY, table)


SETS: Mapping[str, Callable[[Surroundings], Iterator[Sentinel]]] = {
    "access-role": _access_role,
    "protected-roles": _protected,
    "break-glass": _break_glass,
    "everyday": _everyday,
}
"""What makes each set."""
