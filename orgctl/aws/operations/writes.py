"""WRITES: every operation by which orgctl may change AWS, one line each.

A line says which IAM actions the operation needs, which errors mean "it is so already", whether it may be sent again
when its answer was lost, and which errors pass by themselves. Creations are not repeatable: had the lost one worked,
the second would fail (an OU, a policy) or make a second thing (an account).

Source of the actions: the "Actions, resources, and condition keys" pages of the Service Authorization Reference; of
the errors: botocore's service models. A code may be narrowed by the reason that AWS gives with it: `Code/REASON`.
"""

from __future__ import annotations

from collections.abc import Mapping

from orgctl.aws.operations.athena_writes import ATHENA_WRITES
from orgctl.aws.operations.config_writes import CONFIG_WRITES
from orgctl.aws.operations.entry import Permission, Reach, Where, Write

ANY, ORGANIZATION, ACCOUNTS, TRAIL, BUCKET = (
    Reach.ANY,
    Reach.ORGANIZATION,
    Reach.ACCOUNTS,
    Reach.TRAIL,
    Reach.BUCKET,
)
_LINKED_ROLE = Permission("iam:CreateServiceLinkedRole", Reach.ORGANIZATIONS_ROLE)
_TAGS = Permission("organizations:TagResource", ORGANIZATION)
_ORGANIZATION_TRAIL = (
    Permission("organizations:DescribeOrganization"),
    Permission("organizations:ListAWSServiceAccessForOrganization"),
    Permission("iam:GetRole", Reach.ORGANIZATIONS_ROLE),
    _LINKED_ROLE,
)
_TRAIL_SETTLES = (
    "ConflictException CloudTrailAccessNotEnabledException S3BucketDoesNotExistException"
    " InsufficientS3BucketPolicyException NoManagementAccountSLRExistsException"
)


def _write(
    service: str,
    operation: str,
    reach: Reach = ANY,
    *more: Permission,
    action: str | None = None,
    where: Where = Where.MANAGEMENT,
    already: str = "",
    once: bool = False,
    settles: str = "",
    settles_within: float = 60.0,
    under_way: str = "",
) -> Write:
    """One line of the table; `once`: it must not be sent again after a lost answer."""
    return Write(
        service,
        operation,
        (Permission(action or f"{service}:{operation}", reach), *more),
        where,
        frozenset(already.split()),
        not once,
        frozenset(settles.split()),
        settles_within,
        frozenset(under_way.split()),
    )


def _bucket(operation: str, action: str, *more: Permission, already: str = "", settles: str = "NoSuchBucket") -> Write:
    return _write(
        "s3", operation, BUCKET, *more, action=f"s3:{action}", where=Where.BUCKET, already=already, settles=settles
    )


_O, _A, _C = "organizations", "account", "cloudtrail"
_IN_FLIGHT = 900.0
"""Seconds until one of the accounts that are being created or closed is done."""

