"""Each trap into which a reading of CloudTrail can fall, as a record and the verdict that is right."""

from __future__ import annotations

import pytest

from orgctl.replay.verdicts.verdict import Kind
from tests.impact.small import MANAGEMENT, OUTSIDE, REGIONS, SHOP, TEAMS, Statement
from tests.replay.records import JANE, session
from tests.replay.verdicts.judging import WORKLOADS, judge

HERE = f"scp@{WORKLOADS}"
FAR = {"awsRegion": "ap-south-1"}
LINKED = f"arn:aws:iam::{SHOP}:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS"
BREAK_GLASS = f"arn:aws:iam::{SHOP}:role/path/BreakGlass"
ORGANIZATION = f"arn:aws:iam::{MANAGEMENT}:role/Admin"


def deny(action: str, **more: object) -> Statement:
    return {"Sid": "S", "Effect": "Deny", "Action": action, "Resource": "*", **more}


def function(version: str = "") -> dict[str, object]:
    return {
        "eventSource": "lambda.amazonaws.com",
        "eventName": f"CreateFunction{version}",
        "requestParameters": {"functionName": "f"},
    }


def s3(name: str, bucket: str = "b", **more: object) -> dict[str, object]:
    return {"eventSource": "s3.amazonaws.com", "eventName": name, "requestParameters": {"bucketName": bucket, **more}}


def of(account: str) -> dict[str, object]:
    """Somebody of an account."""
    identity = session(f"arn:aws:iam::{account}:role/Admin")
    identity["arn"] = f"arn:aws:sts::{account}:assumed-role/Admin/jane"
    return {"userIdentity": {**identity, "accountId": account}, "recipientAccountId": account}


