"""`orgctl test` as its users meet it: the shipped tests, a failure, a broken file."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.functional.conftest import REPOSITORY
from tests.functional.small import policy, write

CASE = """version: 1
cases:
  - name: nobody touches S3
    action: s3:GetObject
    expect: {expect}
"""


def orgctl(directory: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "orgctl", "-C", str(directory), "test", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=120)


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    policy(tmp_path, "scp/no-s3", "s3:*")
    return write(tmp_path, {"policies": ["scp/no-s3"]})


def test_the_shipped_policies_pass_their_tests() -> None:
    """Every case beside the policies and in tests/policies holds."""
    ended = orgctl(REPOSITORY, "--format", "json")
    report = json.loads(ended.stdout)
    assert ended.returncode == 0, ended.stderr
    assert report["format_version"] == 1


def test_the_shipped_policies_are_covered_and_no_mutant_survives() -> None:
    """Every statement decides something in some case, and whatever is changed in a policy some case notices."""
    ended = orgctl(REPOSITORY, "--coverage", "--fail-under", "100", "--mutate")
    assert ended.returncode == 0, ended.stdout


def test_coverage_names_what_no_test_reaches(directory: Path) -> None:
    """Below the wanted share the run fails, and the statement that decided nothing is named with its line."""
    policy(directory, "scp/no-s3", "s3:*", "ec2:*")
    (directory / "policies/scp/no-s3.test.yaml").write_text(CASE.format(expect="EXPLICIT_DENY"))
    ended = orgctl(directory, "--coverage", "--fail-under", "100")
    assert ended.returncode == 1
    assert "policies/scp/no-s3.json:1:" in ended.stdout
    assert orgctl(directory, "--coverage").returncode == 0


def test_a_mutant_that_no_test_notices_is_shown(directory: Path) -> None:
    """A test that asks for one action does not notice that the statement says less: the change is shown, and fails."""
    (directory / "policies/scp/no-s3.test.yaml").write_text(CASE.format(expect="DENIED"))
    ended = orgctl(directory, "--mutate")
    assert ended.returncode == 1
    assert "SURVIVED  policies/scp/no-s3.json:" in ended.stdout


def test_a_case_that_holds_passes(directory: Path) -> None:
    """Exit 0, and the summary counts it."""
    (directory / "policies/scp/no-s3.test.yaml").write_text(CASE.format(expect="EXPLICIT_DENY"))
    ended = orgctl(directory)
    assert (ended.returncode, ended.stdout.splitlines()[-1].partition(" in ")[0]) == (
        0,
        "1 passed (1 request, 1 file)",
    )


def test_a_case_that_does_not_hold_fails(directory: Path) -> None:
    """Exit 1, with the case, what was expected, what was decided, and by which statement."""
    (directory / "policies/scp/no-s3.test.yaml").write_text(CASE.format(expect="ALLOWED"))
    ended = orgctl(directory)
    assert ended.returncode == 1
    for part in ("nobody touches S3", "ALLOWED", "EXPLICIT_DENY", "scp/no-s3"):
        assert part in ended.stdout


def test_a_broken_test_file_is_invalid_input(directory: Path) -> None:
    """Exit 3, with file and line, and no traceback."""
    (directory / "policies/scp/no-s3.test.yaml").write_text(CASE.format(expect="PERHAPS"))
    ended = orgctl(directory)
    assert ended.returncode == 3
    assert "policies/scp/no-s3.test.yaml:5:" in ended.stdout + ended.stderr
    assert "Traceback" not in ended.stderr


def test_the_junit_file_tells_the_same(directory: Path) -> None:
    """One failed test case in the XML for one that failed."""
    (directory / "policies/scp/no-s3.test.yaml").write_text(CASE.format(expect="ALLOWED"))
    orgctl(directory, "--junit", str(directory / "report.xml"))
    suites = ET.parse(directory / "report.xml").getroot()  # noqa: S314 - our own file
    assert len(list(suites.iter("testcase"))) == len(list(suites.iter("failure"))) == 1
