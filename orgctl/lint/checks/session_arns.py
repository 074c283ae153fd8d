"""ARNs of sessions where AWS compares the role.

Source: "AWS global condition context keys", aws:PrincipalArn (IAM User Guide): for a role the request carries the ARN
of the role, not of its session.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from orgctl.lint.check import Check, Finding
from orgctl.lint.subject import Subject

_SESSION = re.compile(r"(arn:[^:]*):sts:[^:]*:([^:]*):assumed-role/([^/]+)(?:/.*)?")


def session_arns(subject: Subject) -> Iterator[Finding]:
    """No value of `aws:PrincipalArn` is the ARN of a role's session."""
    for _, condition, _ in subject.conditions:
        for text in dict.fromkeys(condition.values if condition.key.lower() == "aws:principalarn" else ()):
            session = _SESSION.fullmatch(text)
            if session:
                message = f"`{condition.key}` holds the ARN of the role, so never `{text}`"
                hint = f"write `{session[1]}:iam::{session[2]}:role/{session[3]}`, with the role's path if it has one"
                yield Finding(subject.at_condition(condition, text), message, hint)


SESSION_ARNS = Check("L210", "The ARN of a session where the role's is compared", session_arns)
