"""Records → requests: which context keys are known, absent and unknown, and what the evaluator makes of it."""

from __future__ import annotations

import json
from functools import cache

import pytest

from orgctl.manifest import load
from orgctl.policy.explanation import Decision
from orgctl.replay.circumstances import circumstances_of
from orgctl.replay.event import event_of
from orgctl.replay.principals import caller_of
from orgctl.replay.request import replay
from orgctl.simulator import Simulator
from orgctl.state.offline import offline
from tests.replay.records import DEV, JANE, SHOP, event, record, session
from tests.simulate.asking import EXAMPLE

ENDPOINT = {"vpcEndpointId": "vpce-1", "sourceIPAddress": "10.0.0.4"}
LINKED = f"arn:aws:iam::{SHOP}:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS"
MISSING = object()
UNKNOWN = object()
KEYS: list[tuple[dict[str, object], str, object]] = [
    ({}, "aws:PrincipalArn", DEV),
    ({"userIdentity": session(sessionContext=None)}, "aws:PrincipalArn", UNKNOWN),
    ({}, "aws:userid", "AROAEXAMPLE:jane"),
    ({}, "aws:MultiFactorAuthPresent", False),
    ({}, "aws:MultiFactorAuthAge", MISSING),
    ({"userIdentity": JANE}, "aws:MultiFactorAuthPresent", MISSING),
    ({"userIdentity": JANE}, "aws:TokenIssueTime", MISSING),
    ({"userIdentity": {**JANE, "sessionContext": 1}}, "aws:MultiFactorAuthPresent", UNKNOWN),
    ({"userIdentity": session(sessionContext={})}, "aws:MultiFactorAuthPresent", UNKNOWN),
    ({}, "aws:TokenIssueTime", "2026-11-02T08:00:00Z"),
    ({}, "aws:SourceIdentity", MISSING),
    ({"userIdentity": session(sessionContext={"sourceIdentity": "jane"})}, "aws:SourceIdentity", "jane"),
    ({"userIdentity": session(sessionContext={"sourceIdentity": []})}, "aws:SourceIdentity", UNKNOWN),
    ({"userIdentity": session(sessionContext={"ec2RoleDelivery": "2.0"})}, "ec2:RoleDelivery", "2.0"),
    ({}, "aws:RequestedRegion", "eu-west-1"),
    ({"awsRegion": None}, "aws:RequestedRegion", UNKNOWN),
    ({}, "aws:CurrentTime", "2026-11-02T09:00:00Z"),
    ({}, "aws:EpochTime", 1793610000),
    ({"eventTime": "soon"}, "aws:CurrentTime", UNKNOWN),
    ({}, "aws:UserAgent", "aws-cli/2"),
    ({"userAgent": "cloudformation.amazonaws.com"}, "aws:UserAgent", UNKNOWN),
    ({}, "aws:SecureTransport", UNKNOWN),
    ({"tlsDetails": {"tlsVersion": "TLSv1.3"}}, "aws:SecureTransport", True),
    ({}, "aws:ViaAWSService", False),
    ({}, "aws:CalledVia", MISSING),
    ({"userIdentity": session(invokedBy="cloudformation.amazonaws.com")}, "aws:ViaAWSService", UNKNOWN),
    ({"sourceIPAddress": "cloudformation.amazonaws.com"}, "aws:ViaAWSService", UNKNOWN),
    ({"sourceIPAddress": "AWS Internal"}, "aws:CalledVia", UNKNOWN),
    ({}, "aws:SourceIp", "192.0.2.4"),
    ({"sourceIPAddress": "2001:db8::1"}, "aws:SourceIp", "2001:db8::1"),
    ({"sourceIPAddress": "cloudformation.amazonaws.com"}, "aws:SourceIp", UNKNOWN),
    ({}, "aws:SourceVpce", MISSING),
    ({}, "aws:VpcSourceIp", MISSING),
    (ENDPOINT, "aws:SourceVpce", "vpce-1"),
    (ENDPOINT, "aws:VpcSourceIp", "10.0.0.4"),
    (ENDPOINT, "aws:SourceIp", MISSING),
    (ENDPOINT, "aws:SourceVpc", UNKNOWN),
    ({"vpcEndpointId": 7}, "aws:SourceVpce", UNKNOWN),
    ({**ENDPOINT, "vpcEndpointAccountId": SHOP}, "aws:VpceAccount", SHOP),
    ({}, "aws:PrincipalTag/team", UNKNOWN),
    ({"userIdentity": {"type": "AWSService", "invokedBy": "events.amazonaws.com"}}, "aws:userid", UNKNOWN),
]


