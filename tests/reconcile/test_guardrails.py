"""The guardrail law, on random organizations and every order that the arrangement allows."""

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from orgctl.reconcile.guardrails import (
    Arrangement,
    Attach,
    Detach,
    Effect,
    Relocate,
    Rewrite,
    Route,
    Terrain,
    arrange,
    attached_after,
)

UNITS = {"/": ("/",), "/A": ("/", "/A"), "/A/X": ("/", "/A", "/A/X"), "/B": ("/", "/B"), "/C": ("/", "/C")}
ACCOUNTS = ("a1", "a2", "a3", "a4")
POLICIES = ("p1", "p2", "p3", "p4")
STATEMENTS = ("s1", "s2", "s3")


def route(unit: str, account: str) -> tuple[str, ...]:
    return (*UNITS[unit], account)


@st.composite
def changes(draw: st.DrawFn, capacity: int | None = None) -> tuple[Terrain, tuple[Effect, ...]]:
    """An organization before and after a random change, as terrain and effects."""
    units = st.sampled_from(sorted(UNITS))
    homes = {a: (draw(units), draw(units)) for a in ACCOUNTS}
    targets = (*UNITS, *ACCOUNTS)
    pairs = st.frozensets(st.tuples(st.sampled_from(POLICIES), st.sampled_from(targets)), max_size=12)
    before, after = (_within(draw(pairs), capacity) for _ in range(2))
    contents = st.fixed_dictionaries({p: st.frozensets(st.sampled_from(STATEMENTS)) for p in POLICIES})
    guards = [{p: statements | {p} for p, statements in draw(contents).items()} for _ in range(2)]
    effects: list[Effect] = [Attach(*pair) for pair in after - before]
    effects += [Detach(*pair) for pair in before - after]
    effects += [Rewrite(p) for p in POLICIES if guards[0][p] != guards[1][p]]
    effects += [Relocate(a) for a, (old, new) in homes.items() if old != new]
    terrain = Terrain(
        routes={a: Route(route(old, a), route(new, a)) for a, (old, new) in homes.items()},
        attached=before,
        guards_before=guards[0],
        guards_after=guards[1],
        slots=dict.fromkeys(POLICIES, "scp"),
        capacity={"scp": capacity} if capacity else {},
    )
    return terrain, tuple(effects)


def _within(pairs: frozenset[tuple[str, str]], capacity: int | None) -> frozenset[tuple[str, str]]:
    kept: set[tuple[str, str]] = set()
    for policy, target in sorted(pairs):
        if capacity is None or sum(t == target for _, t in kept) < capacity:
            kept.add((policy, target))
    return frozenset(kept)


class Organization:
    """The plainest model of what AWS does with the calls, independent of the arrangement's own."""

    def __init__(self, terrain: Terrain) -> None:
        self.terrain = terrain
        self.attached = set(terrain.attached)
        self.guards = dict(terrain.guards_before)
        self.routes = {a: r.before for a, r in terrain.routes.items()}

    def perform(self, effect: Effect) -> None:
        match effect:
            case Attach(policy, target):
                self.attached.add((policy, target))
            case Detach(policy, target):
                self.attached.remove((policy, target))
            case Rewrite(policy):
                self.guards[policy] = self.terrain.guards_after[policy]
            case Relocate(account):
                self.routes[account] = self.terrain.routes[account].after

    def guarded(self) -> dict[str, frozenset[str]]:
        return {
            account: frozenset(g for p, t in self.attached if t in targets for g in self.guards[p])
            for account, targets in self.routes.items()
            if targets
        }

    def fullest(self) -> int:
        return max(Counter(target for _, target in self.attached).values(), default=0)


def orders(draw: st.DrawFn, arrangement: Arrangement) -> list[Effect]:
    """Any order that the dependencies allow, drawn at random."""
    done: list[int] = []
    while len(done) < len(arrangement.order):
        possible = [
            i for i in range(len(arrangement.order)) if i not in done and arrangement.after[i] <= frozenset(done)
        ]
        done.append(draw(st.sampled_from(possible)))
    return [arrangement.order[i] for i in done]


