"""Laws of rollouts, whatever there is, whatever is recorded, and whenever somebody applies."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from orgctl.model.resources import Policy
from orgctl.model.rollout_mark import RolloutMark, since_value
from orgctl.model.state import State
from orgctl.reconcile.comparison import Comparison
from orgctl.reconcile.diff import diff
from orgctl.reconcile.plan import Action
from orgctl.reconcile.planner import make_plan
from orgctl.reconcile.rollout.evidence import Denied, Evidence
from orgctl.reconcile.rollout.rollout import Rollout
from orgctl.reconcile.rollout.staging import staged
from orgctl.reconcile.rollout.standing import and_above, standing_of
from orgctl.reconcile.rollout.step import Step, step_of
from tests.rollout.organizations import (
    BAKE,
    DEV,
    GUARD,
    NEW,
    NOW,
    OLD,
    ROOT,
    SANDBOX,
    WORKLOADS,
    applied,
    attached,
    mark,
    present,
    wanted,
)

PATHS = st.sampled_from(
    [
        ((SANDBOX,), (DEV,), (ROOT,)),
        ((SANDBOX,), (DEV,), (WORKLOADS,), (ROOT,)),
        (("account:try", DEV), (SANDBOX, WORKLOADS), (ROOT,)),
        ((ROOT,),),
    ]
)
LIMITS = st.none() | st.integers(0, 2)
TIMES = st.integers(0, 30 * 24).map(lambda hours: NOW - timedelta(hours=hours))
COUNTS = st.integers(0, 3)


@st.composite
def rollouts(draw: st.DrawFn) -> Rollout:
    return Rollout(GUARD, draw(PATHS), BAKE, draw(LIMITS), draw(st.booleans()) and draw(st.booleans()))


@st.composite
def evidence(draw: st.DrawFn) -> Evidence | None:
    if draw(st.booleans()) and draw(st.booleans()):
        return None
    met, ahead = (
        (Denied("role", "s3:GetObject", "try", count, NOW, NOW),) if (count := draw(COUNTS)) else () for _ in range(2)
    )
    return Evidence(9, draw(TIMES), draw(TIMES), met, ahead)


@st.composite
def marks(draw: st.DrawFn, rollout: Rollout, policy: str = GUARD) -> RolloutMark | None:
    """None, one of that way, or anything."""
    kind = draw(st.sampled_from(["none", "ours", "other", "broken"]))
    stage, since = draw(st.integers(0, 5)), draw(TIMES)
    match kind:
        case "ours":
            return mark(min(stage, rollout.last), since, policy, rollout)
        case "other":
            return RolloutMark(policy, stage, "00000000", since_value(since))
        case "broken":
            return RolloutMark(policy, None, None, draw(st.none() | st.just("soon")))
        case _:
            return None


TARGETS = st.sets(st.sampled_from([SANDBOX, DEV, WORKLOADS, ROOT, "account:try", "account:shop"]))


@st.composite
def situations(draw: st.DrawFn) -> tuple[Rollout, State, State]:
    """A rollout, what is wanted in the end, and anything that AWS may have."""
    rollout = draw(rollouts())
    actual = present(draw(TARGETS), draw(marks(rollout)), draw(st.sampled_from([OLD, NEW])), there=draw(st.booleans()))
    if f"policy:{GUARD}" not in actual.resources:
        actual = present(there=False)
    if draw(st.booleans()):
        beside = present(draw(TARGETS), draw(marks(rollout, rollout.candidate)), NEW, name=rollout.candidate)
        actual = State.of({**actual.resources, **beside.resources}.values())
    return rollout, wanted(draw(st.sampled_from([OLD, NEW])), rollout), actual


def step(rollout: Rollout, desired: State, actual: State, found: Evidence | None, now: datetime) -> Step:
    standing = standing_of(rollout, desired, actual)
    assert standing is not None
    return step_of(standing, found, now)


@given(situations(), evidence())
def test_at_most_one_stage_at_once(situation: tuple[Rollout, State, State], found: Evidence | None) -> None:
    """Never more, and never back without `up_to`."""
    made = step(*situation, found, NOW)
    assert made.stage - made.standing.stage in (0, 1)


@given(situations(), evidence())
def test_never_before_it_has_baked_and_never_over_the_limit(
    situation: tuple[Rollout, State, State], found: Evidence | None
) -> None:
    """It goes on only after its time, with records of all of it, in which no more was denied than may be."""
    rollout, _, _ = situation
    made = step(*situation, found, NOW)
    if made.stage > made.standing.stage > 0:
        since = made.standing.since
        assert since is not None
        assert since + BAKE <= NOW
        assert not rollout.hold
        if rollout.max_newly_denied is not None:
            assert found is not None
            assert max(found.denied_count, found.expected_count) <= rollout.max_newly_denied
            assert found.last is not None
            assert found.last >= since + BAKE


def guarded(state: State, policy: str, among: State) -> set[str]:
    """The accounts on which a policy bears."""
    on = attached(state, policy)
    return {
        account
        for account in ("account:management", "account:try", "account:dev", "account:shop")
        if on & set(and_above(account, among))
    }


@given(situations(), evidence())
def test_no_account_is_less_guarded(situation: tuple[Rollout, State, State], found: Evidence | None) -> None:
    """Whoever has the policy, keeps it; and until the end it stays attached wherever it is."""
    rollout, desired, actual = situation
    made = step(*situation, found, NOW)
    state = staged(desired, actual, [made])
    assert guarded(actual, GUARD, actual) <= guarded(state, GUARD, actual)
    if made.stage < rollout.last or made.standing.is_new_version:
        assert attached(actual) <= attached(state) or attached(state) == {ROOT}
    else:
        assert attached(state) == set(rollout.stages[-1])


@given(situations(), evidence())
def test_what_is_everywhere_changes_only_after_all_stages(
    situation: tuple[Rollout, State, State], found: Evidence | None
) -> None:
    """The content of a policy that has come to its end is another one only if that has been through the stages, too."""
    rollout, desired, actual = situation
    made = step(*situation, found, NOW)
    after = staged(desired, actual, [made]).get(Policy, f"policy:{GUARD}")
    before, wish = (state.get(Policy, f"policy:{GUARD}") for state in (actual, desired))
    assert after is not None
    if before and wish and before.content != after.content and guarded(actual, GUARD, actual) >= {"account:shop"}:
        ends = made.standing.is_new_version and made.standing.stage == rollout.last - 1
        assert ends or made.standing.stage < rollout.last


@given(situations(), evidence())
def test_what_was_done_is_not_done_again(situation: tuple[Rollout, State, State], found: Evidence | None) -> None:
    """A second plan at the same time changes nothing more."""
    rollout, desired, actual = situation
    after = applied(staged(desired, actual, [step(*situation, found, NOW)]), NOW, actual)
    again = staged(desired, after, [step(rollout, desired, after, found, NOW)])
    between = Comparison(again, after)
    changes = [each.change for each in diff(between) if each.change.kind in ("policy", "rollout", "attachment")]
    if rollout.last > 1 or not any(each.kind == "policy" for each in changes):
        assert [each.address for each in changes if each.action is not Action.NO_OP] == []


@given(situations(), evidence())
def test_every_step_can_be_planned(situation: tuple[Rollout, State, State], found: Evidence | None) -> None:
    """The calls have an order, the mark comes before whatever is attached to a new stage, and there is no gap."""
    _, desired, actual = situation
    made = step(*situation, found, NOW)
    plan = make_plan(Comparison(staged(desired, actual, [made]), actual))
    assert plan.problems == ()
    assert plan.gaps == ()
    numbers = {each.number: each for each in plan.operations}
    of_mark = {each.address: each.number for each in plan.operations if each.address.startswith("rollout:")}
    for each in plan.operations:
        policy = each.address.partition("@")[0]
        if each.action == "AttachPolicy" and f"rollout:{policy}" in of_mark:
            assert of_mark[f"rollout:{policy}"] in each.after
    assert len(numbers) == len(plan.operations)


@given(rollouts(), st.lists(st.tuples(st.integers(0, 20 * 24), evidence()), max_size=12))
def test_a_whole_rollout(rollout: Rollout, applies: list[tuple[int, Evidence | None]]) -> None:
    """However often it is applied: as many bakes lie behind it as stages."""
    rollout = replace(rollout, hold=False)
    actual, now, entered = present(there=False), NOW, [NOW]
    desired = wanted(OLD, rollout)
    for hours, found in applies:
        now += timedelta(hours=hours)
        made = step(rollout, desired, actual, found, now)
        if made.stage > made.standing.stage:
            assert made.standing.stage == 0 or now - entered[-1] >= BAKE
            entered.append(now)
        actual = applied(staged(desired, actual, [made]), now, actual)
        assert attached(actual) >= set(rollout.reached(made.stage)) or made.stage == rollout.last
