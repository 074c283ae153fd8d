"""Numeric operators: decimal numbers, compared as numbers.

Source: "IAM JSON policy elements: Condition operators", Numeric condition operators.
"""

from __future__ import annotations

import re
from decimal import Decimal

from orgctl.policy.conditions.family import Prepare
from orgctl.policy.conditions.ordered import comparison

_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")


def number(text: str) -> Decimal | None:
    """The decimal number, or None: `10abc`, `1e3` and the empty text are not numbers."""
    return Decimal(text) if _NUMBER.fullmatch(text) else None


def numeric(relation: str) -> Prepare:
    """The operator for a relation: `==`, `<`, `<=`, `>`, `>=`."""
    return comparison(number, relation)
