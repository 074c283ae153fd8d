"""Actions that are never about the statement's resources."""

from __future__ import annotations

import re
from collections.abc import Iterator

from orgctl.lint import catalogue
from orgctl.lint.check import Check, Finding
from orgctl.lint.globs import arn_overlap
from orgctl.lint.subject import Subject, texts
from orgctl.policy.document import Statement

_VARIABLE = re.compile(r"\$\{[^}]*\}")


def foreign_resources(subject: Subject) -> Iterator[Finding]:
    """Each action can be about one of the resources: a bucket's actions are not about its objects."""
    for statement in subject.document.statements:
        resources = statement.resources
        if resources is None or resources.negated or not resources.values:
            continue
        for action in dict.fromkeys(texts(statement.actions) if not _negated(statement) else ()):
            named = catalogue.matched(action) if _is_asked(action, resources.values) else ()
            found = [catalogue.details(name) for name in named]
            if found and not any(_fits(each, resources.values) for each in found):
                yield Finding(subject.at_element(statement, "Action", action), *_words(action, found[0]))


def _negated(statement: Statement) -> bool:
    return statement.actions is not None and statement.actions.negated


def _is_asked(action: str, resources: tuple[str, ...]) -> bool:
    return action != "*" and "@{" not in action and not any(text == "*" or "@{" in text for text in resources)


def _fits(action: catalogue.Action, resources: tuple[str, ...]) -> bool:
    return any(_meet(pattern, text) for pattern in action.resources for text in resources)


def _meet(pattern: str, text: str) -> bool:
    """Whether a type's ARN pattern and a resource have something in common; no bucket's name holds a slash."""
    if pattern.endswith(":s3:::*") and "/" in _without_variables(text).rpartition(":")[2]:
        return False
    return arn_overlap(pattern, text)


def _without_variables(text: str) -> str:
    return _VARIABLE.sub("", text)


def _words(action: str, first: catalogue.Action) -> tuple[str, str]:
    if not first.resources:
        return (
            f"`{action}` is about no resource, so nothing but `*` matches it",
            'give it a statement with `Resource: "*"`',
        )
    shown = ", ".join(f"`{pattern}`" for pattern in dict.fromkeys(first.resources))
    return f"`{action}` is never about these resources", f"its resources look like {shown}"


RESOURCE_TYPES = Check("L209", "An action that is never about the statement's resources", foreign_resources)