MFA = deny("sqs:*", Condition={"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}})
PLAIN_MFA = deny("sqs:*", Condition={"Bool": {"aws:MultiFactorAuthPresent": "false"}})
ENDPOINT = deny("sqs:*", Condition={"StringNotEquals": {"aws:SourceVpce": "vpce-1"}})
VPC = deny("sqs:*", Condition={"StringNotEquals": {"aws:SourceVpc": "vpc-1"}})
PRIVATE = {"vpcEndpointId": "vpce-1", "sourceIPAddress": "10.0.0.1"}
BY_SERVICE = {"sourceIPAddress": "ecs.amazonaws.com"}
ROOT = {"type": "Root", "arn": f"arn:aws:iam::{SHOP}:root", "accountId": SHOP}
NO_CALL = {"eventType": "AwsServiceEvent"}
REPORT = "it records no call, but `AwsServiceEvent`"
OFFICE = deny("sqs:*", Condition={"NotIpAddress": {"aws:SourceIp": "192.0.2.0/24"}})

TRAPS: list[tuple[str, dict[str, object], Statement, Kind, tuple[str, ...] | str]] = [
    ("an ordinary denial", FAR, REGIONS, Kind.NEWLY_DENIED, ()),
    ("an ordinary pass", {}, REGIONS, Kind.ALLOWED, ()),
    ("a session's role has its path", {**FAR, "userIdentity": session(BREAK_GLASS)}, REGIONS, Kind.ALLOWED, ()),
    (
        "a session whose role is not recorded",
        {**FAR, "userIdentity": session(sessionContext=None)},
        REGIONS,
        Kind.DEPENDS,
        ("aws:PrincipalArn",),
    ),
    ("a service-linked role", {**FAR, "userIdentity": session(LINKED)}, REGIONS, Kind.EXEMPT, "service-linked role"),
    ("the management account", {**FAR, **of(MANAGEMENT)}, REGIONS, Kind.EXEMPT, "management account"),
    ("somebody from outside", {**FAR, **of(OUTSIDE)}, REGIONS, Kind.EXEMPT, "outside identity"),
    (
        "a service without an account",
        {**FAR, "userIdentity": {"type": "AWSService", "invokedBy": "events.amazonaws.com"}},
        REGIONS,
        Kind.EXEMPT,
        "service principal",
    ),
    ("refused by code", {**FAR, "errorCode": "AccessDenied"}, REGIONS, Kind.REFUSED_ALREADY, ()),
    ("refused by EC2", {**FAR, "errorCode": "Client.UnauthorizedOperation"}, REGIONS, Kind.REFUSED_ALREADY, ()),
    ("failed otherwise", {**FAR, "errorCode": "ThrottlingException"}, REGIONS, Kind.NEWLY_DENIED, ()),
    ("a version in the name", function("20150331"), deny("lambda:CreateFunction"), Kind.NEWLY_DENIED, ()),
    ("a version and its revision", function("20150331v2"), deny("lambda:CreateFunction"), Kind.NEWLY_DENIED, ()),
    ("an event called otherwise", s3("ListObjects"), deny("s3:ListBucket"), Kind.NEWLY_DENIED, ()),
    ("and not as its name says", s3("ListObjects"), deny("s3:ListObjects"), Kind.ALLOWED, ()),
    ("an action of nobody's", {"eventName": "Ponder"}, REGIONS, Kind.UNDETERMINED, "`sqs` has no action `Ponder`"),
    ("a negated operator on an absent key", {}, ENDPOINT, Kind.NEWLY_DENIED, ()),
    ("and on the key itself", {"vpcEndpointId": "vpce-1"}, ENDPOINT, Kind.ALLOWED, ()),
    ("a VPC that is not recorded", {"vpcEndpointId": "vpce-1"}, VPC, Kind.DEPENDS, ("aws:SourceVpc",)),
    ("no VPC without an endpoint", {}, VPC, Kind.NEWLY_DENIED, ()),
    ("a private address is no public one", PRIVATE, OFFICE, Kind.NEWLY_DENIED, ()),
    ("a service's name is no address", BY_SERVICE, OFFICE, Kind.DEPENDS, ("aws:SourceIp",)),
    ("IPv6 is in no block of IPv4", {"sourceIPAddress": "2001:db8::1"}, OFFICE, Kind.NEWLY_DENIED, ()),
    ("long-term keys lack MFA", {"userIdentity": JANE}, PLAIN_MFA, Kind.ALLOWED, ()),
    ("and IfExists catches them", {"userIdentity": JANE}, MFA, Kind.NEWLY_DENIED, ()),
    ("a tag that is in no record", {"eventName": "DeleteQueue"}, TEAMS, Kind.DEPENDS, ("aws:PrincipalTag/team",)),
    ("readOnly as text", {**FAR, "readOnly": "true"}, REGIONS, Kind.NEWLY_DENIED, ()),
    ("resources that are null", {**FAR, "resources": None}, REGIONS, Kind.NEWLY_DENIED, ()),
    (
        "an ARN's prefix is no resource",
        {**s3("GetObject", key="k"), "resources": [{"ARNPrefix": "arn:aws:s3:::b/"}]},
        deny("s3:GetObject", Resource="arn:aws:s3:::b/k"),
        Kind.NEWLY_DENIED,
        (),
    ),
    (
        "a resource that cannot be told",
        {"requestParameters": None},
        deny("sqs:*", Resource="arn:aws:sqs:*:*:q"),
        Kind.UNDETERMINED,
        "the record does not tell which `queue`",
    ),
    ("and does not matter", {"requestParameters": None}, deny("sqs:*"), Kind.NEWLY_DENIED, ()),
    (
        "no type of identity",
        {**FAR, "userIdentity": {k: v for k, v in session().items() if k != "type"}},
        REGIONS,
        Kind.NEWLY_DENIED,
        (),
    ),
    ("no identity at all", {"userIdentity": None}, REGIONS, Kind.UNDETERMINED, "the record does not say who called"),
    ("no recipient", {**FAR, "recipientAccountId": None}, REGIONS, Kind.NEWLY_DENIED, ()),
    ("root of a member is bound", {**FAR, "userIdentity": ROOT}, REGIONS, Kind.NEWLY_DENIED, ()),
    (
        "what is no call",
        {**FAR, "eventType": "AwsServiceEvent"},
        REGIONS,
        Kind.UNDETERMINED,
        "it records no call, but `AwsServiceEvent`",
    ),
]


@pytest.mark.parametrize(
    ("more", "tried", "kind", "told"), [trap[1:] for trap in TRAPS], ids=[trap[0] for trap in TRAPS]
)
def test_a_trap(more: dict[str, object], tried: Statement, kind: Kind, told: tuple[str, ...] | str) -> None:
    """The verdict is the one that AWS would bring about, or names what it hangs on; nothing is guessed."""
    verdict = judge(more, {HERE: [tried]})
    keys, reason = (told, None) if isinstance(told, tuple) else ((), told)
    assert (kind, keys, reason) == (verdict.kind, verdict.keys, verdict.reason)


def test_levels_are_joined_by_and() -> None:
    """What the account's own SCPs allow is denied all the same if nothing allows it on the OU above."""
    allow = {"Sid": "Few", "Effect": "Allow", "Action": "s3:*", "Resource": "*"}
    verdict = judge({}, {f"-@{WORKLOADS}": [], HERE: [allow]})
    assert Kind.NEWLY_DENIED is verdict.kind
    assert [str(cause) for cause in verdict.causes] == ["nothing allows it in the SCPs on ou:/Workloads"]


def test_a_policy_elsewhere_does_not_bind() -> None:
    """A policy on another OU is nothing to this account."""
    assert Kind.ALLOWED is judge(FAR, {"scp@ou:/Lab": [REGIONS]}).kind


def test_every_resource_counts() -> None:
    """A call for two instances is denied if one of them is."""
    stop = {
        "eventSource": "ec2.amazonaws.com",
        "eventName": "StopInstances",
        "requestParameters": {"instancesSet": {"items": [{"instanceId": "i-1"}, {"instanceId": "i-2"}]}},
    }
    tried = deny("ec2:StopInstances", Resource="arn:aws:ec2:*:*:instance/i-2")
    assert Kind.NEWLY_DENIED is judge(stop, {HERE: [tried]}).kind


def test_rcps_bind_who_is_exempt_from_scps() -> None:
    """Somebody from outside is not bound by SCPs, but by the RCPs on the bucket's account."""
    ours = {
        "Sid": "Ours",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": "*",
        "Condition": {"StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-exampleorg"}},
    }
    event = {**of(OUTSIDE), **s3("GetObject", key="k"), "recipientAccountId": SHOP}
    event["resources"] = [{"ARN": "arn:aws:s3:::b/k"}, {"ARN": "arn:aws:s3:::b", "accountId": SHOP}]
    verdict = judge(event, {"rcp@ou:/": [ours]})
    assert (verdict.kind, [str(cause) for cause in verdict.causes]) == (Kind.NEWLY_DENIED, ["rcp/p0#Ours"])
    assert Kind.EXEMPT is judge(event, {HERE: [REGIONS]}).kind
