"""In which order policies are attached, rewritten and detached and accounts moved, so that nobody is unguarded.

The law: at no moment between two calls does an account lack a guard that it has both before and after the change.
A guard is a policy in force on the account (attached to it or to anything above it), and every Deny statement of such
a policy. The law holds for *every* order that respects the returned dependencies, since the executor runs calls
concurrently.

`arrange` plays the effects through, one by one, on a model of the organization: what only adds goes first; what takes
something away goes when no account needs it any longer. Quotas are kept too: a full target has to lose a policy before
it can take another. Where the two contradict each other there is a gap, which is named and has to be permitted.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import assert_never

Guard = str
Target = str
Policy = str


@dataclass(frozen=True, slots=True)
class Attach:
    """A policy comes onto a target."""

    policy: Policy
    target: Target


@dataclass(frozen=True, slots=True)
class Detach:
    """A policy leaves a target."""

    policy: Policy
    target: Target


@dataclass(frozen=True, slots=True)
class Rewrite:
    """A policy's content changes in place, wherever it is attached."""

    policy: Policy


@dataclass(frozen=True, slots=True)
class Relocate:
    """An account goes from one place to another, in one direct move."""

    account: Target


Effect = Attach | Detach | Rewrite | Relocate


@dataclass(frozen=True, slots=True)
class Route:
    """The targets that bear on an account, from the root down to itself, before and after; None: not there then."""

    before: tuple[Target, ...] | None
    after: tuple[Target, ...] | None


@dataclass(frozen=True, slots=True)
class Terrain:
    """The organization as the arrangement needs to know it.

    `attached` holds what is attached before. `guards_before` and `guards_after` give the guards of each policy (none
    for a policy that only allows). `slots` gives, by policy, the kind of slot that it takes on a target, `capacity`
    how many a target has of that kind (absent: no limit).
    """

    routes: Mapping[Target, Route]
    attached: frozenset[tuple[Policy, Target]]
    guards_before: Mapping[Policy, frozenset[Guard]]
    guards_after: Mapping[Policy, frozenset[Guard]]
    slots: Mapping[Policy, str] = field(default_factory=dict)
    capacity: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Gap:
    """A moment without a guard that cannot be avoided: the effect that opens it, and who lacks what."""

    effect: Effect
    accounts: tuple[Target, ...]
    guards: tuple[Guard, ...]


@dataclass(frozen=True, slots=True)
class Arrangement:
    """The effects in a safe order. `after` gives for each effect's index the indexes that must be done before it."""

    order: tuple[Effect, ...]
    after: tuple[frozenset[int], ...]
    gaps: tuple[Gap, ...] = ()


def arrange(effects: Iterable[Effect], terrain: Terrain) -> Arrangement:
    """Order the effects; pure. Every effect is in the result once, gaps or not."""
    pending = sorted(set(effects), key=_preference)
    play = _Play(terrain, pending)
    while pending:
        ready = play.first_possible(pending)
        if ready is None:
            ready = play.least_bad(pending)
            play.gaps.append(play.gap(ready))
        play.perform(ready)
        pending.remove(ready)
    return Arrangement(tuple(play.order), tuple(frozenset(after) for after in play.after), tuple(play.gaps))


def attached_after(
    attached: frozenset[tuple[Policy, Target]], effects: Iterable[Effect]
) -> frozenset[tuple[Policy, Target]]:
    """What is attached once all the effects have happened."""
    effects = tuple(effects)
    gone = {(e.policy, e.target) for e in effects if isinstance(e, Detach)}
    come = {(e.policy, e.target) for e in effects if isinstance(e, Attach)}
    return (attached - gone) | come


def _guards_by_target(
    attached: Iterable[tuple[Policy, Target]], guards: Mapping[Policy, frozenset[Guard]]
) -> dict[Target, set[Guard]]:
    on: dict[Target, set[Guard]] = defaultdict(set)
    for policy, target in attached:
        on[target] |= guards.get(policy, frozenset())
    return on


def _preference(effect: Effect) -> tuple[int, str]:
    """What only adds comes first; the rest is for a stable order."""
    match effect:
        case Attach():
            return 0, f"{effect.target} {effect.policy}"
        case Relocate():
            return 1, effect.account
        case Rewrite():
            return 2, effect.policy
        case Detach():
            return 3, f"{effect.target} {effect.policy}"
        case _:
            assert_never(effect)


