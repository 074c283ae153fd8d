"""Each rule's own tests, as its author runs them: by unittest in a process of its own, and by RDK."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "config_rules"
RULES = sorted(path.parent.name for path in FOLDER.glob("*/parameters.json"))

ENVIRONMENT = {
    "PATH": os.environ["PATH"],
    "PYTHONDONTWRITEBYTECODE": "1",
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_DEFAULT_REGION": "eu-west-1",  # RDK does not start without one
}


@pytest.mark.parametrize("name", RULES)
def test_own_tests(name: str) -> None:
    """A rule's tests pass by themselves, without warnings, in a process that has loaded no other rule."""
    command = [sys.executable, "-W", "error", "-m", "unittest", f"{name}_test"]
    done = subprocess.run(command, cwd=FOLDER / name, env=ENVIRONMENT, capture_output=True, text=True)

    assert done.returncode == 0, done.stderr
    assert _run(r"Ran (\d+) tests? in", done.stderr) > 0


@pytest.mark.parametrize("name", RULES)
def test_rdk_test_local(name: str) -> None:
    """`rdk test-local` finds the rule and its tests, and they pass: the folder is in RDK's layout."""
    command = [sys.executable, "-c", "from rdk.cli import main; main()", "test-local", name]
    done = subprocess.run(command, cwd=FOLDER, env=ENVIRONMENT, capture_output=True, text=True)

    assert done.returncode == 0, done.stdout + done.stderr
    assert _run(r"run=(\d+) errors=0 failures=0", done.stdout) > 0


def test_rules_never_import_orgctl() -> None:
    """What is in config_rules/ runs in Lambda, where orgctl is not."""
    found = [
        path.name for path in FOLDER.rglob("*.py") if re.search(r"^\s*(import|from) orgctl\b", path.read_text(), re.M)
    ]

    assert found == []


def _run(pattern: str, text: str) -> int:
    found = re.search(pattern, text)
    return int(found[1]) if found else 0
