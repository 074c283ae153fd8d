"""Log files are read where CloudTrail has put them: in the account that holds the bucket, by the real commands."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from orgctl.api.applying import apply_manifest
from orgctl.api.connection import Connection
from orgctl.api.permissions import names_for
from orgctl.api.planning import plan
from orgctl.aws.permissions import Command, policies
from orgctl.errors import InvalidInputError
from orgctl.sandbox.embedded import Sandbox
from tests.functional.conftest import TERMS
from tests.functional.queried import WHEN, Trail, queried, typed
from tests.functional.small import account, policy, write
from tests.functional.test_athena import BUCKET, holder, narrow
from tests.functional.test_least_privilege import become

LOGS = f"s3://{BUCKET}/AWSLogs/"


@pytest.fixture(scope="module")
def trail(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trail]:
    """Only AWS knows the ids of its accounts; the manifest has none but that of the management account."""
    with queried(tmp_path_factory.mktemp("organization")) as found:
        yield found


@pytest.fixture
def enforced(trail: Trail, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Iterator[Trail]:
    """Nothing is allowed but what `orgctl permissions impact` prints; the bucket is open to its own account alone."""
    names = replace(names_for(trail.directory), bucket_account=holder(trail.sandbox))
    made = policies(Command.IMPACT, names)
    become(monkeypatch, trail.sandbox, request.node.name, made.caller)
    narrow(trail.sandbox, made.access_role or {})
    trail.sandbox.configure(enforce_iam=True)
    yield trail
    trail.sandbox.configure(enforce_iam=False)


def test_the_trails_bucket_is_read_through_the_access_role(enforced: Trail) -> None:
    """The report is that on the same files in a folder, and so is the explanation of an event."""
    by_objects, by_files = (typed(enforced, "--events", at, *WHEN) for at in (LOGS, str(enforced.files)))
    assert (by_objects.returncode, by_objects.stdout) == (0, by_files.stdout), by_objects.stderr
    assert "5  newly denied" in by_objects.stdout
    explained = [typed(enforced, "--events", at, "--explain", "a1").stdout for at in (LOGS, str(enforced.files))]
    assert explained[0] == explained[1] != ""


def test_a_dataset_of_objects_is_asked_again_without_them(enforced: Trail) -> None:
    """What was read is kept; the second question reads no object."""
    first = typed(enforced, "--events", LOGS, "--dataset", str(enforced.directory / "seen"), *WHEN)
    before = enforced.sandbox.calls().get("s3:GetObject", 0)
    again = typed(enforced, "--dataset", str(enforced.directory / "seen"), *WHEN)
    assert (again.returncode, enforced.sandbox.calls().get("s3:GetObject", 0)) == (0, before), again.stderr
    assert again.stdout.partition("Newly denied")[2] == first.stdout.partition("Newly denied")[2] != ""


def test_a_plan_reads_them_there_too(trail: Trail) -> None:
    """By `plan --events`, as the access role."""
    command = [sys.executable, "-m", "orgctl", "-C", str(trail.directory), "plan", "--format", "json"]
    made = subprocess.run(
        [*command, "--events", LOGS, "--detailed-exitcode"],
        env={**os.environ, "COLUMNS": "200"},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert made.returncode == 2, made.stderr
    assert json.loads(made.stdout)["impact"]["totals"]["newly_denied"] == 6


def test_nothing_is_recorded_before_there_is_a_trail(tmp_path: Path, sandbox: Sandbox, connection: Connection) -> None:
    """The first apply of a manifest that replays its own trail goes on, and says why there is nothing to look at."""
    replay = {"events": [LOGS], "fail_on": "denied"}
    policy(tmp_path, "scp/no-queues", "sqs:SendMessage")
    trail = {"name": "trail", "bucket": {"name": BUCKET, "account": "log-archive"}}
    units = {"Shops": {"accounts": account("one"), "policies": ["scp/no-queues"]}}
    write(tmp_path, {"units": units, "accounts": account("log-archive")}, trail=trail, replay=replay)
    made, outcome = apply_manifest(tmp_path, connection, TERMS)
    assert outcome.complete
    assert made.replayed is not None
    assert [note for note in made.replayed.notes if "made by this plan" in note]
    policy(tmp_path, "scp/no-queues", "sqs:DeleteQueue")
    with pytest.raises(InvalidInputError, match="there is no CloudTrail event in"):
        plan(tmp_path, connection)
