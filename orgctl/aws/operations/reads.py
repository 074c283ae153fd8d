"""READS: every operation that only reads, one line each, with the IAM actions that it needs.

Source of the actions: the "Actions, resources, and condition keys" pages of the Service Authorization Reference. Where
that page gives an action no resource type, or leaves it in doubt, it is not narrowed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from orgctl.aws.operations.athena_reads import ATHENA_READS
from orgctl.aws.operations.compliance_reads import COMPLIANCE_READS
from orgctl.aws.operations.config_reads import CONFIG_READS
from orgctl.aws.operations.entry import Permission, Reach, Read, Where


def _organizations(operations: str, reach: Reach = Reach.ANY, *, for_apply_only: bool = False) -> Iterable[Read]:
    for operation in operations.split():
        permission = Permission(f"organizations:{operation}", reach)
        yield Read("organizations", operation, (permission,), for_apply_only=for_apply_only)


def _on_bucket(operation: str, action: str) -> Read:
    return Read("s3", operation, (Permission(f"s3:{action}", Reach.BUCKET),), Where.BUCKET)


_READS: tuple[Read, ...] = (
    Read("sts", "GetCallerIdentity", ()),
    Read("sts", "AssumeRole", (Permission("sts:AssumeRole", Reach.ACCESS_ROLE),)),
    *_organizations("DescribeOrganization ListRoots ListAccounts ListPolicies ListCreateAccountStatus"),
    *_organizations("ListHandshakesForOrganization ListAWSServiceAccessForOrganization ListDelegatedAdministrators"),
    *_organizations("DescribeResourcePolicy ListDelegatedServicesForAccount ListParents"),
    *_organizations("ListOrganizationalUnitsForParent ListAccountsForParent", Reach.ORGANIZATION),
    *_organizations("DescribePolicy ListTargetsForPolicy ListTagsForResource", Reach.ORGANIZATION),
    *_organizations("DescribeCreateAccountStatus", for_apply_only=True),
    *_organizations("DescribeAccount", Reach.ORGANIZATION, for_apply_only=True),
    Read("account", "GetAlternateContact", (Permission("account:GetAlternateContact", Reach.ACCOUNTS),)),
    Read("cloudtrail", "DescribeTrails", (Permission("cloudtrail:DescribeTrails"),)),
    Read("cloudtrail", "GetTrail", (Permission("cloudtrail:GetTrail", Reach.TRAIL),)),
    Read("cloudtrail", "GetTrailStatus", (Permission("cloudtrail:GetTrailStatus", Reach.TRAIL),)),
    Read("cloudtrail", "GetEventSelectors", (Permission("cloudtrail:GetEventSelectors", Reach.TRAIL),)),
    Read("cloudtrail", "ListTags", (Permission("cloudtrail:ListTags", Reach.TRAIL),)),
    _on_bucket("HeadBucket", "ListBucket"),
    _on_bucket("GetBucketPolicy", "GetBucketPolicy"),
    _on_bucket("GetBucketEncryption", "GetEncryptionConfiguration"),
    _on_bucket("GetBucketVersioning", "GetBucketVersioning"),
    _on_bucket("GetPublicAccessBlock", "GetBucketPublicAccessBlock"),
    _on_bucket("GetBucketLifecycleConfiguration", "GetLifecycleConfiguration"),
    _on_bucket("GetBucketTagging", "GetBucketTagging"),
    *CONFIG_READS,
    *COMPLIANCE_READS,
    *ATHENA_READS,
    Read(
        "s3",
        "GetObject",
        (Permission("s3:GetObject", Reach.LOCK_OBJECT), Permission("s3:ListBucket", Reach.LOCK_BUCKET)),
        Where.LOCK,
        for_apply_only=True,
    ),
)

READS: Mapping[tuple[str, str], Read] = {(read.service, read.operation): read for read in _READS}
"""By service and operation."""
