"""The least IAM policies: enough to work under, and nothing that no call needs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest

from orgctl.aws.operations.compliance_reads import TREE_READS
from orgctl.aws.operations.entry import Entry, Read, Where
from orgctl.aws.operations.event_reads import EVENT_READS
from orgctl.aws.operations.reads import READS
from orgctl.aws.operations.writes import WRITES
from orgctl.aws.permissions import MAX_SIZE, Command, Document, Names, Policies, actions_of, policies, size
from orgctl.aws.read.scope import BucketScope, Scope, TrailScope
from orgctl.aws.read.snapshot import read
from orgctl.aws.session import Aws, connect
from orgctl.aws.waiting import policy_type_enabled
from orgctl.aws.write import invoke
from orgctl.errors import AccessDeniedError
from orgctl.sandbox.embedded import Sandbox, running
from orgctl.sandbox.seed import Seeding
from tests.aws.conftest import MANAGEMENT, root_of, unit, use
from tests.trail.places import QUERIES

KEYED = replace(QUERIES, trail_key="arn:aws:kms:eu-west-1:1:key/1", results_key="arn:aws:kms:eu-west-1:1:alias/results")
NAMES = Names(
    MANAGEMENT,
    trail="organization-trail",
    bucket="trail-1",
    lock_bucket="locks-1",
    config_account="*",
    template_bucket="awsconfigconforms-1",
    recorders=True,
    queries=replace(KEYED, bucket="trail-1"),
    events=("records-1/kept", "trail-1/AWSLogs/o-1234567890/333333333333"),
    log_files="trail-1/AWSLogs/",
    log_key="arn:aws:kms:eu-west-1:1:key/1",
)
LONGEST = Names(
    MANAGEMENT,
    "aws-us-gov",
    "r" * 64,
    trail="t" * 128,
    bucket="b" * 63,
    bucket_account="2" * 12,
    lock_bucket="l" * 63,
    lock_key="k" * 1024,
    config_account="3" * 12,
    evaluation_role="e" * 64,
    template_bucket="c" * 63,
    recorders=True,
    queries=replace(
        KEYED,
        database="d" * 255,
        table="t" * 255,
        workgroup="w" * 128,
        bucket="b" * 63,
        prefix="p" * 200,
        results=f"s3://{'r' * 63}/{'f' * 200}/",
    ),
    events=(f"{'e' * 63}/{'p' * 200}", f"{'b' * 63}/{'p' * 200}"),
    log_files=f"{'b' * 63}/{'p' * 200}/AWSLogs/",
    log_key="arn:aws-us-gov:kms:us-gov-west-1:222222222222:key/mrk-" + "0" * 32,
)


def documents(made: Policies) -> list[Document]:
    return [
        document
        for document in (made.caller, made.access_role, made.administrator, made.member)
        if document is not None
    ]


@pytest.mark.parametrize("command", list(Command))
@pytest.mark.parametrize("names", [NAMES, LONGEST], ids=["usual", "longest"])
def test_a_policy_fits_into_a_managed_policy(command: Command, names: Names) -> None:
    """6,144 characters, with the longest names there can be."""
    number = 2 if command in (Command.COMPLIANCE, Command.IMPACT) else 4
    assert [size(document) <= MAX_SIZE for document in documents(policies(command, names))] == [True] * number


def _everything() -> list[Entry]:
    return [*READS.values(), *WRITES.values()]


@pytest.mark.parametrize("command", list(Command))
def test_the_policies_hold_what_the_tables_say_and_no_more(command: Command) -> None:
    """Reads for a plan; reads and writes for an apply; a report's own reads, or an impact's; nothing is lost."""
    general = [entry for entry in READS.values() if not (entry.for_compliance_only or entry.for_impact_only)]
    tree = [entry for entry in general if entry.where is Where.MANAGEMENT and entry.service != "cloudtrail"]
    queried: list[Entry] = [entry for entry in _everything() if entry.where is Where.QUERIES]
    own = [entry for entry in READS.values() if entry.for_compliance_only or entry.title in TREE_READS]
    entries_of: dict[Command, list[Entry]] = {
        Command.PLAN: [*(entry for entry in general if not entry.for_apply_only), *EVENT_READS],
        Command.APPLY: [*general, *EVENT_READS, *(write for write in WRITES.values() if not write.for_impact_only)],
        Command.COMPLIANCE: [*own],
        Command.IMPACT: [
            *(entry for entry in tree if not entry.for_apply_only),
            *(entry for entry in queried if isinstance(entry, Read) or entry.for_impact_only),
            *EVENT_READS,
        ],
    }
    entries = entries_of[command]
    expected = {permission.action for entry in entries for permission in entry.permissions}
    made = policies(command, NAMES)
    assert expected == {action for document in documents(made) for action in actions_of(document)}


@pytest.mark.parametrize("command", [Command.PLAN, Command.COMPLIANCE])
def test_a_plan_or_report_may_not_write(command: Command) -> None:
    """Every action of its policies reads, or enters another account to read."""
    made = policies(command, NAMES)
    actions = {action for document in documents(made) for action in actions_of(document)}
    verbs = {action.partition(":")[2] for action in actions if action != "sts:AssumeRole"}
    reading = ("Get", "List", "Describe", "Select", "Decrypt")
    assert {verb for verb in verbs if not verb.startswith(reading)} == set()


def test_only_what_aws_cannot_narrow_is_allowed_on_everything() -> None:
    """All that changes or removes something that exists names this organization, trail or bucket."""
    caller = policies(Command.APPLY, NAMES).caller
    everywhere = {a for s in caller["Statement"] if s["Resource"] == "*" for a in s["Action"]}
    assert {a for a in everywhere if not a.partition(":")[2].startswith(("List", "Describe", "Create"))} == {
        "cloudformation:ActivateOrganizationsAccess",
        "organizations:DeleteResourcePolicy",
        "organizations:DisableAWSServiceAccess",
        "organizations:EnableAWSServiceAccess",
        "organizations:EnableAllFeatures",
        "organizations:InviteAccountToOrganization",
        "organizations:PutResourcePolicy",
    }


def test_without_trail_and_lock_their_permissions_are_left_out() -> None:
    """Nor is any account entered."""
    made = policies(Command.APPLY, Names(MANAGEMENT))
    services = {action.partition(":")[0] for action in actions_of(made.caller)}
    assert (services, made.access_role, made.access_role_trust) == ({"organizations", "account", "iam"}, None, None)


def test_a_bucket_in_the_callers_account_needs_no_role() -> None:
    """Its permissions are the caller's own then."""
    made = policies(Command.PLAN, replace(NAMES, bucket_account=MANAGEMENT, config_account=None, recorders=False))
    assert made.access_role is None
    assert "s3:GetBucketPolicy" in actions_of(made.caller)
    assert "sts:AssumeRole" not in actions_of(made.caller)


