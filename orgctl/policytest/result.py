"""What came of the tests, as values; views print them."""

from __future__ import annotations

from dataclasses import dataclass, field

from orgctl.policy.explanation import Decision
from orgctl.policy.ruling import Ruling
from orgctl.policytest.case import Asked, Case, Suite


@dataclass(frozen=True, slots=True)
class Failure:
    """A request that was not decided as expected. `problem` is one sentence on the difference.

    `ruling` has the whole explanation; None beyond the first few failures of a case.
    """

    asked: Asked
    decision: Decision
    problem: str
    ruling: Ruling | None = None


@dataclass(frozen=True, slots=True)
class CaseResult:
    """One case, held against its policies: it has passed if no request failed. `seconds` is what it took."""

    case: Case
    failures: tuple[Failure, ...] = ()
    seconds: float = 0.0

    @property
    def passed(self) -> bool:
        """Whether every request was decided as expected."""
        return not self.failures


@dataclass(frozen=True, slots=True)
class SuiteResult:
    """The cases of one file, in its order."""

    suite: Suite
    cases: tuple[CaseResult, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that was run. `deselected` counts the cases that were left out on request."""

    suites: tuple[SuiteResult, ...] = ()
    deselected: int = 0
    seconds: float = field(default=0.0, compare=False)

    @property
    def cases(self) -> tuple[CaseResult, ...]:
        """The cases of all files."""
        return tuple(case for suite in self.suites for case in suite.cases)

    @property
    def failed(self) -> tuple[CaseResult, ...]:
        """The cases that failed."""
        return tuple(case for case in self.cases if not case.passed)

    @property
    def requests(self) -> int:
        """How many requests were made."""
        return sum(len(result.case.requests) for result in self.cases)
