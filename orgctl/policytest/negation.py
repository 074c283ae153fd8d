"""The condition that holds where another fails, as far as the language has one."""

from __future__ import annotations

from orgctl.policy.conditions.operators import Family, SetOperator, parse_operator

_OPPOSITES = {
    "StringEquals": "StringNotEquals",
    "StringEqualsIgnoreCase": "StringNotEqualsIgnoreCase",
    "StringLike": "StringNotLike",
    "NumericEquals": "NumericNotEquals",
    "NumericLessThan": "NumericGreaterThanEquals",
    "NumericLessThanEquals": "NumericGreaterThan",
    "DateEquals": "DateNotEquals",
    "DateLessThan": "DateGreaterThanEquals",
    "DateLessThanEquals": "DateGreaterThan",
    "IpAddress": "NotIpAddress",
    "ArnEquals": "ArnNotEquals",
    "ArnLike": "ArnNotLike",
}
_BOTH_WAYS = {**_OPPOSITES, **{value: key for key, value in _OPPOSITES.items()}}
_OPPOSITE_SETS = {
    SetOperator.FOR_ALL_VALUES: SetOperator.FOR_ANY_VALUE,
    SetOperator.FOR_ANY_VALUE: SetOperator.FOR_ALL_VALUES,
}


def negated_condition(operator: str, values: object) -> tuple[str, object] | None:
    """The opposite operator, and the values it needs; None if the language has none (`BinaryEquals`).

    `IfExists` stays: the opposite of a condition that an absent key meets is met by an absent key, too.
    """
    known = parse_operator(operator)
    if known is None:
        return None
    if known.kind.family in (Family.BOOL, Family.NULL):
        return _other_truth(operator, values)
    opposite = _BOTH_WAYS.get(known.kind.name)
    if opposite is None:
        return None
    prefix = f"{_OPPOSITE_SETS[known.set_operator].value}:" if known.set_operator else ""
    return f"{prefix}{opposite}{'IfExists' if known.if_exists else ''}", values


def _other_truth(operator: str, values: object) -> tuple[str, object] | None:
    """The same operator with the other boolean; None where both are listed, or something else is."""
    single = values[0] if isinstance(values, list) and len(values) == 1 else values
    text = str(single).lower()
    return (operator, "false" if text == "true" else "true") if text in ("true", "false") else None
