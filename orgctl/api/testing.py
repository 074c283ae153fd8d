"""`orgctl test`: run the policy tests of a directory.

tests = PolicyTests(directory)
report = tests.run()
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from time import perf_counter

from orgctl.api import last_failed
from orgctl.api.simulating import spelling
from orgctl.api.unsaid import unknown_keys
from orgctl.errors import InvalidInputError
from orgctl.manifest import LoadedManifest, load
from orgctl.policytest.case import Suite
from orgctl.policytest.coverage import Coverage, coverage
from orgctl.policytest.keyword import chooser
from orgctl.policytest.loading import find_files, load_suites
from orgctl.policytest.mutation import Mutation, Progress, mutation
from orgctl.policytest.result import CaseResult, Report, SuiteResult
from orgctl.policytest.runner import Runner
from orgctl.policytest.setting import Setting

Observer = Callable[[Suite, CaseResult], None]
"""Is told of every case as it is done."""


class PolicyTests:
    """The tests of one directory, read and chosen; run them as often as you like.

    `paths` are files or folders (default: `policies/` and `tests/policies/`), `keyword` is as for `-k`;
    `only_failed` leaves those that failed last time, or all if none is known to have failed. Raises InvalidInputError
    for the manifest, with every problem of the test files, and if there are no tests at all.
    """

    def __init__(
        self, directory: Path, paths: Iterable[Path] = (), *, keyword: str | None = None, only_failed: bool = False
    ) -> None:
        self._start = perf_counter()
        chosen = chooser(keyword) if keyword else None
        self._read(load(directory), paths)
        previous = last_failed.read(self.directory) if only_failed else frozenset()
        present = previous & {case.id for suite in self.all_suites for case in suite.cases}
        self.suites = tuple(
            replace(
                suite,
                cases=tuple(
                    case
                    for case in suite.cases
                    if (chosen is None or chosen(case.id)) and (not present or case.id in present)
                ),
            )
            for suite in self.all_suites
        )

    def _read(self, loaded: LoadedManifest, paths: Iterable[Path]) -> None:
        self.directory = loaded.directory
        self.runner = runner(loaded)
        files = find_files(self.directory, paths)
        if not files:
            hint = "write `policies/scp/NAME.test.yaml` beside a policy, or `tests/policies/NAME.test.yaml`"
            raise InvalidInputError("there are no policy tests", hint=hint)
        self.all_suites = load_suites(self.runner.setting, files)

    def run(self, observer: Observer | None = None, *, remember: bool = True) -> Report:
        """Run what was chosen, and remember what failed (for `only_failed`) unless nothing is to be written."""
        results = tuple(self._run(suite, observer) for suite in self.suites if suite.cases)
        left_out = sum(len(suite.cases) for suite in self.all_suites) - sum(len(suite.cases) for suite in self.suites)
        report = Report(results, left_out, perf_counter() - self._start)
        if remember:
            failed = (result.case.id for result in report.failed)
            last_failed.update(self.directory, (result.case.id for result in report.cases), failed)
        return report

    def coverage(self) -> Coverage:
        """What the chosen tests make decide something."""
        return coverage(self.runner, self.suites, self._policies())

    def mutation(self, progress: Progress | None = None) -> Mutation:
        """What could be broken in the policies without the chosen tests noticing."""
        return mutation(self.runner, self.suites, progress, self._policies())

    def _policies(self) -> frozenset[str] | None:
        """The policies that the chosen tests are of; None for all, where some are of the whole organization."""
        chosen = {suite.policy for suite in self.suites if suite.cases}
        return None if None in chosen else frozenset(name for name in chosen if name)

    def _run(self, suite: Suite, observer: Observer | None) -> SuiteResult:
        done: list[CaseResult] = []
        for result in self.runner.run_cases(suite):
            done.append(result)
            if observer:
                observer(suite, result)
        return SuiteResult(suite, tuple(done))


def runner(loaded: LoadedManifest) -> Runner:
    """What runs the suites of a manifest's directory."""
    return Runner(Setting(loaded), unknown_keys, spelling())


def run_tests(directory: Path) -> Report | None:
    """Run every policy test of a directory; None if it has none. For commands that go on only if they pass.

    Writes nothing.
    """
    return PolicyTests(directory).run(remember=False) if find_files(directory.resolve()) else None
