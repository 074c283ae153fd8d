"""The table of condition operators. A new operator is a line here and a function in its family's file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from orgctl.policy.conditions import arn, binary, boolean, ip_address, string
from orgctl.policy.conditions.date import date
from orgctl.policy.conditions.family import Prepare
from orgctl.policy.conditions.numeric import numeric


class SetOperator(Enum):
    """How the many values of a key are joined."""

    FOR_ALL_VALUES = "ForAllValues"
    FOR_ANY_VALUE = "ForAnyValue"


class Family(Enum):
    """What an operator takes its values for."""

    STRING = "String"
    NUMERIC = "Numeric"
    DATE = "Date"
    BOOL = "Bool"
    BINARY = "Binary"
    IP_ADDRESS = "IpAddress"
    ARN = "Arn"
    NULL = "Null"


@dataclass(frozen=True, slots=True)
class Kind:
    """An operator's name without prefix and suffix, its family, and how its values are prepared (not for `Null`)."""

    name: str
    family: Family
    prepare: Prepare | None
    negated: bool = False


_RELATIONS = {
    "LessThan": "<",
    "LessThanEquals": "<=",
    "GreaterThan": ">",
    "GreaterThanEquals": ">=",
}

KINDS: Mapping[str, Kind] = {
    kind.name.lower(): kind
    for kind in (
        Kind("StringEquals", Family.STRING, string.equals),
        Kind("StringNotEquals", Family.STRING, string.equals, negated=True),
        Kind("StringEqualsIgnoreCase", Family.STRING, string.equals_ignoring_case),
        Kind("StringNotEqualsIgnoreCase", Family.STRING, string.equals_ignoring_case, negated=True),
        Kind("StringLike", Family.STRING, string.like),
        Kind("StringNotLike", Family.STRING, string.like, negated=True),
        Kind("NumericEquals", Family.NUMERIC, numeric("==")),
        Kind("NumericNotEquals", Family.NUMERIC, numeric("=="), negated=True),
        *(Kind(f"Numeric{name}", Family.NUMERIC, numeric(relation)) for name, relation in _RELATIONS.items()),
        Kind("DateEquals", Family.DATE, date("==")),
        Kind("DateNotEquals", Family.DATE, date("=="), negated=True),
        *(Kind(f"Date{name}", Family.DATE, date(relation)) for name, relation in _RELATIONS.items()),
        Kind("Bool", Family.BOOL, boolean.equals),
        Kind("BinaryEquals", Family.BINARY, binary.equals),
        Kind("IpAddress", Family.IP_ADDRESS, ip_address.within),
        Kind("NotIpAddress", Family.IP_ADDRESS, ip_address.within, negated=True),
        Kind("ArnEquals", Family.ARN, arn.like),
        Kind("ArnLike", Family.ARN, arn.like),
        Kind("ArnNotEquals", Family.ARN, arn.like, negated=True),
        Kind("ArnNotLike", Family.ARN, arn.like, negated=True),
        Kind("Null", Family.NULL, None),
    )
}
"""By name in lower case. Source: "IAM JSON policy elements: Condition operators", IAM User Guide."""


@dataclass(frozen=True, slots=True)
class Operator:
    """An operator as it stands in a policy: `ForAllValues:StringNotLikeIfExists`."""

    kind: Kind
    set_operator: SetOperator | None = None
    if_exists: bool = False


def parse_operator(text: str) -> Operator | None:
    """Read an operator, in any case; None if AWS has none of that name."""
    prefix, _, name = text.lower().rpartition(":")
    if_exists = name.endswith("ifexists")
    kind = KINDS.get(name.removesuffix("ifexists"))
    set_operators = {operator.value.lower(): operator for operator in SetOperator}
    if kind is None or (prefix and prefix not in set_operators):
        return None
    if kind.family is Family.NULL and (if_exists or prefix):
        return None
    return Operator(kind, set_operators.get(prefix), if_exists)
