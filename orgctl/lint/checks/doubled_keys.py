"""One key twice under one operator, in upper and lower case.

Source: "IAM Access Analyzer policy check reference", Duplicate keys with different case (IAM User Guide).
"""

from __future__ import annotations

from collections.abc import Iterator

from orgctl.lint.check import Check, Finding
from orgctl.lint.subject import Subject


def doubled_keys(subject: Subject) -> Iterator[Finding]:
    """Under one operator a key stands once, since upper and lower case do not matter in it."""
    for statement in subject.document.statements:
        first: dict[tuple[str, str], str] = {}
        for condition in statement.conditions:
            seen = first.setdefault((condition.operator, condition.key.lower()), condition.key)
            if seen != condition.key:
                message = f"`{condition.key}` is the same key as `{seen}`, under the same operator"
                yield Finding(subject.at_condition(condition), message, "write one key, with the values of both")


DOUBLED_KEYS = Check("L310", "A key stands twice under one operator", doubled_keys)
