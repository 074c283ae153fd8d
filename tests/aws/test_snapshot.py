"""Reading an organization: all of it, by the fewest calls, whatever happens meanwhile."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from orgctl.aws.read.scope import BucketScope, Scope, TrailScope
from orgctl.aws.read.shapes import AttachmentInfo, Snapshot
from orgctl.aws.read.snapshot import read
from orgctl.aws.read.tree import ancestors
from orgctl.aws.session import Aws, connect
from orgctl.aws.waiting import policy_type_enabled
from orgctl.aws.write import invoke
from orgctl.errors import AccessDeniedError, AwsError
from orgctl.model.limits import Limits
from orgctl.model.resources import Contact, ContactType, FeatureSet
from orgctl.sandbox.embedded import Sandbox, running
from orgctl.sandbox.faults import Fault, Kind
from orgctl.sandbox.seed import Seeding
from tests.aws.conftest import MANAGEMENT, Hours, member, root_of, unit, use

DENY = '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"cloudhsm:*","Resource":"*"}]}'
SIZE = Seeding(accounts=65, units=12, policies=3, attachments=2, fan_out=3)


@pytest.fixture
def seeded(sandbox: Sandbox) -> Sandbox:
    """A tree of 12 OUs on three levels, 66 accounts and three SCPs."""
    sandbox.configure(empty_page_every=0)
    sandbox.seed(SIZE)
    return sandbox


def calls_of(sandbox: Sandbox) -> dict[str, int]:
    return {name.partition(":")[2]: count for name, count in sandbox.calls().items() if "organizations" in name}


def test_a_reading_is_what_the_organization_is(seeded: Sandbox, aws: Aws) -> None:
    """Every OU under its parent, every account in its OU, every policy with its content, targets and tags."""
    snapshot, truth = read(aws, Scope()), seeded.organization
    assert {u.id: (u.parent_id, u.name, dict(u.tags)) for u in snapshot.units} == {
        u.id: (u.parent, u.name, u.tags) for u in truth.units.values()
    }
    assert {a.id: (a.name, a.email) for a in snapshot.accounts} == {
        a.id: (a.name, a.email) for a in truth.accounts.values()
    }
    assert {a.id: a.parent_id for a in snapshot.accounts} == {name: truth.parent_of(name) for name in truth.accounts}
    owned = [policy for policy in snapshot.policies if not policy.aws_managed]
    assert {p.id: (p.name, p.content, dict(p.tags)) for p in owned} == {
        p.id: (p.name, p.content, p.tags) for p in truth.policies.values() if not p.aws_managed
    }
    assert {(a.policy_id, a.target_id) for a in snapshot.attachments} == {
        (policy, target) for target, policies in truth.attached.items() for policy in policies
    }
    assert snapshot.organization is not None
    assert (snapshot.organization.management_account, snapshot.organization.features) == (MANAGEMENT, FeatureSet.ALL)


def test_an_empty_plan_costs_the_fewest_calls_there_are(seeded: Sandbox, aws: Aws) -> None:
    """A call for twenty accounts, one an OU for what is below it, and for each thing of ours one for its tags.

    OUs on the fifth level are not asked for children; no account is asked for tags; no call is made twice.
    """
    read(aws, Scope())
    assert calls_of(seeded) == {
        "DescribeOrganization": 1,
        "ListHandshakesForOrganization": 1,
        "ListRoots": 1,
        "ListCreateAccountStatus": 1,
        "ListAWSServiceAccessForOrganization": 1,
        "ListDelegatedAdministrators": 1,
        "DescribeResourcePolicy": 1,
        "ListOrganizationalUnitsForParent": 1 + 12,
        "ListAccounts": 4,
        "ListPolicies": 1,
        "DescribePolicy": 3,
        "ListTargetsForPolicy": 3 + 4,
        "ListTagsForResource": 1 + 12 + 3,
    }


def test_the_fifth_level_is_not_asked_for_children(aws: Aws, sandbox: Sandbox) -> None:
    """AWS nests OUs five deep: a call for each of the deepest would be for nothing."""
    sandbox.configure(empty_page_every=0)
    parent = root_of(aws)
    for level in range(1, 6):
        parent = unit(aws, f"level-{level}", parent)
    assert [u.name for u in sorted(read(aws, Scope()).units, key=lambda u: u.name)] == [
        f"level-{level}" for level in range(1, 6)
    ]
    assert calls_of(sandbox)["ListOrganizationalUnitsForParent"] == 5


@pytest.mark.parametrize(
    "changes",
    [{"paths": False}, {"status": False}, {"empty_page_every": 2}, {"page_size": 3}, {"throttle": True}],
    ids=str,
)
def test_partitions_and_pages_make_no_difference(
    seeded: Sandbox, aws: Aws, hours: Hours, changes: dict[str, object]
) -> None:
    """Without Paths, without Status, with empty and with short pages the snapshot is the same."""
    expected = read(aws, Scope())
    seeded.configure(**changes)
    again = connect() if "throttle" in changes else connect(clock=hours.clock)
    assert read(again, Scope()) == expected


def test_without_paths_no_account_is_listed_twice(seeded: Sandbox, aws: Aws) -> None:
    """One page of ListAccounts shows that AWS gives no Paths; then it is one listing for each parent."""
    seeded.configure(paths=False)
    read(aws, Scope())
    calls = calls_of(seeded)
    assert (calls["ListAccounts"], calls["ListAccountsForParent"], calls.get("ListParents", 0)) == (1, 13, 0)


def test_account_tags_are_read_where_they_are_wanted(seeded: Sandbox, aws: Aws) -> None:
    """By id or e-mail; the others have None, which is not "no tags"."""
    snapshot = read(aws, Scope(tagged=frozenset({"200000000001", "aws+account-00002@example.com"})))
    tagged = {account.id: account.tags for account in snapshot.accounts if account.tags is not None}
    assert tagged == {name: {"orgctl:managed": "true"} for name in ("200000000001", "200000000002")}


def test_an_import_reads_all_tags(seeded: Sandbox, aws: Aws) -> None:
    """`everything` leaves no account out."""
    assert all(account.tags is not None for account in read(aws, Scope(everything=True)).accounts)


def test_contacts_are_read_where_they_are_wanted(aws: Aws, sandbox: Sandbox) -> None:
    """The management account may not name itself, and has contacts all the same."""
    account = member(aws, "shop")
    invoke(aws, "organizations", "EnableAWSServiceAccess", {"ServicePrincipal": "account.amazonaws.com"})
    words = {"Name": "Ann", "Title": "CISO", "EmailAddress": "s@example.com", "PhoneNumber": "+1 5"}
    for owner in ({"AccountId": account}, {}):
        invoke(aws, "account", "PutAlternateContact", {"AlternateContactType": "SECURITY", **words, **owner})
    snapshot = read(aws, Scope(contacts=frozenset({account, MANAGEMENT})))
    expected = {
        ContactType.SECURITY: Contact("Ann", "CISO", "s@example.com", "+1 5"),
        ContactType.BILLING: None,
        ContactType.OPERATIONS: None,
    }
    assert {a.id: a.contacts for a in snapshot.accounts} == {account: expected, MANAGEMENT: expected}


def test_contacts_that_may_not_be_read_are_a_finding(aws: Aws, sandbox: Sandbox) -> None:
    """The plan goes on without them."""
    sandbox.fault(Fault("account:GetAlternateContact", kind=Kind.ERROR, code="AccessDeniedException", times=0))
    snapshot = read(aws, Scope(contacts=frozenset({MANAGEMENT})))
    assert [finding.address for finding in snapshot.findings] == [f"account:{MANAGEMENT}"] * 3
    assert snapshot.accounts[0].contacts == {}


def test_no_organization_is_an_empty_snapshot(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first plan of all creates the organization; a bucket of the account's own is seen already."""
    with running(organization=False) as sandbox:
        use(monkeypatch, sandbox)
        aws = connect()
        invoke(aws, "s3", "CreateBucket", {"Bucket": "trail-1"})
        snapshot = read(aws, Scope(bucket=BucketScope("trail-1", "us-east-1")))
    assert snapshot.bucket is not None
    assert replace(snapshot, bucket=None) == Snapshot(MANAGEMENT, "aws")


