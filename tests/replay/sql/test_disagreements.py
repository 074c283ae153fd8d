"""Cases in which the query once said something else than the evaluator."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from orgctl.policy.truth import Truth
from orgctl.replay.event import event_of
from orgctl.replay.facts import row_of
from orgctl.replay.sql.query import compile_policies
from tests.replay.places import simulator
from tests.replay.records import record, session
from tests.replay.sql.engines import Engines, compare, decide

ENGINES = Engines()
OUTSIDE_REGION = {
    "Effect": "Deny",
    "Action": "*",
    "Resource": "*",
    "Condition": {"StringNotEquals": {"aws:RequestedRegion": "eu-west-1"}},
}
NAMELESS = {"requestParameters": {}, "recipientAccountId": None}

CASES: list[tuple[str, dict[str, Any], dict[str, Any], Truth, Truth]] = [
    ("who owns what is not named, SQL leaves open", OUTSIDE_REGION, {**NAMELESS, "awsRegion": "us-east-1"}, None, True),
    ("unless nothing denies it, whoever that is", OUTSIDE_REGION, {**NAMELESS, "awsRegion": "eu-west-1"}, False, False),
]


@pytest.mark.parametrize(
    ("rcp", "more", "by_sql", "denied"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_the_query_is_the_evaluator(rcp: dict[str, Any], more: dict[str, Any], by_sql: Truth, denied: Truth) -> None:
    """What SQL decides, the evaluator decides so, too."""
    place = simulator(rcps=({"Version": "2012-10-17", "Statement": [rcp]},))
    row = row_of(event_of(record(**more)))
    assert (ENGINES.denied([row], compile_policies((place,))), decide(place, row)) == ([by_sql], denied)


def delivered(operator: str, value: str) -> dict[str, Any]:
    condition = {operator: {"ec2:RoleDelivery": value}}
    return {"Version": "2012-10-17", "Statement": [{**OUTSIDE_REGION, "Condition": condition}]}


NUMBERS: list[tuple[str, str, str, Truth]] = [
    ("NumericEquals", "2.0004", "2.0004", True),
    ("NumericEquals", "2.0004", "2.000", False),
    ("NumericGreaterThan", "999999999999999999", "2.0", False),
    ("NumericLessThan", "999999999999999999.999999999", "2.0", True),
]


@pytest.mark.parametrize(("operator", "value", "told", "holds"), NUMBERS)
def test_numbers_keep_their_digits(operator: str, value: str, told: str, holds: Truth) -> None:
    """Decimals are not rounded, and long numbers are not refused."""
    caller = session()
    caller["sessionContext"] = {**caller["sessionContext"], "ec2RoleDelivery": told}
    found = compare(ENGINES, delivered(operator, value), [row_of(event_of(record(userIdentity=caller)))])
    assert (Counter({holds: 1}), 0, []) == (found.outcomes, found.left, found.wrong)
