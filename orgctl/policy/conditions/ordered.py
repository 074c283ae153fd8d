"""What numbers and dates have in common: they are read, and then compared by their order."""

from __future__ import annotations

import operator
from collections.abc import Callable
from decimal import Decimal

from orgctl.policy.conditions.family import Prepare, Prepared, Values
from orgctl.policy.template import Getter
from orgctl.policy.truth import Truth

Read = Callable[[str], Decimal | None]

_RELATIONS: dict[str, Callable[[Decimal, Decimal], bool]] = {
    "==": operator.eq,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def comparison(read: Read, relation: str, ambiguous: Callable[[str], bool] = lambda _: False) -> Prepare:
    """An operator that holds if the key's value stands in `relation` to one of the condition's values.

    `read` gives None for what cannot be read; `ambiguous` says of a text that AWS leaves open how it is read.
    """
    compare = _RELATIONS[relation]

    def prepare(values: Values) -> Prepared:
        limits = [limit for text in values.texts if not ambiguous(text) and (limit := read(text)) is not None]
        unreadable = values.unreadable
        otherwise: Truth = False if len(limits) == len(values.texts) else unreadable
        if any(map(ambiguous, values.texts)):
            otherwise = None

        def match(value: str, _: Getter) -> Truth:
            if ambiguous(value):
                return None
            given = read(value)
            if given is None:
                return unreadable
            return True if any(compare(given, limit) for limit in limits) else otherwise

        return Prepared(match)

    return prepare
