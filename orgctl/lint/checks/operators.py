"""Operators that AWS does not have. Source: "IAM JSON policy elements: Condition operators", IAM User Guide."""

from __future__ import annotations

from collections.abc import Iterator

from orgctl.diagnostics import Severity
from orgctl.lint.check import Check, Finding
from orgctl.lint.subject import Subject
from orgctl.manifest.nearest import did_you_mean
from orgctl.policy.conditions.operators import KINDS, SetOperator, parse_operator
from orgctl.policy.document import Condition

_NAMES = tuple(kind.name for kind in KINDS.values())
_SUFFIX = "IfExists"


def operators(subject: Subject) -> Iterator[Finding]:
    """Every operator is one of AWS's, in any case, with the prefixes and the suffix that it can have."""
    for statement in subject.document.statements:
        seen: set[str] = set()
        for condition in statement.conditions:
            if condition.operator not in seen and parse_operator(condition.operator) is None:
                message = f"AWS has no condition operator `{condition.operator}`"
                yield Finding(subject.at_operator(condition), message, _hint(condition))
            seen.add(condition.operator)


def _hint(condition: Condition) -> str:
    prefix, _, name = condition.operator.rpartition(":")
    base = name[: -len(_SUFFIX)] if name.lower().endswith(_SUFFIX.lower()) else name
    if base.lower() == "null":
        return "`Null` stands alone: it asks whether the key is there"
    if base.lower() not in KINDS:
        return did_you_mean(base, _NAMES, f"there are {', '.join(_NAMES)}")
    return did_you_mean(
        prefix, [each.value for each in SetOperator], "the prefixes are `ForAllValues` and `ForAnyValue`"
    )


OPERATORS = Check("L111", "An operator that AWS does not have", operators, Severity.ERROR)
