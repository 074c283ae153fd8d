"""`Bool`: true or false, in any case.

Source: "IAM JSON policy elements: Condition operators", Boolean condition operators.
"""

from __future__ import annotations

from orgctl.policy.conditions.family import Prepared, Values


def equals(values: Values) -> Prepared:
    """What is neither `true` nor `false` matches nothing."""
    wanted = {text.lower() for text in values.texts} & {"true", "false"}
    return Prepared(lambda value, _: value.lower() in wanted)
