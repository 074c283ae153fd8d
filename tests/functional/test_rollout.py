"""Staged rollouts from the first stage to the last, at the sandbox: time passes only when a test says so."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from orgctl.api.applying import apply_manifest, apply_saved
from orgctl.api.connection import Connection
from orgctl.api.importing import import_organization
from orgctl.api.planning import open_for, plan, plan_loaded
from orgctl.api.replaying import Replaying
from orgctl.api.rollout_status import rollout_status
from orgctl.errors import StalePlanError
from orgctl.manifest import load
from orgctl.reconcile.calls import calls_to
from orgctl.reconcile.executor import execute
from orgctl.reconcile.plan import Plan
from orgctl.reconcile.plan_file import load as load_plan
from orgctl.reconcile.plan_file import save
from orgctl.reconcile.rollout.step import Progress, Step
from orgctl.sandbox.embedded import Sandbox
from tests.functional.conftest import TERMS
from tests.functional.small import account, policy, write
from tests.functional.test_interruption import Killed, Mortal
from tests.functional.trails import account_id, call, write_trail

START = datetime(2026, 11, 2, 6, tzinfo=UTC)
WEEK = timedelta(days=7)
STAGES = ["ou:/Sandbox", "ou:/Workloads/Dev", "root"]
NAMES = {"root": "root", "Sandbox": "ou:/Sandbox", "Dev": "ou:/Workloads/Dev", "Workloads": "ou:/Workloads"}


def manifest(directory: Path, *actions: str, **rollout: object) -> Path:
    """A policy that is to be on the root in the end, by stages."""
    policy(directory, "scp/guard", *(actions or ("sqs:SendMessage",)))
    units = {
        "Sandbox": {"accounts": account("try")},
        "Workloads": {"accounts": account("shop"), "units": {"Dev": {"accounts": account("dev")}}},
    }
    said = {"stages": STAGES, "bake": "7d", "max_newly_denied": 0, **rollout}
    root = {"policies": ["scp/guard"], "units": units}
    replay = {"events": ["trail"]}
    return write(directory, root, policies={"scp/guard": {"rollout": said}}, replay=replay)


@dataclass
class World:
    """A directory, a sandbox, and the time there."""

    directory: Path
    sandbox: Sandbox
    connection: Connection
    now: datetime = START

    def apply(self, *, hold: bool = False, skip: bool = False) -> Plan:
        """Plan and do it, now."""
        terms = replace(TERMS, replaying=self.replaying(hold=hold, skip=skip))
        made, outcome = apply_manifest(self.directory, self.connection, terms)
        assert outcome.complete
        return made

    def replaying(self, *, hold: bool = False, skip: bool = False) -> Replaying:
        return Replaying(now=lambda: self.now, hold=hold, skip=skip)

    def plan(self) -> Plan:
        return plan(self.directory, self.connection, replaying=self.replaying()).plan

    def record(self, *records: object) -> None:
        """A trail with a call at the start, these, and one now."""
        times = (START, self.now)
        around = (self.call(f"around-{n}", "shop", time, eventName="ReceiveMessage") for n, time in enumerate(times))
        write_trail(self.directory / "trail/log.json", *around, *records)

    def call(self, event_id: str, name: str, time: datetime, **more: object) -> dict[str, object]:
        return call(account_id(self.sandbox, name), event_id, eventTime=f"{time:%Y-%m-%dT%H:%M:%SZ}", **more)

    def policy_id(self, name: str = "guard") -> str | None:
        found = self.sandbox.organization.policies.values()
        return next((each.id for each in found if each.name == name), None)

    def where(self, name: str = "guard") -> set[str]:
        """Where AWS has the policy attached."""
        organization, policy_id = self.sandbox.organization, self.policy_id(name)
        names = {organization.root: "root", **{unit.id: unit.name for unit in organization.units.values()}}
        return {NAMES[names[target]] for target, worn in organization.attached.items() if policy_id in worn}

    def denied(self, event_id: str, name: str, time: datetime, policy_name: str = "guard") -> dict[str, object]:
        """A call that AWS refused, and named the policy that did."""
        arn = f"arn:aws:organizations::111111111111:policy/o-x/service_control_policy/{self.policy_id(policy_name)}"
        return self.refused(event_id, name, time, f" with an explicit deny in a service control policy: {arn}")

    def refused(self, event_id: str, name: str, time: datetime, why: str = "") -> dict[str, object]:
        account_ = account_id(self.sandbox, name)
        who = f"arn:aws:sts::{account_}:assumed-role/Dev/jane"
        message = (
            f"User: {who} is not authorized to perform: sqs:SendMessage on resource: arn:aws:sqs:eu-west-1:1:q{why}"
        )
        return self.call(event_id, name, time, errorCode="AccessDenied", errorMessage=message)


@pytest.fixture
def world(tmp_path: Path, sandbox: Sandbox, connection: Connection) -> World:
    """The organization with the policy on its first stage, since START."""
    made = World(manifest(tmp_path), sandbox, connection)
    made.apply(skip=True)  # nothing is recorded yet
    made.record()
    return made


def only(plan: Plan) -> Step:
    (step,) = plan.rollouts
    return step


def test_from_the_first_stage_to_the_last(world: World) -> None:
    """It bakes on each stage, goes on when nothing was denied, and ends where the manifest says."""
    assert world.where() == {"ou:/Sandbox"}
    world.now = START + WEEK - timedelta(seconds=1)
    assert only(world.plan()).progress is Progress.BAKES
    assert world.plan().is_empty
    for stage in ({"ou:/Sandbox", "ou:/Workloads/Dev"}, {"root"}):
        world.now += WEEK + timedelta(hours=1)
        world.record()
        assert only(world.apply()).progress is Progress.ADVANCES
        assert world.where() == stage
    world.now += WEEK * 9
    assert only(world.plan()).progress is Progress.DONE
    assert world.plan().is_empty


def test_what_was_denied_keeps_it(world: World) -> None:
    """A refused call is blamed on the policy if AWS named it, or if it named none and no other policy denies it."""
    world.now, time = START + WEEK + timedelta(hours=1), START + timedelta(days=1)
    world.record(
        world.denied("named", "try", time),
        world.refused("told", "try", time + timedelta(hours=1)),
        world.denied("another-s", "try", time, "FullAWSAccess"),
        world.refused("not-on-a-stage", "shop", time),
        world.denied("earlier", "try", START - timedelta(hours=1)),
    )
    step = only(world.apply())
    assert step.evidence is not None
    assert [each.sample for each in step.evidence.denied] == ["named", "told"]
    assert step.why == ("it denied 2 calls; the limit is 0",)
    assert world.where() == {"ou:/Sandbox"}


def test_what_would_be_denied_keeps_it(world: World) -> None:
    """Calls that went well where the next stage is."""
    world.now = START + WEEK + timedelta(hours=1)
    world.record(*(world.call(f"id-{n}", "dev", START + timedelta(days=n)) for n in (1, 2)))
    step = only(world.plan())
    assert step.evidence is not None
    assert [(each.count, each.action, each.place) for each in step.evidence.expected] == [
        (2, "sqs:SendMessage", "dev (ou:/Workloads/Dev)")
    ]
    assert step.progress is Progress.STAYS
    assert step.why == ("on the next stage it would deny 2 calls; the limit is 0",)


def test_without_records_it_stays(world: World) -> None:
    """No events, or too few, let nothing pass; without a limit, time alone counts."""
    world.now = START + WEEK + timedelta(hours=1)
    world.record()
    world.now += WEEK
    (world.directory / "trail/log.json").write_text(json.dumps({"Records": []}))
    assert only(world.plan()).why == ("there is no recorded event",)
    write_trail(world.directory / "trail/log.json", world.call("a", "shop", START + timedelta(days=1)))
    assert [why.partition(" at ")[0] for why in only(world.plan()).why] == ["the records begin", "the records end"]
    manifest(world.directory, max_newly_denied=None)
    assert only(world.plan()).progress is Progress.ADVANCES


def test_somebody_holds_it(world: World) -> None:
    """For one apply, or in the manifest."""
    world.now = START + WEEK + timedelta(hours=1)
    assert only(world.apply(hold=True)).why == ("it is held",)
    manifest(world.directory, hold=True)
    assert only(world.apply()).progress is Progress.STAYS
    assert world.where() == {"ou:/Sandbox"}


def test_it_goes_back(world: World) -> None:
    """To the stage that the manifest names; no account lacks the policy on the way that has it after."""
    world.now = START + WEEK + timedelta(hours=1)
    manifest(world.directory, max_newly_denied=None)
    world.apply(skip=True)
    assert world.where() == {"ou:/Sandbox", "ou:/Workloads/Dev"}
    manifest(world.directory, up_to="ou:/Sandbox")
    assert only(world.apply(skip=True)).progress is Progress.GOES_BACK
    assert world.where() == {"ou:/Sandbox"}
    assert world.plan().is_empty


def test_changed_content_bakes_anew(world: World) -> None:
    """On the stages that it has reached it is rewritten at once, and its time begins again."""
    world.now = START + timedelta(days=6)
    manifest(world.directory, "sqs:SendMessage", "ec2:*")
    assert only(world.apply(skip=True)).progress is Progress.BEGINS_ANEW
    world.now = START + WEEK + timedelta(hours=1)
    assert only(world.plan()).progress is Progress.BAKES


def finished(world: World) -> World:
    """The policy is everywhere; nobody looked at records."""
    manifest(world.directory, max_newly_denied=None)
    for _ in range(2):
        world.now += WEEK + timedelta(hours=1)
        world.apply(skip=True)
    assert world.where() == {"root"}
    return world


def test_a_new_version_goes_through_the_stages(world: World) -> None:
    """The old one guards everybody until the new one has been through, and takes its content then."""
    finished(world)
    manifest(world.directory, "sqs:SendMessage", "ec2:*")
    world.apply(skip=True)
    assert (world.where(), world.where("guard.next")) == ({"root"}, {"ou:/Sandbox"})
    for stage in ({"ou:/Sandbox", "ou:/Workloads/Dev"}, set()):
        world.now += WEEK + timedelta(hours=1)
        world.record()
        world.apply()
        assert (world.where(), world.where("guard.next")) == ({"root"}, stage)
    assert world.policy_id("guard.next") is None
    found = world.sandbox.organization.policies[world.policy_id() or ""]
    assert "ec2:*" in found.content
    assert world.plan().is_empty


def test_without_rollout_a_policy_goes_everywhere(world: World) -> None:
    """Taking it out of the manifest is the way for what cannot wait; the mark goes, too."""
    policies = {"scp/guard": {"description": "x"}}
    root = {"policies": ["scp/guard"], "units": {"Sandbox": {"accounts": account("try")}}}
    write(world.directory, root, policies=policies)
    world.apply(skip=True)
    assert world.where() == {"root"}
    found = world.sandbox.organization.policies[world.policy_id() or ""]
    assert sorted(found.tags) == ["orgctl:managed"]


def test_a_saved_plan_counts_from_its_apply(world: World) -> None:
    """The time on a stage begins when the policy comes there, and not when that was planned."""
    world.now = START + WEEK + timedelta(hours=1)
    manifest(world.directory, max_newly_denied=None)
    skipping = world.replaying(skip=True)
    save(plan(world.directory, world.connection, replaying=skipping), world.directory / "plan.json")
    world.now += timedelta(days=3)
    terms = replace(TERMS, replaying=world.replaying())
    assert apply_saved(load_plan(world.directory / "plan.json"), world.connection, terms)[1].complete
    (step,) = rollout_status(world.directory, world.connection, world.replaying())
    assert step.until == world.now.replace(tzinfo=None) + WEEK


def test_a_saved_plan_is_stale_once_the_stage_is_another(world: World) -> None:
    """The mark is part of what was read: two plans for the same step are not both done."""
    world.now = START + WEEK + timedelta(hours=1)
    manifest(world.directory, max_newly_denied=None)
    saved = plan(world.directory, world.connection, replaying=world.replaying(skip=True))
    world.apply(skip=True)
    with pytest.raises(StalePlanError, match="policy guard"):
        apply_saved(saved, world.connection, TERMS)


def test_an_import_tells_of_stages(world: World, tmp_path_factory: pytest.TempPathFactory) -> None:
    """AWS does not know the stages; the mark is no tag of the manifest's."""
    directory = tmp_path_factory.mktemp("imported")
    import_organization(directory, world.connection)
    text = (directory / "organization.yaml").read_text()
    assert "`scp/guard` was being rolled out by stages" in text.replace("\n# ", " ")
    assert "orgctl:rollout" not in text


