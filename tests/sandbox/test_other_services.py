"""S3, STS, CloudTrail and Account Management, as orgctl uses them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from orgctl.sandbox.bucket_policy import permits_cloudtrail
from orgctl.sandbox.embedded import Sandbox, running
from orgctl.sandbox.settings import Delay, Delays
from tests.sandbox.conftest import Refused, assumed, client, member, refusal

ROLE = "OrganizationAccountAccessRole"
TRAIL = "arn:aws:cloudtrail:us-east-1:111111111111:trail/main"


def enter(sandbox: Sandbox, account: str, role: str = ROLE) -> dict[str, str]:
    arn = f"arn:aws:iam::{account}:role/{role}"
    credentials = client(sandbox, "sts").assume_role(RoleArn=arn, RoleSessionName="test")["Credentials"]
    return dict(credentials)


def bucket_policy(organization: str, **changes: Any) -> str:
    condition = {"StringEquals": {"aws:SourceArn": TRAIL}}
    service = {"Service": "cloudtrail.amazonaws.com"}
    folders = [f"arn:aws:s3:::logs/AWSLogs/{owner}/*" for owner in ("111111111111", organization)]
    read = {"Action": "s3:GetBucketAcl", "Resource": "arn:aws:s3:::logs", "Condition": condition}
    write = {"Action": "s3:PutObject", "Resource": folders, "Condition": condition} | changes
    statements = [{"Effect": "Allow", "Principal": service, **part} for part in (read, write)]
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


@pytest.fixture
def log_account(sandbox: Sandbox, organizations: Any) -> str:
    account = member(organizations, "log-archive")
    s3 = assumed(sandbox, "s3", enter(sandbox, account))
    s3.create_bucket(Bucket="logs")
    s3.put_bucket_policy(Bucket="logs", Policy=bucket_policy(sandbox.organization.id))
    return account


def test_a_member_is_entered_by_its_access_role(sandbox: Sandbox, organizations: Any) -> None:
    """Who assumes it is in the member account from then on."""
    account = member(organizations, "one")
    identity = assumed(sandbox, "sts", enter(sandbox, account)).get_caller_identity()
    assert (identity["Account"], identity["Arn"]) == (
        account,
        f"arn:aws:sts::{account}:assumed-role/{ROLE}/test",
    )


NO_ENTRY: dict[str, Callable[[Sandbox, Any, str], str]] = {
    "no such role": lambda sandbox, api, account: f"{account}/role/Other",
    "no such account": lambda sandbox, api, account: "999999999999",
    "a closed account": lambda sandbox, api, account: api.close_account(AccountId=account) and account,
}


@pytest.mark.parametrize("case", NO_ENTRY)
def test_an_account_that_cannot_be_entered(sandbox: Sandbox, organizations: Any, case: str) -> None:
    """AssumeRole is denied, without saying why."""
    where, _, role = NO_ENTRY[case](sandbox, organizations, member(organizations, "one")).partition("/role/")
    assert refusal(lambda: enter(sandbox, where, role or ROLE)) == ("AccessDenied", None)


def test_the_access_role_may_lag() -> None:
    """A new account's role can be assumed some time after the account was made."""
    with running(delays=Delays(access_role=Delay(2))) as sandbox:
        account = member(client(sandbox, "organizations"), "one")
        refused = [refusal(lambda: enter(sandbox, account)) for _ in range(2)]
        assert refused == [("AccessDenied", None)] * 2
        assert enter(sandbox, account)["AccessKeyId"]


def test_a_bucket_belongs_to_its_account(sandbox: Sandbox, log_account: str) -> None:
    """Another account is denied, the management account too, unless the bucket's policy lets it in."""
    s3 = client(sandbox, "s3")
    assert refusal(lambda: s3.get_bucket_policy(Bucket="logs")) == ("AccessDenied", None)
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": "111111111111"},
        "Action": "s3:*",
        "Resource": "arn:aws:s3:::logs",
    }
    assumed(sandbox, "s3", enter(sandbox, log_account)).put_bucket_policy(
        Bucket="logs", Policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    )
    assert s3.get_bucket_policy(Bucket="logs")["Policy"]


