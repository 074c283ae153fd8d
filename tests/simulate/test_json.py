"""The JSON of every way to ask holds the fields that the reference promises, and no others."""

from __future__ import annotations

import json
from collections.abc import Iterator

from docs.pages.decision_json import BATCH, DECISION, DECISIONS, Fields
from orgctl.api.blaming import blame
from orgctl.views.decision_json import decision_json, decisions_json
from tests.docs.test_reference import paths
from tests.simulate.asking import EXAMPLE, batch, rule
from tests.simulate.test_recorded import SCP_ARN, WHO, event

CONDITIONS = {"Null": {"aws:TagKeys": "false"}, "StringNotEquals": {"aws:PrincipalTag/x": "2"}}
DENY = {"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": CONDITIONS}


def found(values: list[object], fields: Fields) -> set[str]:
    return {path for value in values for path in paths(value, fields)}


def rulings() -> Iterator[object]:
    for ruling in (
        rule("sqs:SendMessage"),
        rule("ec2:CreateVpc", context={"aws:RequestedRegion": "ap-south-1"}),
        rule("sqs:DeleteQueue"),
        rule("ec2:CreateVpc"),
        rule("sqs:Ponder", principal="999999999999"),
        rule("sqs:DeleteQueue", context={"aws:PrincipalTag/team": ["a", "b"]}),
        rule("sqs:DeleteQueue", "111111111111"),
        *blame(EXAMPLE, f"{WHO} with an explicit deny in a service control policy: {SCP_ARN}"),
        *blame(EXAMPLE, json.dumps(event(eventName="DeleteQueue", awsRegion="eu-west-1"))),
    ):
        yield json.loads(decision_json(ruling))


def test_a_decision_is_what_the_reference_says() -> None:
    """Every field of real answers is documented, and every documented field is there."""
    assert found(list(rulings()), DECISION) == set(DECISION)


def test_decisions_of_an_event_are_what_the_reference_says() -> None:
    """The answer to an event is a list of decisions."""
    value = json.loads(decisions_json(blame(EXAMPLE, json.dumps(event()))))
    assert found([value], DECISIONS) == set(DECISIONS)


def test_answers_to_lines_are_what_the_reference_says() -> None:
    """The answers to lines are short: a decision and what brought it, or an error."""
    lines = [
        {"id": 1, "account": "shop", "action": "sqs:DeleteQueue"},
        {"id": 2, "action": "sqs:DeleteQueue"},
        {
            "id": 3,
            "action": "sqs:DeleteQueue",
            "policies": {"scp": [[{"Version": "2012-10-17", "Statement": [DENY]}]]},
            "context": {"aws:TagKeys": "a", "aws:PrincipalTag/x": ["1", "2"]},
        },
    ]
    answers = [json.loads(answer) for answer in batch().answers(json.dumps(line).encode() for line in lines)]
    assert found(answers, BATCH) == set(BATCH)
