"""The tables of operations against botocore's models: what they name is there, and means what they say."""

from __future__ import annotations

import re
from functools import cache

import botocore.session
import pytest
from botocore.model import ServiceModel

from orgctl.aws.operations.entry import Entry, Read, Write
from orgctl.aws.operations.reads import READS
from orgctl.aws.operations.writes import WRITES
from orgctl.aws.waiting import CREATION_FAILURES

ENTRIES: list[Entry] = [*READS.values(), *WRITES.values()]

ORGANIZATIONS = """
    CreateOrganization EnableAllFeatures EnablePolicyType DisablePolicyType EnableAWSServiceAccess
    DisableAWSServiceAccess RegisterDelegatedAdministrator DeregisterDelegatedAdministrator PutResourcePolicy
    DeleteResourcePolicy CreateOrganizationalUnit UpdateOrganizationalUnit DeleteOrganizationalUnit CreateAccount
    InviteAccountToOrganization MoveAccount CloseAccount TagResource UntagResource CreatePolicy UpdatePolicy
    DeletePolicy AttachPolicy DetachPolicy
"""
ACCOUNT = "PutAccountName PutAlternateContact DeleteAlternateContact"
S3 = """
    CreateBucket PutBucketPolicy PutBucketEncryption PutBucketVersioning PutPublicAccessBlock
    PutBucketLifecycleConfiguration DeleteBucketLifecycle PutBucketTagging PutBucketOwnershipControls PutObject
    DeleteObject
"""
IAM = "CreateRole UpdateAssumeRolePolicy PutRolePolicy DeleteRolePolicy TagRole DeleteRole"
LAMBDA = """
    CreateFunction UpdateFunctionCode UpdateFunctionConfiguration PutResourcePolicy TagResource
    DeleteFunction
"""
SSM = """
    CreateDocument AddTagsToResource UpdateDocument UpdateDocumentDefaultVersion ModifyDocumentPermission DeleteDocument
"""
CLOUDFORMATION = """
    ActivateOrganizationsAccess CreateStackSet UpdateStackSet CreateStackInstances DeleteStackInstances DeleteStackSet
"""
CONFIG = """
    PutConfigurationAggregator DeleteConfigurationAggregator PutOrganizationConformancePack
    DeleteOrganizationConformancePack TagResource
"""
GLUE = "CreateDatabase UpdateDatabase DeleteDatabase CreateTable UpdateTable DeleteTable"
ATHENA = """
    CreateWorkGroup UpdateWorkGroup TagResource DeleteWorkGroup StartQueryExecution StopQueryExecution
"""
CLOUDTRAIL = "CreateTrail UpdateTrail StartLogging StopLogging PutEventSelectors AddTags RemoveTags DeleteTrail"


@cache
def model(service: str) -> ServiceModel:
    return botocore.session.get_session().get_service_model(service)


def test_what_orgctl_may_write_is_this_and_no_more() -> None:
    """Whoever adds a write sees it here; nothing can remove an account, or delete a bucket or the organization."""
    expected = {
        (service, operation)
        for service, operations in (
            ("organizations", ORGANIZATIONS),
            ("account", ACCOUNT),
            ("s3", S3),
            ("cloudtrail", CLOUDTRAIL),
            ("iam", IAM),
            ("lambda", LAMBDA),
            ("cloudformation", CLOUDFORMATION),
            ("ssm", SSM),
            ("config", CONFIG),
            ("glue", GLUE),
            ("athena", ATHENA),
        )
        for operation in operations.split()
    }
    assert expected == set(WRITES)


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.title)
def test_every_operation_is_one_of_aws(entry: Entry) -> None:
    """The name is that of botocore's model."""
    assert entry.operation in model(entry.service).operation_names


def test_reads_read() -> None:
    """Their names begin as those of reading operations do."""
    assert [
        read.title
        for read in READS.values()
        if not re.match("Get|List|Describe|Head|Select", read.operation) and read.title != "sts:AssumeRole"
    ] == []


def test_no_operation_stands_in_both_tables() -> None:
    """A read may be repeated at will: a write among them would be, too."""
    assert set() == set(READS) & set(WRITES)


WITH_DECLARED_ERRORS = [w for w in WRITES.values() if w.service != "s3" and (w.already or w.settles or w.under_way)]


@pytest.mark.parametrize("write", WITH_DECLARED_ERRORS, ids=lambda write: write.title)
def test_the_codes_of_a_write_are_errors_that_aws_declares_for_it(write: Write) -> None:
    """A misspelt code would never be met."""
    shapes = model(write.service).operation_model(write.operation).error_shapes
    declared = {name for shape in shapes for name in (shape.name, shape.error_code)}
    assert set() == {code.partition("/")[0] for code in write.already | write.settles | write.under_way} - declared


def test_reasons_are_those_that_aws_declares() -> None:
    """`Code/REASON`: the reason is in the enumeration that goes with the code."""
    codes = {code for write in WRITES.values() for code in write.already | write.settles if "/" in code}
    unknown = [
        code
        for code in codes
        if code.partition("/")[2] not in model("organizations").shape_for(code.partition("/")[0] + "Reason").enum
    ]
    assert unknown == []


def test_creations_are_not_repeated_after_a_lost_answer() -> None:
    """The second would fail, or make a second thing; all others have no further effect."""
    once = {write.title for write in WRITES.values() if not write.repeatable}
    assert {
        "organizations:CreateOrganization",
        "organizations:CreateOrganizationalUnit",
        "organizations:CreateAccount",
        "organizations:CreatePolicy",
        "cloudtrail:CreateTrail",
        "s3:PutObject",
        "iam:CreateRole",
        "lambda:CreateFunction",
        "ssm:CreateDocument",
        "cloudformation:CreateStackSet",
        "cloudformation:CreateStackInstances",
        "cloudformation:DeleteStackInstances",
        "athena:CreateWorkGroup",
        "athena:DeleteWorkGroup",
    } == once


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.title)
def test_every_operation_says_what_it_needs(entry: Entry) -> None:
    """At least one IAM action in its proper form; only GetCallerIdentity needs none."""
    actions = [permission.action for permission in entry.permissions]
    assert (entry.title == "sts:GetCallerIdentity") == (actions == [])
    assert [action for action in actions if not re.fullmatch(r"[a-z0-9]+:[A-Z][A-Za-z]+", action)] == []


@pytest.mark.parametrize(
    "entry", [e for e in ENTRIES if e.service in {"organizations", "account", "cloudtrail"}], ids=lambda e: e.title
)
def test_an_operation_of_these_services_needs_the_action_of_its_name(entry: Entry) -> None:
    """S3 alone names actions otherwise."""
    assert entry.title == entry.permissions[0].action


def test_every_reason_of_a_failed_creation_is_explained() -> None:
    """AWS's enumeration and the table hold the same reasons."""
    assert set(model("organizations").shape_for("CreateAccountFailureReason").enum) == set(CREATION_FAILURES)


def test_only_writes_are_writes() -> None:
    """`Read` and `Write` are what `Entry` is."""
    assert {Read, Write} == {type(entry) for entry in ENTRIES}
