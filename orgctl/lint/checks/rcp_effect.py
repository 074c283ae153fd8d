"""RCPs only deny. Source: "RCP syntax", Elements summary, AWS Organizations User Guide."""

from __future__ import annotations

from collections.abc import Iterator

from orgctl.diagnostics import Severity
from orgctl.lint.check import ONLY_RCP, Check, Finding
from orgctl.lint.subject import Subject
from orgctl.policy.document import Effect


def rcp_effect(subject: Subject) -> Iterator[Finding]:
    """Allow is for AWS's own RCPFullAWSAccess alone."""
    for statement in subject.document.statements:
        if statement.effect is Effect.ALLOW:
            hint = "AWS's own RCPFullAWSAccess allows everything already; write what is to be denied"
            yield Finding(subject.at_element(statement, "Effect"), "a resource control policy can only deny", hint)


RCP_EFFECT = Check("L103", "A resource control policy allows", rcp_effect, Severity.ERROR, ONLY_RCP)
