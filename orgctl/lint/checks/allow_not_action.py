"""NotAction with Allow: what AWS adds tomorrow is allowed. Source: "NotAction with Allow", IAM User Guide."""

from __future__ import annotations

from collections.abc import Iterator

from orgctl.lint.check import Check, Finding
from orgctl.lint.subject import Subject
from orgctl.policy.document import Effect


def allow_not_action(subject: Subject) -> Iterator[Finding]:
    """An Allow names what it allows."""
    for statement in subject.document.statements:
        if statement.effect is Effect.ALLOW and statement.actions and statement.actions.negated:
            message = "everything but these actions is allowed, and whatever AWS will add"
            hint = "name what is allowed, or allow `*` and deny these actions"
            yield Finding(subject.at_element(statement, "Action"), message, hint)


ALLOW_NOT_ACTION = Check("L404", "NotAction with Allow", allow_not_action)
