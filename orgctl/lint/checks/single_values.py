"""`ForAllValues` on keys with one value.

Source: "Single-valued vs. multivalued context keys" (IAM User Guide): set operators are for keys with many values, and
`ForAllValues` holds where the key is absent.
"""

from __future__ import annotations

from collections.abc import Iterator

from orgctl.lint.check import Check, Finding
from orgctl.lint.keys import global_key
from orgctl.lint.subject import Subject
from orgctl.policy.conditions.operators import SetOperator


def single_values(subject: Subject) -> Iterator[Finding]:
    """A global key with one value has no `ForAllValues`: of other keys AWS's tables are not exact enough."""
    for _, condition, operator in subject.conditions:
        known = global_key(condition.key)
        if known and not known.many and operator.set_operator is SetOperator.FOR_ALL_VALUES:
            message = f"`{condition.key}` holds one value, and `{condition.operator}` holds too where it is absent"
            plain = condition.operator.rpartition(":")[2]
            yield Finding(
                subject.at_condition(condition), message, f"write `{plain}`, or `{plain}IfExists` if that is meant"
            )


SINGLE_VALUES = Check("L309", "ForAllValues on a key with one value", single_values)
