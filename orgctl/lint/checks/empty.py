"""Lists with nothing in them.

Source: "IAM Access Analyzer policy check reference", Empty array … (IAM User Guide), which calls them needless, not
wrong: whether AWS Organizations refuses them is left open.
"""

from __future__ import annotations

from collections.abc import Iterator

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
                meant = "everything is meant" if pattern.negated else "nothing is meant"
                position = subject.at_element(statement, name)
                yield Finding(
                    position, f"`{named(name, pattern)}` is empty, so {meant}", 'write `"*"`, or what is meant'
                )
        for condition in statement.conditions:
            if not condition.values:
                message = f"the condition on `{condition.key}` has no values"
                yield Finding(subject.at_condition(condition), message, "name the values, or take the condition out")


EMPTY = Check("L110", "An element is empty", empty)
