"""IAM enforcement: whose key it is, and what its policies allow."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from orgctl.sandbox.credentials import Principal
from orgctl.sandbox.embedded import Sandbox, running
from tests.sandbox.conftest import CONFIG, assumed, client, enabled, member, policy, refusal, root_of, unit


@pytest.fixture
def enforced() -> Iterator[Sandbox]:
    with running(seed=1, enforce_iam=True) as started:
        yield started


def user(sandbox: Sandbox, *statements: dict[str, Any]) -> dict[str, str]:
    """A new IAM user of the management account with one inline policy; its access key."""
    iam = client(sandbox, "iam")
    iam.create_user(UserName="ci")
    document = {"Version": "2012-10-17", "Statement": list(statements)}
    iam.put_user_policy(UserName="ci", PolicyName="p", PolicyDocument=json.dumps(document))
    return dict(iam.create_access_key(UserName="ci")["AccessKey"])


def allow(*actions: str, resource: str = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": list(actions), "Resource": resource, **more}


def test_an_unknown_key_is_nobody(enforced: Sandbox) -> None:
    """Each protocol has its own code for it."""
    stranger = {"AccessKeyId": "AKIANOBODY0000000000", "SecretAccessKey": "x"}
    organizations = assumed(enforced, "organizations", stranger)
    assert refusal(organizations.describe_organization) == ("UnrecognizedClientException", None)
    assert refusal(assumed(enforced, "iam", stranger).list_users) == ("InvalidClientTokenId", None)
    assert refusal(assumed(enforced, "s3", stranger).list_buckets) == ("InvalidAccessKeyId", None)


def test_a_wrong_secret_is_found_out(enforced: Sandbox) -> None:
    """Signatures count once IAM is enforced, with an administrator's key and with a user's, in every protocol."""
    admin = {"AccessKeyId": "AKIASANDBOX111111111111", "SecretAccessKey": "wrong"}
    codes = [
        refusal(assumed(enforced, "organizations", admin).list_roots),
        refusal(assumed(enforced, "s3", admin).list_buckets),
        refusal(
            assumed(enforced, "sts", {**user(enforced, allow("*")), "SecretAccessKey": "wrong"}).get_caller_identity
        ),
    ]
    assert [code for code, _ in codes] == ["InvalidSignatureException", *["SignatureDoesNotMatch"] * 2]


def test_odd_keys_are_signed_like_any_other(enforced: Sandbox) -> None:
    """Spaces, slashes, other alphabets and queries in an S3 request do not upset its signature."""
    s3 = assumed(enforced, "s3", user(enforced, allow("*")))
    s3.create_bucket(Bucket="mine")
    s3.put_object(Bucket="mine", Key="a b/ü+~&=.txt", Body=b"x")
    found = s3.list_objects_v2(Bucket="mine", Prefix="a b/", MaxKeys=5)["Contents"]
    assert [item["Key"] for item in found] == ["a b/ü+~&=.txt"]


def test_any_key_will_do_without_enforcement(sandbox: Sandbox) -> None:
    """It is the management account's then."""
    api = assumed(sandbox, "organizations", {"AccessKeyId": "testing", "SecretAccessKey": "testing"})
    assert api.describe_organization()["Organization"]["MasterAccountId"] == "111111111111"


def test_a_user_may_do_what_its_policy_allows(enforced: Sandbox) -> None:
    """And nothing else; the message names user, action and resource."""
    api = assumed(enforced, "organizations", user(enforced, allow("organizations:Describe*", "organizations:List*")))
    api.list_roots()
    with pytest.raises(api.exceptions.AccessDeniedException) as caught:
        api.create_organizational_unit(ParentId=root_of(enforced), Name="A")
    message = caught.value.response["Error"]["Message"]
    assert message.startswith(
        "User: arn:aws:iam::111111111111:user/ci is not authorized to perform: organizations:CreateOrganizationalUnit"
        " on resource: arn:aws:organizations::111111111111:root/"
    )


def test_every_resource_of_a_call_has_to_be_allowed(enforced: Sandbox) -> None:
    """AttachPolicy is about the policy and its target."""
    admin = client(enforced, "organizations")
    enabled(admin, root_of(enforced))
    mine, a, b = policy(admin, "mine"), unit(admin, root_of(enforced), "A"), unit(admin, root_of(enforced), "B")
    organization = enforced.organization.id
    arns = f"arn:aws:organizations::111111111111:policy/{organization}/*", f"arn:aws:organizations::*:ou/*/{a}"
    key = user(enforced, *(allow("organizations:AttachPolicy", resource=arn) for arn in arns))
    api = assumed(enforced, "organizations", key)
    api.attach_policy(PolicyId=mine, TargetId=a)
    assert refusal(lambda: api.attach_policy(PolicyId=mine, TargetId=b)) == ("AccessDeniedException", None)


