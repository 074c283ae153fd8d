"""What a record tells and does not tell of a request, fact by fact, and the verdict that follows.

Sources: "CloudTrail record contents" and "CloudTrail userIdentity element", AWS CloudTrail User Guide; "AWS global
condition context keys", IAM User Guide.
"""

from __future__ import annotations

import pytest

from orgctl.replay.event import event_of
from orgctl.replay.facts import row_of
from orgctl.replay.verdicts.counting import DatasetQuery
from orgctl.replay.verdicts.judge import Judge
from orgctl.replay.verdicts.verdict import Kind
from tests.impact.small import LAB, SHOP, Statement
from tests.replay.records import JANE, record, session
from tests.replay.sql.engines import Engines
from tests.replay.verdicts.judging import WORKLOADS, judge, simulator
from tests.replay.verdicts.test_traps import TRAPS, deny, s3

HERE = f"scp@{WORKLOADS}"
Case = tuple[str, dict[str, object], Statement, Kind, tuple[str, ...] | str]


def on(operator: str, key: str, value: str, action: str = "sqs:*") -> Statement:
    """A Deny on one condition."""
    return deny(action, Condition={operator: {key: value}})


def below(path: str) -> Statement:
    """A Deny on whoever is in that place of the organization, or below it."""
    return on("ForAnyValue:StringLike", "aws:PrincipalOrgPaths", path)


def call(source: str, name: str, **parameters: object) -> dict[str, object]:
    return {"eventSource": f"{source}.amazonaws.com", "eventName": name, "requestParameters": parameters}


USER: dict[str, object] = {"userIdentity": JANE}
PRIVATE: dict[str, object] = {"vpcEndpointId": "vpce-1", "sourceIPAddress": "10.0.0.1"}
TLS: dict[str, object] = {"tlsDetails": {"tlsVersion": "TLSv1.3"}}
FORMATION: dict[str, object] = {"userIdentity": session(invokedBy="cloudformation.amazonaws.com")}
RUN = call("ec2", "RunInstances", instanceType="t3.micro")
INSTANCE = "arn:aws:ec2:*:*:instance/*"
WEB = {"type": "WebIdentityUser", "principalId": "token.actions.githubusercontent.com:a:b", "userName": "b"}
SAML = {"type": "SAMLUser", "principalId": "x:y", "userName": "y"}
MFA = {**session(), "sessionContext": {"attributes": {"mfaAuthenticated": "true"}}}

