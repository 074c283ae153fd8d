"""Access-denied messages and CloudTrail events: what they say, and who denied them."""

from __future__ import annotations

import json

import pytest

from orgctl.api.blaming import blame
from orgctl.errors import InvalidInputError
from orgctl.policy.explanation import Decision
from orgctl.replay.denial_message import find_denial
from tests.simulate.asking import EXAMPLE, text_of

USER = "arn:aws:iam::222222222222:user/Jane"
SESSION = "arn:aws:sts::222222222222:assumed-role/Dev/jane"
QUEUE = "arn:aws:sqs:ap-south-1:222222222222:q"
HERE = "arn:aws:sqs:us-east-1:222222222222:q"
SCP_ARN = "arn:aws:organizations::111111111111:policy/o-exampleorg1/service_control_policy/p-2kgnabcd"
WHO = f"User: {USER} is not authorized to perform: sqs:SendMessage"

MESSAGES = [
    (f"{WHO} with an explicit deny in a service control policy", None, "service control policy", True, None),
    (
        f"{WHO} on resource: {QUEUE} with an explicit deny in a service control policy",
        QUEUE,
        "service control policy",
        True,
        None,
    ),
    (
        (
            f"An error occurred (AccessDenied) when calling the SendMessage operation: {WHO} on resource: {QUEUE}"
            f" with an explicit deny in a service control policy: {SCP_ARN}"
        ),
        QUEUE,
        "service control policy",
        True,
        SCP_ARN,
    ),
    (
        f"{WHO} because no service control policy allows the sqs:SendMessage action",
        None,
        "service control policy",
        False,
        None,
    ),
    (
        f"{WHO} on resource: {QUEUE} with an explicit deny in a resource control policy",
        QUEUE,
        "resource control policy",
        True,
        None,
    ),
    (
        f"{WHO} because no resource control policy allows the sqs:SendMessage action",
        None,
        "resource control policy",
        False,
        None,
    ),
    (
        f"{WHO} on resource: {QUEUE} because no identity-based policy allows the sqs:SendMessage action",
        QUEUE,
        "identity-based policy",
        False,
        None,
    ),
    (
        f"{WHO} on resource: {QUEUE} with an explicit deny in an identity-based policy",
        QUEUE,
        "identity-based policy",
        True,
        None,
    ),
    (
        (
            f"{WHO} on resource: {QUEUE} with an explicit deny in an identity-based policy:"
            " arn:aws:iam::222222222222:policy/Mine"
        ),
        QUEUE,
        "identity-based policy",
        True,
        "arn:aws:iam::222222222222:policy/Mine",
    ),
    (
        f"{WHO} on resource: {QUEUE} because no resource-based policy allows the sqs:SendMessage action",
        QUEUE,
        "resource-based policy",
        False,
        None,
    ),
    (
        f"{WHO} on resource: {QUEUE} with an explicit deny in a resource-based policy",
        QUEUE,
        "resource-based policy",
        True,
        None,
    ),
    (
        f"{WHO} because no permissions boundary allows the sqs:SendMessage action",
        None,
        "permissions boundary",
        False,
        None,
    ),
    (f"{WHO} with an explicit deny in a permissions boundary", None, "permissions boundary", True, None),
    (f"{WHO} because no session policy allows the sqs:SendMessage action", None, "session policy", False, None),
    (f"{WHO} with an explicit deny in a session policy", None, "session policy", True, None),
    (
        f"{WHO} because no VPC endpoint policy allows the sqs:SendMessage action",
        None,
        "VPC endpoint policy",
        False,
        None,
    ),
    (f"{WHO} with an explicit deny in a VPC endpoint policy", None, "VPC endpoint policy", True, None),
    (f"{WHO} with an explicit deny in the role trust policy", None, "role trust policy", True, None),
    (f"{WHO} because no role trust policy allows the sts:AssumeRole action", None, "role trust policy", False, None),
    *(
        (f"{WHO} on resource: {QUEUE} with an explicit deny in a {kind}: {arn}", QUEUE, kind, True, arn)
        for kind, arn in (
            ("service control policy", SCP_ARN),
            ("resource control policy", SCP_ARN.replace("service_control", "resource_control")),
            ("permissions boundary", "arn:aws:iam::222222222222:policy/path/Boundary"),
            ("session policy", "arn:aws:iam::aws:policy/ReadOnlyAccess"),
            ("resource-based policy", QUEUE),
        )
    ),
    *(
        (f"{WHO} on resource: {QUEUE} because no {kind} allows the sqs:SendMessage action", QUEUE, kind, False, None)
        for kind in (
            *("service control policy", "resource control policy", "VPC endpoint policy", "permissions boundary"),
            *("session policy", "resource-based policy", "identity-based policy"),
        )
    ),
    (
        f'{WHO} on resource: "{QUEUE}" with an explicit deny in a resource control policy, with policy ARN: {SCP_ARN}',
        QUEUE,
        "resource control policy",
        True,
        SCP_ARN,
    ),
    (
        f"{WHO} on resource: {QUEUE} with an explicit deny in a VPC endpoint policy transitively through an SCP",
        QUEUE,
        "VPC endpoint policy",
        True,
        None,
    ),
    (
        f"{WHO} due to an explicit deny in a Service Control Policy",
        None,
        "service control policy",
        True,
        None,
    ),
    (f"{WHO} on resource: {QUEUE} with an explicit deny", QUEUE, None, True, None),
    (
        f"{WHO} on resource: {QUEUE} because public ACLs are blocked by a block public access setting",
        QUEUE,
        None,
        False,
        None,
    ),
    (
        (
            f"You are not authorized to perform this operation. {WHO} on resource: {QUEUE} with an explicit deny in a"
            " service control policy. Encoded authorization failure message: XQ_jqde5rHje6j9P-qke7"
        ),
        QUEUE,
        "service control policy",
        True,
        None,
    ),
    (f"{WHO} on resource: {QUEUE}", QUEUE, None, False, None),
    (f"{WHO} on resource: {QUEUE} (Service: Sqs, Status Code: 403, Request ID: x)", QUEUE, None, False, None),
    (
        f"{WHO}\n    on resource: {QUEUE}\n    with an explicit deny in a\n    service control policy\n",
        QUEUE,
        "service control policy",
        True,
        None,
    ),
    (
        f'{WHO} on resource: "{QUEUE}" with an explicit deny in a service control policy',
        QUEUE,
        "service control policy",
        True,
        None,
    ),
    (
        f"{WHO} on resource: arn:aws:s3:::b/two words because no identity-based policy allows the x action",
        "arn:aws:s3:::b/two words",
        "identity-based policy",
        False,
        None,
    ),
]