def test_status_asks_aws_only_if_there_is_a_rollout(world: World) -> None:
    """And tells the same as the plan."""
    assert rollout_status(world.directory, world.connection, world.replaying()) == world.plan().rollouts
    before = sum(world.sandbox.calls().values())
    assert rollout_status(write(world.directory, {}), world.connection, world.replaying()) == ()
    assert sum(world.sandbox.calls().values()) == before


def test_killed_again_and_again(world: World) -> None:
    """Whatever call an apply is killed after, the policy bakes on every stage before it comes to the next one."""
    manifest(world.directory, max_newly_denied=None)
    since: dict[int, datetime] = {1: START}
    whole = [set(), {"ou:/Sandbox"}, {"ou:/Sandbox", "ou:/Workloads/Dev"}]
    attempts = 0
    while world.where() != {"root"}:
        world.now += WEEK + timedelta(hours=1)
        killed(world, attempts % 3 + 1)
        attempts += 1
        reached = 3 if "root" in world.where() else whole.index(world.where())
        if reached not in since:
            assert reached == max(since) + 1
            assert world.now - since[reached - 1] >= WEEK
            since[reached] = world.now
        assert attempts < 20
    world.apply()
    assert world.plan().is_empty


def test_a_new_version_killed_again_and_again(world: World) -> None:
    """The old one stays on the root throughout, with its old content until the new one has been through."""
    finished(world)
    manifest(world.directory, "sqs:SendMessage", "ec2:*", max_newly_denied=None)
    seen: list[set[str]] = []
    for attempt in range(20):
        killed(world, attempt % 4 + 1)
        assert "root" in world.where()
        new = "ec2:*" in world.sandbox.organization.policies[world.policy_id() or ""].content
        assert not new or seen[-1] == {"ou:/Sandbox", "ou:/Workloads/Dev"}
        if not new:
            seen.append(world.where("guard.next"))
        if new and world.policy_id("guard.next") is None:
            break
        world.now += WEEK + timedelta(hours=1)
    assert world.policy_id("guard.next") is None


def killed(world: World, nth: int) -> None:
    """Plan, and die after the nth call; a plan that is shorter is done."""
    loaded = load(world.directory)
    aws = open_for(loaded, world.connection)
    made = plan_loaded(loaded, aws, replaying=world.replaying(skip=True)).plan
    if len(made.operations) < nth:
        execute(made, calls_to(aws), now=lambda: world.now)
        return
    with pytest.raises(Killed):
        execute(made, Mortal(calls_to(aws), nth), now=lambda: world.now)
