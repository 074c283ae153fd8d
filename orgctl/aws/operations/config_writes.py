"""The part of WRITES that AWS Config needs: in its administrator's account, and in the management account.

Source of the actions: the Service Authorization Reference; of what else an action needs: the pages of PutOrganization-
ConformancePack and PutConfigurationAggregator (AWS Config API Reference) and "Activate trusted access for stack sets
with AWS Organizations" (AWS CloudFormation User Guide).
"""

from __future__ import annotations

from orgctl.aws.operations.entry import Permission, Reach, Where, Write

_ORGANIZATION = tuple(
    Permission(f"organizations:{action}")
    for action in ("DescribeOrganization", "ListAWSServiceAccessForOrganization", "ListDelegatedAdministrators")
)
_LINKED_ROLE = Permission("iam:CreateServiceLinkedRole", Reach.ORGANIZATIONS_ROLE)
_PASS_ROLE = Permission("iam:PassRole", Reach.ROLES)
_PROPAGATION = 120.0
"""Seconds until what IAM and Organizations were told is known everywhere; half a minute is usual."""
_PATIENCE = 900.0
"""Seconds until AWS has finished with what an earlier call began: packs and stack sets take minutes."""


def _write(
    service: str,
    operation: str,
    reach: Reach,
    where: Where,
    *more: Permission,
    already: str = "",
    once: bool = False,
    settles: str = "",
    settles_within: float = 60.0,
) -> Write:
    return Write(
        service,
        operation,
        (Permission(f"{service}:{operation}", reach), *more),
        where,
        frozenset(already.split()),
        not once,
        frozenset(settles.split()),
        settles_within,
    )


def _role(operation: str, *more: Permission, already: str = "", once: bool = False, settles: str = "") -> Write:
    return _write("iam", operation, Reach.ROLES, Where.ROLES, *more, already=already, once=once, settles=settles)


def _function(operation: str, *more: Permission, already: str = "", once: bool = False, settles: str = "") -> Write:
    settles = f"ResourceConflictException {settles}"
    return _write(
        "lambda",
        operation,
        Reach.FUNCTIONS,
        Where.CONFIG,
        *more,
        already=already,
        once=once,
        settles=settles,
        settles_within=_PROPAGATION,
    )


def _document(operation: str, *more: Permission, already: str = "", once: bool = False) -> Write:
    return _write("ssm", operation, Reach.DOCUMENTS, Where.CONFIG, *more, already=already, once=once)


def _stack_set(operation: str, *more: Permission, already: str = "", once: bool = False) -> Write:
    return _write(
        "cloudformation",
        operation,
        Reach.STACK_SET,
        Where.STACK_SETS,
        *more,
        already=already,
        once=once,
        settles="OperationInProgressException",
        settles_within=_PATIENCE,
    )


CONFIG_WRITES: tuple[Write, ...] = (
    _role("CreateRole", Permission("iam:TagRole", Reach.ROLES), once=True, settles="ConcurrentModification"),
    _role("UpdateAssumeRolePolicy", settles="MalformedPolicyDocument"),
    _role("PutRolePolicy"),
    _role("DeleteRolePolicy", already="NoSuchEntity"),
    _role("TagRole", settles="ConcurrentModification"),
    _role("DeleteRole", already="NoSuchEntity", settles="ConcurrentModification DeleteConflict"),
    # A role that was made a moment ago cannot be assumed by Lambda yet; AWS says so by this code.
    _function(
        "CreateFunction",
        Permission("lambda:TagResource", Reach.FUNCTIONS),
        _PASS_ROLE,
        once=True,
        settles="InvalidParameterValueException",
    ),
    _function("UpdateFunctionCode"),
    _function("UpdateFunctionConfiguration", _PASS_ROLE, settles="InvalidParameterValueException"),
    _function("PutResourcePolicy"),
    _function("TagResource"),
    _function("DeleteFunction", already="ResourceNotFoundException"),
    _document("CreateDocument", Permission("ssm:AddTagsToResource", Reach.DOCUMENTS), once=True),
    _document("AddTagsToResource"),
    _document("UpdateDocument", already="DuplicateDocumentContent"),
    _document("UpdateDocumentDefaultVersion"),
    _document("ModifyDocumentPermission"),
    _document("DeleteDocument", already="InvalidDocument"),
    _write(
        "cloudformation",
        "ActivateOrganizationsAccess",
        Reach.ANY,
        Where.STACK_SETS,
        Permission("organizations:EnableAWSServiceAccess"),
        Permission("organizations:DescribeOrganization"),
        _LINKED_ROLE,
    ),
    _write(
        "cloudformation",
        "CreateStackSet",
        Reach.ANY,
        Where.STACK_SETS,
        Permission("cloudformation:TagResource", Reach.STACK_SET),
        once=True,
    ),
    _stack_set("UpdateStackSet", Permission("cloudformation:TagResource", Reach.STACK_SET)),
    _stack_set("CreateStackInstances", once=True),
    _stack_set("DeleteStackInstances", once=True),
    _stack_set("DeleteStackSet"),
    _write(
        "config",
        "PutConfigurationAggregator",
        Reach.AGGREGATOR,
        Where.CONFIG,
        *_ORGANIZATION,
        Permission("config:TagResource", Reach.AGGREGATOR),
        _PASS_ROLE,
        settles="InvalidRoleException OrganizationAccessDeniedException",
        settles_within=_PROPAGATION,
    ),
    _write(
        "config",
        "DeleteConfigurationAggregator",
        Reach.AGGREGATOR,
        Where.CONFIG,
        already="NoSuchConfigurationAggregatorException",
    ),
    _write(
        "config",
        "PutOrganizationConformancePack",
        Reach.PACKS,
        Where.CONFIG,
        *_ORGANIZATION,
        Permission("config:TagResource", Reach.PACKS),
        Permission("iam:CreateServiceLinkedRole", Reach.LINKED_ROLE),
        Permission("s3:PutObject", Reach.TEMPLATES),
        Permission("s3:GetObject", Reach.TEMPLATES),
        settles="ResourceInUseException OrganizationAccessDeniedException",
        settles_within=_PATIENCE,
    ),
    _write(
        "config",
        "DeleteOrganizationConformancePack",
        Reach.PACKS,
        Where.CONFIG,
        already="NoSuchOrganizationConformancePackException",
        settles="ResourceInUseException",
        settles_within=_PATIENCE,
    ),
    _write("config", "TagResource", Reach.PACKS, Where.CONFIG, Permission("config:TagResource", Reach.AGGREGATOR)),
)