@given(st.data(), changes())
@settings(max_examples=200, deadline=None)
def test_no_account_lacks_a_guard_that_it_has_before_and_after(
    data: st.DataObject, change: tuple[Terrain, tuple[Effect, ...]]
) -> None:
    """Without quotas, only content that two policies swap can open a gap; otherwise the law holds at every moment."""
    terrain, effects = change
    arrangement = arrange(effects, terrain)
    organization, finished = Organization(terrain), Organization(terrain)
    for effect in arrangement.order:
        finished.perform(effect)
    needed = {a: g & finished.guarded()[a] for a, g in organization.guarded().items()}
    permitted = {(account, guard) for gap in arrangement.gaps for account in gap.accounts for guard in gap.guards}
    for effect in orders(data.draw, arrangement):
        organization.perform(effect)
        now = organization.guarded()
        lacking = {(a, guard) for a in needed for guard in needed[a] - now[a]}
        assert lacking <= permitted
    assert organization.attached == attached_after(terrain.attached, effects)
    assert organization.guards == {
        **terrain.guards_before,
        **{e.policy: terrain.guards_after[e.policy] for e in effects if isinstance(e, Rewrite)},
    }


@given(st.data(), changes())
@settings(max_examples=150, deadline=None)
def test_whole_policies_never_need_a_gap_without_quotas(
    data: st.DataObject, change: tuple[Terrain, tuple[Effect, ...]]
) -> None:
    """Where no content changes and nothing is full, no gap is ever asked for."""
    terrain, effects = change
    kept = tuple(e for e in effects if not isinstance(e, Rewrite))
    still = Terrain(terrain.routes, terrain.attached, terrain.guards_before, terrain.guards_before)
    assert arrange(kept, still).gaps == ()


@given(st.data(), changes(capacity=2))
@settings(max_examples=200, deadline=None)
def test_quotas_are_kept_in_every_order(data: st.DataObject, change: tuple[Terrain, tuple[Effect, ...]]) -> None:
    """A full target loses a policy before it takes another, and what that costs is named as a gap."""
    terrain, effects = change
    arrangement = arrange(effects, terrain)
    organization, finished = Organization(terrain), Organization(terrain)
    for effect in arrangement.order:
        finished.perform(effect)
    needed = {a: g & finished.guarded()[a] for a, g in organization.guarded().items()}
    permitted = {(account, guard) for gap in arrangement.gaps for account in gap.accounts for guard in gap.guards}
    for effect in orders(data.draw, arrangement):
        organization.perform(effect)
        assert organization.fullest() <= 2
        now = organization.guarded()
        assert {(a, guard) for a in needed for guard in needed[a] - now[a]} <= permitted


def test_a_full_target_that_swaps_needs_no_gap_where_the_leaving_policy_guards_nobody_after() -> None:
    """With the quota reached, detach-then-attach is no gap when the detached policy is on its way out for good."""
    terrain = Terrain(
        routes={"a": Route(("/", "a"), ("/", "a"))},
        attached=frozenset({("old", "/")}),
        guards_before={"old": frozenset({"old"}), "new": frozenset({"new"})},
        guards_after={"old": frozenset({"old"}), "new": frozenset({"new"})},
        slots={"old": "scp", "new": "scp"},
        capacity={"scp": 1},
    )
    arrangement = arrange([Attach("new", "/"), Detach("old", "/")], terrain)
    assert arrangement.order == (Detach("old", "/"), Attach("new", "/"))
    assert arrangement.gaps == ()


def test_two_full_targets_that_swap_their_policies_name_the_gap() -> None:
    """Where root and account are full and exchange policies, one guard has to go for a moment: it is named."""
    guards = {"p": frozenset({"p"}), "q": frozenset({"q"})}
    terrain = Terrain(
        routes={"a": Route(("/", "a"), ("/", "a"))},
        attached=frozenset({("p", "/"), ("q", "a")}),
        guards_before=guards,
        guards_after=guards,
        slots={"p": "scp", "q": "scp"},
        capacity={"scp": 1},
    )
    effects = [Attach("q", "/"), Detach("p", "/"), Attach("p", "a"), Detach("q", "a")]
    (gap,) = arrange(effects, terrain).gaps
    assert gap.accounts == ("a",)
    assert gap.guards in {("p",), ("q",)}