def test_credentials_of_a_member_are_told_apart_from_missing_permissions(
    monkeypatch: pytest.MonkeyPatch, aws: Aws, sandbox: Sandbox
) -> None:
    """The usual reason why everything is denied is the wrong profile."""
    account = member(aws, "shop")
    use(monkeypatch, sandbox, account)
    with pytest.raises(AccessDeniedError) as caught:
        read(connect(), Scope())
    assert caught.value.hint in {
        f"these credentials are of account `{account}`; use some of management account `{MANAGEMENT}`",
        "`orgctl permissions plan` prints the policy that it needs",
    }


def test_what_hangs_on_the_organization_is_read(aws: Aws, sandbox: Sandbox) -> None:
    """Trusted access, delegated administrators, delegation policy, invitations and creations under way."""
    account = member(aws, "audit")
    service, root = "config.amazonaws.com", root_of(aws)
    delegation = json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"AWS": f"arn:aws:iam::{account}:root"},
                    "Action": "organizations:ListRoots",
                    "Resource": "*",
                }
            ],
        }
    )
    owned = [{"Key": "orgctl:managed", "Value": "true"}]
    invoke(aws, "organizations", "EnableAWSServiceAccess", {"ServicePrincipal": service})
    asked = {"AccountId": account, "ServicePrincipal": service}
    invoke(aws, "organizations", "RegisterDelegatedAdministrator", asked)
    invoke(aws, "organizations", "PutResourcePolicy", {"Content": delegation, "Tags": owned})
    invoke(aws, "organizations", "TagResource", {"ResourceId": root, "Tags": owned})
    invite = {"Target": {"Id": "guest@example.com", "Type": "EMAIL"}}
    invoke(aws, "organizations", "InviteAccountToOrganization", invite)
    invoke(aws, "organizations", "CreateAccount", {"Email": "new@example.com", "AccountName": "new"})
    snapshot = read(aws, Scope())
    assert snapshot.trusted_access == {service}
    assert [(a.account_id, a.services) for a in snapshot.delegated_administrators] == [(account, {service})]
    assert snapshot.resource_policy is not None
    assert json.loads(snapshot.resource_policy.content) == json.loads(delegation)
    assert snapshot.resource_policy.tags == {"orgctl:managed": "true"}
    assert snapshot.root is not None
    assert snapshot.root.tags == {"orgctl:managed": "true"}
    assert [(h.action, h.email, h.account) for h in snapshot.handshakes] == [("INVITE", "guest@example.com", None)]
    assert [creation.account_name for creation in snapshot.creations] == ["new"]


