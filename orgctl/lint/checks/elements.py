"""Elements that the language has, but not in this type of policy.

Sources: "SCP syntax" (full IAM language since 19 September 2025, without principals) and "RCP syntax", AWS
Organizations User Guide.
"""

from __future__ import annotations

from collections.abc import Iterator

from orgctl.diagnostics import Position, Severity
from orgctl.lint.check import GUARDRAILS, Check, Finding
from orgctl.lint.subject import Subject
from orgctl.model.policy_types import SCP


def foreign_elements(subject: Subject) -> Iterator[Finding]:
    """Principals in an SCP; NotPrincipal and NotAction in an RCP."""
    for statement in subject.document.statements:
        principals, actions = statement.principals, statement.actions
        if subject.folder == SCP.folder and principals:
            name = "NotPrincipal" if principals.negated else "Principal"
            hint = "an SCP is for every principal of the accounts below; narrow it by a condition on `aws:PrincipalArn`"
            yield _finding(subject.at_element(statement, "Principal"), name, "a service control policy", hint)
        elif subject.folder != SCP.folder and principals and principals.negated:
            hint = 'write `"Principal": "*"`, and exempt principals by a condition'
            yield _finding(
                subject.at_element(statement, "Principal"), "NotPrincipal", "a resource control policy", hint
            )
        if subject.folder != SCP.folder and actions and actions.negated:
            hint = "name the actions, or all of a service: `s3:*`"
            yield _finding(subject.at_element(statement, "Action"), "NotAction", "a resource control policy", hint)


def _finding(position: Position, name: str, what: str, hint: str) -> Finding:
    return Finding(position, f"{what} cannot have `{name}`", hint)


ELEMENTS = Check("L101", "An element that the policy type does not have", foreign_elements, Severity.ERROR, GUARDRAILS)
