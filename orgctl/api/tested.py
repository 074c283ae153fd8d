"""The gate before an apply: do the policy tests hold for what the manifest wants?"""

from __future__ import annotations

from pathlib import Path

from orgctl.api.testing import run_tests
from orgctl.errors import RefusedError
from orgctl.policytest.result import CaseResult
from orgctl.reconcile.plan import FailedCase, Tested


def tested(directory: Path, *, skip: bool) -> Tested:
    """What the tests of a directory say; nothing is run if they are to be skipped, or if there are none.

    Raises InvalidInputError for tests that cannot be read.
    """
    if skip:
        return Tested(skipped=True)
    report = run_tests(directory)
    if report is None:
        return Tested()
    failed = tuple(map(_failed, report.failed))
    return Tested(len(report.cases) - len(failed), failed)


def refuse_untested(found: Tested | None) -> None:
    """Raise RefusedError unless the tests passed, or there are none."""
    if found is None or found.skipped:
        raise RefusedError(
            "the plan was made without its policy tests",
            hint="make it again without `--skip-tests`, or say `--skip-tests` to apply it all the same",
        )
    if found.failed:
        first = found.failed[0]
        more = f" (and {len(found.failed) - 1} more)" if len(found.failed) > 1 else ""
        raise RefusedError(
            f"the policy tests fail: `{first.id}`: {first.problem}{more}",
            hint="`orgctl test` shows why; `--skip-tests` applies it all the same",
        )


def passed_over(found: Tested | None) -> str:
    """A sentence on what `--skip-tests` has passed over, for the log."""
    if found is None or found.skipped:
        return "the policy tests were not run (`--skip-tests`)"
    if found.failed:
        number = len(found.failed)
        what = "1 policy test fails" if number == 1 else f"{number} policy tests fail"
        return f"{what}, and that is passed over (`--skip-tests`)"
    return "the policy tests were passed over (`--skip-tests`); they held when the plan was made"


def _failed(result: CaseResult) -> FailedCase:
    return FailedCase(result.case.id, result.failures[0].problem)