def test_an_api_that_a_partition_lacks_is_a_finding(aws: Aws, sandbox: Sandbox) -> None:
    """The rest is read."""
    code = "UnsupportedAPIEndpointException"
    sandbox.fault(Fault("organizations:DescribeResourcePolicy", kind=Kind.ERROR, code=code))
    snapshot = read(aws, Scope())
    assert [finding.address for finding in snapshot.findings] == ["organization"]
    assert len(snapshot.accounts) == 1


def test_policies_of_a_type_that_is_off_are_read_if_the_manifest_wants_the_type(aws: Aws, sandbox: Sandbox) -> None:
    """A policy may be there from before its type was switched off; creating it again would fail."""
    policy = {"Name": "env", "Description": "", "Type": "TAG_POLICY", "Content": '{"tags":{}}'}
    made = invoke(aws, "organizations", "CreatePolicy", policy)["Policy"]["PolicySummary"]["Id"]
    assert read(aws, Scope()).policies == ()
    wanted = read(aws, Scope(policy_types=frozenset({"TAG_POLICY"})))
    assert [(found.id, found.type) for found in wanted.policies] == [(made, "TAG_POLICY")]


def test_the_undetachable_rcp_costs_no_calls(aws: Aws, sandbox: Sandbox) -> None:
    """It is on every target by definition, and would cost a call for each twenty of them."""
    root = root_of(aws)
    invoke(aws, "organizations", "EnablePolicyType", {"RootId": root, "PolicyType": "RESOURCE_CONTROL_POLICY"})
    policy_type_enabled(aws, root, "RESOURCE_CONTROL_POLICY")
    snapshot = read(aws, Scope())
    assert [policy.id for policy in snapshot.policies] == ["p-RCPFullAWSAccess"]
    assert snapshot.attachments == ()
    assert "ListTargetsForPolicy" not in calls_of(sandbox)


