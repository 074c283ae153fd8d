"""Wildcards where they are plain characters.

Source: "IAM JSON policy elements: Condition operators", IAM User Guide.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from orgctl.lint.check import Check, Finding
from orgctl.lint.subject import Subject

_SPECIAL = re.compile(r"[*?]")
_VARIABLE = re.compile(r"\$\{[^}]*\}")
_LITERAL = frozenset({"lambda:principal"})
"""Keys that can hold a plain `*`: the principal of `lambda:AddPermission` (AWS Lambda Developer Guide)."""
_LIKE = {
    "stringequals": "StringLike",
    "stringnotequals": "StringNotLike",
    "stringequalsignorecase": "StringLike",
    "stringnotequalsignorecase": "StringNotLike",
}


def unread_wildcards(subject: Subject) -> Iterator[Finding]:
    """No value of `StringEquals` and its like holds `*` or `?`."""
    for _, condition, operator in subject.conditions:
        better = _LIKE.get(operator.kind.name.lower())
        if better is None or condition.key.lower() in _LITERAL:
            continue
        for text in dict.fromkeys(condition.values):
            if _SPECIAL.search(_VARIABLE.sub("", text)):
                message = f"`{operator.kind.name}` takes the wildcard in `{text}` for a plain character"
                yield Finding(subject.at_condition(condition, text), message, f"write `{better}`")


UNREAD_WILDCARDS = Check("L303", "A wildcard where it is a plain character", unread_wildcards)
