"""`BinaryEquals`: the base64 texts, byte for byte.

Source: "IAM JSON policy elements: Condition operators", Binary condition operators.
"""

from __future__ import annotations

from orgctl.policy.conditions.family import Prepared, Values


def equals(values: Values) -> Prepared:
    """The same bytes, in the same encoding."""
    wanted = frozenset(values.texts)
    return Prepared(lambda value, _: value in wanted, exactly=wanted)