@pytest.mark.parametrize(
    ("operation", "code"),
    [("DescribePolicy", "PolicyNotFoundException"), ("ListTargetsForPolicy", "PolicyNotFoundException")],
)
def test_a_policy_deleted_meanwhile_is_left_out(seeded: Sandbox, aws: Aws, operation: str, code: str) -> None:
    """With its attachments; nothing fails."""
    expected = {policy.id for policy in read(aws, Scope()).policies}
    seeded.fault(Fault(f"organizations:{operation}", kind=Kind.ERROR, code=code))
    snapshot = read(aws, Scope())
    left = {policy.id for policy in snapshot.policies}
    assert len(expected - left) == 1
    assert {a.policy_id for a in snapshot.attachments} <= left


def test_a_tree_that_changed_meanwhile_is_read_again(seeded: Sandbox, aws: Aws) -> None:
    """An OU that is gone while accounts are said to be in it: the second reading is whole."""
    expected = read(aws, Scope())
    seeded.fault(
        Fault("organizations:ListOrganizationalUnitsForParent", nth=4, kind=Kind.ERROR, code="ParentNotFoundException")
    )
    assert read(aws, Scope()) == expected


def test_a_tree_that_keeps_changing_is_given_up(seeded: Sandbox, aws: Aws) -> None:
    """After three readings, saying why."""
    fault = Fault(
        "organizations:ListOrganizationalUnitsForParent", kind=Kind.ERROR, code="ParentNotFoundException", times=0
    )
    seeded.fault(fault)
    with pytest.raises(AwsError, match="changed each time"):
        read(aws, Scope())


def test_ous_below_the_depth_that_we_know_are_found_by_their_accounts(seeded: Sandbox, aws: Aws, hours: Hours) -> None:
    """Should AWS allow deeper trees one day, nothing is placed wrongly."""
    expected = read(aws, Scope())
    shallow = connect(limits=Limits().overridden({"ou_depth": 1}, {}), clock=hours.clock)
    assert read(shallow, Scope()) == expected


def test_foreign_attachments_and_the_default_scp_are_read(aws: Aws, sandbox: Sandbox) -> None:
    """p-FullAWSAccess counts: an allow-list design detaches it."""
    root = root_of(aws)
    invoke(aws, "organizations", "EnablePolicyType", {"RootId": root, "PolicyType": "SERVICE_CONTROL_POLICY"})
    policy_type_enabled(aws, root, "SERVICE_CONTROL_POLICY")
    snapshot = read(aws, Scope())
    assert set(snapshot.attachments) == {AttachmentInfo("p-FullAWSAccess", target) for target in (root, MANAGEMENT)}
    assert [policy.content for policy in snapshot.policies] == [None]


def test_progress_tells_what_is_done_and_known(seeded: Sandbox, aws: Aws) -> None:
    """By kind; at the end all that is known is done."""
    told: dict[str, tuple[int, int]] = {}

    def tell(kind: str, done: int, known: int) -> None:
        told[kind] = max(told.get(kind, (0, 0)), (done, known))

    read(aws, Scope(), tell)
    assert (told["units"], told["policy contents"], told["tags"]) == ((13, 13), (3, 3), (16, 16))


BUCKET_POLICY = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Deny",
                "Principal": "*",
                "Action": "s3:DeleteObject",
                "Resource": "arn:aws:s3:::trail-1/*",
            }
        ],
    }
)