@pytest.mark.parametrize(("text", "resource", "layer", "explicit", "policy"), MESSAGES)
def test_messages(text: str, resource: str | None, layer: str | None, explicit: bool, policy: str | None) -> None:
    """Every wording gives the caller, the action, the resource, the kind of policy and its ARN where there is one."""
    found = find_denial(text)
    assert found is not None
    assert (USER, "sqs:SendMessage", resource) == (found.principal, found.action, found.resource)
    assert (layer, explicit, policy) == (found.reported.layer, found.reported.explicit, found.reported.policy)


@pytest.mark.parametrize("text", ["", "Access Denied", "User: x", "is not authorized to perform: a:b"])
def test_what_is_no_message_is_refused(text: str) -> None:
    """A text that names no caller and action is not understood, and the user is told what is wanted."""
    with pytest.raises(InvalidInputError, match="neither an access-denied message nor an event"):
        blame(EXAMPLE, text)


def event(**more: object) -> dict[str, object]:
    return {
        "userIdentity": {
            "type": "AssumedRole",
            "principalId": "AROAEXAMPLE:jane",
            "arn": SESSION,
            "accountId": "222222222222",
            "sessionContext": {
                "sessionIssuer": {"type": "Role", "arn": "arn:aws:iam::222222222222:role/path/Dev"},
                "attributes": {"creationDate": "2026-11-02T08:00:00Z", "mfaAuthenticated": "false"},
            },
        },
        "eventTime": "2026-11-02T09:00:00Z",
        "eventSource": "sqs.amazonaws.com",
        "eventName": "SendMessage",
        "awsRegion": "ap-south-1",
        "sourceIPAddress": "192.0.2.4",
        "userAgent": "aws-cli/2",
        "errorCode": "AccessDenied",
        "recipientAccountId": "222222222222",
        **more,
    }


