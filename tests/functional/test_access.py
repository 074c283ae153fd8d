"""What plans say of access, and the gate of policy tests before an apply: at the sandbox."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import boto3
import pytest

from orgctl.access.change import Access, AccessKind
from orgctl.access.folding import Heading, folded
from orgctl.api.applying import apply_manifest, apply_saved
from orgctl.api.connection import Connection
from orgctl.api.planning import plan
from orgctl.errors import InvalidInputError, RefusedError
from orgctl.reconcile.plan_file import load, save
from orgctl.sandbox.embedded import Sandbox
from tests.functional.conftest import TERMS
from tests.functional.small import account, policy, write

TEST = """version: 1
cases:
  - name: S3 works
    action: s3:GetObject
    expect: {expect}
"""

Said = Callable[..., Access]


def region_lock(directory: Path, *exempt: str) -> None:
    """An SCP that denies all but IAM and STS outside eu-west-1."""
    condition: dict[str, object] = {"StringNotEquals": {"aws:RequestedRegion": "eu-west-1"}}
    if exempt:
        condition["ArnNotLike"] = {"aws:PrincipalArn": list(exempt)}
    said = {"Sid": "Lock", "Effect": "Deny", "NotAction": ["iam:*", "sts:*"], "Resource": "*", "Condition": condition}
    path = directory / "policies/scp/region-lock.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"Version": "2012-10-17", "Statement": [said]}, indent=2))


def manifest(directory: Path, *locked: str, **more: object) -> Path:
    """Three accounts in two OUs, with the region lock on some of these."""
    members = {"A": {**account("one"), **account("two")}, "B": account("three")}
    units = {
        name: {"accounts": accounts, **({"policies": ["scp/region-lock"]} if name in locked else {})}
        for name, accounts in members.items()
    }
    organization = {"regions": ["eu-west-1", "us-east-1"]}
    return write(directory, {"units": units}, organization=organization, **more)


@pytest.fixture
def said(tmp_path: Path, sandbox: Sandbox, connection: Connection) -> Said:
    """Apply one manifest, and say what the plan of the next does to access."""

    def say(**more: object) -> Access:
        region_lock(tmp_path)
        apply_manifest(manifest(tmp_path), connection, TERMS)
        access = plan(manifest(tmp_path, "A", **more), connection).plan.access
        assert access is not None
        return access

    return say


def test_a_region_lock_shows_what_it_denies(said: Said) -> None:
    """For everyday work and for roles that must go on working, by the statement's line, on the OU it is attached to."""
    access = said()
    important, everyday = folded(access.changes)
    assert (important.heading, everyday.heading) == (Heading.IMPORTANT, Heading.DENIED)
    assert [str(cause.position) for cause in everyday.causes] == ["policies/scp/region-lock.json:4:5"]
    assert [(spot.where, spot.accounts) for spot in everyday.spots] == [(("ou:/A",), 2)]
    assert {line.regions for line in everyday.spots[0].lines} == {("us-east-1",), ()}
    assert {line.who for line in important.spots[0].lines} == {("role/OrganizationAccountAccessRole",)}
    assert access.accounts == 4


def test_an_exempt_role_is_not_told_of(tmp_path: Path, said: Said, connection: Connection) -> None:
    """Once the lock exempts the access role, only everyday work is denied."""
    said()
    region_lock(tmp_path, "arn:aws:iam::*:role/OrganizationAccountAccessRole")
    access = plan(manifest(tmp_path, "A"), connection).plan.access
    assert access is not None
    assert {group.heading for group in folded(access.changes)} == {Heading.DENIED}


def test_sentinels_are_what_is_asked(said: Said) -> None:
    """The manifest's own, in place of the defaults."""
    context = {"aws:RequestedRegion": ["eu-west-1", "us-east-1"]}
    ship = {"name": "ship it", "action": "s3:PutObject", "principal": "role/Deployer", "context": context}
    access = said(sentinels=[ship])
    assert access.requests == 2
    assert [(c.sentinel, c.kind, c.context) for c in access.changes] == [
        ("ship it", AccessKind.NEWLY_DENIED, (("aws:RequestedRegion", "us-east-1"),))
    ]


def test_without_sentinels_nothing_is_said(tmp_path: Path, sandbox: Sandbox, connection: Connection) -> None:
    """`sentinels: []` turns it off."""
    region_lock(tmp_path)
    assert plan(manifest(tmp_path, "A", sentinels=[]), connection).plan.access is None


def test_a_sentinel_of_nobody_s_is_refused(tmp_path: Path, sandbox: Sandbox, connection: Connection) -> None:
    """With the place in the manifest, like any other mistake in it."""
    region_lock(tmp_path)
    wrong = [{"name": "x", "action": "s3:PutObject", "account": "nobody"}]
    with pytest.raises(InvalidInputError) as caught:
        plan(manifest(tmp_path, "A", sentinels=wrong), connection)
    assert [problem.code for problem in caught.value.diagnostics] == ["T203"]