def test_the_bucket_is_read_in_its_account(aws: Aws, sandbox: Sandbox) -> None:
    """By e-mail or by id, through the access role, with all that orgctl sets on it."""
    account = member(aws, "log")
    tags = [{"Key": "orgctl:managed", "Value": "true"}]
    rule = {"ID": "orgctl", "Status": "Enabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": 400}}
    encryption = {"Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]}
    blocked = dict.fromkeys(["BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"], True)
    for operation, parameters in {
        "CreateBucket": {"CreateBucketConfiguration": {"LocationConstraint": "eu-west-1"}},
        "PutBucketPolicy": {"Policy": BUCKET_POLICY},
        "PutBucketEncryption": {"ServerSideEncryptionConfiguration": encryption},
        "PutBucketVersioning": {"VersioningConfiguration": {"Status": "Enabled"}},
        "PutPublicAccessBlock": {"PublicAccessBlockConfiguration": blocked},
        "PutBucketLifecycleConfiguration": {"LifecycleConfiguration": {"Rules": [rule]}},
        "PutBucketTagging": {"Tagging": {"TagSet": tags}},
    }.items():
        invoke(aws, "s3", operation, {"Bucket": "trail-1", **parameters}, account, "eu-west-1")
    by_email = read(aws, Scope(bucket=BucketScope("trail-1", "eu-west-1", "AWS+log@example.com"))).bucket
    assert by_email == read(aws, Scope(bucket=BucketScope("trail-1", "eu-west-1", account))).bucket
    assert by_email is not None
    assert (by_email.account, by_email.region, by_email.versioning) == (account, "eu-west-1", "Enabled")
    assert json.loads(by_email.policy or "") == json.loads(BUCKET_POLICY)
    assert by_email.encryption == {"SSEAlgorithm": "AES256"}
    assert by_email.public_access_block == blocked
    assert [found["Expiration"] for found in by_email.lifecycle] == [{"Days": 400}]
    assert by_email.tags == {"orgctl:managed": "true"}


def test_a_bucket_that_is_not_there_is_none(aws: Aws, sandbox: Sandbox) -> None:
    """Nor is it a finding; nor is an account that is still to be created."""
    absent = read(aws, Scope(bucket=BucketScope("trail-1", "us-east-1")))
    unborn = read(aws, Scope(bucket=BucketScope("trail-1", "us-east-1", "unborn@example.com")))
    assert (absent.bucket, absent.findings, unborn.bucket, unborn.findings) == (None, (), None, ())


def test_a_bucket_name_that_somebody_else_has_is_a_finding(aws: Aws, sandbox: Sandbox) -> None:
    """Bucket names are shared by all of AWS."""
    stranger = member(aws, "other")
    invoke(aws, "s3", "CreateBucket", {"Bucket": "trail-1"}, stranger)
    snapshot = read(aws, Scope(bucket=BucketScope("trail-1", "us-east-1")))
    assert snapshot.bucket is None
    assert [finding.address for finding in snapshot.findings] == ["bucket:trail-1"]


def test_an_account_that_cannot_be_entered_is_a_finding(sandbox: Sandbox, aws: Aws) -> None:
    """The plan goes on, and says which role was tried."""
    account = member(aws, "log")
    other = connect(access_role="Nobody")
    snapshot = read(other, Scope(bucket=BucketScope("trail-1", "us-east-1", account)))
    assert [(finding.address, "role/Nobody" in finding.message) for finding in snapshot.findings] == [
        ("bucket:trail-1", True)
    ]


@pytest.mark.parametrize(
    "scope", [Scope(trail=TrailScope("org", "us-east-1")), Scope(everything=True)], ids=["named", "import"]
)
def test_the_trail_is_read_with_its_switch_selectors_and_tags(aws: Aws, sandbox: Sandbox, scope: Scope) -> None:
    """Named by the manifest, or found by an import."""
    invoke(aws, "organizations", "EnableAWSServiceAccess", {"ServicePrincipal": "cloudtrail.amazonaws.com"})
    invoke(aws, "s3", "CreateBucket", {"Bucket": "trail-1"})
    arn = f"arn:aws:cloudtrail:us-east-1:{MANAGEMENT}:trail/org"
    organization = sandbox.organization.id
    allowed = {"Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"}}
    only = {"Condition": {"StringEquals": {"aws:SourceArn": arn}}}
    objects = [f"arn:aws:s3:::trail-1/AWSLogs/{owner}/*" for owner in (MANAGEMENT, organization)]
    written = {"StringEquals": {"s3:x-amz-acl": "bucket-owner-full-control", "aws:SourceArn": arn}}
    policy = {
        "Version": "2012-10-17",
        "Statement": [
            {**allowed, "Action": "s3:GetBucketAcl", "Resource": "arn:aws:s3:::trail-1", **only},
            {**allowed, "Action": "s3:PutObject", "Resource": objects, "Condition": written},
        ],
    }
    invoke(aws, "s3", "PutBucketPolicy", {"Bucket": "trail-1", "Policy": json.dumps(policy)})
    made = {
        "Name": "org",
        "S3BucketName": "trail-1",
        "IsOrganizationTrail": True,
        "IsMultiRegionTrail": True,
        "TagsList": [{"Key": "orgctl:managed", "Value": "true"}],
    }
    invoke(aws, "cloudtrail", "CreateTrail", made)
    selector = {"Name": "management", "FieldSelectors": [{"Field": "eventCategory", "Equals": ["Management"]}]}
    invoke(aws, "cloudtrail", "PutEventSelectors", {"TrailName": arn, "AdvancedEventSelectors": [selector]})
    before = read(aws, scope).trail
    invoke(aws, "cloudtrail", "StartLogging", {"Name": arn})
    after = read(aws, scope).trail
    assert before is not None
    assert (before.name, before.region, before.arn, before.logging) == ("org", "us-east-1", arn, False)
    assert before.trail["S3BucketName"] == "trail-1"
    assert before.event_selectors == (selector,)
    assert before.tags == {"orgctl:managed": "true"}
    assert after == replace(before, logging=True)


