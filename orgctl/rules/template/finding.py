"""What a rule says of one resource of a template: values for views."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from orgctl.diagnostics import Diagnostic, Position, Severity


class Verdict(Enum):
    """AWS Config's words, and one for what cannot be told before the deployment."""

    COMPLIANT = "COMPLIANT"
    NON_COMPLIANT = "NON_COMPLIANT"
    NOT_APPLICABLE = "NOT_APPLICABLE"
    UNDECIDED = "UNDECIDED"


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule with one set of parameters on one resource. `packs` use it so; `reason` may be empty if COMPLIANT."""

    rule: str
    packs: tuple[str, ...]
    logical_id: str
    resource_type: str
    verdict: Verdict
    reason: str
    position: Position

    @property
    def diagnostic(self) -> Diagnostic | None:
        """As a problem of the template: violations are errors, what is undecided is a warning; None for the others."""
        match self.verdict:
            case Verdict.NON_COMPLIANT:
                message = f"`{self.logical_id}`: {self.reason}"
                return Diagnostic(self.rule, message, self.position)
            case Verdict.UNDECIDED:
                message = f"`{self.logical_id}` cannot be judged before the deployment: {self.reason}"
                return Diagnostic(self.rule, message, self.position, None, Severity.WARNING)
            case _:
                return None


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of checking templates. `notes` say what was not looked at, and why."""

    findings: tuple[Finding, ...]
    notes: tuple[str, ...]

    def count(self, verdict: Verdict) -> int:
        """How many findings say so."""
        return sum(finding.verdict is verdict for finding in self.findings)
