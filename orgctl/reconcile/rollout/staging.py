"""The desired state with every rollout at its stage. Pure.

It depends on what AWS has: until a rollout is at its end, nothing of it is taken away.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from orgctl.model.resources import Account, AccountState, Attachment, Policy, Resource
from orgctl.model.rollout_mark import RolloutMark, since_value
from orgctl.model.state import State
from orgctl.reconcile.rollout.rollout import Rollout
from orgctl.reconcile.rollout.standing import Standing, and_above
from orgctl.reconcile.rollout.step import Progress, Step


def staged(desired: State, actual: State, steps: Iterable[Step]) -> State:
    """What is wanted now, of what is wanted in the end."""
    resources = dict(desired.resources)
    for step in steps:
        rollout = step.standing.rollout
        own = {each.address for each in desired.each(Attachment) if each.policy == rollout.policy}
        resources = {address: each for address, each in resources.items() if address not in own}
        parts = (*at_stage(step.standing, step.stage, desired, actual), *_mark(step, actual))
        resources |= {each.address: each for each in parts}
    return State(resources, desired.findings)


def at_stage(standing: Standing, stage: int, desired: State, actual: State) -> tuple[Policy | Attachment, ...]:
    """A rollout's policies and attachments, once it is on that stage."""
    rollout = standing.rollout
    wanted = desired.get(Policy, f"policy:{rollout.policy}")
    present = actual.get(Policy, f"policy:{rollout.policy}")
    if wanted is None:
        return ()
    if not standing.is_new_version or present is None:
        return (wanted, *_attached(rollout, rollout.policy, stage, desired, actual))
    if stage >= rollout.last:
        return (wanted, *_finally(rollout, desired))
    candidate = replace(
        wanted,
        name=rollout.candidate,
        description=f"The new version of {wanted.aws_name}, by stages",
        adopt=False,
        id=None,
    )
    old = replace(wanted, content=present.content)
    return (old, *_finally(rollout, desired), candidate, *_attached(rollout, candidate.name, stage, desired, actual))


def predicted(standing: Standing, stage: int, desired: State, actual: State) -> State:
    """What AWS has now, but for one rollout, which is on that stage: to be asked what it would deny there."""
    rollout = standing.rollout
    names = {rollout.policy, rollout.candidate}
    kept = {address: each for address, each in actual.resources.items() if not _is_of(each, names)}
    parts = at_stage(standing, stage, desired, actual)
    return State({**kept, **{each.address: each for each in parts}}, actual.findings)


def without(policy: str, actual: State) -> State:
    """What AWS has now, but for one policy's attachments: to be asked what that one denies."""
    kept = {
        address: each
        for address, each in actual.resources.items()
        if not (isinstance(each, Attachment) and each.policy == policy)
    }
    return State(kept, actual.findings)


def _is_of(resource: Resource, names: set[str]) -> bool:
    match resource:
        case Policy():
            return resource.name in names
        case Attachment():
            return resource.policy in names
        case _:
            return False


def _attached(rollout: Rollout, policy: str, stage: int, desired: State, actual: State) -> Iterator[Attachment]:
    """Where it is attached: in the end where the manifest says; until then on its stages, and wherever it is already.

    Only `up_to` takes it away from anywhere.
    """
    if stage >= rollout.last:
        yield from _finally(rollout, desired)
        return
    targets = dict.fromkeys(target for target in rollout.reached(stage) if _is_wanted(target, desired))
    if rollout.up_to is None:
        final = {each.target for each in _finally(rollout, desired)}
        worn = (each.target for each in actual.each(Attachment) if each.policy == policy)
        targets |= dict.fromkeys(target for target in worn if final & set(and_above(target, actual)))
    yield from (Attachment(policy, target) for target in targets)


def _is_wanted(target: str, desired: State) -> bool:
    """Whether there is to be such a target; on an account that is to be closed, nothing is wanted."""
    found = desired.resources.get(target)
    return found is not None and not (isinstance(found, Account) and found.state is AccountState.CLOSED)


def _finally(rollout: Rollout, desired: State) -> Iterator[Attachment]:
    return (each for each in desired.each(Attachment) if each.policy == rollout.policy)


def _mark(step: Step, actual: State) -> Iterator[RolloutMark]:
    """The marks that the policies are to have: that of the subject, and beside a new version that of the old one."""
    standing = step.standing
    rollout = standing.rollout
    if standing.is_new_version:
        yield _made(rollout, rollout.policy, rollout.last, _kept(rollout.policy, rollout, actual))
        if step.stage >= rollout.last:
            return
    if step.stage == 0:
        return
    moved = step.progress in (Progress.BEGINS, Progress.ADVANCES, Progress.BEGINS_ANEW, Progress.GOES_BACK)
    since = None if moved or step.since is None else since_value(step.since)
    if step.progress is Progress.DONE:
        since = _kept(standing.subject, rollout, actual)
    yield _made(rollout, standing.subject, step.stage, since)


def _kept(policy: str, rollout: Rollout, actual: State) -> str | None:
    """Since when a policy is where it is to end, if its mark says so."""
    mark = actual.get(RolloutMark, f"rollout:{policy}")
    whole = mark is not None and mark.stage == rollout.last and mark.moment is not None
    return mark.since if mark is not None and whole else None


def _made(rollout: Rollout, policy: str, stage: int, since: str | None) -> RolloutMark:
    return RolloutMark(policy, stage, rollout.path(stage), since)