JANE = {"type": "IAMUser", "arn": USER, "accountId": "222222222222", "principalId": "AIDAEXAMPLE"}
STOP = {"eventSource": "ec2.amazonaws.com", "eventName": "StopInstances", "awsRegion": "eu-west-1"}
EVENTS = [
    (event(), Decision.EXPLICIT_DENY, "OnlyOurRegions", ()),
    (event(awsRegion="eu-west-1"), Decision.ALLOWED, None, ()),
    (event(**STOP), Decision.EXPLICIT_DENY, "StopWithMfa", ()),
    (event(**STOP, userIdentity=JANE), Decision.EXPLICIT_DENY, "StopWithMfa", ()),
    (event(eventName="DeleteQueue", awsRegion="eu-west-1"), Decision.UNKNOWN, "TeamsOnly", ("aws:PrincipalTag/team",)),
    (
        event(eventSource="lambda.amazonaws.com", eventName="UpdateFunctionCode20150331v2", awsRegion="eu-west-1"),
        Decision.ALLOWED,
        None,
        (),
    ),
    (
        event(
            eventSource="ec2.amazonaws.com",
            eventName="RunInstances",
            awsRegion="eu-west-1",
            errorMessage=(
                f"You are not authorized to perform this operation. User: {SESSION} is not authorized to perform: "
                "ec2:RunInstances on resource: arn:aws:ec2:eu-west-1:222222222222:instance/* with an explicit deny "
                "in a service control policy. Encoded authorization failure message: abc"
            ),
        ),
        Decision.UNKNOWN,
        "statement 4",
        ("ec2:InstanceType",),
    ),
    (
        event(
            userIdentity={"type": "AWSAccount", "accountId": "999999999999", "principalId": "AIDA"},
            eventSource="s3.amazonaws.com",
            eventName="GetObject",
            requestParameters={"bucketName": "b", "key": "k"},
            resources=[
                {"ARN": "arn:aws:s3:::b/k", "type": "AWS::S3::Object"},
                {"ARN": "arn:aws:s3:::b", "accountId": "222222222222", "type": "AWS::S3::Bucket"},
            ],
        ),
        Decision.EXPLICIT_DENY,
        "OnlyOurIdentities",
        (),
    ),
    (
        event(userIdentity={"type": "Root", "arn": "arn:aws:iam::222222222222:root", "accountId": "222222222222"}),
        Decision.EXPLICIT_DENY,
        "OnlyOurRegions",
        (),
    ),
    (
        event(userIdentity={"type": "AWSService", "invokedBy": "events.amazonaws.com"}),
        Decision.ALLOWED,
        None,
        (),
    ),
    (event(userIdentity={"type": "SAMLUser", "principalId": "x:y"}), Decision.ALLOWED, None, ()),
]


@pytest.mark.parametrize(("record", "decision", "statement", "keys"), EVENTS)
def test_events(record: dict[str, object], decision: Decision, statement: str | None, keys: tuple[str, ...]) -> None:
    """An event is decided from what it records; what it does not record and matters, is unknown and named."""
    (ruling,) = blame(EXAMPLE, json.dumps(record))
    by = ruling.answer.decided_by[0].statement if decision is not Decision.ALLOWED else None
    assert (decision, statement, keys) == (ruling.answer.decision, by, ruling.answer.unknown_keys)


