"""Rows hold all that is asked about a call: records → rows → requests."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from hypothesis import assume, given

from orgctl.policy.conditions.date import seconds
from orgctl.policy.request import Request
from orgctl.replay.columns import COLUMNS, Row
from orgctl.replay.event import event_of
from orgctl.replay.facts import request_of, row_of
from orgctl.replay.keys import RECORDED
from orgctl.replay.request import replay
from tests.replay.drawn import records
from tests.replay.places import concerns, simulator

TIMES = ("aws:currenttime", "aws:tokenissuetime")
READ_STRICTLY = {*TIMES, "aws:epochtime"}
"""What a row holds only if it can be read as a moment."""

EVERY_KEY = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Deny",
            "Action": "*",
            "Resource": "*",
            "Condition": {"Null": dict.fromkeys((*RECORDED, "aws:PrincipalTag/team", "aws:SourceAccount"), "true")},
        }
    ],
}
SIMULATOR = simulator(EVERY_KEY)


def test_a_row_has_the_columns_of_the_table() -> None:
    """The table of columns and the fields of a row are the same, in the same order."""
    assert [column.name for column in COLUMNS] == [field.name for field in fields(Row)]


def comparable(request: Request) -> tuple[Any, ...]:
    """All that is asked, moments as numbers: a row keeps the moment, and not how it was written."""
    context = {key: seconds(str(value)) if key in TIMES else value for key, value in request.context.items()}
    return request.action, request.resource, request.principal, request.owner, context, set(request.unknown)


@given(records())
def test_a_row_keeps_what_a_record_tells(record: dict[str, Any]) -> None:
    """What is asked by way of a row is what is asked of the record; a row may only know less, never something else."""
    event = event_of(record)
    row = row_of(event)
    assume(concerns(row))
    straight = [] if row.why else [comparable(request) for request in replay(event).requests(SIMULATOR)]
    by_row = [comparable(request) for request in request_of(row, SIMULATOR)]
    assert [without(one, two[5]) for one, two in zip(straight, by_row, strict=True)] == by_row
    assert all(two[5] - one[5] <= READ_STRICTLY for one, two in zip(straight, by_row, strict=True))


def without(request: tuple[Any, ...], keys: set[str]) -> tuple[Any, ...]:
    """The same request, of which these keys are not known."""
    return *request[:4], {key: value for key, value in request[4].items() if key not in keys}, request[5] | keys
