"""Operators that AWS does not have.

Sources: "IAM JSON policy elements: Condition operators", and "IAM Access Analyzer policy check reference", Null with
qualifier, which AWS takes (IAM User Guide).
"""

from __future__ import annotations

from collections.abc import Iterator

from orgctl.diagnostics import Severity
from orgctl.lint.check import Check, Finding
from orgctl.lint.subject import Subject
from orgctl.manifest.nearest import did_you_mean
from orgctl.policy.conditions.operators import KINDS, SetOperator, parse_operator
from orgctl.policy.document import Condition

_NAMES = tuple(kind.name for kind in KINDS.values())
_PREFIXES = frozenset(operator.value.lower() for operator in SetOperator)
_SUFFIX = "IfExists"


def operators(subject: Subject) -> Iterator[Finding]:
    """Every operator is one of AWS's, in any case, with the prefixes and the suffix that it can have."""
    for statement in subject.document.statements:
        seen: set[str] = set()
        for condition in statement.conditions:
            if condition.operator not in seen and parse_operator(condition.operator) is None:
                yield _finding(subject, condition)
            seen.add(condition.operator)


def _finding(subject: Subject, condition: Condition) -> Finding:
    position = subject.at_operator(condition)
    prefix, _, name = condition.operator.rpartition(":")
    if name.lower() == "null" and prefix.lower() in _PREFIXES:
        message = f"the prefix of `{condition.operator}` says nothing: `Null` asks whether the key is there at all"
        return Finding(position, message, "write `Null`", Severity.WARNING)
    return Finding(position, f"AWS has no condition operator `{condition.operator}`", _hint(condition))


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