@pytest.mark.parametrize(("more", "key", "expected"), KEYS)
def test_circumstances(more: dict[str, object], key: str, expected: object) -> None:
    """A key has the recorded value, or is absent because the record would show it, or nothing is known of it."""
    made = event(**more)
    told = circumstances_of(made, caller_of(made))
    found = told.known.get(key, MISSING if key in told.absent else UNKNOWN)
    assert expected == found


@cache
def simulator() -> Simulator:
    return Simulator(offline(load(EXAMPLE), {}))


STOP = {
    "eventSource": "ec2.amazonaws.com",
    "eventName": "StopInstances",
    "requestParameters": {"instancesSet": {"items": [{"instanceId": "i-1"}, {"instanceId": "i-2"}]}},
}
DECIDED = [
    ({}, [(Decision.ALLOWED, ())]),
    ({"awsRegion": "ap-south-1"}, [(Decision.EXPLICIT_DENY, ())]),
    ({"awsRegion": "ap-south-1", "userIdentity": session(LINKED)}, [(Decision.ALLOWED, ())]),
    ({"awsRegion": None}, [(Decision.UNKNOWN, ("aws:RequestedRegion",))]),
    (STOP, [(Decision.EXPLICIT_DENY, ())] * 2),
    ({**STOP, "requestParameters": {}}, [(Decision.EXPLICIT_DENY, ())]),
    ({"eventName": "DeleteQueue"}, [(Decision.UNKNOWN, ("aws:PrincipalTag/team",))]),
    ({"eventName": "Ponder"}, []),
    ({"userIdentity": None}, []),
    ({"eventType": "AwsServiceEvent"}, []),
]


@pytest.mark.parametrize(("more", "expected"), DECIDED)
def test_requests_are_decided(more: dict[str, object], expected: list[tuple[Decision, tuple[str, ...]]]) -> None:
    """One request for each resource; what the record does not hold and a policy asks for, the answer hangs on."""
    answers = [simulator().answer(request) for request in replay(event(**more)).requests(simulator())]
    assert expected == [(answer.decision, answer.unknown_keys) for answer in answers]


REASONS = [
    ({"eventName": "Ponder"}, "`sqs` has no action `Ponder`"),
    ({"userIdentity": None}, "the record does not say who called"),
    ({"eventType": "AwsServiceEvent"}, "it records no call, but `AwsServiceEvent`"),
    ({}, None),
]


@pytest.mark.parametrize(("more", "reason"), REASONS)
def test_what_makes_no_request_has_a_reason(more: dict[str, object], reason: str | None) -> None:
    """No caller, no action, no call: each is said."""
    assert reason == replay(event(**more)).reason


CURIOUS = ("aws:PrincipalTag/team", "aws:RequestTag/team", "aws:ResourceTag/team", "aws:SourceArn", "ec2:InstanceType")
CARRIED = [
    ("sqs.amazonaws.com", "DeleteQueue", {"aws:PrincipalTag/team", "aws:ResourceTag/team"}),
    ("sqs.amazonaws.com", "CreateQueue", {"aws:PrincipalTag/team", "aws:RequestTag/team", "aws:ResourceTag/team"}),
    ("sqs.amazonaws.com", "ListQueues", {"aws:PrincipalTag/team"}),
    ("ec2.amazonaws.com", "StopInstances", {"aws:PrincipalTag/team", "aws:ResourceTag/team", "ec2:InstanceType"}),
]


@pytest.mark.parametrize(("source", "name", "unknown"), CARRIED)
def test_keys_that_no_such_request_carries_are_absent(source: str, name: str, unknown: set[str]) -> None:
    """A key of another service, tags of an action without, what only services send: none of them is unknown."""
    statement = {
        "Effect": "Deny",
        "Action": "*",
        "Resource": "*",
        "Condition": {"Null": dict.fromkeys(CURIOUS, "true")},
    }
    asked = simulator().replacing("scp/guardrails", json.dumps({"Version": "2012-10-17", "Statement": statement}))
    (request,) = replay(event(eventSource=source, eventName=name)).requests(asked)
    assert unknown == set(request.unknown.values()) & set(CURIOUS)


def test_a_record_read_from_text_is_the_same() -> None:
    """Nothing hangs on whether a record came as text or as a value."""
    one, other = (replay(event_of(each)) for each in (record(), json.loads(json.dumps(record()))))
    assert one.requests(simulator()) == other.requests(simulator())
