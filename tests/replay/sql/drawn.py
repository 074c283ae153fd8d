"""Statements to draw, weighted towards what real SCPs use, about calls such as `tests.replay.drawn` draws."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.replay.drawn import KEY, LABS, OUTSIDER, ROLE, SERVICES, SHOP, maybe
from tests.replay.places import ID

ACTIONS = (
    *("*", "s3:*", "S3:Put*", "ec2:*", "iam:*", "kms:*", "s3:GetObject", "s3:PutBucketPolicy", "ec2:RunInstances"),
    *("ec2:Stop?nstances", "*:Get*", "iam:*Role", "kms:Decrypt", "lambda:Update*", "cloudtrail:StopLogging", "sts:*"),
    *("organizations:LeaveOrganization", "s3:Get*Object", "e*:*", "sqs:SendMessage"),
)
GLOBAL_SERVICES = [
    "iam:*",
    "organizations:*",
    "sts:*",
    "route53:*",
    "support:*",
    "kms:*",
    "s3:ListAllMyBuckets",
    "ec2:DescribeR*",
]
RESOURCES = (
    *(
        "arn:aws:s3:::logs",
        "arn:aws:s3:::logs/*",
        "arn:aws:s3:::data*",
        "arn:aws:s3:::data-?/*",
        "arn:aws:s3:::*/red/*",
    ),
    *(
        KEY,
        ROLE,
        "arn:aws:ec2:*:*:instance/*",
        f"arn:aws:*:*:{SHOP}:*",
        "arn:*:iam::*:role/Dev",
        "arn:aws:lambda:*:function:f",
    ),
    *("arn:aws:s3*", "arn:aws:iam::${aws:PrincipalAccount}:role/*", "arn:aws:s3:::${aws:PrincipalAccount}/*"),
    *(
        "arn:aws:s3:::data-${aws:PrincipalTag/team, 'a'}/*",
        "arn:aws:*:*:${aws:PrincipalAccount}:*",
        "arn:aws:s3:::${*}",
    ),
    *(
        "arn:aws:s3:::logs/${aws:SourceIdentity, 'red'}/file",
        "arn:aws:iam::*:*Dev",
        "arn:aws:kms:*:*:key/?",
        "arn:aws:s3",
    ),
)
ARNS = (
    *(
        "arn:aws:iam::*:role/OrgAutomation",
        "arn:aws:iam::*:role/team/*",
        ROLE,
        "arn:aws:iam::*:root",
        "arn:*:iam::*:root",
    ),
    *("arn:aws:iam::*:role/aws-reserved/sso.amazonaws.com/*AWSReservedSSO_Admin*", "arn:aws:iam::22222222222?:*/Dev"),
    *("arn:aws:iam::${aws:PrincipalAccount}:role/*", "arn:aws:iam::*:user/team/${aws:username}", "arn:aws:iam::*", "*"),
    *(
        "arn:aws:iam::${aws:ResourceAccount}:role/${aws:SourceIdentity, 'Dev'}",
        "arn:aws:iam::*:${aws:PrincipalTag/kind}/*",
    ),
)
TEXTS = (
    *("eu-west-1", "us-*", "eu-west-?", "EU-WEST-1", "jane", "AROAEXAMPLE:*", "vpce-1", "*", "${aws:PrincipalAccount}"),
    *(
        "${aws:SourceIdentity}",
        "${aws:SourceIdentity, 'eu-west-1'}",
        "*/${aws:username}",
        "${aws:RequestedRegion}",
        "a_b%",
    ),
    *("AssumedRole", "User", "Émile/?", "*Terraform", "aws-cli/2.17", "${aws:CurrentTime}", "2.0", "", "${*}", "true"),
    *(SERVICES[0], SHOP, LABS, OUTSIDER, ID, "o-other", "red"),
)
REGIONS = ["eu-west-1", "eu-central-1"]
EXEMPT = {"ArnNotLike": {"aws:PrincipalArn": ["arn:aws:iam::*:role/OrgAutomation", "arn:*:iam::*:role/team/*"]}}
WITHOUT_MFA = {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}
ROOT = {"ArnLike": {"aws:PrincipalArn": "arn:*:iam::*:root"}, "BoolIfExists": {"aws:AssumedRoot": "false"}}
PROTECTED = ["arn:aws:iam::*:role/Dev", "arn:aws:iam::*:role/team/*"]
OTHER_TEAM = {"StringNotEquals": {"aws:ResourceTag/team": "${aws:PrincipalTag/team}"}}
TYPICAL: tuple[dict[str, Any], ...] = (
    {"NotAction": GLOBAL_SERVICES, "Condition": {"StringNotEquals": {"aws:RequestedRegion": REGIONS}, **EXEMPT}},
    {"NotAction": GLOBAL_SERVICES, "Condition": {"StringNotEquals": {"aws:RequestedRegion": REGIONS}}},
    {"Action": "*", "Condition": {"StringLike": {"aws:PrincipalArn": "arn:aws:iam::*:root"}}},
    {"Action": "*", "Condition": ROOT},
    {"Action": ["cloudtrail:StopLogging", "cloudtrail:DeleteTrail"], "Condition": EXEMPT},
    {"Action": ["organizations:LeaveOrganization"]},
    {"Action": ["iam:DeleteRole", "iam:CreateRole"], "Resource": PROTECTED, "Condition": EXEMPT},
    {"Action": ["ec2:StopInstances", "ec2:TerminateInstances"], "Condition": WITHOUT_MFA},
    {"Action": ["s3:*"], "Resource": ["arn:aws:s3:::logs", "arn:aws:s3:::logs/*"], "Condition": EXEMPT},
    {
        "Action": ["s3:*", "kms:*"],
        "Condition": {
            "NotIpAddressIfExists": {"aws:SourceIp": ["192.0.2.0/24", "10.0.0.0/8"]},
            "StringNotEqualsIfExists": {"aws:SourceVpce": ["vpce-1"]},
            "BoolIfExists": {"aws:ViaAWSService": "false"},
        },
    },
    {
        "Action": ["s3:*", "sts:AssumeRole"],
        "Condition": {
            "StringNotEqualsIfExists": {"aws:PrincipalOrgID": ID},
            "BoolIfExists": {"aws:PrincipalIsAWSService": "false"},
        },
    },
    {"Action": ["s3:*"], "Condition": {"StringNotEquals": {"aws:ResourceOrgID": "${aws:PrincipalOrgID}"}}},
    {"Action": ["kms:*", "s3:*"], "Condition": {"Bool": {"aws:SecureTransport": "false"}}},
    {"Action": ["ec2:RunInstances"], "Condition": {"StringNotLike": {"ec2:InstanceType": ["t3.*", "m5.*"]}}},
    {"Action": ["ec2:RunInstances", "s3:PutObject"], "Condition": {"Null": {"aws:RequestTag/team": "true"}}},
    {"Action": ["ec2:*", "kms:*"], "Condition": OTHER_TEAM},
    {"Action": "*", "Condition": {"DateGreaterThan": {"aws:CurrentTime": "2026-06-01T00:00:00Z"}}},
    {"Action": "*", "Condition": {"DateLessThan": {"aws:TokenIssueTime": "2026-06-01T00:00:00Z"}}},
    {"Action": "*", "Condition": {"StringNotEquals": {"aws:PrincipalAccount": [SHOP, LABS]}}},
    {"Action": "*", "Condition": {"StringNotEquals": {"aws:ResourceAccount": "${aws:PrincipalAccount}"}}},
)  # fmt: skip
FREE: dict[str, tuple[str, ...]] = {
    "String": TEXTS,
    "Arn": ARNS,
    "Numeric": ("2", "2.0", "1793610000", "1e3", ".5", "99999999999999999999", "ten", "1767225600.5"),
    "Date": (
        *("2026-01-01T00:00:00Z", "2026-06-01", "1793610000", "2027", "never", "2026-01-01T01:00:00+01:00"),
        *("2025-12-31T23:59:59.5Z", "-99999999999999", "1767225599.5"),
    ),
    "Bool": ("true", "false", "TRUE", "yes"),
    "Binary": ("jane", "vpce-1"),
    "IpAddress": ("10.0.0.0/8", "192.0.2.7", "2001:db8::/32", "nonsense", "0.0.0.0/0", "203.0.113.0/25", "::/0"),
    "Null": ("true", "false", "maybe"),
}
OPERATORS = {
    **dict.fromkeys(("StringEquals", "StringNotEquals", "StringLike", "StringNotLike"), "String"),
    **dict.fromkeys(("StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", "StringLikeIfExists"), "String"),
    **dict.fromkeys(("StringNotEqualsIfExists", "ForAnyValue:StringEquals", "ForAllValues:StringNotLike"), "String"),
    **dict.fromkeys(("ForAllValues:StringEquals", "ForAnyValue:StringNotEqualsIfExists"), "String"),
    **dict.fromkeys(("ArnLike", "ArnNotLike", "ArnEquals", "ArnNotEqualsIfExists", "ForAnyValue:ArnLike"), "Arn"),
    **dict.fromkeys(("NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericGreaterThanEquals"), "Numeric"),
    **dict.fromkeys(("NumericLessThanEqualsIfExists", "NumericGreaterThan"), "Numeric"),
    **dict.fromkeys(("DateEquals", "DateNotEquals", "DateLessThan", "DateLessThanEquals"), "Date"),
    **dict.fromkeys(("DateGreaterThan", "DateGreaterThanEqualsIfExists"), "Date"),
    **dict.fromkeys(("Bool", "BoolIfExists", "ForAllValues:Bool"), "Bool"),
    "BinaryEquals": "Binary",
    **dict.fromkeys(("IpAddress", "NotIpAddress", "NotIpAddressIfExists", "ForAnyValue:IpAddress"), "IpAddress"),
    "Null": "Null",
    "StringResembles": "String",
}
KEYS = (
    *("aws:PrincipalArn", "aws:RequestedRegion", "aws:SourceIp", "aws:userid", "aws:username", "aws:PrincipalType"),
    *("aws:MultiFactorAuthPresent", "aws:MultiFactorAuthAge", "aws:TokenIssueTime", "aws:SourceIdentity"),
    *("ec2:RoleDelivery", "aws:FederatedProvider", "aws:AssumedRoot", "aws:CurrentTime", "aws:EpochTime"),
    *("aws:UserAgent", "aws:CalledVia", "aws:CalledViaFirst", "aws:VpcSourceIp", "aws:SourceVpce", "aws:SourceVpc"),
    *("aws:VpceAccount", "aws:SecureTransport", "aws:ViaAWSService", "aws:PrincipalAccount", "aws:ResourceAccount"),
    *("aws:PrincipalOrgID", "aws:ResourceOrgID", "aws:PrincipalOrgPaths", "aws:PrincipalIsAWSService"),
    *("aws:PrincipalServiceName", "aws:SourceArn", "aws:SourceAccount", "aws:PrincipalTag/team", "aws:RequestTag/team"),
    *("aws:ResourceTag/team", "aws:TagKeys", "ec2:InstanceType", "iam:PermissionsBoundary", "s3:TlsVersion"),
    *("kms:ViaService", "AWS:requestedREGION", "oidc.example:sub"),
)
NATURAL: dict[str, tuple[str, ...]] = {
    "String": KEYS,
    "Arn": ("aws:PrincipalArn", "aws:PrincipalArn", "aws:SourceArn", "aws:SourceIp", "aws:userid", "aws:CurrentTime"),
    "Numeric": (
        "aws:EpochTime",
        "ec2:RoleDelivery",
        "aws:MultiFactorAuthAge",
        "aws:CurrentTime",
        "aws:PrincipalAccount",
    ),
    "Date": ("aws:CurrentTime", "aws:EpochTime", "aws:TokenIssueTime", "aws:PrincipalArn", "aws:RequestedRegion"),
    "Bool": (
        *("aws:MultiFactorAuthPresent", "aws:SecureTransport", "aws:ViaAWSService", "aws:AssumedRoot"),
        *("aws:PrincipalIsAWSService", "aws:PrincipalAccount"),
    ),
    "Binary": ("aws:SourceIdentity", "aws:SourceVpce"),
    "IpAddress": ("aws:SourceIp", "aws:SourceIp", "aws:VpcSourceIp", "aws:UserAgent", "aws:EpochTime"),
    "Null": KEYS,
}


def few(pool: tuple[str, ...]) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(pool), min_size=1, max_size=3, unique=True)


@st.composite
def conditions(draw: st.DrawFn) -> dict[str, dict[str, list[str]]]:
    block: dict[str, dict[str, list[str]]] = {}
    for operator in draw(st.lists(st.sampled_from(tuple(OPERATORS)), max_size=2, unique=True)):
        family = OPERATORS[operator]
        keys = draw(
            st.lists(st.sampled_from(draw(maybe(NATURAL[family], NATURAL[family], KEYS))), min_size=1, max_size=2)
        )
        block[operator] = {key: draw(few(FREE[family])) for key in keys}
    return block


@st.composite
def free(draw: st.DrawFn) -> dict[str, Any]:
    actions = draw(maybe("Action", "Action", "Action", "NotAction"))
    resources = draw(maybe("Resource", "Resource", "NotResource"))
    return {
        actions: draw(few(ACTIONS)),
        resources: draw(st.one_of(st.just(["*"]), few(RESOURCES))),
        "Condition": draw(conditions()),
    }


@st.composite
def statements(draw: st.DrawFn) -> dict[str, Any]:
    """One statement: as real SCPs have them, or one of those with something changed, or anything."""
    typical = {"Resource": "*", **draw(st.sampled_from(TYPICAL))}
    changed = {**typical, "Condition": {**typical.get("Condition", {}), **draw(conditions())}}
    made = draw(maybe(typical, changed, None, None)) or draw(free())
    return {"Effect": draw(maybe("Deny", "Deny", "Deny", "Allow")), **made}


def documents(most: int = 3) -> st.SearchStrategy[dict[str, Any]]:
    version = maybe("2012-10-17", "2012-10-17", "2012-10-17", "2012-10-17", "2008-10-17")
    return st.fixed_dictionaries({"Version": version, "Statement": st.lists(statements(), min_size=1, max_size=most)})
