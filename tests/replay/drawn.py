"""Records to draw: what CloudTrail writes, with every oddity that real ones have."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

MANAGEMENT, SHOP, LABS, OUTSIDER = "111111111111", "222222222222", "333333333333", "999999999999"
ACCOUNTS = (SHOP, SHOP, SHOP, LABS, LABS, MANAGEMENT, OUTSIDER)
ROLES = (
    "Dev",
    "Admin",
    "team/Dev",
    "OrgAutomation",
    "aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Admin_1f",
)
LINKED = ("aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS",)
SERVICES = ("cloudformation.amazonaws.com", "autoscaling.amazonaws.com", "AWS Internal")
REGIONS = ("eu-west-1", "eu-west-1", "us-east-1", "ap-south-1", "EU-WEST-1", None)
ADDRESSES = (
    *("192.0.2.7", "10.1.2.3", "203.0.113.9", "2001:db8::1", "fe80::1%eth0", "::ffff:10.1.2.3"),
    *(SERVICES[0], "AWS Internal", None, "nonsense"),
)
TIMES = (
    "2026-11-02T09:00:00Z",
    "2026-01-01T00:00:00Z",
    "2025-12-31T23:59:59.500Z",
    "2026-01-01T01:00:00+01:00",
    "soon",
    None,
)
AGENTS = (
    "aws-cli/2.17",
    "Boto3/1.34 Terraform",
    "console.amazonaws.com",
    "cloudformation.amazonaws.com",
    "Émile/1",
    None,
)


KEY = f"arn:aws:kms:eu-west-1:{SHOP}:key/k"
ROLE = f"arn:aws:iam::{SHOP}:role/Dev"


OBJECT, BUCKET = "arn:aws:s3:::data-a/red/file", "arn:aws:s3:::data-a"
POINT = f"arn:aws:s3:eu-west-1:{SHOP}:accesspoint/p"
TABLE = f"arn:aws:dynamodb:eu-west-1:{SHOP}:table/t"
FUNCTION = f"arn:aws:lambda:eu-west-1:{SHOP}:function:f"
_OF_OBJECT = {"bucketName": "data-a", "key": "red/file"}


def listing(service: str, name: str, *arns: str | None, **parameters: str) -> dict[str, Any]:
    """A call whose record lists some ARNs."""
    listed = [{"ARN": arn} for arn in arns]
    source = {"eventSource": f"{service}.amazonaws.com", "eventName": name}
    return {**source, "resources": listed, "requestParameters": parameters or None}


LISTED = (
    listing("s3", "GetObject", OBJECT, BUCKET, **_OF_OBJECT),
    listing("s3", "GetObject", OBJECT, BUCKET, OBJECT),
    listing("s3", "GetObject", OBJECT, f"{BUCKET}/other", **_OF_OBJECT),
    listing("s3", "GetObject", f"{POINT}/object/k", POINT, bucketName=POINT, key="k"),
    listing("s3", "GetObject", OBJECT, accessPointName="p", key="red/file"),
    listing("s3", "GetObject", BUCKET, **_OF_OBJECT),
    listing("s3", "GetBucketAcl", BUCKET, None, "", bucketName="data-a", acl=""),
    listing("s3", "DeleteBucket", BUCKET),
    listing("kms", "Encrypt", KEY, f"{KEY}2"),
    listing("kms", "Encrypt", "*", KEY, keyId="alias/k"),
    listing("lambda", "Invoke", FUNCTION),
    listing("lambda", "Invoke", f"{FUNCTION}:live"),
    listing("dynamodb", "Query", TABLE, tableName="t"),
    listing("dynamodb", "Query", TABLE, tableName="t", indexName="i"),
    listing("dynamodb", "Query", f"{TABLE}/index/i", tableName="t", indexName="i"),
    listing("sts", "AssumeRole", ROLE, roleArn=ROLE),
)
"""Calls whose records list what they are about; some of it is not what it seems."""


def maybe(*values: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from(values)


def bucket(name: str) -> dict[str, Any]:
    return {
        "eventSource": "s3.amazonaws.com",
        "eventName": "GetObject",
        "requestParameters": {"bucketName": name, "key": "red/file"},
    }


CALLS: tuple[dict[str, Any], ...] = (
    bucket("logs"),
    bucket("data-a"),
    {**bucket("data-a"), "eventName": "PutObject"},
    {**bucket("data"), "eventName": "PutBucketPolicy", "requestParameters": {"bucketName": "data"}},
    {"eventSource": "s3.amazonaws.com", "eventName": "ListBuckets", "requestParameters": None},
    {
        "eventSource": "ec2.amazonaws.com",
        "eventName": "StopInstances",
        "requestParameters": {"instancesSet": {"items": [{"instanceId": "i-1"}]}},
    },
    {
        "eventSource": "ec2.amazonaws.com",
        "eventName": "StopInstances",
        "requestParameters": {"instancesSet": {"items": [{"instanceId": "i-1"}, {"instanceId": "i-2"}]}},
    },
    {"eventSource": "ec2.amazonaws.com", "eventName": "RunInstances", "requestParameters": {}},
    {"eventSource": "ec2.amazonaws.com", "eventName": "DescribeRegions"},
    {"eventSource": "iam.amazonaws.com", "eventName": "CreateRole", "requestParameters": {"roleName": "Dev"}},
    {"eventSource": "iam.amazonaws.com", "eventName": "DeleteRole", "requestParameters": {"roleName": "Dev"}},
    {
        "eventSource": "kms.amazonaws.com",
        "eventName": "Decrypt",
        "resources": [{"ARN": f"arn:aws:kms:eu-west-1:{SHOP}:key/k"}],
    },
    {
        "eventSource": "kms.amazonaws.com",
        "eventName": "ScheduleKeyDeletion",
        "resources": [{"ARN": f"arn:aws:kms:eu-west-1:{LABS}:key/k", "accountId": LABS}],
    },
    *LISTED,
    {
        "eventSource": "lambda.amazonaws.com",
        "eventName": "UpdateFunctionCode20150331v2",
        "requestParameters": {"functionName": "f"},
    },
    {"eventSource": "cloudtrail.amazonaws.com", "eventName": "StopLogging", "requestParameters": {"name": "trail"}},
    {"eventSource": "organizations.amazonaws.com", "eventName": "LeaveOrganization"},
    {"eventSource": "sqs.amazonaws.com", "eventName": "SendMessage"},
    {
        "eventSource": "sts.amazonaws.com",
        "eventName": "AssumeRole",
        "requestParameters": {"roleArn": f"arn:aws:iam::{SHOP}:role/Dev"},
    },
    {"eventSource": "nowhere.amazonaws.com", "eventName": "Ponder"},
)


@st.composite
def sessions(draw: st.DrawFn, account: str, role: str) -> Any:
    issuer = {"type": "Role", "arn": f"arn:aws:iam::{account}:role/{role}", "accountId": account}
    if draw(st.integers(0, 9)) == 0:
        return draw(maybe(None, {}, 1, {"sessionIssuer": None}))
    attributes: dict[str, Any] = {}
    attributes["mfaAuthenticated"] = draw(maybe("true", "false", "false", None))
    attributes["creationDate"] = draw(maybe(*TIMES))
    return {
        "sessionIssuer": draw(maybe(issuer, issuer, issuer, issuer, None)),
        "attributes": draw(maybe(attributes, attributes, attributes, None)),
        **draw(maybe({}, {}, {}, {"sourceIdentity": "jane"}, {"sourceIdentity": []})),
        **draw(maybe({}, {}, {}, {"ec2RoleDelivery": "2.0"}, {"assumedRoot": True}, {"assumedRoot": False})),
        **draw(maybe({}, {}, {}, {"webIdFederationData": {"federatedProvider": "oidc.example"}})),
    }


@st.composite
def identities(draw: st.DrawFn) -> Any:
    account = draw(maybe(*ACCOUNTS))
    role = draw(maybe(*ROLES, *ROLES, *LINKED))
    name = role.rpartition("/")[2]
    invoked = draw(maybe({}, {}, {}, {"invokedBy": SERVICES[0]}, {"invokedBy": "AWS Internal"}))
    session = {
        "type": "AssumedRole",
        "principalId": "AROAEXAMPLE:jane",
        "arn": f"arn:aws:sts::{account}:assumed-role/{name}/jane",
        "accountId": account,
        "sessionContext": draw(sessions(account, role)),
        **invoked,
    }
    user = {
        "type": "IAMUser",
        "arn": f"arn:aws:iam::{account}:user/team/jane.doe",
        "accountId": account,
        "principalId": draw(maybe("AIDAEXAMPLE", None)),
        "userName": "jane.doe",
        **draw(maybe({}, {}, {"sessionContext": {"attributes": {"mfaAuthenticated": "true"}}}, {"sessionContext": 1})),
        **invoked,
    }
    root = {"type": "Root", "arn": f"arn:aws:iam::{account}:root", "accountId": account, "principalId": account}
    others: tuple[Any, ...] = (
        {"type": "AWSService", "invokedBy": SERVICES[0]},
        {"type": "AWSService", "invokedBy": "AWS Internal"},
        {"type": "AWSAccount", "accountId": account, "principalId": "AROA:x"},
        {"type": "WebIdentityUser", "identityProvider": "oidc.example", "userName": "sub"},
        {"type": "SAMLUser", "principalId": "x", "sessionContext": {"sourceIdentity": "jane"}},
        {"type": "FederatedUser", "arn": f"arn:aws:sts::{account}:federated-user/jane", "accountId": account},
        {"type": "Role", "arn": f"arn:aws:iam::{account}:role/team/Dev", "accountId": account},
        {"type": "Odd", "arn": "nonsense"},
        {"arn": account},
        {"arn": "*", "accountId": account},
        None,
        7,
    )
    return draw(st.one_of(*[st.just(session)] * 5, *[st.just(user)] * 2, st.just(root), maybe(*others)))


@st.composite
def records(draw: st.DrawFn) -> dict[str, Any]:
    """One record. What a real one never lacks is seldom lacking."""
    return {
        "eventID": draw(st.uuids(version=4).map(str)),
        "eventType": draw(maybe(*["AwsApiCall"] * 12, None, "AwsServiceEvent")),
        "userIdentity": draw(identities()),
        "eventTime": draw(maybe(*TIMES[:3], *TIMES)),
        "awsRegion": draw(maybe(*REGIONS)),
        "sourceIPAddress": draw(maybe(*ADDRESSES)),
        "userAgent": draw(maybe(*AGENTS)),
        "recipientAccountId": draw(maybe(*ACCOUNTS, None)),
        **draw(maybe(*CALLS)),
        **draw(
            maybe(
                {},
                {},
                {"vpcEndpointId": "vpce-1"},
                {"vpcEndpointId": "vpce-2", "vpcEndpointAccountId": SHOP},
                {"vpcEndpointId": 7},
            )
        ),
        **draw(maybe({}, {"tlsDetails": {"tlsVersion": "TLSv1.3"}}, {"tlsDetails": {}})),
        **draw(maybe({}, {}, {}, {"errorCode": "AccessDenied"})),
    }
