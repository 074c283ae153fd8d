"""Confirming at a real terminal: what is typed decides."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from orgctl.sandbox.embedded import Sandbox, running
from tests.functional.small import policy, write


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with running(seed=7, recording=True) as started:
        yield started


def at_terminal(directory: Path, sandbox: Sandbox, typed: str, *arguments: str) -> tuple[int, str]:
    """Run orgctl with a terminal for its three streams, everything typed ahead; its exit status and what it showed."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "orgctl", "-C", str(directory), *arguments]
    environment = {**os.environ, **sandbox.environment(), "TERM": "xterm", "COLUMNS": "120"}
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=environment) as process:
        os.close(theirs)
        os.write(ours, typed.encode())
        shown = b""
        while chunk := _read(ours):
            shown += chunk
    os.close(ours)
    return process.returncode, shown.decode()


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:
        return b""


@pytest.mark.parametrize(("typed", "status", "accounts"), [("y\n", 0, 1), ("n\n", 1, 0), ("\n", 1, 0)])
def test_a_plan_is_done_only_on_a_yes(tmp_path: Path, sandbox: Sandbox, typed: str, status: int, accounts: int) -> None:
    """Anything but yes is a no, and nothing is done then."""
    write(tmp_path, {"units": {"A": {}}})
    ended, shown = at_terminal(tmp_path, sandbox, typed, "apply")
    assert ended == status, shown
    assert len(sandbox.organization.units) == accounts


@pytest.mark.parametrize(("typed", "status", "left"), [("/A\ny\n", 0, 0), ("ou:/A\ny\n", 0, 0), ("yes\ny\n", 1, 1)])
def test_what_is_deleted_is_confirmed_by_its_name(
    tmp_path: Path, sandbox: Sandbox, typed: str, status: int, left: int
) -> None:
    """Its name has to be typed; a mere yes is a no."""
    write(tmp_path, {"units": {"A": {}}})
    assert at_terminal(tmp_path, sandbox, "", "apply", "--yes")[0] == 0
    write(tmp_path, {})
    ended, shown = at_terminal(tmp_path, sandbox, typed, "apply")
    assert ended == status, shown
    assert len(sandbox.organization.units) == left


def test_progress_is_shown_at_a_terminal(tmp_path: Path, sandbox: Sandbox) -> None:
    """The bar is there while AWS is read and while calls are made, and colours with it."""
    policy(tmp_path, "scp/p", "s3:*")
    write(tmp_path, {"policies": ["scp/p"], "units": {"A": {}}})
    sandbox.configure(latency_ms=150)
    _, shown = at_terminal(tmp_path, sandbox, "", "apply", "--yes")
    assert "reading AWS" in shown
    assert "AttachPolicy scp/p@ou:/" in shown
    assert "\x1b[32m+ ou:/A" in shown
