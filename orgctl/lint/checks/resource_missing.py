"""Statements without resources. Sources: "SCP syntax" and "RCP syntax", AWS Organizations User Guide."""

from __future__ import annotations

from collections.abc import Iterator

from orgctl.diagnostics import Severity
from orgctl.lint.check import GUARDRAILS, Check, Finding
from orgctl.lint.subject import Subject


def resource_missing(subject: Subject) -> Iterator[Finding]:
    """Every statement has to have `Resource` or `NotResource`."""
    for statement in subject.document.statements:
        if statement.resources is None:
            message = "the statement has neither `Resource` nor `NotResource`"
            yield Finding(subject.at(statement), message, 'write `Resource: "*"` for every resource')


RESOURCE_MISSING = Check("L106", "A statement has no resource", resource_missing, Severity.ERROR, GUARDRAILS)
