"""Files of tests in the small repository, read and ready to run."""

from __future__ import annotations

from pathlib import Path

from orgctl.api.testing import runner
from orgctl.manifest import load
from orgctl.policytest.case import Case, Suite
from orgctl.policytest.loading import find_files, load_suites
from orgctl.policytest.runner import Runner, run_case
from tests.policytest.repository import lay_down

BESIDE = "policies/scp/no-s3.test.yaml"
EVERYWHERE = "tests/policies/all.test.yaml"


def read(
    directory: Path, files: dict[str, str], policies: dict[str, str] | None = None
) -> tuple[Runner, tuple[Suite, ...]]:
    """Lay the repository down with these files; what runs them, and what they say."""
    lay_down(directory, policies)
    for name, text in files.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    made = runner(load(directory))
    return made, load_suites(made.setting, find_files(directory))


def problem_of(made: Runner, suite: Suite, case: Case) -> str | None:
    """What is wrong with the first request of a case that fails; None if all is well."""
    result = run_case(made.bench(suite.policy), case)
    return result.failures[0].problem if result.failures else None
