"""What AWS and networks do to an apply: throttling, lost answers, refusals, two applies at once, Ctrl-C."""

from __future__ import annotations

import json
import signal
import threading
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import boto3
import pytest

from orgctl.api.applying import apply_manifest
from orgctl.api.connection import Connection
from orgctl.api.planning import open_for, plan, plan_loaded
from orgctl.api.write_log import WriteLog
from orgctl.aws.lock import acquire, release
from orgctl.errors import LockedError, OrgctlError, UncertainError
from orgctl.manifest import load
from orgctl.reconcile.calls import calls_to
from orgctl.reconcile.executor import Parameters, execute
from orgctl.reconcile.plan import Operation
from orgctl.reconcile.plan_file import LockSettings
from orgctl.sandbox.embedded import Sandbox
from orgctl.sandbox.faults import Fault, Kind, When
from tests.functional.conftest import TERMS
from tests.functional.small import account, policy, write


@pytest.fixture
def manifest(tmp_path: Path, sandbox: Sandbox) -> Path:
    policy(tmp_path, "scp/p", "s3:*")
    units = {name: {"policies": ["scp/p"]} for name in "ABCD"}
    return write(tmp_path, {"policies": ["scp/p"], "units": {**units, "E": {"accounts": account("one")}}})


def test_throttling_and_conflicts_only_take_time(manifest: Path, sandbox: Sandbox, connection: Connection) -> None:
    """Every third call is asked for patience, every fifth write conflicts: the apply is complete all the same."""
    conflict = Fault("write", 5, kind=Kind.ERROR, code="ConcurrentModificationException")
    sandbox.fault(*(Fault("organizations:*", nth, kind=Kind.THROTTLE) for nth in range(3, 60, 3)), conflict)
    _, outcome = apply_manifest(manifest, connection, TERMS)
    assert outcome.complete
    sandbox.fault()
    assert plan(manifest, connection).plan.is_empty


@pytest.mark.parametrize("action", ["AttachPolicy", "EnablePolicyType", "MoveAccount"])
def test_a_lost_answer_of_a_repeatable_call_is_asked_again(
    action: str, manifest: Path, sandbox: Sandbox, connection: Connection
) -> None:
    """The call had its effect and the answer was lost: the second try finds it done."""
    sandbox.fault(Fault(f"organizations:{action}", when=When.AFTER))
    _, outcome = apply_manifest(manifest, connection, TERMS)
    assert outcome.complete


@pytest.mark.parametrize("action", ["CreateAccount", "CreateOrganizationalUnit", "CreatePolicy"])
def test_a_lost_answer_of_a_creation_is_never_asked_again(
    action: str, manifest: Path, sandbox: Sandbox, connection: Connection
) -> None:
    """Whether the thing was made is uncertain: the apply says so, and the next one finds it and makes no second."""
    sandbox.fault(Fault(f"organizations:{action}", when=When.AFTER))
    _, outcome = apply_manifest(manifest, connection, TERMS)
    (error,) = outcome.failed.values()
    assert isinstance(error, UncertainError)
    sandbox.fault()
    _, outcome = apply_manifest(manifest, connection, TERMS)
    assert outcome.complete
    assert plan(manifest, connection).plan.is_empty
    assert len(sandbox.organization.accounts) == 2


def test_one_refusal_does_not_stop_what_does_not_hang_on_it(
    manifest: Path, sandbox: Sandbox, connection: Connection
) -> None:
    """An OU that AWS refuses leaves its attachment undone, and everything else is done."""
    sandbox.fault(Fault("organizations:CreateOrganizationalUnit", 2, kind=Kind.ERROR, code="ServiceException"))
    made, outcome = apply_manifest(manifest, connection, TERMS)
    by_number = {operation.number: operation for operation in made.operations}
    (failed,) = [by_number[number].address for number in outcome.failed]
    assert {by_number[number].address for number in outcome.left} == {f"scp/p@{failed}"}
    sandbox.fault()
    assert apply_manifest(manifest, connection, TERMS)[1].complete


