"""The part of READS that AWS Config needs: in its administrator's account, and in the management account.

Source of the resource types: the Service Authorization Reference.
"""

from __future__ import annotations

from collections.abc import Iterator

from orgctl.aws.operations.entry import Permission, Reach, Read, Where


def _reads(
    service: str,
    operations: str,
    reach: Reach = Reach.ANY,
    where: Where = Where.CONFIG,
    *,
    for_apply_only: bool = False,
) -> Iterator[Read]:
    for operation in operations.split():
        yield Read(service, operation, (Permission(f"{service}:{operation}", reach),), where, for_apply_only)


CONFIG_READS: tuple[Read, ...] = (
    *_reads("iam", "GetRole ListRolePolicies GetRolePolicy", Reach.ROLES, Where.ROLES),
    *_reads("cloudformation", "DescribeStackSet", Reach.STACK_SET, Where.STACK_SETS),
    *_reads(
        "cloudformation",
        "DescribeStackSetOperation ListStackSetOperationResults",
        Reach.STACK_SET,
        Where.STACK_SETS,
        for_apply_only=True,
    ),
    *_reads("lambda", "ListFunctions"),
    *_reads("lambda", "GetPolicy ListTags", Reach.FUNCTIONS),
    *_reads("lambda", "GetFunctionConfiguration", Reach.FUNCTIONS, for_apply_only=True),
    *_reads("config", "DescribeAggregateComplianceByConformancePacks", Reach.AGGREGATOR),
    *_reads("ssm", "ListDocuments"),
    *_reads("ssm", "GetDocument DescribeDocumentPermission", Reach.DOCUMENTS),
    *_reads("config", "DescribeConfigurationAggregators DescribeOrganizationConformancePacks ListTagsForResource"),
    *_reads("config", "DescribeConfigurationRecorderStatus DescribeDeliveryChannelStatus", where=Where.MEMBERS),
    *_reads("config", "DescribeOrganizationConformancePackStatuses", for_apply_only=True),
    Read(
        "config",
        "GetOrganizationConformancePackDetailedStatus",
        (Permission("config:GetOrganizationConformancePackDetailedStatus", Reach.PACKS),),
        Where.CONFIG,
    ),
)
