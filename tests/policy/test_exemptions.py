"""Whom SCPs and RCPs bind, and whom not."""

import pytest

from orgctl.policy.authorizer import Authorizer
from orgctl.policy.explanation import Decision
from orgctl.policy.layers import Layers, NamedPolicy, Organization
from orgctl.policy.parser import parse
from orgctl.policy.request import Request

DENY = (NamedPolicy("deny", parse({"Statement": {"Effect": "Deny", "Action": "*", "Resource": "*"}})),)
DENY_ALL = (
    NamedPolicy("deny", parse({"Statement": {"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"}})),
)
ORGANIZATION = Organization("111111111111", frozenset({"222222222222", "333333333333"}))
ROLE = "arn:aws:iam::222222222222:role/Dev"
OUTSIDE = "arn:aws:iam::999999999999:role/Dev"

SCPS = [
    # caller, context, decision under an SCP that denies everything
    (ROLE, {}, "EXPLICIT_DENY"),
    ("arn:aws:iam::222222222222:root", {}, "EXPLICIT_DENY"),
    ("222222222222", {}, "EXPLICIT_DENY"),
    ("arn:aws:iam::222222222222:user/ann", {}, "EXPLICIT_DENY"),
    ("arn:aws-cn:iam::222222222222:user/ann", {}, "EXPLICIT_DENY"),
    ("arn:aws-us-gov:sts::222222222222:assumed-role/Dev/s", {}, "EXPLICIT_DENY"),
    ("arn:aws:sts::222222222222:federated-user/ann", {}, "EXPLICIT_DENY"),
    ("arn:aws:iam::111111111111:role/Admin", {}, "ALLOWED"),
    ("arn:aws:iam::111111111111:root", {}, "ALLOWED"),
    ("arn:aws:iam::222222222222:role/aws-service-role/x.amazonaws.com/AWSServiceRoleForX", {}, "ALLOWED"),
    ("arn:aws:sts::222222222222:assumed-role/AWSServiceRoleForX/s", {}, "UNKNOWN"),
    (
        "arn:aws:sts::222222222222:assumed-role/AWSServiceRoleForX/s",
        {"aws:PrincipalArn": "arn:aws:iam::222222222222:role/aws-service-role/x.amazonaws.com/AWSServiceRoleForX"},
        "ALLOWED",
    ),
    (
        "arn:aws:sts::222222222222:assumed-role/AWSServiceRoleForX/s",
        {"aws:PrincipalArn": "arn:aws:iam::222222222222:role/AWSServiceRoleForX"},
        "EXPLICIT_DENY",
    ),
    ("cloudtrail.amazonaws.com", {}, "ALLOWED"),
    (ROLE, {"aws:PrincipalIsAWSService": True}, "ALLOWED"),
    (OUTSIDE, {}, "ALLOWED"),
    ("*", {}, "ALLOWED"),
    ("arn:aws:iam::222222222222:saml-provider/x", {}, "UNKNOWN"),
    ("somebody", {}, "UNKNOWN"),
]

RCPS = [
    # caller, action, resource's account, context, decision under an RCP that denies everything
    (ROLE, "s3:GetObject", "222222222222", {}, "EXPLICIT_DENY"),
    (OUTSIDE, "s3:GetObject", "222222222222", {}, "EXPLICIT_DENY"),
    ("*", "s3:GetObject", "222222222222", {}, "EXPLICIT_DENY"),
    ("cloudtrail.amazonaws.com", "s3:PutObject", "222222222222", {}, "EXPLICIT_DENY"),
    ("arn:aws:iam::111111111111:role/Admin", "s3:GetObject", "222222222222", {}, "EXPLICIT_DENY"),
    (ROLE, "s3:GetObject", "111111111111", {}, "ALLOWED"),
    (ROLE, "s3:GetObject", "999999999999", {}, "ALLOWED"),
    (ROLE, "ec2:RunInstances", "222222222222", {}, "ALLOWED"),
    (ROLE, "kms:Decrypt", "222222222222", {}, "EXPLICIT_DENY"),
    (ROLE, "kms:RetireGrant", "222222222222", {}, "ALLOWED"),
    (ROLE, "kms:Decrypt", "222222222222", {"kms:ResourceAliases": ["alias/aws/s3"]}, "ALLOWED"),
    (ROLE, "kms:Decrypt", "222222222222", {"kms:ResourceAliases": ["alias/mine"]}, "EXPLICIT_DENY"),
    (
        "arn:aws:iam::222222222222:role/aws-service-role/x.amazonaws.com/AWSServiceRoleForX",
        "s3:GetObject",
        "222222222222",
        {},
        "ALLOWED",
    ),
]


@pytest.mark.parametrize(("caller", "context", "expected"), SCPS)
def test_whom_scps_bind(caller: str, context: dict[str, str], expected: str) -> None:
    """SCPs bind the principals of member accounts, root users included, and nobody else."""
    request = Request.of("s3:GetObject", "*", caller, context)
    answer = Authorizer(Layers(scp=(DENY,)), ORGANIZATION).decide(request)
    assert Decision[expected] is answer.decision
    assert (expected in ("ALLOWED", "UNKNOWN")) is bool(answer.notes)


@pytest.mark.parametrize(("caller", "action", "owner", "context", "expected"), RCPS)
def test_what_rcps_bind(caller: str, action: str, owner: str, context: dict[str, str], expected: str) -> None:
    """RCPs bind whoever calls, on resources of member accounts, in the services that support them."""
    request = Request.of(action, "arn:aws:s3:::b", caller, context, resource_account=owner)
    answer = Authorizer(Layers(rcp=(DENY_ALL,)), ORGANIZATION).decide(request)
    assert Decision[expected] is answer.decision


def test_unknown_aliases_leave_open_whether_rcps_bind() -> None:
    """A key whose aliases nobody knows may be AWS's own, which RCPs do not bind; the answer says what would tell."""
    request = Request.of("kms:Decrypt", "*", ROLE, unknown=["kms:ResourceAliases"])
    answer = Authorizer(Layers(rcp=(DENY_ALL,)), ORGANIZATION).decide(request)
    assert answer.decision is Decision.UNKNOWN
    assert "`kms:ResourceAliases` would tell" in answer.notes[0]


def test_rcps_always_allow_by_default() -> None:
    """RCPFullAWSAccess is on every level and cannot be detached: it need not be given."""
    request = Request.of("s3:GetObject", "arn:aws:s3:::b", ROLE)
    assert Authorizer(Layers(rcp=((), ())), ORGANIZATION).decide(request).decision is Decision.ALLOWED


def test_a_level_without_allow_denies() -> None:
    """Every level of SCPs must allow; the answer names the level on which nothing does."""
    full = (NamedPolicy("full", parse({"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}})),)
    answer = Authorizer(Layers(scp=(full, (), full)), ORGANIZATION).decide(Request.of("s3:GetObject", "*", ROLE))
    assert (answer.decision, [decider.level for decider in answer.decided_by]) == (Decision.IMPLICIT_DENY, [1])


def test_no_layers_restrict_nothing() -> None:
    """A layer that is not given is not looked at."""
    request = Request.of("s3:GetObject", "*", ROLE)
    assert Authorizer(Layers()).decide(request).decision is Decision.ALLOWED