TOLD: list[Case] = [
    (
        "the path of a user",
        USER,
        on("ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:user/team/*"),
        Kind.NEWLY_DENIED,
        (),
    ),
    ("and not without it", USER, on("ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:user/Jane"), Kind.ALLOWED, ()),
    ("a session's own ARN is no principal", {}, on("ArnLike", "aws:PrincipalArn", "arn:aws:sts::*"), Kind.ALLOWED, ()),
    ("the account", {}, on("StringEquals", "aws:PrincipalAccount", SHOP), Kind.NEWLY_DENIED, ()),
    ("the id", {}, on("StringLike", "aws:userid", "AROAEXAMPLE:*"), Kind.NEWLY_DENIED, ()),
    ("a user's name", USER, on("StringEquals", "aws:username", "Jane"), Kind.NEWLY_DENIED, ()),
    ("a role has no user's name", {}, on("StringNotEquals", "aws:username", "Jane"), Kind.NEWLY_DENIED, ()),
    ("the kind of caller", {}, on("StringEquals", "aws:PrincipalType", "AssumedRole"), Kind.NEWLY_DENIED, ()),
    ("MFA", {"userIdentity": MFA}, on("Bool", "aws:MultiFactorAuthPresent", "true"), Kind.NEWLY_DENIED, ()),
    ("no MFA", {}, on("Bool", "aws:MultiFactorAuthPresent", "true"), Kind.ALLOWED, ()),
    (
        "a global service is in us-east-1",
        {**call("iam", "ListRoles"), "awsRegion": "us-east-1"},
        on("StringNotEquals", "aws:RequestedRegion", "eu-west-1", "iam:*"),
        Kind.NEWLY_DENIED,
        (),
    ),
    ("the time", {}, on("DateGreaterThan", "aws:CurrentTime", "2026-11-02T08:59:59Z"), Kind.NEWLY_DENIED, ()),
    ("and before it", {}, on("DateLessThan", "aws:CurrentTime", "2026-11-02T09:00:00Z"), Kind.ALLOWED, ()),
    ("the time in seconds", {}, on("NumericEquals", "aws:EpochTime", "1793610000"), Kind.NEWLY_DENIED, ()),
    ("the user agent", {}, on("StringLike", "aws:UserAgent", "aws-cli/*"), Kind.NEWLY_DENIED, ()),
    ("the address", {}, on("IpAddress", "aws:SourceIp", "192.0.2.0/24"), Kind.NEWLY_DENIED, ()),
    ("the private address", PRIVATE, on("IpAddress", "aws:VpcSourceIp", "10.0.0.0/8"), Kind.NEWLY_DENIED, ()),
    ("without an endpoint none", {}, on("IpAddress", "aws:VpcSourceIp", "192.0.2.0/24"), Kind.ALLOWED, ()),
    ("the endpoint", PRIVATE, on("StringEquals", "aws:SourceVpce", "vpce-1"), Kind.NEWLY_DENIED, ()),
    ("TLS", TLS, on("Bool", "aws:SecureTransport", "false"), Kind.ALLOWED, ()),
    (
        "no word of TLS",
        {},
        on("Bool", "aws:SecureTransport", "false"),
        Kind.DEPENDS,
        ("aws:SecureTransport",),
    ),
    ("a direct call", {}, on("Bool", "aws:ViaAWSService", "false"), Kind.NEWLY_DENIED, ()),
    (
        "a service calls for somebody",
        FORMATION,
        on("Bool", "aws:ViaAWSService", "false"),
        Kind.DEPENDS,
        ("aws:ViaAWSService",),
    ),
    ("the resource, built", {}, deny("sqs:*", Resource=f"arn:aws:sqs:eu-west-1:{SHOP}:q"), Kind.NEWLY_DENIED, ()),
    ("and no other", {}, deny("sqs:*", Resource=f"arn:aws:sqs:eu-west-1:{SHOP}:p"), Kind.ALLOWED, ()),
    (
        "the resource, listed",
        {**s3("GetObject", bucket="hidden"), "resources": [{"ARN": "arn:aws:s3:::b/k"}]},
        deny("s3:GetObject", Resource="arn:aws:s3:::b/*"),
        Kind.NEWLY_DENIED,
        (),
    ),
    ("our organization", {}, on("StringEquals", "aws:PrincipalOrgID", "o-exampleorg"), Kind.NEWLY_DENIED, ()),
    ("and no other", {}, on("StringNotEquals", "aws:PrincipalOrgID", "o-exampleorg"), Kind.ALLOWED, ()),
    ("our place in it", {}, below("o-exampleorg/r-ab12/ou-ab12-11111111/*"), Kind.NEWLY_DENIED, ()),
    ("which is below the root", {}, below("o-exampleorg/r-ab12/*"), Kind.NEWLY_DENIED, ()),
    ("and below no other OU", {}, below("o-exampleorg/r-ab12/ou-ab12-22222222/*"), Kind.ALLOWED, ()),
    (
        "an OU whose id nobody knows yet",
        {"recipientAccountId": LAB},
        on("ForAnyValue:StringLike", "aws:ResourceOrgPaths", "o-exampleorg/r-ab12/ou-ab12-11111111/*"),
        Kind.DEPENDS,
        ("aws:ResourceOrgPaths",),
    ),
]

NOT_TOLD: list[Case] = [
    (
        "a tag of the resource",
        {},
        on("StringEquals", "aws:ResourceTag/class", "secret"),
        Kind.DEPENDS,
        ("aws:ResourceTag/class",),
    ),
    (
        "a tag of the request",
        call("sqs", "CreateQueue", queueName="q"),
        on("Null", "aws:RequestTag/team", "true"),
        Kind.DEPENDS,
        ("aws:RequestTag/team",),
    ),
    (
        "a service's own key",
        RUN,
        deny("ec2:RunInstances", Resource=INSTANCE, Condition={"StringNotEquals": {"ec2:InstanceType": "t3.nano"}}),
        Kind.DEPENDS,
        ("ec2:InstanceType",),
    ),
    (
        "what only services send is absent",
        {},
        on("StringEquals", "aws:SourceAccount", SHOP),
        Kind.ALLOWED,
        (),
    ),
    (
        "parameters that are hidden",
        {"requestParameters": "HIDDEN_DUE_TO_SECURITY_REASONS"},
        deny("sqs:*", Resource="arn:aws:sqs:*:*:q"),
        Kind.UNDETERMINED,
        "the record does not tell which `queue`",
    ),
    (
        "a parameter that is hidden",
        call("kms", "Decrypt", keyId="***"),
        deny("kms:*", Resource="arn:aws:kms:*:*:key/1"),
        Kind.UNDETERMINED,
        "the record does not tell which `key`",
    ),
    (
        "the path of a role that is named",
        call("iam", "DeleteRole", roleName="R"),
        deny("iam:*", Resource="arn:aws:iam::*:role/a/R"),
        Kind.UNDETERMINED,
        "the record does not tell which `role`",
    ),
]