def test_a_new_bucket_is_as_aws_makes_it(sandbox: Sandbox) -> None:
    """Encrypted by S3's key, closed to the public, and owned by its owner, without being told."""
    s3 = client(sandbox, "s3", region="eu-west-1")
    s3.create_bucket(Bucket="plain", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    rules = s3.get_bucket_encryption(Bucket="plain")["ServerSideEncryptionConfiguration"]["Rules"]
    assert rules[0]["ApplyServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}
    assert set(s3.get_public_access_block(Bucket="plain")["PublicAccessBlockConfiguration"].values()) == {True}
    owner = s3.get_bucket_ownership_controls(Bucket="plain")["OwnershipControls"]
    assert owner == {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
    assert s3.get_bucket_location(Bucket="plain")["LocationConstraint"] == "eu-west-1"


def test_a_bucket_is_tagged_by_the_call_that_makes_it(sandbox: Sandbox) -> None:
    """No moment passes in which the bucket is there and its tags are not."""
    s3, tags = client(sandbox, "s3"), [{"Key": "owner", "Value": "a & b"}]
    s3.create_bucket(Bucket="tagged", CreateBucketConfiguration={"Tags": tags})
    assert s3.get_bucket_tagging(Bucket="tagged")["TagSet"] == tags


def test_a_bucket_can_be_furnished(sandbox: Sandbox) -> None:
    """Versioning, encryption by KMS, lifecycle, public access and tags are kept as they are put."""
    s3, key = client(sandbox, "s3"), client(sandbox, "kms").create_key()["KeyMetadata"]["Arn"]
    s3.create_bucket(Bucket="logs")
    s3.put_bucket_versioning(Bucket="logs", VersioningConfiguration={"Status": "Enabled"})
    rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}}
    s3.put_bucket_encryption(Bucket="logs", ServerSideEncryptionConfiguration={"Rules": [rule]})
    lifecycle = [{"ID": "old", "Status": "Enabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": 400}}]
    s3.put_bucket_lifecycle_configuration(Bucket="logs", LifecycleConfiguration={"Rules": lifecycle})
    s3.put_bucket_tagging(Bucket="logs", Tagging={"TagSet": [{"Key": "orgctl:managed", "Value": "true"}]})
    encryption = s3.get_bucket_encryption(Bucket="logs")["ServerSideEncryptionConfiguration"]["Rules"][0]
    assert encryption["ApplyServerSideEncryptionByDefault"]["KMSMasterKeyID"] == key
    assert s3.get_bucket_versioning(Bucket="logs")["Status"] == "Enabled"
    assert s3.get_bucket_lifecycle_configuration(Bucket="logs")["Rules"][0]["Expiration"] == {"Days": 400}
    assert s3.get_bucket_tagging(Bucket="logs")["TagSet"] == [{"Key": "orgctl:managed", "Value": "true"}]


def test_a_lock_can_be_kept_in_s3(sandbox: Sandbox) -> None:
    """An object is made only if there is none, replaced and deleted only if it is the one that was read."""
    s3 = client(sandbox, "s3")
    s3.create_bucket(Bucket="locks")
    mine = s3.put_object(Bucket="locks", Key="orgctl.lock", Body=b"me", IfNoneMatch="*")["ETag"]
    assert refusal(lambda: s3.put_object(Bucket="locks", Key="orgctl.lock", Body=b"you", IfNoneMatch="*")) == (
        "PreconditionFailed",
        None,
    )
    assert refusal(lambda: s3.put_object(Bucket="locks", Key="orgctl.lock", Body=b"you", IfMatch='"0"')) == (
        "PreconditionFailed",
        None,
    )
    assert refusal(lambda: s3.delete_object(Bucket="locks", Key="orgctl.lock", IfMatch='"0"')) == (
        "PreconditionFailed",
        None,
    )
    assert s3.get_object(Bucket="locks", Key="orgctl.lock")["Body"].read() == b"me"
    s3.delete_object(Bucket="locks", Key="orgctl.lock", IfMatch=mine)
    assert refusal(lambda: s3.get_object(Bucket="locks", Key="orgctl.lock")) == ("NoSuchKey", None)