STATEMENTS: list[tuple[str, list[dict[str, Any]], bool]] = [
    ("a deny wins", [allow("*"), {"Effect": "Deny", "Action": "organizations:*", "Resource": "*"}], False),
    ("all but", [{"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}], True),
    ("all but this", [{"Effect": "Allow", "NotAction": "organizations:*", "Resource": "*"}], False),
    (
        "a condition on a known key",
        [allow("*", Condition={"StringEquals": {"organizations:PolicyType": "SERVICE_CONTROL_POLICY"}})],
        True,
    ),
    (
        "a condition that fails",
        [allow("*", Condition={"StringEquals": {"organizations:PolicyType": "TAG_POLICY"}})],
        False,
    ),
    ("a condition on an unknown key does not allow", [allow("*", Condition={"StringEquals": {"x:y": "z"}})], False),
    (
        "a condition on an unknown key denies",
        [
            allow("*"),
            {"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {"Bool": {"x:y": "true"}}},
        ],
        False,
    ),
]


@pytest.mark.parametrize(("fact", "statements", "allowed"), STATEMENTS)
def test_statements(enforced: Sandbox, fact: str, statements: list[dict[str, Any]], allowed: bool) -> None:
    """Effect, Action, NotAction and conditions decide whether ListPolicies of SCPs may be called."""
    api = assumed(enforced, "organizations", user(enforced, *statements))
    try:
        api.list_policies(Filter="SERVICE_CONTROL_POLICY")
        answer = True
    except api.exceptions.AccessDeniedException:
        answer = False
    assert (fact, answer) == (fact, allowed)


def test_a_managed_policy_and_a_group_count_too(enforced: Sandbox) -> None:
    """What is attached to a user's group is allowed to the user."""
    key = user(enforced, allow("iam:GetUser"))
    iam = client(enforced, "iam")
    document = json.dumps({"Version": "2012-10-17", "Statement": [allow("organizations:ListRoots")]})
    arn = iam.create_policy(PolicyName="read", PolicyDocument=document)["Policy"]["Arn"]
    iam.create_group(GroupName="readers")
    iam.attach_group_policy(GroupName="readers", PolicyArn=arn)
    api = assumed(enforced, "organizations", key)
    assert refusal(api.list_roots) == ("AccessDeniedException", None)
    iam.add_user_to_group(GroupName="readers", UserName="ci")
    assert api.list_roots()["Roots"]


def test_the_rest_is_enforced_too(enforced: Sandbox) -> None:
    """S3 by bucket and key under IAM's own action names, CloudTrail by trail, STS by role."""
    client(enforced, "s3").create_bucket(Bucket="mine")
    trail = "arn:aws:cloudtrail:us-east-1:111111111111:trail/main"
    key = user(
        enforced,
        allow("s3:ListBucket", resource="arn:aws:s3:::mine"),
        allow("s3:PutObject", resource="arn:aws:s3:::mine/allowed/*"),
        allow("cloudtrail:GetTrail", resource=trail),
    )
    s3, cloudtrail = assumed(enforced, "s3", key), assumed(enforced, "cloudtrail", key)
    s3.head_bucket(Bucket="mine")
    s3.put_object(Bucket="mine", Key="allowed/x", Body=b"")
    assert refusal(lambda: s3.put_object(Bucket="mine", Key="other/x", Body=b"")) == ("AccessDenied", None)
    assert refusal(lambda: cloudtrail.get_trail(Name="main")) == ("TrailNotFoundException", None)
    assert refusal(lambda: cloudtrail.get_trail(Name="other")) == ("AccessDeniedException", None)
    assert assumed(enforced, "sts", key).get_caller_identity()["Arn"] == "arn:aws:iam::111111111111:user/ci"


def test_a_role_acts_by_its_own_policies(enforced: Sandbox) -> None:
    """Its trust policy says who may assume it; AWS writes it as an assumed role."""
    iam = client(enforced, "iam")
    trust = {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111111111111:root"}, "Action": "sts:AssumeRole"}
    for name, statement in (("trusting", trust), ("closed", {**trust, "Principal": {"AWS": "222222222222"}})):
        document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=document)
    sts = client(enforced, "sts")
    arn = "arn:aws:iam::111111111111:role/"
    assert refusal(lambda: sts.assume_role(RoleArn=f"{arn}closed", RoleSessionName="ci")) == ("AccessDenied", None)
    key = sts.assume_role(RoleArn=f"{arn}trusting", RoleSessionName="ci")["Credentials"]
    assert refusal(assumed(enforced, "organizations", key).list_roots) == ("AccessDeniedException", None)
    document = json.dumps({"Version": "2012-10-17", "Statement": [allow("organizations:*")]})
    iam.put_role_policy(RoleName="trusting", PolicyName="p", PolicyDocument=document)
    assert assumed(enforced, "organizations", key).list_roots()["Roots"]


def test_how_a_principal_is_written() -> None:
    """A user by its own ARN, a role's session as AWS writes it."""
    arns = [Principal("111111111111").arn, Principal("222222222222", "role", "R", "s").arn]
    assert arns == [
        "arn:aws:iam::111111111111:user/sandbox-administrator",
        "arn:aws:sts::222222222222:assumed-role/R/s",
    ]


def test_the_environment_is_all_that_an_sdk_needs(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the AWS_* variables set, a client needs no argument."""
    for name, value in sandbox.environment().items():
        monkeypatch.setenv(name, value)
    found = boto3.Session().client("organizations", config=CONFIG).describe_organization()["Organization"]["Id"]
    assert found == sandbox.organization.id


def test_the_organization_of_a_resource_counts(enforced: Sandbox) -> None:
    """`aws:ResourceOrgID` is that of the account of the role to be assumed: nobody gets out of the organization."""
    account = member(client(enforced, "organizations"), "shop")
    condition = {"StringEquals": {"aws:ResourceOrgID": enforced.organization.id}}
    statement = {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*", "Condition": condition}
    sts = assumed(enforced, "sts", {k: v for k, v in user(enforced, statement).items() if k != "CreateDate"})
    inside, outside = (f"arn:aws:iam::{a}:role/OrganizationAccountAccessRole" for a in (account, "999999999999"))
    entered = sts.assume_role(RoleArn=inside, RoleSessionName="ci")["AssumedRoleUser"]["Arn"]
    assert entered == f"arn:aws:sts::{account}:assumed-role/OrganizationAccountAccessRole/ci"
    code, _ = refusal(lambda: sts.assume_role(RoleArn=outside, RoleSessionName="ci"))
    assert code in ("AccessDenied", "AccessDeniedException")
