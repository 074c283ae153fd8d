"""What came of running rules: values for views."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from orgctl.rules.rule import Rule


class Part(Enum):
    """What was run: a test of the rule's own, its handler with an event, or a case of a Guard policy."""

    UNIT = "unit"
    HANDLER = "handler"
    GUARD = "guard"


class Outcome(Enum):
    """How it went. Skipped: it could not be tried here, and `detail` says why."""

    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class CaseResult:
    """One thing that was run. `detail` is why it failed or was skipped, or what it said."""

    part: Part
    name: str
    outcome: Outcome
    seconds: float = 0.0
    detail: str = ""


@dataclass(frozen=True, slots=True)
class RuleResult:
    """Everything that was run of one rule. `output` is what it printed."""

    rule: Rule
    cases: tuple[CaseResult, ...]
    seconds: float
    output: str = ""

    @property
    def failed(self) -> tuple[CaseResult, ...]:
        """The cases that failed."""
        return tuple(case for case in self.cases if case.outcome is Outcome.FAILED)


@dataclass(frozen=True, slots=True)
class Report:
    """A run of many rules. `seconds` is how long all of it took."""

    results: tuple[RuleResult, ...]
    seconds: float

    @property
    def cases(self) -> tuple[CaseResult, ...]:
        """Of all rules."""
        return tuple(case for result in self.results for case in result.cases)

    @property
    def failed(self) -> tuple[CaseResult, ...]:
        """Of all rules."""
        return tuple(case for result in self.results for case in result.failed)


class Compliance(Enum):
    """AWS Config's words."""

    COMPLIANT = "COMPLIANT"
    NON_COMPLIANT = "NON_COMPLIANT"
    NOT_APPLICABLE = "NOT_APPLICABLE"


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What a rule says of one resource."""

    resource_type: str
    resource_id: str
    compliance: Compliance
    annotation: str = ""


@dataclass(frozen=True, slots=True)
class Raised:
    """What a handler raised. `code` and `operation` are AWS's, where it was AWS that refused."""

    kind: str
    message: str
    code: str = ""
    operation: str = ""
    trace: str = ""


@dataclass(frozen=True, slots=True)
class Call:
    """A call to AWS that a rule made: `lambda`, `GetFunction`. `action` is what it needs in IAM."""

    service: str
    operation: str
    action: str


@dataclass(frozen=True, slots=True)
class Run:
    """One event through a handler: what it wrote, what it called, and how it ended.

    `unanswered` are the calls that nobody answered, with the reason; `untold` says why values were unknown that the
    rule looked at, in a template.
    """

    evaluations: tuple[Evaluation, ...]
    calls: tuple[Call, ...]
    unanswered: tuple[tuple[Call, str], ...]
    problems: tuple[str, ...]
    raised: tuple[Raised, ...]
    returned: object
    seconds: float
    output: str = ""
    untold: tuple[str, ...] = ()