def trusting(sandbox: Sandbox) -> Any:
    client(sandbox, "organizations").enable_aws_service_access(ServicePrincipal="cloudtrail.amazonaws.com")
    return client(sandbox, "cloudtrail")


def create(api: Any, **changes: Any) -> Any:
    settings = {"Name": "main", "S3BucketName": "logs", "IsOrganizationTrail": True, "IsMultiRegionTrail": True}
    return api.create_trail(**{**settings, "EnableLogFileValidation": True, **changes})


def test_an_organization_trail(sandbox: Sandbox, log_account: str) -> None:
    """It is created, begins to log, takes advanced selectors and tags, is changed, and is deleted by its ARN."""
    api = trusting(sandbox)
    made = create(api, TagsList=[{"Key": "orgctl:managed", "Value": "true"}])
    assert (made["TrailARN"], made["LogFileValidationEnabled"]) == (TRAIL, True)
    assert api.get_trail_status(Name=TRAIL)["IsLogging"] is False
    api.start_logging(Name=TRAIL)
    assert api.get_trail_status(Name="main")["IsLogging"] is True
    selectors = [{"Name": "all", "FieldSelectors": [{"Field": "eventCategory", "Equals": ["Management"]}]}]
    api.put_event_selectors(TrailName=TRAIL, AdvancedEventSelectors=selectors)
    found = api.get_event_selectors(TrailName=TRAIL)
    assert (found["AdvancedEventSelectors"], found.get("EventSelectors")) == (selectors, None)
    assert api.update_trail(Name=TRAIL, IsMultiRegionTrail=False)["IsMultiRegionTrail"] is False
    api.add_tags(ResourceId=TRAIL, TagsList=[{"Key": "env", "Value": "prod"}])
    tags = api.list_tags(ResourceIdList=[TRAIL])["ResourceTagList"][0]["TagsList"]
    assert tags == [{"Key": "env", "Value": "prod"}, {"Key": "orgctl:managed", "Value": "true"}]
    theirs = client(sandbox, "cloudtrail", log_account)
    assert [trail["TrailARN"] for trail in theirs.describe_trails()["trailList"]] == [TRAIL]
    elsewhere = client(sandbox, "cloudtrail", region="eu-west-1")
    assert refusal(lambda: elsewhere.stop_logging(Name=TRAIL)) == ("InvalidHomeRegionException", None)
    assert refusal(lambda: theirs.stop_logging(Name=TRAIL)) == ("NotOrganizationMasterAccountException", None)
    assert refusal(lambda: theirs.list_tags(ResourceIdList=[TRAIL])) == ("ResourceNotFoundException", None)
    api.remove_tags(ResourceId=TRAIL, TagsList=[{"Key": "env"}])
    api.stop_logging(Name=TRAIL)
    api.delete_trail(Name=TRAIL)
    assert api.list_trails()["Trails"] == []


NO_TRAIL: dict[str, tuple[dict[str, Any], str]] = {
    "no bucket": ({"S3BucketName": "nowhere"}, "S3BucketDoesNotExistException"),
    "a bad name": ({"Name": "x!y"}, "InvalidTrailNameException"),
    "a policy for another trail": ({"Name": "other"}, "InsufficientS3BucketPolicyException"),
    "a prefix that the policy does not know": ({"S3KeyPrefix": "p"}, "InsufficientS3BucketPolicyException"),
    "an unknown key": ({"KmsKeyId": "alias/none"}, "KmsKeyNotFoundException"),
    "many regions without global events": (
        {"IncludeGlobalServiceEvents": False},
        "InvalidParameterCombinationException",
    ),
}


@pytest.mark.parametrize("case", NO_TRAIL)
def test_a_trail_that_is_refused(sandbox: Sandbox, log_account: str, case: str) -> None:
    """CloudTrail looks at the bucket, its policy and the key before it makes a trail."""
    changes, code = NO_TRAIL[case]
    api = trusting(sandbox)
    assert refusal(lambda: create(api, **changes)) == (code, None)


