"""A small organization as states, and a rollout in it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from orgctl.model.resources import (
    OWNER_TAG,
    Account,
    Attachment,
    Organization,
    Policy,
    PolicyTypeSwitch,
    Resource,
    Unit,
)
from orgctl.model.rollout_mark import RolloutMark, since_value
from orgctl.model.state import State
from orgctl.reconcile.rollout.rollout import Rollout

SANDBOX, DEV, WORKLOADS, ROOT = "ou:/Sandbox", "ou:/Workloads/Dev", "ou:/Workloads", "ou:/"
NOW = datetime(2026, 11, 23, 6)
BAKE = timedelta(days=7)
GUARD = "scp/guard"
ROLLOUT = Rollout(GUARD, ((SANDBOX,), (DEV,), (ROOT,)), BAKE, 0)

TREE: tuple[Resource, ...] = (
    Organization("111111111111", id="o-exampleorg"),
    PolicyTypeSwitch("SERVICE_CONTROL_POLICY"),
    Unit((), {}, "r-1"),
    Unit(("Sandbox",), {OWNER_TAG: "true"}, "ou-s"),
    Unit(("Workloads",), {OWNER_TAG: "true"}, "ou-w"),
    Unit(("Workloads", "Dev"), {OWNER_TAG: "true"}, "ou-d"),
    Account("management", id="111111111111", email="m@example.com"),
    Account("try", id="222222222222", email="t@example.com", parent=("Sandbox",)),
    Account("dev", id="333333333333", email="d@example.com", parent=("Workloads", "Dev")),
    Account("shop", id="444444444444", email="s@example.com", parent=("Workloads",)),
)


def content(*actions: str) -> str:
    """An SCP that denies these."""
    statement = {"Sid": "Deny", "Effect": "Deny", "Action": list(actions), "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]}, separators=(",", ":"))


OLD, NEW = content("ec2:*"), content("ec2:*", "s3:*")


def wanted(text: str = OLD, rollout: Rollout = ROLLOUT) -> State:
    """What the manifest wants in the end: the policy on all of the last stage's targets."""
    ends = (Attachment(rollout.policy, target) for target in rollout.stages[-1])
    return State.of((*TREE, Policy(rollout.policy, text), *ends))


def present(
    targets: Iterable[str] = (),
    mark: RolloutMark | None = None,
    text: str = OLD,
    more: Iterable[Resource] = (),
    name: str = GUARD,
    *,
    there: bool = True,
) -> State:
    """What AWS has: the policy (if it is `there`) on these targets, with a mark."""
    policy = (Policy(name, text, tags={OWNER_TAG: "true"}, id=f"p-{len(name):08}"),) if there else ()
    worn = (Attachment(name, target) for target in targets)
    return State.of((*TREE, *policy, *worn, *((mark,) if mark else ()), *more))


def mark(stage: int, since: datetime = NOW, policy: str = GUARD, rollout: Rollout = ROLLOUT) -> RolloutMark:
    """A mark of that stage."""
    return RolloutMark(policy, stage, rollout.path(stage), since_value(since))


def attached(state: State, policy: str = GUARD) -> set[str]:
    """Where a policy is attached."""
    return {each.target for each in state.each(Attachment) if each.policy == policy}


def applied(desired: State, now: datetime, actual: State) -> State:
    """What AWS has once all that is wanted is done at that time."""
    made: list[Resource] = []
    for number, resource in enumerate(desired.resources.values()):
        match resource:
            case RolloutMark(since=None):
                made.append(replace(resource, since=since_value(now)))
            case Policy():
                old = actual.get(Policy, resource.address)
                made.append(replace(resource, tags={OWNER_TAG: "true"}, id=old.id if old else f"p-{number:08}"))
            case _:
                made.append(resource)
    return State.of(made)