_WRITES: tuple[Write, ...] = (
    _write(_O, "CreateOrganization", ANY, _LINKED_ROLE, once=True),
    _write(
        _O,
        "EnableAllFeatures",
        already="HandshakeConstraintViolationException/ORGANIZATION_ALREADY_HAS_ALL_FEATURES"
        " HandshakeConstraintViolationException/ORGANIZATION_IS_ALREADY_PENDING_ALL_FEATURES_MIGRATION",
    ),
    _write(
        _O,
        "EnablePolicyType",
        ORGANIZATION,
        already="PolicyTypeAlreadyEnabledException",
        under_way="PolicyChangesInProgressException",
    ),
    _write(
        _O,
        "DisablePolicyType",
        ORGANIZATION,
        already="PolicyTypeNotEnabledException",
        under_way="PolicyChangesInProgressException",
    ),
    _write(_O, "EnableAWSServiceAccess", ANY, _LINKED_ROLE),
    _write(_O, "DisableAWSServiceAccess"),
    _write(_O, "RegisterDelegatedAdministrator", ORGANIZATION, already="AccountAlreadyRegisteredException"),
    _write(_O, "DeregisterDelegatedAdministrator", ORGANIZATION, already="AccountNotRegisteredException"),
    _write(_O, "PutResourcePolicy", ANY, _TAGS),
    _write(_O, "DeleteResourcePolicy", already="ResourcePolicyNotFoundException"),
    _write(_O, "CreateOrganizationalUnit", ANY, _TAGS, once=True),
    _write(_O, "UpdateOrganizationalUnit", ORGANIZATION),
    _write(_O, "DeleteOrganizationalUnit", ORGANIZATION, already="OrganizationalUnitNotFoundException"),
    _write(
        _O,
        "CreateAccount",
        ANY,
        _TAGS,
        once=True,
        settles="ConstraintViolationException/ACCOUNT_CREATION_RATE_LIMIT_EXCEEDED",
        settles_within=_IN_FLIGHT,
    ),
    _write(_O, "InviteAccountToOrganization", ANY, _TAGS, already="DuplicateHandshakeException"),
    _write(_O, "MoveAccount", ORGANIZATION, already="DuplicateAccountException"),
    _write(
        _O,
        "CloseAccount",
        ORGANIZATION,
        already="AccountAlreadyClosedException",
        settles="ConstraintViolationException/CLOSE_ACCOUNT_REQUESTS_LIMIT_EXCEEDED",
        settles_within=_IN_FLIGHT,
    ),
    _write(_O, "TagResource", ORGANIZATION),
    _write(_O, "UntagResource", ORGANIZATION),
    _write(_O, "CreatePolicy", ANY, _TAGS, once=True),
    _write(_O, "UpdatePolicy", ORGANIZATION),
    _write(_O, "DeletePolicy", ORGANIZATION, already="PolicyNotFoundException"),
    _write(_O, "AttachPolicy", ORGANIZATION, already="DuplicatePolicyAttachmentException"),
    _write(_O, "DetachPolicy", ORGANIZATION, already="PolicyNotAttachedException"),
    _write(_A, "PutAccountName", ACCOUNTS),
    _write(_A, "PutAlternateContact", ACCOUNTS),
    _write(_A, "DeleteAlternateContact", ACCOUNTS, already="ResourceNotFoundException"),
    _bucket(
        "CreateBucket",
        "CreateBucket",
        Permission("s3:TagResource", BUCKET),
        already="BucketAlreadyOwnedByYou",
        settles="",
    ),
    _bucket("PutBucketPolicy", "PutBucketPolicy"),
    _bucket("PutBucketEncryption", "PutEncryptionConfiguration"),
    _bucket("PutBucketVersioning", "PutBucketVersioning"),
    _bucket("PutPublicAccessBlock", "PutBucketPublicAccessBlock"),
    _bucket("PutBucketLifecycleConfiguration", "PutLifecycleConfiguration"),
    _bucket("DeleteBucketLifecycle", "PutLifecycleConfiguration"),
    _bucket("PutBucketTagging", "PutBucketTagging"),
    _bucket("PutBucketOwnershipControls", "PutBucketOwnershipControls"),
    _write(
        _C,
        "CreateTrail",
        TRAIL,
        Permission("cloudtrail:AddTags", TRAIL),
        *_ORGANIZATION_TRAIL,
        once=True,
        settles=_TRAIL_SETTLES,
    ),
    _write(_C, "UpdateTrail", TRAIL, *_ORGANIZATION_TRAIL, settles=_TRAIL_SETTLES),
    _write(_C, "StartLogging", TRAIL, settles="ConflictException"),
    _write(_C, "StopLogging", TRAIL, settles="ConflictException"),
    _write(_C, "PutEventSelectors", TRAIL, settles="ConflictException"),
    _write(_C, "AddTags", TRAIL, settles="ConflictException"),
    _write(_C, "RemoveTags", TRAIL, settles="ConflictException"),
    _write(_C, "DeleteTrail", TRAIL, already="TrailNotFoundException", settles="ConflictException"),
    *CONFIG_WRITES,
    *ATHENA_WRITES,
    _write("s3", "PutObject", Reach.LOCK_OBJECT, where=Where.LOCK, once=True),
    _write("s3", "DeleteObject", Reach.LOCK_OBJECT, where=Where.LOCK, already="NoSuchKey"),
)

WRITES: Mapping[tuple[str, str], Write] = {(write.service, write.operation): write for write in _WRITES}
"""By service and operation."""
