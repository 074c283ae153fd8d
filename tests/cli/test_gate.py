"""Policy tests at the command line: what `plan` and `apply` say of them, and with which exit status."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from orgctl.sandbox.embedded import Sandbox, running
from tests.cli.test_command_line import Run, orgctl
from tests.functional.small import policy, write
from tests.functional.test_access import TEST


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with running(seed=7, recording=True) as started:
        yield started


@pytest.fixture
def failing(tmp_path: Path, sandbox: Sandbox) -> Run:
    """orgctl on a manifest whose policy test fails."""
    policy(tmp_path, "scp/no-s3", "s3:*")
    (tmp_path / "policies/scp/no-s3.test.yaml").write_text(TEST.format(expect="ALLOWED"))
    write(tmp_path, {"policies": ["scp/no-s3"]})
    return lambda *arguments: orgctl(tmp_path, *arguments, environment=sandbox.environment())


def test_a_plan_shows_failures_and_fails(failing: Run) -> None:
    """The whole plan is there, and 1 tells CI, also where changes would be 2."""
    ended = failing("plan", "--detailed-exitcode")
    assert ended.returncode == 1
    assert "FAILED policies/scp/no-s3.test.yaml::S3 works: expected ALLOWED, but it is EXPLICIT_DENY\n" in ended.stdout
    assert "policy tests: 1 failed, 0 passed; `orgctl test` shows why\n" in ended.stdout
    assert "\nPlan: " in ended.stdout


def test_a_plan_without_tests_says_so(failing: Run) -> None:
    """`--skip-tests` does not run them; that is no failure."""
    ended = failing("plan", "--skip-tests", "--detailed-exitcode")
    assert ended.returncode == 2
    assert "policy tests: not run (`--skip-tests`)\n" in ended.stdout


def test_an_apply_is_refused(failing: Run, sandbox: Sandbox) -> None:
    """One message with the way out, 1, and AWS as it was."""
    ended = failing("apply", "--yes")
    assert (ended.returncode, ended.stdout) == (1, "")
    assert "error: the policy tests fail: `policies/scp/no-s3.test.yaml::S3 works`: expected ALLOWED" in ended.stderr
    assert "hint: `orgctl test` shows why; `--skip-tests` applies it all the same" in ended.stderr
    assert sum(sandbox.calls().values()) == 0


def test_a_saved_plan_is_refused(failing: Run, tmp_path: Path) -> None:
    """It was saved all the same, to be looked at, and `--skip-tests` would apply it."""
    file = str(tmp_path / "plan.json")
    assert failing("plan", "--out", file).returncode == 1
    assert failing("apply", file, "--yes").returncode == 1
    assert failing("apply", file, "--yes", "--skip-tests").returncode == 0


def test_the_log_says_that_tests_were_passed_over(failing: Run, tmp_path: Path) -> None:
    """On stderr for whoever is there, and in the log for whoever comes later."""
    ended = failing("apply", "--yes", "--skip-tests", "--log", str(tmp_path / "log.jsonl"))
    assert ended.returncode == 0
    assert "warning: the policy tests were not run (`--skip-tests`)\n" in ended.stderr
    first, *rest = map(json.loads, (tmp_path / "log.jsonl").read_text().splitlines())
    assert (first["event"], first["message"]) == ("remark", "the policy tests were not run (`--skip-tests`)")
    assert {line["event"] for line in rest} == {"sent", "done"}
