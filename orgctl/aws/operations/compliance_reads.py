"""The part of READS that asks AWS Config's aggregator, in its administrator's account; and what a report reads besides.

Source of the resource types: the Service Authorization Reference.
"""

from __future__ import annotations

from orgctl.aws.operations.entry import Permission, Reach, Read, Where

COMPLIANCE_READS: tuple[Read, ...] = tuple(
    Read(
        "config",
        operation,
        (Permission(f"config:{operation}", Reach.AGGREGATOR),),
        Where.CONFIG,
        for_compliance_only=True,
    )
    for operation in (
        "DescribeAggregateComplianceByConfigRules",
        "DescribeConfigurationAggregatorSourcesStatus",
        "GetAggregateComplianceDetailsByConfigRule",
        "SelectAggregateResourceConfig",
    )
)

TREE_READS: frozenset[str] = frozenset(
    f"organizations:{operation}"
    for operation in (
        "DescribeOrganization",
        "ListAccounts",
        "ListAccountsForParent",
        "ListOrganizationalUnitsForParent",
        "ListParents",
        "ListRoots",
    )
) | {"sts:GetCallerIdentity", "sts:AssumeRole"}
"""What a plan reads too: who is in the organization, and where. By `service:Operation`."""
