"""The pytest plugin: the fixture `organization`, and policy tests (`*.test.yaml`) among pytest's own.

    [pytest]
    orgctl_policy_tests = true     collect the files below policies/ and tests/policies/: one item for each case
    orgctl_directory = .           where organization.yaml is, seen from pytest's configuration

pytest imports this module for everybody who has orgctl installed; so it imports nothing of orgctl until it is needed.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

if TYPE_CHECKING:
    from _pytest._io import TerminalWriter

    from orgctl.api.organization import Organization
    from orgctl.errors import OrgctlError
    from orgctl.manifest import LoadedManifest
    from orgctl.policytest.case import Case
    from orgctl.policytest.result import CaseResult
    from orgctl.policytest.runner import Bench, Runner

SUFFIXES = (".test.yaml", ".test.yml", ".test.json")
FOLDERS = ("policies", "tests/policies")
"""As `orgctl.policytest.loading` has them."""

_POLICY_TESTS = "orgctl_policy_tests"
_DIRECTORY = "orgctl_directory"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Our settings."""
    parser.addini(_POLICY_TESTS, "Collect orgctl's policy tests (*.test.yaml).", type="bool", default=False)
    parser.addini(_DIRECTORY, "Where organization.yaml is, seen from this file.", default=".")


class _Repository:
    """What is read once for all items and fixtures of a run."""

    def __init__(self, config: pytest.Config) -> None:
        top = config.inipath.parent if config.inipath else config.rootpath
        self.directory = (top / str(config.getini(_DIRECTORY))).resolve()

    @cached_property
    def loaded(self) -> LoadedManifest:
        """The manifest. Raises InvalidInputError."""
        from orgctl.manifest import load

        return load(self.directory)

    @cached_property
    def runner(self) -> Runner:
        """Runs the policy tests. Raises InvalidInputError."""
        from orgctl.api.testing import runner

        return runner(self.loaded)

    def cases(self, path: Path) -> Iterator[tuple[Case, Bench]]:
        """The cases of a file, and where each is held. Raises InvalidInputError."""
        from orgctl.policytest.loading import load_suites

        for suite in load_suites(self.runner.setting, [path]):
            bench = self.runner.bench(suite.policy)
            yield from ((case, bench) for case in suite.cases)


_KEPT = pytest.StashKey[_Repository]()


def _repository(config: pytest.Config) -> _Repository:
    return config.stash.setdefault(_KEPT, _Repository(config))


@pytest.fixture(scope="session")
def organization(pytestconfig: pytest.Config) -> Organization:
    """The manifest's organization: `organization.simulate("shop-prod", "s3:GetObject") == "ALLOWED"`."""
    from orgctl.api.organization import Organization
    from orgctl.errors import OrgctlError

    try:
        return Organization(_repository(pytestconfig).loaded)
    except OrgctlError as error:
        pytest.fail(_told(error), pytrace=False)


def pytest_assertrepr_compare(op: str, left: object, right: object) -> list[str] | None:
    """Explain why a verdict is not what was expected."""
    verdicts = sys.modules.get("orgctl.api.verdict")
    if verdicts is None or op not in ("==", "!="):
        return None
    verdict, other = (left, right) if isinstance(left, verdicts.Verdict) else (right, left)
    if not isinstance(verdict, verdicts.Verdict):
        return None
    from orgctl.views.decision_text import decision_text

    lines = "\n".join(line.plain for line in decision_text(verdict.ruling)).split("\n")
    return [f"{verdict.decision} {op} {other!r}", "", *lines]


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Take the files of policy tests, where that is asked for."""
    if not file_path.name.endswith(SUFFIXES) or not parent.config.getini(_POLICY_TESTS):
        return None
    directory = _repository(parent.config).directory
    ours = any(file_path.is_relative_to(directory / folder) for folder in FOLDERS)
    if not ours and not parent.session.isinitpath(file_path):
        return None
    collector: pytest.Collector = PolicyTestFile.from_parent(parent, path=file_path)
    return collector


class PolicyTestFile(pytest.File):
    """A file of policy tests."""

    def collect(self) -> Iterator[pytest.Item]:
        """One item for each case. Raises CollectError, with every problem of the file at its line."""
        from orgctl.errors import OrgctlError

        try:
            cases = list(_repository(self.config).cases(self.path))
        except OrgctlError as error:
            raise self.CollectError(_told(error)) from None
        for case, bench in cases:
            yield PolicyTestItem.from_parent(self, name=case.name, case=case, bench=bench)


class PolicyTestItem(pytest.Item):
    """One case: all of its requests."""

    def __init__(self, *, case: Case, bench: Bench, **more: Any) -> None:
        super().__init__(**more)
        self._case = case
        self._bench = bench

    def runtest(self) -> None:
        """Hold the case against the policies. Raises PolicyTestError if a request is not decided as expected."""
        from orgctl.policytest.runner import run_case

        result = run_case(self._bench, self._case)
        if not result.passed:
            raise PolicyTestError(result)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The explanation, as `orgctl test` prints it."""
        if isinstance(excinfo.value, PolicyTestError):
            return _Explained(excinfo.value.result, self.path)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where the case is written; pytest counts lines from 0."""
        return self.path, self._case.position.line - 1, self._case.name


class PolicyTestError(Exception):
    """A case whose requests are not all decided as expected."""

    def __init__(self, result: CaseResult) -> None:
        super().__init__(result.failures[0].problem)
        self.result = result


class _Crash(NamedTuple):
    """The one line that pytest's summary, `--tb=line` and JUnit reports have for a failure."""

    path: str
    lineno: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.lineno}: {self.message}"


class _Explained:
    """A failed case in the shape in which pytest takes explanations."""

    def __init__(self, result: CaseResult, path: Path) -> None:
        from orgctl.views.test_report import case_text

        self._text = "\n".join(line.plain for line in case_text(result))
        self.reprcrash = _Crash(str(path), result.case.position.line, result.failures[0].problem)

    def __str__(self) -> str:
        return self._text

    def toterminal(self, writer: TerminalWriter) -> None:
        """Write all of it."""
        for line in self._text.split("\n"):
            writer.line(line)


def _told(error: OrgctlError) -> str:
    from orgctl.views.diagnostics import error_text

    return "\n".join(line.plain for line in error_text(error))
