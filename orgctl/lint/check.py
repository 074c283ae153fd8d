"""`Check`: a code, a title, a severity, and one function. `Finding`: what it found."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from orgctl.diagnostics import Diagnostic, Position, Severity
from orgctl.lint.subject import Subject
from orgctl.model.policy_types import RCP, SCP

DELEGATION = "delegation-policy"
"""The organization's resource policy, which is no policy type but is in the IAM language."""

IAM_LANGUAGE = frozenset({SCP.folder, RCP.folder, DELEGATION})
"""The folders whose policies have statements."""

GUARDRAILS = frozenset({SCP.folder, RCP.folder})
ONLY_SCP = frozenset({SCP.folder})
ONLY_RCP = frozenset({RCP.folder})


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem: one sentence at a place, and the way out. `severity` None: that of its check."""

    position: Position
    message: str
    hint: str | None = None
    severity: Severity | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """One check. `folders` are the policy types that it is for; None: all of them. Codes are never re-used."""

    code: str
    title: str
    run: Callable[[Subject], Iterator[Finding]]
    severity: Severity = Severity.WARNING
    folders: frozenset[str] | None = IAM_LANGUAGE

    def diagnostics(self, subject: Subject) -> Iterator[Diagnostic]:
        """What this check has to say about a policy."""
        if self.folders is None or subject.folder in self.folders:
            for found in self.run(subject):
                yield Diagnostic(self.code, found.message, found.position, found.hint, found.severity or self.severity)