def test_a_foreign_policy_keeps_its_say(tmp_path: Path, said: Said, sandbox: Sandbox, connection: Connection) -> None:
    """What a foreign policy denies already is not newly denied, and what the manifest leaves alone stays."""
    said()
    organizations = boto3.client("organizations", region_name="us-east-1")
    content = json.dumps({"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Action": "s3:*", "Resource": "*"}})
    made = organizations.create_policy(Content=content, Description="", Name="theirs", Type="SERVICE_CONTROL_POLICY")[
        "Policy"
    ]["PolicySummary"]["Id"]
    organizations.attach_policy(PolicyId=made, TargetId=sandbox.organization.root)
    access = plan(manifest(tmp_path, "A"), connection).plan.access
    assert access is not None
    assert not any(change.action.startswith("s3:") for change in access.changes)
    assert any(change.action.startswith("ec2:") for change in access.changes)


def test_a_saved_plan_keeps_what_it_does_to_access(tmp_path: Path, said: Said, connection: Connection) -> None:
    """Whoever reviews the file sees what the plan said."""
    said()
    fresh = plan(manifest(tmp_path, "A"), connection)
    save(fresh, tmp_path / "plan.json")
    assert load(tmp_path / "plan.json").plan.access == fresh.plan.access


def test_an_empty_plan_asks_nothing(tmp_path: Path, sandbox: Sandbox, connection: Connection) -> None:
    """Where nothing changes, there is nothing to say."""
    apply_manifest(manifest(tmp_path), connection, TERMS)
    assert plan(manifest(tmp_path), connection).plan.access is None


# The gate


@pytest.fixture
def failing(tmp_path: Path) -> Path:
    """A manifest whose policy test fails."""
    policy(tmp_path, "scp/no-s3", "s3:*")
    (tmp_path / "policies/scp/no-s3.test.yaml").write_text(TEST.format(expect="ALLOWED"))
    return write(tmp_path, {"policies": ["scp/no-s3"]})


def test_an_apply_is_refused_while_a_test_fails(failing: Path, sandbox: Sandbox, connection: Connection) -> None:
    """Before anything is asked of AWS: there is not a single call."""
    with pytest.raises(
        RefusedError, match=r"the policy tests fail: `policies/scp/no-s3.test.yaml::S3 works`: expected"
    ):
        apply_manifest(failing, connection, TERMS)
    assert sum(sandbox.calls().values()) == 0


def test_a_saved_plan_is_refused_likewise(failing: Path, sandbox: Sandbox, connection: Connection) -> None:
    """A plan remembers that its tests failed, or that they were not run; AWS is not asked."""
    for skip, why in ((False, "the policy tests fail"), (True, "the plan was made without its policy tests")):
        save(plan(failing, connection, skip_tests=skip), failing / "plan.json")
        before = sandbox.calls()
        with pytest.raises(RefusedError, match=why):
            apply_saved(load(failing / "plan.json"), connection, TERMS)
        assert sandbox.calls() == before


def test_tests_can_be_passed_over(failing: Path, sandbox: Sandbox, connection: Connection) -> None:
    """`skip_tests` goes on, from the manifest and from a file, and says so."""
    warned: list[str] = []
    terms = replace(TERMS, skip_tests=True, warn=warned.append)
    save(plan(failing, connection), failing / "plan.json")
    assert apply_saved(load(failing / "plan.json"), connection, terms)[1].complete
    assert apply_manifest(failing, connection, terms)[1].complete
    assert [sentence for sentence in warned if "skip" in sentence] == [
        "1 policy test fails, and that is passed over (`--skip-tests`)",
        "the policy tests were not run (`--skip-tests`)",
    ]


def test_passing_tests_let_an_apply_through(failing: Path, sandbox: Sandbox, connection: Connection) -> None:
    """And the plan says how many there were."""
    (failing / "policies/scp/no-s3.test.yaml").write_text(TEST.format(expect="EXPLICIT_DENY"))
    made, outcome = apply_manifest(failing, connection, TERMS)
    assert outcome.complete
    assert made.tested is not None
    assert (made.tested.passed, made.tested.failed, made.tested.skipped) == (1, (), False)


def test_a_directory_without_tests_is_no_error(tmp_path: Path, sandbox: Sandbox, connection: Connection) -> None:
    """It is said in the plan, and applied."""
    made, outcome = apply_manifest(write(tmp_path, {}), connection, TERMS)
    assert outcome.complete
    assert made.tested is not None
    assert (made.tested.passed, made.tested.failed) == (0, ())


def test_a_plan_leaves_no_trace(failing: Path, sandbox: Sandbox, connection: Connection) -> None:
    """What `orgctl test --last-failed` remembers is not the plan's to change."""
    plan(failing, connection)
    assert not (failing / ".orgctl").exists()