class Interrupting:
    """Presses Ctrl-C once the nth call was made, and holds that call back until the apply has noticed."""

    def __init__(self, nth: int) -> None:
        self.left = nth
        self.noticed = threading.Event()

    def sent(self, operation: Operation, parameters: Parameters, account: str | None) -> None:
        return None

    def said(self, operation: Operation, sentence: str) -> None:
        return None

    def done(self, operation: Operation, answer: Mapping[str, object]) -> None:
        self.left -= 1
        if self.left == 0:
            signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
            assert self.noticed.wait(30)

    def failed(self, operation: Operation, error: OrgctlError) -> None:
        return None


def test_ctrl_c_lets_calls_in_flight_finish(manifest: Path, sandbox: Sandbox, connection: Connection) -> None:
    """What was sent is counted as done, nothing else is started, and done and left together are the plan."""
    loaded = load(manifest)
    aws = open_for(loaded, connection)
    made = plan_loaded(loaded, aws).plan
    interrupting = Interrupting(4)

    def stop() -> None:
        aws.stop()
        interrupting.noticed.set()

    outcome = execute(made, calls_to(aws), (interrupting,), on_interrupt=stop)
    assert outcome.interrupted
    assert 4 <= len(outcome.done) < len(made.operations)
    assert sorted({*outcome.done, *outcome.left}) == [operation.number for operation in made.operations]
    assert outcome.failed == {}
    writes = [n for name, n in sandbox.calls().items() if name in {operation.title for operation in made.operations}]
    assert sum(writes) >= len(outcome.done)


def test_two_applies_do_not_interleave(manifest: Path, sandbox: Sandbox, connection: Connection) -> None:
    """With `lock:` in the manifest, whoever comes second is told who holds it, and applies once it is free."""
    boto3.client("s3", region_name="us-east-1").create_bucket(Bucket="locks")
    text = (manifest / "organization.yaml").read_text()
    (manifest / "organization.yaml").write_text(f"{text}lock: {{bucket: locks, region: us-east-1}}\n")
    aws = open_for(load(manifest), connection)
    lock = acquire(aws, LockSettings("locks", "orgctl.lock", "us-east-1"))
    with pytest.raises(LockedError, match="another apply holds the lock: `arn:aws:iam::111111111111"):
        apply_manifest(manifest, connection, TERMS)
    assert "organizations:CreateOrganizationalUnit" not in sandbox.calls()
    timer = threading.Timer(0.2, release, (aws, lock))
    timer.start()
    patient = Connection(paced=False)
    assert apply_manifest(manifest, patient, replace(TERMS, lock_timeout=30))[1].complete
    timer.join()
    assert "Contents" not in boto3.client("s3", region_name="us-east-1").list_objects_v2(Bucket="locks")


def test_the_lock_of_an_apply_that_is_gone_is_broken(manifest: Path, sandbox: Sandbox, connection: Connection) -> None:
    """`--break-lock` takes it away and holds it itself."""
    boto3.client("s3", region_name="us-east-1").create_bucket(Bucket="locks")
    text = (manifest / "organization.yaml").read_text()
    (manifest / "organization.yaml").write_text(f"{text}lock: {{bucket: locks, region: us-east-1}}\n")
    acquire(open_for(load(manifest), connection), LockSettings("locks", "orgctl.lock", "us-east-1"))
    assert apply_manifest(manifest, connection, replace(TERMS, break_lock=True))[1].complete


def test_the_log_tells_of_every_write(manifest: Path, sandbox: Sandbox, connection: Connection, tmp_path: Path) -> None:
    """Each call is in the file twice, before and after, with what was asked and answered."""
    with WriteLog(tmp_path / "log.jsonl") as log:
        loaded = load(manifest)
        aws = open_for(loaded, connection)
        made = plan_loaded(loaded, aws).plan
        execute(made, calls_to(aws), (log,))
    lines = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    numbers = [operation.number for operation in made.operations]
    assert sorted(line["number"] for line in lines if line["event"] == "sent") == numbers
    assert sorted(line["number"] for line in lines if line["event"] == "done") == numbers
    created = next(line for line in lines if line["event"] == "sent" and line["operation"].endswith("CreatePolicy"))
    assert created["parameters"]["Name"] == "p"
    assert all(line["time"].endswith("+00:00") for line in lines)