def _allowed(document: Document | None, action: str) -> list[str]:
    """The resources on which a document allows an action."""
    statements = document["Statement"] if document else ()
    resources = [each["Resource"] for each in statements if action in each["Action"]]
    return [arn for each in resources for arn in (each if isinstance(each, list) else [each])]


def test_recorded_events_are_read_where_they_lie_and_nowhere_else() -> None:
    """Those in the trail's bucket in its own account, by the access role; a plan reads only what the manifest names."""
    made = policies(Command.PLAN, NAMES)
    assert _allowed(made.caller, "s3:ListBucket") == ["arn:aws:s3:::records-1"]
    assert _allowed(made.caller, "s3:GetObject") == ["arn:aws:s3:::records-1/kept*"]
    assert "arn:aws:s3:::trail-1/AWSLogs/o-1234567890/333333333333*" in _allowed(made.access_role, "s3:GetObject")
    assert "arn:aws:s3:::trail-1/AWSLogs/*" not in _allowed(made.access_role, "s3:GetObject")
    assert _allowed(made.caller, "kms:Decrypt") == []
    assert _allowed(made.access_role, "kms:Decrypt") == ["arn:aws:kms:eu-west-1:1:key/1"]


def test_an_impact_may_read_all_of_the_trail() -> None:
    """Nobody knows yet what it will be asked for; with the bucket in the caller's account no role is entered."""
    unqueried = replace(NAMES, events=(), queries=None)
    assert _allowed(policies(Command.IMPACT, unqueried).access_role, "s3:GetObject") == [
        "arn:aws:s3:::trail-1/AWSLogs/*"
    ]
    own = policies(Command.IMPACT, replace(unqueried, bucket_account=MANAGEMENT))
    assert (own.access_role, _allowed(own.caller, "s3:GetObject")) == (None, ["arn:aws:s3:::trail-1/AWSLogs/*"])


def test_the_role_trusts_the_management_account_of_its_partition() -> None:
    """And nobody else."""
    made = policies(Command.PLAN, replace(NAMES, partition="aws-cn"))
    assert made.access_role_trust is not None
    assert made.access_role_trust["Statement"] == [
        {"Effect": "Allow", "Principal": {"AWS": f"arn:aws-cn:iam::{MANAGEMENT}:root"}, "Action": "sts:AssumeRole"}
    ]


