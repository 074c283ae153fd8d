"""Recorded events and rollouts at the command line: options, and with which exit status."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from orgctl.sandbox.embedded import Sandbox, running
from tests.cli.test_command_line import Run, orgctl
from tests.functional.small import account, policy, write
from tests.functional.trails import account_id, call, write_trail


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with running(seed=7) as started:
        yield started


@pytest.fixture
def run(tmp_path: Path, sandbox: Sandbox) -> Run:
    """orgctl on a manifest with an account, to which a policy is to come that denies what was done there."""
    policy(tmp_path, "scp/no-queues", "sqs:*")
    root = {"units": {"Shops": {"accounts": account("one")}}}
    orgctl(write(tmp_path, root), "apply", "--yes", environment=sandbox.environment())
    write_trail(tmp_path / "trail/one.json", call(account_id(sandbox, "one"), "a"))
    replay = {"events": ["trail"], "fail_on": "denied"}
    write(tmp_path, {**root, "policies": ["scp/no-queues"]}, replay=replay)
    return lambda *arguments: orgctl(tmp_path, *arguments, environment=sandbox.environment())


def test_what_is_newly_denied_fails(run: Run, tmp_path: Path) -> None:
    """A plan shows it and ends with 1, an apply is refused; `--skip-replay` goes on, and the log says so."""
    planned = run("plan")
    assert planned.returncode == 1
    assert "Impact, by 1 distinct event, 2026-11-02 09:00 (UTC)\n  1 newly denied\n" in planned.stdout
    refused = run("apply", "--yes")
    assert refused.returncode == 1
    assert "1 recorded call would newly be denied" in refused.stderr
    log = tmp_path / "log.jsonl"
    done = run("apply", "--yes", "--skip-replay", "--log", str(log))
    assert done.returncode == 0
    assert "recorded activity was not looked at (`--skip-replay`)" in done.stderr
    assert (
        json.loads(log.read_text().splitlines()[0])["message"]
        == "recorded activity was not looked at (`--skip-replay`)"
    )


WRONG = [
    (("plan", "--events", "x", "--skip-replay"), "`--events` and `--skip-replay` contradict each other"),
    (("apply", "plan.json", "--events", "x"), "--events is for planning: a saved plan says itself what it does"),
    (("apply", "plan.json", "--hold"), "--hold is for planning: a saved plan says itself what it does"),
]


@pytest.mark.parametrize(("arguments", "said"), WRONG)
def test_options_that_contradict_each_other(tmp_path: Path, arguments: tuple[str, ...], said: str) -> None:
    """Said at once, before anything is read."""
    ended = orgctl(tmp_path, *arguments, environment={})
    assert ended.returncode == 3
    assert said in ended.stderr


def test_status_without_rollouts(tmp_path: Path) -> None:
    """Needs no AWS."""
    ended = orgctl(write(tmp_path, {}), "rollout", "status", environment={})
    assert (ended.returncode, ended.stdout) == (0, "No policy of the manifest has a `rollout`.\n")