class _Play:
    """The organization while the effects are played through."""

    def __init__(self, terrain: Terrain, effects: Sequence[Effect]) -> None:
        self.order: list[Effect] = []
        self.after: list[set[int]] = []
        self.gaps: list[Gap] = []
        self._terrain = terrain
        self._guards = dict(terrain.guards_before)
        self._on: dict[Target, set[Policy]] = defaultdict(set)
        self._wearing: dict[Policy, set[Target]] = defaultdict(set)
        for policy, target in terrain.attached:
            self._on[target].add(policy)
            self._wearing[policy].add(target)
        self._used = Counter((target, terrain.slots.get(policy)) for policy, target in terrain.attached)
        self._crowd = _Crowd.of(terrain, attached_after(terrain.attached, effects))
        self._last_on: dict[Target, int] = {}
        self._rewritten: dict[Policy, int] = {}
        self._put: dict[Policy, list[int]] = defaultdict(list)
        self._attached_at: dict[Target, list[int]] = defaultdict(list)
        self._givers: dict[tuple[Target, Guard], list[int]] = defaultdict(list)
        self._left: dict[Target, list[int]] = defaultdict(list)

    # What may be done now

    def first_possible(self, pending: Sequence[Effect]) -> Effect | None:
        """The first effect that keeps the law and the quotas."""
        return next((effect for effect in pending if self._fits(effect) and not self._missing(effect)), None)

    def least_bad(self, pending: Sequence[Effect]) -> Effect:
        """Where nothing is possible: make room for something that waits for room, hurting as few as can be."""
        waiting = {e.target for e in pending if isinstance(e, Attach)}
        makes_room = [e for e in pending if isinstance(e, Detach) and e.target in waiting]
        candidates: Sequence[Effect] = makes_room or [e for e in pending if self._fits(e)] or list(pending)
        return min(candidates, key=lambda effect: len(self._missing(effect)))

    def gap(self, effect: Effect) -> Gap:
        """Who would lack what if `effect` were performed now."""
        missing = self._missing(effect)
        accounts = sorted({account for group, _ in missing for account in self._crowd.members[group]})
        return Gap(effect, tuple(accounts), tuple(sorted({guard for _, guard in missing})))

    def _fits(self, effect: Effect) -> bool:
        if not isinstance(effect, Attach):
            return True
        kind = self._terrain.slots.get(effect.policy)
        capacity = self._terrain.capacity.get(kind) if kind else None
        return capacity is None or self._used[effect.target, kind] < capacity

    def _missing(self, effect: Effect) -> set[tuple[Target, Guard]]:
        """The guards that groups of accounts need throughout and would lack after `effect`."""
        missing = set()
        for group, lost in self._taken(effect):
            needed = self._crowd.needed[group] & lost
            if needed:
                missing |= {(group, guard) for guard in needed - self._left_with(group, effect)}
        return missing

    def _taken(self, effect: Effect) -> list[tuple[Target, frozenset[Guard]]]:
        """By group of accounts, the guards of which the effect takes one giver away."""
        match effect:
            case Attach():
                return []
            case Detach():
                lost = self._guards.get(effect.policy, frozenset())
                return [(group, lost) for group in self._crowd.under(effect.target)] if lost else []
            case Rewrite():
                lost = self._guards.get(effect.policy, frozenset()) - self._terrain.guards_after.get(
                    effect.policy, frozenset()
                )
                wearing = self._wearing[effect.policy]
                return [(group, lost) for target in wearing for group in self._crowd.under(target)] if lost else []
            case Relocate():
                group = self._crowd.group_of.get(effect.account)
                return [(group, self._crowd.needed[group])] if group else []
            case _:
                assert_never(effect)

    def _left_with(self, group: Target, effect: Effect) -> set[Guard]:
        """All guards on the group once `effect` has happened."""
        route = self._crowd.where(group, moved=isinstance(effect, Relocate))
        guards: set[Guard] = set()
        for target in route:
            for policy in self._on[target]:
                if isinstance(effect, Detach) and (policy, target) == (effect.policy, effect.target):
                    continue
                changed = isinstance(effect, Rewrite) and policy == effect.policy
                guards |= (self._terrain.guards_after if changed else self._guards).get(policy, frozenset())
        return guards

    # Doing it

    def perform(self, effect: Effect) -> None:
        """Apply the effect to the model, and note what it depends on."""
        index = len(self.order)
        self.after.append(self._dependencies(effect))
        self.order.append(effect)
        match effect:
            case Attach():
                self._on[effect.target].add(effect.policy)
                self._wearing[effect.policy].add(effect.target)
                self._used[effect.target, self._terrain.slots.get(effect.policy)] += 1
                self._attached_at[effect.target].append(index)
                self._note_given(index, [effect.target], self._guards.get(effect.policy, frozenset()))
            case Detach():
                self._on[effect.target].discard(effect.policy)
                self._wearing[effect.policy].discard(effect.target)
                self._used[effect.target, self._terrain.slots.get(effect.policy)] -= 1
            case Rewrite():
                now = self._terrain.guards_after.get(effect.policy, frozenset())
                given = now - self._guards.get(effect.policy, frozenset())
                self._guards[effect.policy] = now
                self._note_given(index, self._wearing[effect.policy], given)
            case Relocate():
                for target in self._crowd.relocate(effect.account):
                    self._left[target].append(index)
            case _:
                assert_never(effect)
        self._take_turn(effect, index)

    def _note_given(self, index: int, targets: Iterable[Target], guards: frozenset[Guard]) -> None:
        for target in targets:
            for guard in guards:
                self._givers[target, guard].append(index)

    def _in_turn(self, effect: Effect) -> Iterator[int]:
        """One target is changed step by step; a policy's text and its places do not change past each other."""
        match effect:
            case Attach() | Detach():
                yield from (index for index in (self._last_on.get(effect.target),) if index is not None)
                yield from (index for index in (self._rewritten.get(effect.policy),) if index is not None)
            case Rewrite():
                yield from self._put[effect.policy]
            case Relocate():
                yield from (index for index in (self._last_on.get(effect.account),) if index is not None)
            case _:
                assert_never(effect)

    def _take_turn(self, effect: Effect, index: int) -> None:
        match effect:
            case Attach() | Detach():
                self._last_on[effect.target] = index
                self._put[effect.policy].append(index)
            case Rewrite():
                self._rewritten[effect.policy] = index
            case Relocate():
                self._last_on[effect.account] = index
            case _:
                assert_never(effect)

    def _dependencies(self, effect: Effect) -> set[int]:
        """What must have happened for `effect` to be as harmless as it is now."""
        after = set(self._in_turn(effect))
        for group, lost in self._taken(effect):
            route = self._crowd.where(group, moved=isinstance(effect, Relocate))
            for guard in self._crowd.needed[group] & lost:
                for target in route:
                    after.update(self._givers.get((target, guard), ()))
        match effect:
            case Relocate():
                arrival = self._terrain.routes[effect.account].after or ()
                after.update(index for target in arrival for index in self._attached_at[target])
            case Detach():
                after.update(self._left[effect.target])
            case Rewrite():
                after.update(index for target in self._wearing[effect.policy] for index in self._left[target])
            case Attach():
                pass
            case _:
                assert_never(effect)
        return after


