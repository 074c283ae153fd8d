"""What plans say of recorded activity, and what an apply does about it: at the sandbox."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import boto3
import pytest

from orgctl.api.applying import apply_manifest, apply_saved
from orgctl.api.connection import Connection
from orgctl.api.planning import plan
from orgctl.api.replaying import Replaying
from orgctl.errors import InvalidInputError, RefusedError
from orgctl.reconcile.plan_file import load, save
from orgctl.reconcile.replayed import Replayed
from orgctl.replay.verdicts.verdict import Kind
from orgctl.sandbox.embedded import Sandbox
from tests.functional.conftest import TERMS
from tests.functional.small import account, policy, write
from tests.functional.trails import account_id, call, write_trail

NOW = datetime(2026, 11, 3, 12, tzinfo=UTC)


def manifest(directory: Path, *, guarded: bool = True, **more: object) -> Path:
    """Two accounts in one OU, and on it (if `guarded`) a policy that denies sqs:SendMessage."""
    policy(directory, "scp/no-queues", "sqs:SendMessage")
    unit: dict[str, object] = {"accounts": {**account("one"), **account("two")}}
    if guarded:
        unit["policies"] = ["scp/no-queues"]
    return write(directory, {"units": {"Shops": unit}}, **more)


@pytest.fixture
def trail(tmp_path: Path, sandbox: Sandbox, connection: Connection) -> Path:
    """Both accounts are there, and what was done in them: two calls that the policy would deny, and another."""
    apply_manifest(manifest(tmp_path, guarded=False), connection, TERMS)
    one, two = account_id(sandbox, "one"), account_id(sandbox, "two")
    return write_trail(
        tmp_path / "trail/one.json",
        call(one, "a"),
        call(two, "b", role="Ops", eventTime="2026-11-03T09:00:00Z"),
        call(one, "c", eventName="ReceiveMessage"),
    )


def said(directory: Path, connection: Connection, *events: Path, skip: bool = False) -> Replayed | None:
    replaying = Replaying(tuple(map(str, events)), skip=skip, now=lambda: NOW)
    return plan(directory, connection, replaying=replaying).plan.replayed


def test_a_plan_is_held_against_events(tmp_path: Path, trail: Path, connection: Connection) -> None:
    """What it newly denies, by statement and caller; the baseline is what AWS has, which is read once."""
    found = said(manifest(tmp_path), connection, trail)
    assert found is not None
    assert (found.events, found.count(Kind.NEWLY_DENIED), found.count(Kind.ALLOWED)) == (3, 2, 1)
    (reason,) = found.reasons
    assert [str(cause.position) for cause in reason.causes] == ["policies/scp/no-queues.json:1:41"]
    assert [
        (each.who.rpartition(":")[2], each.actions, each.places)
        for each in sorted(reason.top, key=lambda each: each.places)
    ] == [
        ("role/Dev", ("sqs:SendMessage",), ("one (ou:/Shops)",)),
        ("role/Ops", ("sqs:SendMessage",), ("two (ou:/Shops)",)),
    ]


def test_what_the_events_are_silent_of(tmp_path: Path, trail: Path, connection: Connection) -> None:
    """A reviewer who reads that nothing is newly denied reads as well that nothing could have been."""
    manifest(tmp_path)
    policy(tmp_path, "scp/no-queues", "glue:DeleteTable")
    found = said(tmp_path, connection, trail)
    assert found is not None
    assert (found.reasons, len(found.notes)) == ((), 1)
    assert "(glue:DeleteTable)" in found.notes[0]


def test_aws_is_read_once(tmp_path: Path, trail: Path, sandbox: Sandbox, connection: Connection) -> None:
    """The organization is not asked for again, to have what is in force to compare with."""
    before = sandbox.calls()
    said(manifest(tmp_path), connection, trail)
    after = sandbox.calls()
    once = "organizations:DescribeOrganization"
    assert after[once] - before[once] == 1


def test_the_manifest_says_which_events(tmp_path: Path, trail: Path, connection: Connection) -> None:
    """Paths are relative to it; time and callers choose; the dataset is kept; `--events` replaces the paths alone."""
    replay = {"events": ["trail"], "dataset": "seen", "since": "1d", "exclude_principals": ["role/Nobody"]}
    found = said(manifest(tmp_path, replay=replay), connection)
    assert found is not None
    assert (found.events, found.left_out, (tmp_path / "seen").is_dir()) == (1, 2, True)
    found = said(manifest(tmp_path, replay={**replay, "dataset": "two", "since": "4d"}), connection, trail)
    assert found is not None
    assert found.events == 3


def test_what_depends_is_settled_by_the_manifest(tmp_path: Path, trail: Path, connection: Connection) -> None:
    """`assume` says what no record tells."""
    manifest(tmp_path)
    path = tmp_path / "policies/scp/no-queues.json"
    condition = '"Condition": {"StringEquals": {"aws:PrincipalTag/team": "shop"}}, "Sid"'
    path.write_text(path.read_text().replace('"Sid"', condition))
    found = [
        said(manifest_with(tmp_path, path.read_text(), assume), connection)
        for assume in ({}, {"aws:PrincipalTag/team": "shop"}, {"aws:PrincipalTag/team": None})
    ]
    kinds = (Kind.NEWLY_DENIED, Kind.DEPENDS)
    assert [tuple(each.count(kind) for kind in kinds) for each in found if each] == [(0, 2), (2, 0), (0, 0)]


def test_the_callers_place_is_known(tmp_path: Path, trail: Path, sandbox: Sandbox, connection: Connection) -> None:
    """By the ids of OUs that AWS tells, also of one that the plan changes; what is not below it is not denied."""
    [unit] = [each for each in sandbox.organization.units.values() if each.name == "Shops"]
    below = f"{sandbox.organization.id}/{sandbox.organization.root}/{unit.id}/*"
    for operator, denied in (("ForAnyValue:StringLike", 2), ("ForAllValues:StringNotLike", 0)):
        manifest(tmp_path)
        text = (tmp_path / "organization.yaml").read_text().replace("Shops:", "Shops:\n      tags: {team: shop}")
        (tmp_path / "organization.yaml").write_text(text)
        path = tmp_path / "policies/scp/no-queues.json"
        condition = json.dumps({operator: {"aws:PrincipalOrgPaths": below}})
        path.write_text(path.read_text().replace('"Sid"', f'"Condition": {condition}, "Sid"'))
        found = said(tmp_path, connection, trail)
        assert found is not None
        assert (found.count(Kind.NEWLY_DENIED), found.count(Kind.DEPENDS)) == (denied, 0)


def manifest_with(directory: Path, text: str, assume: dict[str, object]) -> Path:
    manifest(directory, replay={"events": ["trail"], "assume": assume})
    (directory / "policies/scp/no-queues.json").write_text(text)
    return directory


def test_nothing_is_looked_at_without_need(tmp_path: Path, trail: Path, connection: Connection) -> None:
    """Not without events, not where nothing changes that decides about access, and not if it is to be skipped."""
    assert said(manifest(tmp_path), connection) is None
    nowhere = {"events": ["nowhere"]}
    assert said(manifest(tmp_path, guarded=False, replay=nowhere), connection) is None
    assert said(manifest(tmp_path, replay=nowhere), connection, skip=True) == Replayed(skipped=True)
    with pytest.raises(InvalidInputError, match="nowhere` cannot be read"):
        said(manifest(tmp_path, replay=nowhere), connection)


def test_no_event_in_range_is_an_error(tmp_path: Path, trail: Path, connection: Connection) -> None:
    """A row of zeros would reassure without reason."""
    with pytest.raises(InvalidInputError, match="none of the 3 events is in the range"):
        said(manifest(tmp_path, replay={"events": ["trail"], "since": "1h"}), connection)


# The gate


def test_an_apply_is_refused_if_something_is_newly_denied(
    tmp_path: Path, trail: Path, sandbox: Sandbox, connection: Connection
) -> None:
    """`fail_on` holds for the manifest and for a saved plan, and `skip` passes it over with a warning."""
    manifest(tmp_path, replay={"events": ["trail"], "fail_on": "denied"})
    save(plan(tmp_path, connection), tmp_path / "plan.json")
    saved = load(tmp_path / "plan.json")
    for attempt in (
        lambda: apply_manifest(tmp_path, connection, TERMS),
        lambda: apply_saved(saved, connection, TERMS),
    ):
        with pytest.raises(RefusedError, match="2 recorded calls would newly be denied"):
            attempt()
    warned: list[str] = []
    terms = replace(TERMS, replaying=Replaying(skip=True), warn=warned.append)
    assert apply_saved(saved, connection, terms)[1].complete
    assert [each for each in warned if "recorded" in each] == [
        "recorded calls would newly be denied, and that is passed over (`--skip-replay`)"
    ]


def test_a_plan_that_did_not_look_is_refused(tmp_path: Path, trail: Path, connection: Connection) -> None:
    """With `fail_on`, a plan that was made with `--skip-replay` needs it again."""
    manifest(tmp_path, replay={"events": ["trail"], "fail_on": "depends"})
    skipping = Replaying(skip=True)
    save(plan(tmp_path, connection, replaying=skipping), tmp_path / "plan.json")
    with pytest.raises(RefusedError, match="made without looking at recorded activity"):
        apply_saved(load(tmp_path / "plan.json"), connection, TERMS)


def test_without_fail_on_it_is_only_told(tmp_path: Path, trail: Path, connection: Connection) -> None:
    """An apply goes on, and its plan shows what it denies."""
    made, outcome = apply_manifest(manifest(tmp_path, replay={"events": ["trail"]}), connection, TERMS)
    assert outcome.complete
    assert made.replayed is not None
    assert made.replayed.count(Kind.NEWLY_DENIED) == 2


def test_events_in_s3(tmp_path: Path, trail: Path, sandbox: Sandbox, connection: Connection) -> None:
    """They are read with the plan's own credentials."""
    s3 = boto3.client("s3", region_name="us-east-1")
    s3.create_bucket(Bucket="recorded-activity")
    s3.upload_file(str(trail), "recorded-activity", "some/one.json")
    found = said(manifest(tmp_path, replay={"events": ["s3://recorded-activity/some/"]}), connection)
    assert found is not None
    assert (found.events, found.count(Kind.NEWLY_DENIED)) == (3, 2)