def test_an_event_gives_its_circumstances() -> None:
    """Region, address, time, MFA and the role with its path come from the record."""
    (ruling,) = blame(EXAMPLE, json.dumps(event(vpcEndpointId="vpce-1", tlsDetails={"tlsVersion": "TLSv1.3"})))
    context = ruling.context
    assert {key: value for key, value in context.items() if not key.startswith(("aws:Resource", "aws:Principal"))} | {
        "aws:PrincipalArn": context["aws:PrincipalArn"]
    } == {
        "aws:PrincipalArn": "arn:aws:iam::222222222222:role/path/Dev",
        "aws:MultiFactorAuthPresent": "false",
        "aws:TokenIssueTime": "2026-11-02T08:00:00Z",
        "aws:userid": "AROAEXAMPLE:jane",
        "aws:RequestedRegion": "ap-south-1",
        "aws:VpcSourceIp": "192.0.2.4",
        "aws:SourceVpce": "vpce-1",
        "aws:UserAgent": "aws-cli/2",
        "aws:CurrentTime": "2026-11-02T09:00:00Z",
        "aws:EpochTime": "1793610000",
        "aws:SecureTransport": "true",
        "aws:ViaAWSService": "false",
    }


SHAPES = [
    ({"Records": [event()]}, 1),
    ([event(), event()], 2),
    ({"Records": [event(), event(errorCode="")]}, 1),
    ({"Records": [event(errorCode=""), event(errorCode="Throttling")]}, 2),
    ({"Events": [{"EventId": "x", "CloudTrailEvent": json.dumps(event())}]}, 1),
    ({"version": "0", "detail-type": "AWS API Call via CloudTrail", "detail": event()}, 1),
]


@pytest.mark.parametrize(("value", "count"), SHAPES)
def test_events_come_in_many_wrappings(value: object, count: int) -> None:
    """Log files, look-ups and EventBridge all hold the same events; of several, the denied ones are answered."""
    assert count == len(blame(EXAMPLE, json.dumps(value)))


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({}, "there is no CloudTrail event in this JSON"),
        (
            event(userIdentity={"type": "Unknown"}),
            "a caller of the type `Unknown` without an ARN is nobody that IAM knows",
        ),
        (event(eventName="Ponder"), "`Ponder` cannot be asked about: `sqs` has no action `Ponder`"),
        (event(eventType="AwsServiceEvent"), "it records no call, but `AwsServiceEvent`"),
        (
            event(userIdentity={**JANE, "arn": f"arn:aws:iam::{'9' * 12}:user/Eve"}, recipientAccountId="9" * 12),
            "no account `999999999999`",
        ),
    ],
)
def test_events_that_cannot_be_asked_about(value: object, words: str) -> None:
    """What is no event, has no caller or is of no account here, is refused in words."""
    with pytest.raises(InvalidInputError, match=words):
        blame(EXAMPLE, json.dumps(value))


def test_an_account_without_an_id_can_be_named() -> None:
    """An event of an account whose id the manifest does not give, is held against the account that the user names."""
    text = WHO.replace("222222222222", "555555555555") + f" on resource: {QUEUE}"
    with pytest.raises(InvalidInputError, match="no account `555555555555`"):
        blame(EXAMPLE, text)
    (ruling,) = blame(EXAMPLE, text, "new")
    assert (ruling.account, ruling.answer.decision) == ("new", Decision.EXPLICIT_DENY)


def test_an_account_with_another_id_is_refused() -> None:
    """Naming an account whose id is another than the event's is a mistake."""
    with pytest.raises(InvalidInputError, match="`shop` is the account `222222222222`"):
        blame(EXAMPLE, WHO.replace("222222222222", "555555555555"), "shop")


TOLD = [
    (
        f"{WHO} on resource: {QUEUE} with an explicit deny in a service control policy: {SCP_ARN}",
        f"AWS denied it: a Deny in a service control policy, {SCP_ARN}",
    ),
    (
        f"{WHO} on resource: {QUEUE} because no identity-based policy allows the x action",
        "that kind of policy is not the organization's",
    ),
    (
        f"{WHO} on resource: {HERE} with an explicit deny in a service control policy",
        "what is deployed differs",
    ),
    (f"{WHO} on resource: {QUEUE}", "AWS denied it, and does not say which kind of policy did"),
    (f"{WHO} with an explicit deny", "AWS denied it, by a Deny, and does not say which kind of policy has it"),
]


@pytest.mark.parametrize(("text", "words"), TOLD)
def test_what_aws_said_is_told_beside_what_the_manifest_says(text: str, words: str) -> None:
    """Where the two differ, or another kind of policy denied, the reader learns it."""
    (ruling,) = blame(EXAMPLE, text)
    assert words in text_of(ruling)