def test_an_organization_trail_needs_trust(sandbox: Sandbox, log_account: str) -> None:
    """Without trusted access it is refused, and to a member in any case; a second of the name too."""
    api, theirs = client(sandbox, "cloudtrail"), client(sandbox, "cloudtrail", log_account)
    assert refusal(lambda: create(api)) == ("CloudTrailAccessNotEnabledException", None)
    assert refusal(lambda: create(theirs)) == ("NotOrganizationMasterAccountException", None)
    create(trusting(sandbox))
    assert refusal(lambda: create(api)) == ("TrailAlreadyExistsException", None)


POLICIES: list[tuple[str, str | None, bool]] = [
    ("as documented", bucket_policy("o-1"), True),
    ("none", None, False),
    ("another organization", bucket_policy("o-2"), False),
    ("another source", bucket_policy("o-1", Condition={"StringEquals": {"aws:SourceArn": "arn:x"}}), False),
    (
        "an ACL that CloudTrail sends",
        bucket_policy("o-1", Condition={"StringEquals": {"s3:x-amz-acl": "bucket-owner-full-control"}}),
        True,
    ),
    ("denied", bucket_policy("o-1", Effect="Deny"), False),
    ("another service", bucket_policy("o-1", Principal={"Service": "config.amazonaws.com"}), False),
    ("an unknown key, if it exists", bucket_policy("o-1", Condition={"StringLikeIfExists": {"x:y": "z"}}), True),
]


@pytest.mark.parametrize(("fact", "policy", "expected"), POLICIES)
def test_what_a_bucket_policy_permits(fact: str, policy: str | None, expected: bool) -> None:
    """CloudTrail has to be allowed to read the ACL and to write both prefixes, for this trail."""
    assert (fact, permits_cloudtrail(policy, "logs", "", TRAIL, "111111111111", "o-1")) == (fact, expected)


CONTACT = {"Name": "A. Person", "Title": "CISO", "EmailAddress": "sec@example.com", "PhoneNumber": "+49 30 1"}


def test_alternate_contacts(sandbox: Sandbox, organizations: Any) -> None:
    """A contact is absent, then there, then gone again; the management account acts for its members."""
    api, account = client(sandbox, "account"), member(organizations, "one")
    where = {"AccountId": account, "AlternateContactType": "SECURITY"}
    assert refusal(lambda: api.get_alternate_contact(**where)) == ("ResourceNotFoundException", None)
    api.put_alternate_contact(**where, **CONTACT)
    found = client(sandbox, "account", account).get_alternate_contact(AlternateContactType="SECURITY")
    assert found["AlternateContact"] == {**CONTACT, "AlternateContactType": "SECURITY"}
    api.delete_alternate_contact(**where)
    assert refusal(lambda: api.delete_alternate_contact(**where)) == ("ResourceNotFoundException", None)


def test_an_account_is_renamed(sandbox: Sandbox, organizations: Any) -> None:
    """Organizations shows the new name; state and address are told as well."""
    api, account = client(sandbox, "account"), member(organizations, "one")
    api.put_account_name(AccountId=account, AccountName="two")
    assert organizations.describe_account(AccountId=account)["Account"]["Name"] == "two"
    information = api.get_account_information(AccountId=account)
    assert (information["AccountName"], information["AccountState"]) == ("two", "ACTIVE")
    assert api.get_primary_email(AccountId=account)["PrimaryEmail"] == "aws+one@example.com"


CONTACT_REFUSALS: dict[str, tuple[dict[str, str], Refused]] = {
    "a stranger": ({"AccountId": "999999999999"}, ("AccessDeniedException", None)),
    "the management account by its id": ({"AccountId": "111111111111"}, ("ValidationException", None)),
    "a bad phone number": ({"PhoneNumber": "call me"}, ("ValidationException", None)),
}


@pytest.mark.parametrize("case", CONTACT_REFUSALS)
def test_a_contact_that_is_refused(sandbox: Sandbox, case: str) -> None:
    """Account Management refuses by its own codes."""
    changes, (code, _) = CONTACT_REFUSALS[case]
    api = client(sandbox, "account")
    assert (
        refusal(lambda: api.put_alternate_contact(AlternateContactType="BILLING", **{**CONTACT, **changes}))[0] == code
    )