@dataclass(slots=True)
class _Crowd:
    """Accounts in groups that go the same way and so need the same guards: ten thousand accounts, few groups.

    A group is called by one of its accounts. `needed` holds what its accounts have both before and after.
    """

    routes: Mapping[Target, Route]
    members: dict[Target, list[Target]]
    group_of: dict[Target, Target]
    needed: dict[Target, frozenset[Guard]]
    present: dict[Target, set[Target]]
    moved: set[Target] = field(default_factory=set)

    @classmethod
    def of(cls, terrain: Terrain, attached_after: frozenset[tuple[Policy, Target]]) -> _Crowd:
        """Group the accounts that stay; those that come or go need nothing throughout."""
        alone = {target for _, target in terrain.attached | attached_after}
        by_way: dict[object, list[Target]] = defaultdict(list)
        for account, route in terrain.routes.items():
            if route.before is not None and route.after is not None:
                moves = route.before[:-1] != route.after[:-1]
                by_way[account if moves or account in alone else route.before[:-1]].append(account)
        crowd = cls(terrain.routes, {}, {}, {}, defaultdict(set))
        before = _guards_by_target(terrain.attached, terrain.guards_before)
        after = _guards_by_target(attached_after, terrain.guards_after)
        for accounts in by_way.values():
            crowd._admit(accounts, before, after)
        return crowd

    def _admit(
        self, accounts: list[Target], before: Mapping[Target, set[Guard]], after: Mapping[Target, set[Guard]]
    ) -> None:
        group = accounts[0]
        route = self.routes[group]
        had = frozenset().union(*(before.get(target, ()) for target in route.before or ()))
        has = frozenset().union(*(after.get(target, ()) for target in route.after or ()))
        self.members[group] = accounts
        self.group_of.update(dict.fromkeys(accounts, group))
        self.needed[group] = had & has
        for target in route.before or ():
            self.present[target].add(group)

    def under(self, target: Target) -> set[Target]:
        """The groups on which `target` bears now."""
        return self.present.get(target, set())

    def where(self, group: Target, *, moved: bool = False) -> tuple[Target, ...]:
        """The targets that bear on the group now, or once it has moved."""
        route = self.routes[group]
        return (route.after if moved or group in self.moved else route.before) or ()

    def relocate(self, account: Target) -> tuple[Target, ...]:
        """Move the account's group; returns the targets that bore on it before."""
        group = self.group_of.get(account)
        if group is None:
            return ()
        left = self.where(group)
        self.moved.add(group)
        for target in left:
            self.present[target].discard(group)
        for target in self.where(group):
            self.present[target].add(group)
        return left
