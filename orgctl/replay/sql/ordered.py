"""Numbers, dates and addresses in SQL: compared as whole numbers and moments, never as texts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from math import ceil, floor

from orgctl.policy.conditions.date import is_ambiguous, seconds
from orgctl.policy.conditions.ip_address import Block, block
from orgctl.policy.conditions.numeric import number
from orgctl.policy.truth import Truth
from orgctl.replay.sql.logic import FALSE, TRUE, UNKNOWN, chosen, constant, either, text

_EPOCH = datetime(1970, 1, 1)
_LARGEST = 10**18
_DECIMALS = 9
_DECIMAL = f"DECIMAL(28, {_DECIMALS})"
_NUMBER = r"(?s)\A[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)\z"
_PLAIN_NUMBER = r"(?s)\A[+-]?[0-9]{1,18}(?:\.[0-9]{1,9})?\z"
_RELATIONS = {
    "equals": "=",
    "notequals": "=",
    "lessthan": "<",
    "lessthanequals": "<=",
    "greaterthan": ">",
    "greaterthanequals": ">=",
}

Literal = Callable[[int], str]


def relation_of(name: str, family: str) -> str:
    """`<=` of `NumericLessThanEquals`, and `=` of the negated operators as well."""
    return _RELATIONS[name.lower().removeprefix(family.lower())]


def compared(subject: str, relation: str, limits: Iterable[Decimal], literal: Literal, least: int, most: int) -> str:
    """Whether a subject that has whole steps, from `least` to `most`, stands in a relation to one of the limits."""
    return either(*(_compared(subject, relation, limit, literal, least, most) for limit in sorted(set(limits))))


def _compared(subject: str, relation: str, limit: Decimal, literal: Literal, least: int, most: int) -> str:
    if relation == "=":
        whole = limit == limit.to_integral_value() and least <= limit <= most
        return f"{subject} = {literal(int(limit))}" if whole else FALSE
    if limit < least or limit > most:
        return TRUE if (limit > most) is relation.startswith("<") else FALSE
    step = ceil(limit) if relation in ("<", ">=") else floor(limit)
    return f"{subject} {relation} {literal(step)}"


def dates(subject: str, relation: str, values: tuple[str, ...], unreadable: Truth, *, moment: bool) -> str:
    """Before negation. The subject is a timestamp if it is a `moment`, else seconds as a whole number."""
    ambiguous = any(map(is_ambiguous, values))
    read = [seconds(value) for value in values if not is_ambiguous(value)]
    limits = [limit for limit in read if limit is not None]
    otherwise: Truth = None if ambiguous else False if len(limits) == len(values) else unreadable
    if moment:
        found = compared(subject, relation, (limit.scaleb(6) for limit in limits), _timestamp, *_TIMES)
    else:
        found = compared(subject, relation, limits, str, -_LARGEST, _LARGEST)
    return either(found, constant(otherwise))


def _timestamp(microseconds: int) -> str:
    return f"TIMESTAMP '{(_EPOCH + timedelta(microseconds=microseconds)).isoformat(' ', 'microseconds')}'"


_TIMES = tuple((moment - _EPOCH) // timedelta(microseconds=1) for moment in (datetime.min, datetime.max))


def whole_numbers(subject: str, relation: str, values: tuple[str, ...], unreadable: Truth) -> str:
    """Before negation; the subject is a whole number."""
    limits = [limit for value in values if (limit := number(value)) is not None]
    otherwise: Truth = False if len(limits) == len(values) else unreadable
    return either(compared(subject, relation, limits, str, -_LARGEST, _LARGEST), constant(otherwise))


def numbers_in_texts(subject: str, relation: str, values: tuple[str, ...], unreadable: Truth) -> str:
    """Before negation; the subject is a text. Numbers with very many digits are left open."""
    limits = [limit.scaleb(_DECIMALS) for value in values if (limit := number(value)) is not None]
    otherwise: Truth = False if len(limits) == len(values) else unreadable
    decimal = f"TRY_CAST({subject} AS {_DECIMAL})"
    found = compared(decimal, relation, limits, _decimal, -_LARGEST * 10**_DECIMALS, _LARGEST * 10**_DECIMALS)
    return chosen(
        (f"regexp_like({subject}, {text(_PLAIN_NUMBER)})", either(found, constant(otherwise))),
        (f"regexp_like({subject}, {text(_NUMBER)})", UNKNOWN),
        (TRUE, constant(unreadable)),
    )


def _decimal(steps: int) -> str:
    """Not as `DECIMAL '1.5'`, whose digits are counted in Trino only."""
    return f"CAST('{Decimal(steps).scaleb(-_DECIMALS):f}' AS {_DECIMAL})"


def addresses(values: tuple[str, ...], unreadable: Truth) -> str:
    """Before negation: whether the row's address, which it has, lies in one of the blocks."""
    blocks = [found for value in values if (found := block(value))]
    otherwise = constant(False if len(blocks) == len(values) else unreadable)
    four = [f"ipv4 BETWEEN {low} AND {high}" for low, high in _merged(blocks, 4)]
    six = [f"ipv6 BETWEEN '{low:032x}' AND '{high:032x}'" for low, high in _merged(blocks, 6)]
    return chosen(
        ("ipv4 IS NOT NULL", either(*four, otherwise)),
        ("ipv6 IS NOT NULL", either(*six, otherwise)),
    )


def _merged(blocks: Iterable[Block], version: int) -> list[tuple[int, int]]:
    """The blocks of a version, those that touch joined."""
    found: list[tuple[int, int]] = []
    for low, high in sorted((low, high) for kind, low, high in blocks if kind == version):
        if found and low <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(high, found[-1][1]))
        else:
            found.append((low, high))
    return found
