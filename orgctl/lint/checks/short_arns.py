"""ARNs of fewer than six segments.

Source: "IAM JSON policy elements: Resource" (IAM User Guide). In an RCP such a pattern never matches, in an SCP only if
it ends in `*`.
"""

from __future__ import annotations

from collections.abc import Iterator

from orgctl.lint.check import Check, Finding
from orgctl.lint.subject import Subject, texts
from orgctl.policy.conditions.operators import Family
from orgctl.policy.matching import ARN_FIELDS

_HINT = "write all of `arn:partition:service:region:account:resource`; a segment can be `*` or empty"


def short_arns(subject: Subject) -> Iterator[Finding]:
    """Resources, and values of Arn operators, have six segments."""
    for statement in subject.document.statements:
        for text in dict.fromkeys(texts(statement.resources)):
            if text.startswith("arn:") and _is_short(text):
                yield Finding(subject.at_element(statement, "Resource", text), _message(text), _HINT)
    for _, condition, operator in subject.conditions:
        for text in dict.fromkeys(condition.values if operator.kind.family is Family.ARN else ()):
            if text != "*" and _is_short(text):
                yield Finding(subject.at_condition(condition, text), _message(text), _HINT)


def _is_short(text: str) -> bool:
    return "@{" not in text and "${" not in text and text.count(":") < ARN_FIELDS - 1


def _message(text: str) -> str:
    return f"`{text}` has {text.count(':') + 1} of an ARN's six segments, and may match nothing"


SHORT_ARNS = Check("L401", "An ARN has fewer than six segments", short_arns)
