"""Operators that do not fit what the key holds.

Source: "IAM JSON policy elements: Condition operators" (IAM User Guide): where the types differ, nothing matches.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from orgctl.lint import catalogue
from orgctl.lint.check import Check, Finding
from orgctl.lint.keys import KeyType
from orgctl.lint.subject import Subject
from orgctl.policy.conditions.operators import Family

_FITTING: Mapping[KeyType, frozenset[Family]] = {
    KeyType.STRING: frozenset({Family.STRING, Family.BINARY}),
    KeyType.ARN: frozenset({Family.ARN, Family.STRING}),
    KeyType.BOOL: frozenset({Family.BOOL}),
    KeyType.NUMERIC: frozenset({Family.NUMERIC}),
    KeyType.DATE: frozenset({Family.DATE, Family.NUMERIC}),
    KeyType.IP_ADDRESS: frozenset({Family.IP_ADDRESS}),
}
_BEST: Mapping[KeyType, str] = {
    KeyType.STRING: "`StringEquals` or `StringLike`",
    KeyType.ARN: "`ArnEquals` or `ArnLike`",
    KeyType.BOOL: "`Bool`",
    KeyType.NUMERIC: "`NumericEquals` or `NumericLessThan`",
    KeyType.DATE: "`DateEquals` or `DateLessThan`",
    KeyType.IP_ADDRESS: "`IpAddress` or `NotIpAddress`",
}


def operator_types(subject: Subject) -> Iterator[Finding]:
    """The operator's family fits the key's type. Where a key of text holds ARNs or true and false, theirs do too."""
    for _, condition, operator in subject.conditions:
        key = catalogue.find_key(condition.key) if "@{" not in condition.key else None
        family = operator.kind.family
        if key is None or family is Family.NULL or family in _FITTING[key.type]:
            continue
        if key.type is KeyType.STRING and _is_worn_as(family, condition.values):
            continue
        if family is Family.STRING and catalogue.is_providers(condition.key):
            continue  # a token's claims are text, whatever AWS's table calls them
        message = f"`{condition.key}` holds {key.type.value}, which `{condition.operator}` does not compare"
        yield Finding(subject.at_condition(condition), message, f"compare it by {_BEST[key.type]}")


def _is_worn_as(family: Family, values: tuple[str, ...]) -> bool:
    """Whether the values speak for AWS's table being too coarse: it calls much text that is more."""
    match family:
        case Family.ARN:
            return all(value.startswith(("arn:", "@{")) for value in values)
        case Family.BOOL:
            return all(value.lower() in ("true", "false") for value in values)
        case _:
            return False


OPERATOR_TYPES = Check("L301", "An operator that does not fit what the key holds", operator_types)
