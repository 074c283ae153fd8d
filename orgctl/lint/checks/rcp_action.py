"""RCPs name services. Source: "RCP syntax", Action element, AWS Organizations User Guide."""

from __future__ import annotations

from collections.abc import Iterator

from orgctl.diagnostics import Severity
from orgctl.lint.check import ONLY_RCP, Check, Finding
from orgctl.lint.subject import Subject, texts


def rcp_action(subject: Subject) -> Iterator[Finding]:
    """A bare `*` is refused."""
    for statement in subject.document.statements:
        if "*" in texts(statement.actions):
            hint = "name the services that are meant: `s3:*`, `sts:*`"
            message = "a resource control policy cannot be about the action `*`"
            yield Finding(subject.at_element(statement, "Action", "*"), message, hint)


RCP_ACTION = Check("L105", "A resource control policy is about every action", rcp_action, Severity.ERROR, ONLY_RCP)
