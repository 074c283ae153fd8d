"""The GitHub Action, the GitLab template and the pre-commit hooks: what they run is run here."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from orgctl.sandbox.embedded import Sandbox, running
from tests.functional.conftest import REPOSITORY, copy_example
from tests.functional.trails import call, write_trail

BIN = Path(sys.executable).parent


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with running(seed=7, recording=True) as started:
        yield started


def environment(sandbox: Sandbox, directory: Path, **more: str) -> dict[str, str]:
    paths = {"PATH": f"{BIN}:{os.environ['PATH']}", "HOME": str(directory), "RUNNER_TEMP": str(directory)}
    files = {"GITHUB_OUTPUT": str(directory / "output"), "GITHUB_ACTION_PATH": str(REPOSITORY)}
    return {**paths, **files, **sandbox.environment(), "ORGCTL_DIRECTORY": str(directory), **more}


def the_checking_step() -> dict[str, str]:
    action = yaml.safe_load((REPOSITORY / "action.yml").read_text())
    (step,) = [step for step in action["runs"]["steps"] if step.get("id") == "check"]
    return dict(step)


def run(script: str, variables: dict[str, str]) -> subprocess.CompletedProcess[str]:
    bash = ["/bin/bash", "-e", "-c", script]
    return subprocess.run(bash, env=variables, capture_output=True, text=True, timeout=120)


def test_the_action_checks_and_plans(tmp_path: Path, sandbox: Sandbox) -> None:
    """Its own script, on the example: two checks and the plan are in the comment, and the step passes."""
    copy_example(tmp_path)
    ended = run(the_checking_step()["run"], environment(sandbox, tmp_path))
    comment = (tmp_path / "orgctl-comment.md").read_text()
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "- :white_check_mark: The manifest and the policies are valid" in comment
    assert "- :white_check_mark: The policy tests pass" in comment
    assert "### orgctl plan" in comment
    assert (tmp_path / "output").read_text() == f"comment-file={tmp_path / 'orgctl-comment.md'}\n"


def test_the_action_holds_the_plan_against_events(tmp_path: Path, sandbox: Sandbox) -> None:
    """What a plan would have denied of recorded calls is in the comment."""
    copy_example(tmp_path)
    trail = write_trail(tmp_path / "a trail/one.json", call("111111111111", "a"))
    ended = run(the_checking_step()["run"], environment(sandbox, tmp_path, ORGCTL_EVENTS=str(trail)))
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "impact: 0 newly denied, 1 exempt" in (tmp_path / "orgctl-comment.md").read_text()


def test_the_action_fails_on_a_broken_manifest(tmp_path: Path, sandbox: Sandbox) -> None:
    """The step fails, annotates the line for GitHub, and the comment says what is wrong."""
    copy_example(tmp_path)
    manifest = tmp_path / "organization.yaml"
    manifest.write_text(manifest.read_text().replace("scp/quarantine", "scp/quarantin"))
    ended = run(the_checking_step()["run"], environment(sandbox, tmp_path))
    comment = (tmp_path / "orgctl-comment.md").read_text()
    assert ended.returncode == 1
    assert "::error file=organization.yaml,line=" in ended.stdout
    assert "- :x: The manifest and the policies are valid" in comment
    assert "scp/quarantin" in comment


def test_the_plan_can_be_left_out(tmp_path: Path, sandbox: Sandbox) -> None:
    """Where there are no credentials, the checks run alone."""
    copy_example(tmp_path)
    ended = run(the_checking_step()["run"], environment(sandbox, tmp_path, ORGCTL_PLAN="false"))
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "orgctl plan" not in (tmp_path / "orgctl-comment.md").read_text()
    assert sandbox.calls() == {}


def test_the_gitlab_template_runs(tmp_path: Path, sandbox: Sandbox) -> None:
    """The scripts of both jobs, as GitLab would run them once orgctl is installed."""
    copy_example(tmp_path)
    jobs = yaml.safe_load((REPOSITORY / "ci/gitlab.yml").read_text())
    variables = environment(sandbox, tmp_path, ORGCTL_DIRECTORY=".", AWS_ID_TOKEN="token")
    for job in ("orgctl:check", "orgctl:plan"):
        lines = [line.replace("/tmp/token", str(tmp_path / "token")) for line in jobs[job]["script"]]
        script = f"cd {tmp_path}\n" + "\n".join(lines)
        ended = run(script, variables)
        assert ended.returncode == 0, ended.stdout + ended.stderr
    assert (tmp_path / "orgctl-tests.xml").read_text().startswith("<?xml")
    assert (tmp_path / "orgctl-plan.md").read_text().startswith("### orgctl plan")


@pytest.mark.parametrize("name", ["orgctl-validate", "orgctl-test"])
def test_the_pre_commit_hooks_run(tmp_path: Path, name: str) -> None:
    """Their entries, in a directory with a manifest."""
    copy_example(tmp_path)
    hooks = yaml.safe_load((REPOSITORY / ".pre-commit-hooks.yaml").read_text())
    (hook,) = [found for found in hooks if found["id"] == name]
    variables = {"PATH": f"{BIN}:{os.environ['PATH']}", "HOME": str(tmp_path)}
    ended = run(f"cd {tmp_path} && {hook['entry']}", variables)
    assert ended.returncode == 0, ended.stdout + ended.stderr
