"""`--last-failed`: what is remembered of the last run."""

from __future__ import annotations

from pathlib import Path

import pytest

from orgctl.api import last_failed
from orgctl.api.testing import PolicyTests
from tests.policytest.repository import lay_down
from tests.policytest.suites import BESIDE

CASES = """version: 1
cases:
  - {{ name: a, action: s3:GetObject, expect: {a} }}
  - {{ name: b, action: s3:GetObject, expect: {b} }}
  - {{ name: c, action: s3:GetObject, expect: EXPLICIT_DENY }}
"""


def run(directory: Path, *, only_failed: bool = False, keyword: str | None = None, **expected: str) -> str:
    """The names of the cases that ran, those that failed in capitals."""
    words = {"a": "EXPLICIT_DENY", "b": "EXPLICIT_DENY", **expected}
    (directory / BESIDE).write_text(CASES.format(**words))
    report = PolicyTests(directory, only_failed=only_failed, keyword=keyword).run()
    return "".join(done.case.name if done.passed else done.case.name.upper() for done in report.cases)


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return lay_down(tmp_path)


def test_what_failed_runs_again_until_it_passes(directory: Path) -> None:
    """Only what failed runs; what then passes is forgotten; when nothing is left, everything runs."""
    assert run(directory, a="ALLOWED", b="ALLOWED") == "ABc"
    assert run(directory, only_failed=True, a="ALLOWED") == "Ab"
    assert run(directory, only_failed=True, a="ALLOWED") == "A"
    assert run(directory, only_failed=True) == "a"
    assert run(directory, only_failed=True) == "abc"


def test_what_was_left_out_stays_as_it_was(directory: Path) -> None:
    """A run of some cases says nothing of the others."""
    assert run(directory, a="ALLOWED", b="ALLOWED") == "ABc"
    assert run(directory, keyword="::b") == "b"
    assert run(directory, only_failed=True, a="ALLOWED") == "A"


def test_cases_that_are_gone_are_not_waited_for(directory: Path) -> None:
    """If nothing that failed is there any more, everything runs."""
    last_failed.update(directory, [], ["policies/scp/gone.test.yaml::x"])
    assert run(directory, only_failed=True) == "abc"


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"failed": 3}', b"\xff", b'{"failed": [1, null]}'])
def test_a_file_that_is_not_ours_says_nothing(directory: Path, content: bytes) -> None:
    """What cannot be read is as if nothing had failed; it is replaced when something does."""
    path = directory / last_failed.FILE
    path.parent.mkdir()
    path.write_bytes(content)
    assert last_failed.read(directory) == frozenset()
    last_failed.update(directory, ["x"], ["x"])
    assert last_failed.read(directory) == {"x"}


def test_what_does_not_change_is_not_written(directory: Path) -> None:
    """A run in which all passes leaves no file behind."""
    assert run(directory) == "abc"
    assert not (directory / last_failed.FILE).exists()


def test_where_nothing_can_be_written_nothing_is_kept(directory: Path) -> None:
    """That is no reason to fail."""
    (directory / last_failed.FILE.parent).write_text("a file, where the folder should be")
    assert run(directory, a="ALLOWED") == "Abc"
    assert last_failed.read(directory) == frozenset()