@pytest.fixture
def enforced(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    """IAM counts; there are 21 accounts, 3 OUs and 2 SCPs."""
    with running(seed=1, enforce_iam=True) as sandbox:
        sandbox.seed(Seeding(20, 3, 2))
        use(monkeypatch, sandbox)
        yield sandbox


def user(monkeypatch: pytest.MonkeyPatch, document: Document) -> Aws:
    """AWS as an IAM user who has this policy and no other."""
    iam = connect().client("iam")
    iam.create_user(UserName="ci")
    iam.put_user_policy(UserName="ci", PolicyName="orgctl", PolicyDocument=json.dumps(document))
    key = iam.create_access_key(UserName="ci")["AccessKey"]
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", key["AccessKeyId"])
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", key["SecretAccessKey"])
    return connect()


SCOPE = Scope(
    tagged=frozenset({"200000000001"}),
    contacts=frozenset({"200000000001", MANAGEMENT}),
    trail=TrailScope("organization-trail", "us-east-1"),
    bucket=BucketScope("trail-1", "us-east-1", "200000000002"),
)


def test_everything_can_be_read_under_the_policy_for_plan(enforced: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same as an administrator reads, with IAM enforced."""
    admin = connect()
    invoke(admin, "organizations", "EnableAWSServiceAccess", {"ServicePrincipal": "account.amazonaws.com"})
    invoke(admin, "s3", "CreateBucket", {"Bucket": "trail-1"}, "200000000002")
    expected = read(admin, SCOPE)
    aws = user(monkeypatch, policies(Command.PLAN, NAMES).caller)
    assert aws.identity.arn.endswith("user/ci")
    assert read(aws, SCOPE) == expected
    assert expected.bucket is not None
    assert expected.findings == ()


def test_nothing_can_be_changed_under_the_policy_for_plan(enforced: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """The denial names who and what."""
    aws = user(monkeypatch, policies(Command.PLAN, NAMES).caller)
    parent = root_of(aws)
    with pytest.raises(AccessDeniedError) as caught:
        invoke(aws, "organizations", "CreateOrganizationalUnit", {"ParentId": parent, "Name": "Prod"})
    assert caught.value.message.startswith(
        f"`{aws.identity.arn}` is not allowed `organizations:CreateOrganizationalUnit`"
    )


def test_a_tree_can_be_changed_under_the_policy_for_apply(enforced: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """OUs, accounts, policies, tags, trusted access, delegated administrators."""
    aws = user(monkeypatch, policies(Command.APPLY, NAMES).caller)
    root = root_of(aws)
    made = unit(aws, "Prod")
    tags = [{"Key": "orgctl:managed", "Value": "true"}]
    content = '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"cloudhsm:*","Resource":"*"}]}'
    asked = {"Name": "p", "Description": "", "Type": "SERVICE_CONTROL_POLICY", "Content": content, "Tags": tags}
    policy = invoke(aws, "organizations", "CreatePolicy", asked)["Policy"]["PolicySummary"]["Id"]
    config = {"ServicePrincipal": "config.amazonaws.com"}
    place = enforced.organization.parent_of("200000000001")
    move = {"AccountId": "200000000001", "SourceParentId": place, "DestinationParentId": made}
    invoke(aws, "organizations", "EnablePolicyType", {"RootId": root, "PolicyType": "TAG_POLICY"})
    policy_type_enabled(aws, root, "TAG_POLICY")
    for operation, parameters in (
        ("AttachPolicy", {"PolicyId": policy, "TargetId": made}),
        ("MoveAccount", move),
        ("TagResource", {"ResourceId": "200000000001", "Tags": tags}),
        ("UntagResource", {"ResourceId": "200000000001", "TagKeys": ["orgctl:managed"]}),
        ("UpdateOrganizationalUnit", {"OrganizationalUnitId": made, "Name": "Production"}),
        ("EnableAWSServiceAccess", config),
        ("RegisterDelegatedAdministrator", {**config, "AccountId": "200000000001"}),
        ("DeregisterDelegatedAdministrator", {**config, "AccountId": "200000000001"}),
        ("DetachPolicy", {"PolicyId": policy, "TargetId": made}),
        ("UpdatePolicy", {"PolicyId": policy, "Name": "q"}),
        ("DeletePolicy", {"PolicyId": policy}),
    ):
        invoke(aws, "organizations", operation, parameters)
    assert enforced.organization.parent_of("200000000001") == made
    assert policy not in enforced.organization.policies


def test_a_query_may_read_log_files_and_write_results_and_nothing_else() -> None:
    """Of S3 an impact's role has the log files to read, and the folder of results to read and write."""
    made = policies(Command.IMPACT, replace(NAMES, bucket_account="2" * 12)).access_role
    assert made is not None
    found = {
        resource: [action for action in statement["Action"] if action.startswith(("s3:Get", "s3:Put"))]
        for statement in made["Statement"]
        for resource in [statement["Resource"]]
        if isinstance(resource, str) and resource.startswith("arn:aws:s3:::") and "/" in resource
    }
    assert found == {
        "arn:aws:s3:::trail-1/AWSLogs/*": ["s3:GetObject"],
        "arn:aws:s3:::example-org-trail/orgctl-athena/*": ["s3:GetObject", "s3:PutObject"],
    }


def test_a_key_that_is_named_by_an_alias_may_be_any() -> None:
    """IAM compares the ids of KMS keys, never their aliases."""
    made = policies(Command.IMPACT, replace(NAMES, log_key=None)).access_role
    assert made is not None
    (keys,) = [s["Resource"] for s in made["Statement"] if "kms:Decrypt" in s["Action"]]
    assert keys == ["arn:aws:kms:eu-west-1:1:key/1", "arn:aws:kms:eu-west-1:1:key/*"]


def test_without_a_trail_an_impact_enters_no_account() -> None:
    """The tree and its policies are all that it reads then."""
    made = policies(Command.IMPACT, Names(MANAGEMENT))
    services = {action.partition(":")[0] for action in actions_of(made.caller)}
    assert (services, made.access_role, made.access_role_trust) == ({"organizations", "account"}, None, None)
