"""Identity policies, resource policies, boundaries and session policies: one test a row of AWS's tables."""

import pytest

from orgctl.policy.authorizer import Authorizer
from orgctl.policy.layers import Layers, NamedPolicy
from orgctl.policy.parser import parse
from orgctl.policy.request import Request

ACCOUNT = "222222222222"
USER = f"arn:aws:iam::{ACCOUNT}:user/ann"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/path/Dev"
SESSION = f"arn:aws:sts::{ACCOUNT}:assumed-role/Dev/s"
FEDERATED = f"arn:aws:sts::{ACCOUNT}:federated-user/ann"
ROOT = f"arn:aws:iam::{ACCOUNT}:root"
ELSEWHERE = "333333333333"

ALLOW = (NamedPolicy("allow", parse({"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}})),)
SILENT = (NamedPolicy("silent", parse({"Statement": {"Effect": "Allow", "Action": "x:Y", "Resource": "*"}})),)
DENYING = (NamedPolicy("deny", parse({"Statement": {"Effect": "Deny", "Action": "*", "Resource": "*"}})),)
NONE = None

ROWS = [
    # caller, who the resource policy allows, identity, boundary, session, decision (S3, same account)
    (USER, NONE, ALLOW, NONE, NONE, "ALLOWED"),
    (USER, NONE, SILENT, NONE, NONE, "IMPLICIT_DENY"),
    (USER, NONE, ALLOW, SILENT, NONE, "IMPLICIT_DENY"),
    (SESSION, NONE, ALLOW, ALLOW, SILENT, "IMPLICIT_DENY"),
    (SESSION, NONE, ALLOW, ALLOW, ALLOW, "ALLOWED"),
    (USER, {"AWS": USER}, SILENT, SILENT, NONE, "ALLOWED"),
    (USER, {"AWS": USER}, DENYING, NONE, NONE, "EXPLICIT_DENY"),
    (USER, {"AWS": USER}, SILENT, DENYING, NONE, "EXPLICIT_DENY"),
    (SESSION, {"AWS": SESSION}, SILENT, SILENT, SILENT, "ALLOWED"),
    (SESSION, {"AWS": ROLE}, SILENT, NONE, NONE, "ALLOWED"),
    (SESSION, {"AWS": ROLE}, SILENT, SILENT, NONE, "IMPLICIT_DENY"),
    (SESSION, {"AWS": ROLE}, SILENT, ALLOW, SILENT, "IMPLICIT_DENY"),
    (SESSION, {"AWS": ROLE}, SILENT, ALLOW, ALLOW, "ALLOWED"),
    (FEDERATED, {"AWS": FEDERATED}, SILENT, SILENT, SILENT, "ALLOWED"),
    (FEDERATED, {"AWS": USER}, SILENT, ALLOW, SILENT, "IMPLICIT_DENY"),
    (FEDERATED, {"AWS": USER}, SILENT, SILENT, ALLOW, "IMPLICIT_DENY"),
    (FEDERATED, {"AWS": USER}, SILENT, ALLOW, ALLOW, "ALLOWED"),
    (ROOT, {"AWS": ROOT}, NONE, NONE, NONE, "ALLOWED"),
    (ROOT, NONE, SILENT, SILENT, NONE, "ALLOWED"),
    (SESSION, {"AWS": ACCOUNT}, ALLOW, SILENT, NONE, "IMPLICIT_DENY"),
    (SESSION, {"AWS": ROOT}, ALLOW, ALLOW, NONE, "ALLOWED"),
    (SESSION, {"AWS": ROOT}, SILENT, NONE, NONE, "UNKNOWN"),
    (SESSION, "*", SILENT, ALLOW, ALLOW, "ALLOWED"),
    (SESSION, "*", SILENT, SILENT, ALLOW, "UNKNOWN"),
    (SESSION, {"AWS": USER}, SILENT, NONE, NONE, "IMPLICIT_DENY"),
    (SESSION, {"AWS": USER}, ALLOW, NONE, NONE, "ALLOWED"),
    (SESSION, {"AWS": ELSEWHERE}, NONE, NONE, NONE, "IMPLICIT_DENY"),
    (ROLE, {"AWS": ROLE}, SILENT, NONE, NONE, "ALLOWED"),
    (ROLE, {"AWS": SESSION}, SILENT, NONE, NONE, "UNKNOWN"),
    (ROLE, {"AWS": SESSION}, ALLOW, NONE, NONE, "ALLOWED"),
    (FEDERATED, {"AWS": f"arn:aws:iam::{ACCOUNT}:user/path/ann"}, SILENT, NONE, NONE, "ALLOWED"),
    ("lambda.amazonaws.com", {"Service": "lambda.amazonaws.com"}, NONE, NONE, NONE, "ALLOWED"),
    ("lambda.amazonaws.com", {"Service": "ec2.amazonaws.com"}, NONE, NONE, NONE, "IMPLICIT_DENY"),
    ("lambda.amazonaws.com", "*", NONE, NONE, NONE, "ALLOWED"),
    ("*", "*", NONE, NONE, NONE, "ALLOWED"),
    ("*", {"AWS": ACCOUNT}, NONE, NONE, NONE, "IMPLICIT_DENY"),
]

ACROSS = [
    # who the resource policy of another account allows, identity, boundary, decision
    ({"AWS": SESSION}, ALLOW, NONE, "ALLOWED"),
    ({"AWS": SESSION}, SILENT, NONE, "IMPLICIT_DENY"),
    ({"AWS": SESSION}, ALLOW, SILENT, "IMPLICIT_DENY"),
    ({"AWS": ACCOUNT}, ALLOW, NONE, "ALLOWED"),
    ({"AWS": ELSEWHERE}, ALLOW, NONE, "IMPLICIT_DENY"),
    ("*", ALLOW, NONE, "ALLOWED"),
]

MUST_BE_NAMED = [
    # action, who the key or trust policy allows, identity, decision
    ("kms:Decrypt", {"AWS": ELSEWHERE}, ALLOW, "IMPLICIT_DENY"),
    ("kms:Decrypt", {"AWS": ACCOUNT}, ALLOW, "ALLOWED"),
    ("kms:Decrypt", {"AWS": ACCOUNT}, SILENT, "IMPLICIT_DENY"),
    ("kms:Decrypt", {"AWS": ROLE}, SILENT, "ALLOWED"),
    ("sts:AssumeRole", {"AWS": ELSEWHERE}, ALLOW, "IMPLICIT_DENY"),
    ("sts:AssumeRole", {"AWS": SESSION}, SILENT, "ALLOWED"),
    ("sts:AssumeRole", {"AWS": ACCOUNT}, SILENT, "IMPLICIT_DENY"),
]

NOT_PRINCIPALS = [
    # NotPrincipal of a Deny, caller, decision
    ({"AWS": [SESSION, ROLE, ROOT]}, SESSION, "ALLOWED"),
    ({"AWS": [ROLE]}, SESSION, "UNKNOWN"),
    ({"AWS": [USER]}, SESSION, "EXPLICIT_DENY"),
    ({"AWS": [USER, ACCOUNT]}, USER, "ALLOWED"),
    ({"AWS": [USER]}, USER, "UNKNOWN"),
    ("*", USER, "ALLOWED"),
    ({"AWS": [ROOT]}, ROOT, "ALLOWED"),
    ({"Service": "lambda.amazonaws.com"}, "lambda.amazonaws.com", "ALLOWED"),
    ({"Service": "lambda.amazonaws.com"}, "ec2.amazonaws.com", "EXPLICIT_DENY"),
]

Policies = tuple[NamedPolicy, ...] | None


def resource_policy(principal: object, **more: object) -> NamedPolicy | None:
    if principal is None:
        return None
    statement = {"Effect": "Allow", "Principal": principal, "Action": "*", "Resource": "*", **more}
    return NamedPolicy("resource", parse({"Version": "2012-10-17", "Statement": statement}))


@pytest.mark.parametrize(("caller", "principal", "identity", "boundary", "session", "expected"), ROWS)
def test_within_one_account(
    caller: str, principal: object, identity: Policies, boundary: Policies, session: Policies, expected: str
) -> None:
    """What a resource policy gives depends on what it names: the caller, its role, its account, or everyone."""
    layers = Layers(identity=identity, boundary=boundary, session=session, resource=resource_policy(principal))
    request = Request.of(
        "s3:GetObject", "arn:aws:s3:::b/k", caller, {}, resource_account=ACCOUNT if "222" in caller else None
    )
    assert expected == Authorizer(layers).decide(request).decision.value


@pytest.mark.parametrize(("principal", "identity", "boundary", "expected"), ACROSS)
def test_across_accounts(principal: object, identity: Policies, boundary: Policies, expected: str) -> None:
    """Across accounts both sides must allow, and the boundary always limits."""
    layers = Layers(identity=identity, boundary=boundary, resource=resource_policy(principal))
    request = Request.of("s3:GetObject", "arn:aws:s3:::b/k", SESSION, {}, resource_account=ELSEWHERE)
    assert expected == Authorizer(layers).decide(request).decision.value


@pytest.mark.parametrize(("action", "principal", "identity", "expected"), MUST_BE_NAMED)
def test_keys_and_roles_must_be_opened_by_their_own_policy(
    action: str, principal: object, identity: Policies, expected: str
) -> None:
    """Role trust policies and KMS key policies always have to allow; naming the account leaves it to identities."""
    layers = Layers(identity=identity, resource=resource_policy(principal))
    request = Request.of(action, f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/k", SESSION)
    assert expected == Authorizer(layers).decide(request).decision.value


@pytest.mark.parametrize(("principal", "caller", "expected"), NOT_PRINCIPALS)
def test_not_principal(principal: object, caller: str, expected: str) -> None:
    """A NotPrincipal that lists only a part of what the caller is leaves open whether it is meant."""
    statement = {"Effect": "Deny", "NotPrincipal": principal, "Action": "*", "Resource": "*"}
    document = parse({"Statement": [statement, {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}]})
    layers = Layers(resource=NamedPolicy("resource", document))
    request = Request.of("s3:GetObject", "arn:aws:s3:::b", caller)
    assert expected == Authorizer(layers).decide(request).decision.value


def test_everyone_narrowed_to_the_caller_is_as_good_as_its_name() -> None:
    """With a condition on aws:PrincipalArn, boundaries and session policies do not limit what everyone is allowed."""
    resource = resource_policy("*", Condition={"ArnEquals": {"aws:PrincipalArn": ROLE}})
    request = Request.of("s3:GetObject", "arn:aws:s3:::b", SESSION, {"aws:PrincipalArn": ROLE})
    answer = Authorizer(Layers(identity=SILENT, boundary=SILENT, session=SILENT, resource=resource)).decide(request)
    assert answer.decision.value == "ALLOWED"


def test_what_is_not_documented_is_said() -> None:
    """An answer that hangs on undocumented behaviour says on which."""
    layers = Layers(identity=SILENT, resource=resource_policy({"AWS": ACCOUNT}))
    answer = Authorizer(layers).decide(Request.of("s3:GetObject", "arn:aws:s3:::b", SESSION))
    assert answer.decision.value == "UNKNOWN"
    assert any("names the caller's own account" in reason for reason in answer.reasons)


@pytest.mark.parametrize("effect", ["Allow", "Deny"])
def test_a_resource_policy_without_principal_leaves_it_open(effect: str) -> None:
    """AWS refuses such a policy; what it would do is not documented."""
    document = parse({"Statement": {"Effect": effect, "Action": "*", "Resource": "*"}})
    request = Request.of("s3:GetObject", "arn:aws:s3:::b", USER)
    answer = Authorizer(Layers(resource=NamedPolicy("resource", document))).explain(request)
    assert answer.decision.value == "UNKNOWN"
