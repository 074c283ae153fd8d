"""Wildcards where they are plain characters.

Source: "IAM JSON policy elements: Condition operators", IAM User Guide.
"""

from __future__ import annotations

from collections.abc import Iterator

from orgctl.lint.check import Check, Finding
from orgctl.lint.subject import Subject
from orgctl.policy.template import parse_template

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
        for text in dict.fromkeys(condition.values if better else ()):
            plain = "".join(p for p in parse_template(text, variables=True, wildcards=False) if isinstance(p, str))
            if "*" in plain.replace("${*}", "") or "?" in plain:
                message = f"`{operator.kind.name}` takes the wildcard in `{text}` for a plain character"
                yield Finding(subject.at_condition(condition, text), message, f"write `{better}`")


UNREAD_WILDCARDS = Check("L303", "A wildcard where it is a plain character", unread_wildcards)
