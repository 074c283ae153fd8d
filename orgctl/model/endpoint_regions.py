"""Services without an endpoint in every region: the region that a call to their one endpoint carries.

It is what `aws:RequestedRegion` holds, wherever the caller is. Source: botocore's `endpoints.json` (services with a
`partitionEndpoint`, their credential scope), and "Service endpoints and quotas", AWS General Reference, for those that
are reached through one region without being marked so. STS and S3 are left out: they have endpoints everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping

ENDPOINT_REGIONS: Mapping[str, Mapping[str, str]] = {
    "aws": {
        **dict.fromkeys(
            (
                *("account", "artifact", "billing", "billingconductor", "budgets", "ce", "cloudfront"),
                *("consolidatedbilling", "cost-optimization-hub", "cur", "freetier", "health", "iam"),
                *("invoicing", "notifications-contacts", "organizations", "payments", "route53", "route53domains"),
                *("savingsplans", "shield", "support", "tax", "trustedadvisor", "waf"),
            ),
            "us-east-1",
        ),
        **dict.fromkeys(("globalaccelerator", "networkmanager", "route53-recovery-control-config"), "us-west-2"),
    },
    "aws-cn": {
        **dict.fromkeys(("account", "budgets", "ce", "cloudfront", "health"), "cn-northwest-1"),
        **dict.fromkeys(("organizations", "route53"), "cn-northwest-1"),
        **dict.fromkeys(("iam", "support"), "cn-north-1"),
    },
    "aws-us-gov": dict.fromkeys(("iam", "networkmanager", "organizations", "route53", "support"), "us-gov-west-1"),
    "aws-iso": dict.fromkeys(("budgets", "ce", "iam", "organizations", "route53", "support"), "us-iso-east-1"),
    "aws-iso-b": dict.fromkeys(("budgets", "ce", "iam", "organizations", "route53", "support"), "us-isob-east-1"),
    "aws-iso-e": dict.fromkeys(("budgets", "iam", "organizations", "route53", "savingsplans"), "eu-isoe-west-1"),
    "aws-iso-f": dict.fromkeys(("budgets", "ce", "iam", "organizations", "route53"), "us-isof-south-1"),
}
"""By partition and the service's action prefix."""


def endpoint_region(service: str, partition: str) -> str | None:
    """The one region that calls to this service carry; None for a service with endpoints in every region."""
    return ENDPOINT_REGIONS.get(partition, {}).get(service)