CALLED_OTHERWISE: list[Case] = [
    ("monitoring is cloudwatch", call("monitoring", "PutMetricAlarm"), deny("cloudwatch:*"), Kind.NEWLY_DENIED, ()),
    ("tagging is tag", call("tagging", "GetResources"), deny("tag:*"), Kind.NEWLY_DENIED, ()),
    ("models.lex is lex", call("models.lex", "PutBot"), deny("lex:*"), Kind.NEWLY_DENIED, ()),
    ("streams.dynamodb", call("streams.dynamodb", "GetRecords"), deny("dynamodb:*"), Kind.NEWLY_DENIED, ()),
    ("API Gateway has verbs", call("apigateway", "CreateRestApi"), deny("apigateway:POST"), Kind.NEWLY_DENIED, ()),
    ("and no names", call("apigateway", "CreateRestApi"), deny("apigateway:PATCH"), Kind.ALLOWED, ()),
    ("HeadObject is GetObject", s3("HeadObject", key="k"), deny("s3:GetObject"), Kind.NEWLY_DENIED, ()),
    (
        "a version of an object is another action",
        s3("GetObject", key="k", versionId="1"),
        deny("s3:GetObject"),
        Kind.ALLOWED,
        (),
    ),
]

CALLERS: list[Case] = [
    ("who asks who he is cannot be refused", call("sts", "GetCallerIdentity"), deny("*"), Kind.ALLOWED, ()),
    ("a web identity is of no account", {"userIdentity": WEB}, deny("*"), Kind.EXEMPT, "outside identity"),
    ("nor is one by SAML", {"userIdentity": SAML}, deny("*"), Kind.EXEMPT, "outside identity"),
    (
        "an identity of ours of which only the account is told",
        {"userIdentity": {"type": "AWSAccount", "accountId": SHOP}},
        on("ArnNotLike", "aws:PrincipalArn", "arn:aws:iam::*:role/Admin"),
        Kind.DEPENDS,
        ("aws:PrincipalArn",),
    ),
]


@pytest.mark.parametrize(
    ("more", "tried", "kind", "told"),
    [case[1:] for cases in (TOLD, NOT_TOLD, CALLED_OTHERWISE, CALLERS) for case in cases],
    ids=[case[0] for cases in (TOLD, NOT_TOLD, CALLED_OTHERWISE, CALLERS) for case in cases],
)
def test_a_fact(more: dict[str, object], tried: Statement, kind: Kind, told: tuple[str, ...] | str) -> None:
    """The verdict follows from what the record holds, or names what it does not hold."""
    verdict = judge(more, {HERE: [tried]})
    keys, reason = (told, None) if isinstance(told, tuple) else ((), told)
    assert (kind, keys, reason) == (verdict.kind, verdict.keys, verdict.reason)


ENGINES = Engines()
ALL = [*TRAPS, *TOLD, *NOT_TOLD, *CALLED_OTHERWISE, *CALLERS]


@pytest.mark.parametrize(("more", "tried", "kind"), [case[1:4] for case in ALL], ids=[case[0] for case in ALL])
def test_a_fact_in_sql(more: dict[str, object], tried: Statement, kind: Kind) -> None:
    """Where SQL decides first, the verdict is the same."""
    ENGINES.connection.register("one", ENGINES.table([row_of(event_of(record(**more)))]))
    tally = DatasetQuery(Judge(simulator({}), simulator({HERE: [tried]}))).count(ENGINES.connection, "one")
    assert {kind: 1} == tally.totals
