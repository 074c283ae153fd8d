"""Lists with nothing in them, which AWS refuses. Source: "Grammar of the IAM JSON policy language", IAM User Guide."""

from __future__ import annotations

from collections.abc import Iterator

from orgctl.diagnostics import Severity
from orgctl.lint.check import Check, Finding
from orgctl.lint.subject import Subject, named


def empty(subject: Subject) -> Iterator[Finding]:
    """A policy has statements, a statement actions and resources, a condition values."""
    key = next((key for key in subject.value if key.lower() == "statement"), None)
    if key and subject.value[key] == []:
        yield Finding(subject.source.key_at((key,)), "the policy has no statements")
    for statement in subject.document.statements:
        for name, pattern in (("Action", statement.actions), ("Resource", statement.resources)):
            if pattern and not pattern.values:
                yield Finding(subject.at_element(statement, name), f"`{named(name, pattern)}` is empty")
        for condition in statement.conditions:
            if not condition.values:
                message = f"the condition on `{condition.key}` has no values"
                yield Finding(subject.at_condition(condition), message, "name the values, or take the condition out")


EMPTY = Check("L110", "An element is empty", empty, Severity.ERROR)
