"""Date operators: ISO 8601 in the W3C profile, or seconds of the epoch, on either side.

Source: "IAM JSON policy elements: Condition operators", Date condition operators; W3C note "Date and Time Formats".
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from orgctl.policy.conditions.family import Prepare
from orgctl.policy.conditions.ordered import comparison

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LEAST = (1, 1, 1, 0, 0, 0)
_SECONDS = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")
_YEAR = re.compile(r"[0-9]{4}")
_DATE = re.compile(
    r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2})(?:T([0-9]{2}):([0-9]{2})(?::([0-9]{2})(\.[0-9]+)?)?"
    r"(?:Z|([+-])([0-9]{2}):([0-9]{2})))?)?)?"
)


def seconds(text: str) -> Decimal | None:
    """The moment in seconds since 1970 in UTC, or None if it is no date. A date without a time is its first moment."""
    if _SECONDS.fullmatch(text):
        return Decimal(text)
    found = _DATE.fullmatch(text)
    if found is None:
        return None
    *parts, fraction, sign, hours, minutes = found.groups()
    year, month, day, hour, minute, second = (int(part or least) for part, least in zip(parts, _LEAST, strict=True))
    try:
        moment = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    except ValueError:
        return None
    shift = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
    past = (moment - _EPOCH) - (shift if sign == "+" else -shift)
    return Decimal(past.days * 86_400 + past.seconds) + Decimal(fraction or 0)


def is_ambiguous(text: str) -> bool:
    """Four digits are a year in ISO 8601 and a second of 1970 in epoch seconds; AWS does not say which."""
    return _YEAR.fullmatch(text) is not None


def date(relation: str) -> Prepare:
    """The operator for a relation: `==`, `<`, `<=`, `>`, `>=`."""
    return comparison(seconds, relation, is_ambiguous)
