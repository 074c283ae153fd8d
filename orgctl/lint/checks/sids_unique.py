"""The names of statements are unique. Source: "SCP syntax", Statement ID element, AWS Organizations User Guide."""

from __future__ import annotations

from collections.abc import Iterator

from orgctl.diagnostics import Severity
from orgctl.lint.check import GUARDRAILS, Check, Finding
from orgctl.lint.subject import Subject


def sids_unique(subject: Subject) -> Iterator[Finding]:
    """A Sid is used once in a policy."""
    first: dict[str, int] = {}
    for statement in subject.document.statements:
        if not statement.sid:
            continue
        position = subject.at_element(statement, "Sid")
        if statement.sid in first:
            message = f"the Sid `{statement.sid}` is used twice"
            yield Finding(position, message, f"it is first used at line {first[statement.sid]}")
        first.setdefault(statement.sid, position.line)


SIDS_UNIQUE = Check("L108", "Two statements have one Sid", sids_unique, Severity.ERROR, GUARDRAILS)
