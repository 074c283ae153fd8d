"""Cases in which the query once said something else than the evaluator."""

from __future__ import annotations

from typing import Any

import pytest

from orgctl.policy.truth import Truth
from orgctl.replay.event import event_of
from orgctl.replay.facts import row_of
from orgctl.replay.sql.query import compile_policies
from tests.replay.places import simulator
from tests.replay.records import record
from tests.replay.sql.engines import Engines, decide

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
