"""Quotas and API rates of AWS: data with a source, which the manifest's `limits` overrides.

Source: "Quotas and service limits for AWS Organizations" (AWS Organizations User Guide, change of 15 May 2026) and
"Quotas for AWS Account Management"; for conformance packs "Service Limits" (AWS Config Developer Guide); for
documents "AWS Systems Manager endpoints and quotas" (AWS General Reference). AWS changes these every few months;
correct them here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from orgctl.model.policy_types import POLICY_TYPES


@dataclass(frozen=True, slots=True)
class Rate:
    """A token bucket: `per_second` calls refill it, `burst` calls fit in it."""

    per_second: float
    burst: float


QUOTAS: Mapping[str, int] = {
    "accounts": 50_000,
    "accounts_being_created": 5,
    "accounts_being_closed": 3,
    "ous": 2_000,
    "ou_depth": 5,
    "tags": 50,
    "delegation_policy_size": 40_000,
    "packs": 50,
    "pack_rules": 130,
    "rules_in_packs": 350,
    "pack_excluded_accounts": 1_000,
    "pack_inline_size": 51_200,
    "pack_template_size": 307_200,
    "rule_parameters_size": 1_024,
    "document_shares": 1_000,
    **{f"{t.folder}_size": t.max_size for t in POLICY_TYPES if t.max_size},
    **{f"{t.folder}_attached": t.max_attached for t in POLICY_TYPES if t.max_attached},
    **{f"{t.folder}_count": t.max_count for t in POLICY_TYPES if t.max_count},
}
"""Sizes in characters as sent (minified), the rest in pieces."""

UNLISTED = Rate(1, 1)
"""The pace of an API for which AWS publishes no rate."""

_RATES_BY_PACE: Mapping[tuple[float, float], str] = {
    (0.1, 3): "CreateAccount",
    (0.05, 1): "CloseAccount",
    (20, 30): "DescribeAccount",
    (
        2,
        2,
    ): "DescribeCreateAccountStatus DescribeOrganizationalUnit DescribePolicy RemoveAccountFromOrganization",
    (8, 12): "ListAccounts",
    (6, 10): "ListChildren",
    (
        5,
        8,
    ): "ListCreateAccountStatus ListParents ListAccountsForParent ListOrganizationalUnitsForParent ListPolicies"
    " ListPoliciesForTarget ListTargetsForPolicy ListDelegatedAdministrators",
    (1, 2): "ListRoots CreateOrganizationalUnit DescribeOrganization EnableAWSServiceAccess"
    " DisableAWSServiceAccess RegisterDelegatedAdministrator DeregisterDelegatedAdministrator",
    (10, 15): "ListTagsForResource",
    (4, 6): "TagResource UntagResource",
    (
        2,
        3,
    ): "MoveAccount UpdateOrganizationalUnit DeleteOrganizationalUnit CreatePolicy DeletePolicy AttachPolicy"
    " DetachPolicy UpdatePolicy",
    (1, 1): "EnablePolicyType DisablePolicyType",
    (1, 3): "ListAWSServiceAccessForOrganization ListDelegatedServicesForAccount",
    (3, 5): "InviteAccountToOrganization",
}

RATES: Mapping[str, Rate] = {
    **{
        f"organizations:{operation}": Rate(*pace)
        for pace, operations in _RATES_BY_PACE.items()
        for operation in operations.split()
    },
    "account:GetAlternateContact": Rate(10, 15),
    "account:PutAlternateContact": Rate(10, 15),
    "account:DeleteAlternateContact": Rate(1, 6),
    **{f"athena:{operation}": Rate(20, 80) for operation in ("StartQueryExecution", "StopQueryExecution")},
    **{f"athena:{operation}": Rate(100, 200) for operation in ("GetQueryExecution", "GetQueryResults")},
}
"""By `service:Operation`. Source of Athena's: "Per account API call quotas", Service Quotas, Amazon Athena User Guide.
"""

PACED_SERVICES = frozenset({"organizations", "account"})
"""Services whose unlisted APIs go at `UNLISTED`; the others (S3, CloudTrail, …) are not paced beforehand."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The tables above with the user's overrides laid over them. Without `paced` no API has a rate: at a sandbox."""

    quotas: Mapping[str, int] = field(default_factory=lambda: QUOTAS)
    rates: Mapping[str, Rate] = field(default_factory=lambda: RATES)
    paced: bool = True

    def overridden(self, quotas: Mapping[str, int], rates: Mapping[str, Rate]) -> Limits:
        """The same limits with some values replaced."""
        return replace(self, quotas={**self.quotas, **quotas}, rates={**self.rates, **rates})

    def quota(self, name: str) -> int | None:
        """The quota called `name` (`scp_size`, `ous`, …), or None if AWS publishes none."""
        return self.quotas.get(name)

    def rate(self, service: str, operation: str) -> Rate | None:
        """The pace of `service:operation`; None where calls are not paced beforehand."""
        if not self.paced:
            return None
        known = self.rates.get(f"{service}:{operation}")
        return known or (UNLISTED if service in PACED_SERVICES else None)
