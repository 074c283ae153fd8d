"""Where a rollout is and what is done next, as a function of what there is, what was recorded, and the time."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from orgctl.model.resources import Account, AccountState, Attachment, Policy
from orgctl.model.rollout_mark import RolloutMark, mark_of
from orgctl.model.state import State
from orgctl.reconcile.rollout.evidence import Denied, Evidence
from orgctl.reconcile.rollout.rollout import Rollout
from orgctl.reconcile.rollout.staging import staged
from orgctl.reconcile.rollout.standing import standing_of
from orgctl.reconcile.rollout.step import Progress, Step, needs_evidence, step_of
from tests.rollout.organizations import (
    BAKE,
    DEV,
    GUARD,
    NEW,
    NOW,
    OLD,
    ROLLOUT,
    ROOT,
    SANDBOX,
    TREE,
    WORKLOADS,
    attached,
    mark,
    present,
    wanted,
)

EARLIER = NOW - BAKE
NEXT = ROLLOUT.candidate


def calm(since: datetime = EARLIER, denied: int = 0, expected: int = 0) -> Evidence:
    """Records over all of the time, in which so much was denied, and would be."""
    met, ahead = (
        (Denied("role", "s3:GetObject", "try (ou:/Sandbox)", count, NOW, NOW, "id"),) if count else ()
        for count in (denied, expected)
    )
    return Evidence(100, since, NOW, met, ahead)


def step(
    actual: State,
    rollout: Rollout = ROLLOUT,
    *,
    evidence: Evidence | None = None,
    now: datetime = NOW,
    desired: State | None = None,
) -> Step:
    standing = standing_of(rollout, desired or wanted(), actual)
    assert standing is not None
    return step_of(standing, evidence, now)


STEPS = [
    ("nothing is there", present(there=False), None, (0, 1, Progress.BEGINS)),
    ("it is attached nowhere", present(), None, (0, 1, Progress.BEGINS)),
    ("it bakes", present([SANDBOX], mark(1)), calm(), (1, 1, Progress.BAKES)),
    ("one second is left", present([SANDBOX], mark(1, EARLIER + timedelta(seconds=1))), calm(), (1, 1, Progress.BAKES)),
    ("it has baked, and nothing was denied", present([SANDBOX], mark(1, EARLIER)), calm(), (1, 2, Progress.ADVANCES)),
    ("something was denied", present([SANDBOX], mark(1, EARLIER)), calm(denied=1), (1, 1, Progress.STAYS)),
    ("something would be denied", present([SANDBOX], mark(1, EARLIER)), calm(expected=1), (1, 1, Progress.STAYS)),
    ("nobody looked", present([SANDBOX], mark(1, EARLIER)), None, (1, 1, Progress.STAYS)),
    (
        "the records begin too late",
        present([SANDBOX], mark(1, EARLIER)),
        calm(EARLIER + timedelta(days=1)),
        (1, 1, Progress.STAYS),
    ),
    (
        "the records end too early",
        present([SANDBOX], mark(1, EARLIER)),
        replace(calm(), last=NOW - timedelta(days=1)),
        (1, 1, Progress.STAYS),
    ),
    ("there are no records", present([SANDBOX], mark(1, EARLIER)), Evidence(0, None, None), (1, 1, Progress.STAYS)),
    ("the last stage follows", present([SANDBOX, DEV], mark(2, EARLIER)), calm(), (2, 3, Progress.ADVANCES)),
    ("it is everywhere", present([ROOT], mark(3, EARLIER)), None, (3, 3, Progress.DONE)),
    ("it was everywhere before there were stages", present([ROOT]), None, (3, 3, Progress.DONE)),
    ("it was on a stage before there was a mark", present([SANDBOX]), None, (1, 1, Progress.BEGINS_ANEW)),
    ("it was above a stage", present([WORKLOADS]), None, (0, 1, Progress.BEGINS)),
    ("it was detached by hand", present([], mark(1, EARLIER)), calm(), (1, 1, Progress.BEGINS_ANEW)),
    ("killed after the mark", present([SANDBOX], mark(2, EARLIER)), calm(), (2, 2, Progress.BEGINS_ANEW)),
    ("its content changes", present([SANDBOX], mark(1, EARLIER), NEW), calm(), (1, 1, Progress.BEGINS_ANEW)),
]


@pytest.mark.parametrize(("why", "actual", "evidence", "expected"), STEPS, ids=[each[0] for each in STEPS])
def test_a_step(why: str, actual: State, evidence: Evidence | None, expected: tuple[int, int, Progress]) -> None:
    """From which stage to which, and what that is called."""
    found = step(actual, evidence=evidence)
    assert (found.standing.stage, found.stage, found.progress) == expected


UNREADABLE = [
    RolloutMark(GUARD, None, None, "2026-11-01T00:00:00Z"),
    RolloutMark(GUARD, 2, ROLLOUT.path(2), "yesterday"),
    RolloutMark(GUARD, 2, ROLLOUT.path(2), None),
    RolloutMark(GUARD, 9, ROLLOUT.path(3), "2026-11-01T00:00:00Z"),
    RolloutMark(GUARD, 3, "00000000", "2026-11-01T00:00:00Z"),
    RolloutMark(GUARD, 2, replace(ROLLOUT, stages=((SANDBOX,), (WORKLOADS,))).path(2), "2026-11-01T00:00:00Z"),
]


@pytest.mark.parametrize("found", UNREADABLE)
def test_a_mark_that_does_not_fit_never_leads_further(found: RolloutMark) -> None:
    """Then only what it is attached to counts, and the time on that stage begins anew."""
    made = step(present([SANDBOX], found), evidence=calm())
    assert (made.stage, made.progress) == (1, Progress.BEGINS_ANEW)


def test_later_stages_may_change() -> None:
    """A stage that is added behind the one that it is on does not disturb it."""
    longer = replace(ROLLOUT, stages=((SANDBOX,), (DEV,), (WORKLOADS,), (ROOT,)))
    made = step(present([SANDBOX], mark(1, EARLIER)), longer, evidence=calm())
    assert (made.stage, made.progress) == (2, Progress.ADVANCES)


KEPT = [
    (replace(ROLLOUT, hold=True), 1, Progress.STAYS, "it is held"),
    (replace(ROLLOUT, up_to=1), 1, Progress.STAYS, "the manifest says `up_to`"),
]


@pytest.mark.parametrize(("rollout", "stage", "progress", "why"), KEPT)
def test_somebody_wants_it_to_stay(rollout: Rollout, stage: int, progress: Progress, why: str) -> None:
    """Held, or at the last stage for now; nothing has to be looked at then."""
    actual = present([SANDBOX], mark(1, EARLIER))
    made = step(actual, rollout, evidence=calm())
    assert (made.stage, made.progress, made.why) == (stage, progress, (why,))
    standing = standing_of(rollout, wanted(), actual)
    assert standing is not None
    assert not needs_evidence(standing, NOW)


def test_what_is_held_does_not_begin() -> None:
    """Nor is a policy put onto its first stage."""
    made = step(present(there=False), replace(ROLLOUT, hold=True))
    assert (made.stage, made.progress) == (0, Progress.STAYS)
    assert attached(staged(wanted(), present(there=False), [made])) == set()


def test_without_a_limit_time_alone_counts() -> None:
    """Nobody has to look at events."""
    made = step(present([SANDBOX], mark(1, EARLIER)), replace(ROLLOUT, max_newly_denied=None))
    assert (made.stage, made.progress) == (2, Progress.ADVANCES)


def test_the_limit_is_for_each_of_both() -> None:
    """As many as it may are no reason to stay; both reasons are told."""
    actual, rollout = present([SANDBOX], mark(1, EARLIER)), replace(ROLLOUT, max_newly_denied=3)
    assert step(actual, rollout, evidence=calm(denied=3, expected=3)).progress is Progress.ADVANCES
    assert step(actual, rollout, evidence=calm(denied=4, expected=1200)).why == (
        "it denied 4 calls; the limit is 3",
        "on the next stage it would deny 1,200 calls; the limit is 3",
    )


def test_going_back() -> None:
    """`up_to` takes the policy from later stages, and its time begins anew."""
    rollout = replace(ROLLOUT, up_to=1)
    actual = present([ROOT], mark(3, EARLIER))
    made = step(actual, rollout)
    assert (made.stage, made.progress) == (1, Progress.GOES_BACK)
    state = staged(wanted(), actual, [made])
    assert attached(state) == {SANDBOX}
    assert state.resources["rollout:scp/guard"] == RolloutMark(GUARD, 1, ROLLOUT.path(1))


def test_foreign_policies_are_not_moved() -> None:
    """What orgctl does not own has no stages, unless it is adopted."""
    foreign = State.of((*present(there=False).resources.values(), Policy(GUARD, OLD, tags={}, id="p-1")))
    assert standing_of(ROLLOUT, wanted(), foreign) is None
    assert standing_of(ROLLOUT, wanted(), foreign, adopt=True) is not None


# What is wanted at a stage


def test_stages_add_up() -> None:
    """On stage 2 it is attached to the targets of both; at the end where the manifest says, and only there."""
    actual = present([SANDBOX], mark(1, EARLIER))
    second = step(actual, evidence=calm())
    assert attached(staged(wanted(), actual, [second])) == {SANDBOX, DEV}
    actual = present([SANDBOX, DEV], mark(2, EARLIER))
    assert attached(staged(wanted(), actual, [step(actual, evidence=calm())])) == {ROOT}


def test_nothing_is_taken_away_on_the_way() -> None:
    """Where it is attached already, it stays, if it is to be there in the end."""
    actual = present([WORKLOADS])
    assert attached(staged(wanted(), actual, [step(actual)])) == {SANDBOX, WORKLOADS}


def test_an_account_that_closes_is_left_alone() -> None:
    """Nothing is attached to it, and nothing waits for it."""
    rollout = replace(ROLLOUT, stages=((SANDBOX, "account:shop"), (ROOT,)))
    closing = replace(TREE[-1], state=AccountState.CLOSED)
    desired = State({**wanted(rollout=rollout).resources, closing.address: closing})
    actual = present([SANDBOX], mark(1, rollout=rollout))
    made = step(actual, rollout, desired=desired)
    assert made.progress is Progress.BAKES
    assert attached(staged(desired, actual, [made])) == {SANDBOX}


def test_an_invited_account_holds_up_nobody() -> None:
    """A target that may never join is not waited for."""
    rollout = replace(ROLLOUT, stages=((SANDBOX, "account:new"), (ROOT,)))
    new = Account("new", id="555555555555", join="invite", parent=("Sandbox",))
    desired = State.of((*wanted(rollout=rollout).resources.values(), new))
    actual = present([SANDBOX], mark(1, EARLIER, rollout=rollout))
    assert step(actual, rollout, evidence=calm(), desired=desired).progress is Progress.ADVANCES


# A new version of what is everywhere


def with_candidate(stage: int, *targets: str, text: str = NEW, since: datetime = EARLIER) -> State:
    more = (
        Policy(NEXT, text, tags={"orgctl:managed": "true"}, id="p-next"),
        *(Attachment(NEXT, target) for target in targets),
        mark(stage, since, NEXT),
    )
    return present([ROOT], mark(3, EARLIER), more=more)


def test_a_new_version_goes_beside_the_old_one() -> None:
    """What is everywhere keeps its content there; the new content begins at the first stage, as a policy of its own."""
    actual = present([ROOT], mark(3, EARLIER))
    made = step(actual, desired=wanted(NEW))
    assert (made.standing.subject, made.stage, made.progress) == (NEXT, 1, Progress.BEGINS)
    state = staged(wanted(NEW), actual, [made])
    contents = {policy.name: policy.content for policy in state.each(Policy)}
    assert contents == {GUARD: OLD, NEXT: NEW}
    assert (attached(state), attached(state, NEXT)) == ({ROOT}, {SANDBOX})


def test_a_new_version_takes_the_old_one_s_place() -> None:
    """Instead of the last stage, the old policy gets the new content, and the other one goes."""
    actual = with_candidate(2, SANDBOX, DEV)
    made = step(actual, desired=wanted(NEW), evidence=calm())
    assert (made.standing.subject, made.stage, made.progress) == (NEXT, 3, Progress.ADVANCES)
    state = staged(wanted(NEW), actual, [made])
    assert {policy.name: policy.content for policy in state.each(Policy)} == {GUARD: NEW}
    assert (attached(state), attached(state, NEXT)) == ({ROOT}, set())


def test_a_new_version_that_changes_again_bakes_again() -> None:
    """It is rewritten where it is, and its time begins anew."""
    made = step(with_candidate(1, SANDBOX, text=OLD), desired=wanted(NEW), evidence=calm())
    assert (made.standing.subject, made.stage, made.progress) == (NEXT, 1, Progress.BEGINS_ANEW)


def test_a_new_version_that_is_taken_back_goes() -> None:
    """With the old content in the manifest again, only the old policy is wanted."""
    actual = with_candidate(1, SANDBOX)
    made = step(actual)
    assert (made.standing.subject, made.progress) == (GUARD, Progress.DONE)
    assert [policy.name for policy in staged(wanted(), actual, [made]).each(Policy)] == [GUARD]


def test_a_new_version_is_never_everywhere_by_being_attached() -> None:
    """Somebody who attaches it to the root has not made it bake."""
    more = (Policy(NEXT, NEW, tags={"orgctl:managed": "true"}, id="p-next"), Attachment(NEXT, ROOT))
    actual = present([ROOT], mark(3, EARLIER), more=more)
    made = step(actual, desired=wanted(NEW), evidence=calm())
    assert (made.stage, made.progress) == (2, Progress.BEGINS_ANEW)


MARKS = [
    ({"orgctl:rollout-stage": "2/4f8e1c22", "orgctl:rollout-since": "x"}, RolloutMark(GUARD, 2, "4f8e1c22", "x")),
    ({"orgctl:rollout-stage": "two", "orgctl:rollout-since": "x"}, RolloutMark(GUARD, None, None, "x")),
    ({"orgctl:rollout-since": "x"}, RolloutMark(GUARD, None, None, "x")),
    ({"orgctl:managed": "true"}, None),
]


@pytest.mark.parametrize(("tags", "expected"), MARKS)
def test_marks_are_read_from_tags(tags: dict[str, str], expected: RolloutMark | None) -> None:
    """Whatever somebody writes into them."""
    assert mark_of(GUARD, tags) == expected
