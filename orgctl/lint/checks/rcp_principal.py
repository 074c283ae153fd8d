"""RCPs are for everybody. Source: "RCP syntax", Principal element, AWS Organizations User Guide."""

from __future__ import annotations

from collections.abc import Iterator

from orgctl.diagnostics import Severity
from orgctl.lint.check import ONLY_RCP, Check, Finding
from orgctl.lint.subject import Subject


def rcp_principal(subject: Subject) -> Iterator[Finding]:
    """Every statement of an RCP has the principal `*`, and no other."""
    hint = 'write `Principal: "*"`, and choose principals by conditions such as `aws:PrincipalOrgID`'
    for statement in subject.document.statements:
        principals = statement.principals
        if principals is None:
            yield Finding(subject.at(statement), "a statement of a resource control policy needs a `Principal`", hint)
        elif not principals.negated and principals.members != (("AWS", "*"),):
            message = "the principal of a resource control policy can only be `*`"
            yield Finding(subject.at_element(statement, "Principal"), message, hint)


RCP_PRINCIPAL = Check(
    "L104", "A resource control policy's principal is not everybody", rcp_principal, Severity.ERROR, ONLY_RCP
)