def test_a_trail_that_is_not_there_is_none(aws: Aws, sandbox: Sandbox) -> None:
    """Neither by its name nor by looking for one."""
    assert read(aws, Scope(trail=TrailScope("org", "eu-west-1"))).trail is None
    assert read(aws, Scope(everything=True)).trail is None


@pytest.mark.parametrize(
    ("operation", "code"),
    [
        ("ListDelegatedServicesForAccount", "AccountNotRegisteredException"),
        ("ListTagsForResource", "TargetNotFoundException"),
    ],
)
def test_what_goes_while_we_read_fails_nothing(aws: Aws, sandbox: Sandbox, operation: str, code: str) -> None:
    """A delegation that ends, an OU that is deleted between its listing and the question for its tags.

    The root and the OU are asked about at once, and the fault strikes the second call: if that is the root's, whose
    tags are none anyway, the whole is read.
    """
    account, service = member(aws, "audit"), {"ServicePrincipal": "config.amazonaws.com"}
    unit(aws, "Prod")
    invoke(aws, "organizations", "EnableAWSServiceAccess", service)
    invoke(aws, "organizations", "RegisterDelegatedAdministrator", {**service, "AccountId": account})
    whole = read(aws, Scope())
    nth = 1 if "Services" in operation else 2
    sandbox.fault(Fault(f"organizations:{operation}", nth, kind=Kind.ERROR, code=code))
    left = read(aws, Scope())
    if "Services" in operation:
        assert left == replace(whole, delegated_administrators=())
    else:
        assert left in (whole, replace(whole, units=()))


def test_a_path_is_read_from_the_parent_up() -> None:
    """With or without the account's own id at the end."""
    path = "o-exampleorgid/r-abcd/ou-abcd-11111111/ou-abcd-22222222/"
    expected = ("ou-abcd-22222222", "ou-abcd-11111111", "r-abcd")
    assert (ancestors({"Paths": [path]}), ancestors({"Paths": [path + "200000000001/"]})) == (expected, expected)
    assert (ancestors({"Paths": []}), ancestors({})) == ((), ())


@pytest.mark.parametrize("operation", ["DescribeOrganization", "ListTagsForResource", "DescribePolicy", "ListAccounts"])
def test_a_failure_of_one_lane_ends_the_reading(seeded: Sandbox, aws: Aws, operation: str) -> None:
    """With that failure, and no partial snapshot."""
    seeded.fault(Fault(f"organizations:{operation}", kind=Kind.ERROR, code="InvalidInputException"))
    with pytest.raises(AwsError) as caught:
        read(aws, Scope())
    assert caught.value.operation == f"organizations:{operation}"
