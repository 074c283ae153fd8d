"""From a comparison to what the guardrail arrangement and the reader of a plan need to know of the organization."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property

from orgctl.errors import InvalidInputError
from orgctl.model.address import UnitPath, ancestors, unit_address
from orgctl.model.policy_types import POLICY_TYPES, RCP
from orgctl.model.resources import Account, AccountState, Attachment, Policy
from orgctl.model.state import State
from orgctl.policy.difference import deny_statements
from orgctl.reconcile.comparison import Comparison
from orgctl.reconcile.guardrails import Guard, Route, Terrain
from orgctl.reconcile.plan import Reach

_SAMPLE = 10
_DENYING = frozenset({"scp", "rcp"})


class Ground:
    """Who is where before and after, and what bears on whom; each view is worked out once, when first asked for."""

    def __init__(self, between: Comparison) -> None:
        self._between = between
        self._above: dict[UnitPath, tuple[str, ...]] = {}

    def terrain(self) -> Terrain:
        """The organization for `guardrails.arrange`."""
        return Terrain(
            routes=self._routes,
            attached=frozenset((a.policy, a.target) for a in self._between.actual.each(Attachment)),
            guards_before=_guards(self._between.desired) | _guards(self._between.actual),  # new ones guard at once
            guards_after=_guards(self._between.desired),
            slots={a.policy: a.folder for state in self._states for a in state.each(Attachment)},
            capacity=capacities(self._between),
        )

    def reach(self, targets: Iterable[str]) -> Reach:
        """The accounts on which any of these targets bears, before or after."""
        keys = sorted({key for target in targets for key in self._below.get(target, ())})
        return Reach(len(keys), tuple(keys[:_SAMPLE]))

    @property
    def _states(self) -> tuple[State, State]:
        return self._between.actual, self._between.desired

    @cached_property
    def _routes(self) -> Mapping[str, Route]:
        desired = {a.address: a for a in self._between.desired.each(Account) if a.state is AccountState.ACTIVE}
        actual = {a.address: a for a in self._between.actual.each(Account) if a.state is not AccountState.CREATING}
        routes = {}
        for address in desired.keys() | actual.keys():
            before = actual.get(address)
            after = desired.get(address, before)
            routes[address] = Route(self._route(before), self._route(after))
        return routes

    def _route(self, account: Account | None) -> tuple[str, ...] | None:
        if account is None:
            return None
        above = self._above.get(account.parent)
        if above is None:
            above = self._above[account.parent] = tuple(map(unit_address, ancestors(account.parent)))
        return (*above, account.address)

    @cached_property
    def _below(self) -> Mapping[str, set[str]]:
        below: dict[str, set[str]] = defaultdict(set)
        for address, route in self._routes.items():
            key = address.removeprefix("account:")
            for target in (*(route.before or ()), *(route.after or ())):
                below[target].add(key)
        return below


def _guards(state: State) -> dict[str, frozenset[Guard]]:
    return {
        policy.name: frozenset({policy.address}) | _denials(policy)
        for policy in state.each(Policy)
        if not policy.aws_managed
    }


def _denials(policy: Policy) -> frozenset[Guard]:
    """What the policy denies; of a foreign one in words that we do not know yet, only the whole of it is a guard."""
    if not policy.content or policy.folder not in _DENYING:
        return frozenset()
    try:
        return deny_statements(policy.content)
    except InvalidInputError:
        return frozenset()


def capacities(between: Comparison) -> dict[str, int]:
    """How many policies of each folder orgctl can attach to a target: RCPFullAWSAccess always takes one place."""
    quotas = {t.folder: between.limits.quota(f"{t.folder}_attached") for t in POLICY_TYPES}
    return {folder: quota - (folder == RCP.folder) for folder, quota in quotas.items() if quota is not None}


def attached_counts(attached: Iterable[tuple[str, str]]) -> Counter[tuple[str, str]]:
    """How many policies of each folder are on each target, as `(target, folder)`."""
    return Counter((target, policy.partition("/")[0]) for policy, target in attached)
