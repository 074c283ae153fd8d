"""Quotas, rates and policy types, from the tables of the model."""

from __future__ import annotations

from docs.pages.markdown import code, table
from orgctl.model.limits import QUOTAS, RATES, UNLISTED
from orgctl.model.policy_types import POLICY_TYPES

_INTRODUCTION = """\
# Quotas and rates

AWS changes these every few months. Where AWS allows you more, or less, say so in the manifest: checks, plans, pacing
and the estimate of an apply's length all follow.

```yaml
limits:
  quotas: { ous: 3000, scp_attached: 12 }
  rates:
    organizations:CreateAccount: { per_second: 0.2, burst: 5 }
```

Sources: "Quotas and service limits for AWS Organizations" (AWS Organizations User Guide, as of 15 May 2026), "Quotas
for AWS Account Management", "Service Limits" (AWS Config Developer Guide) and "AWS Systems Manager endpoints and
quotas" (AWS General Reference); policy types by the `PolicyType`
enumeration of the API's model. Where a cell is empty, AWS publishes no number, and nothing is checked.
"""

_MEANING = {
    "accounts": "accounts in the organization; AWS gives 10 by default and up to this on request",
    "accounts_being_created": "accounts that AWS creates at a time; an apply keeps to it",
    "accounts_being_closed": "accounts that AWS closes at a time; an apply keeps to it",
    "ous": "OUs in the organization",
    "ou_depth": "levels of OUs below the root",
    "tags": "tags on an account, OU, policy or the root",
    "delegation_policy_size": "characters of the organization's resource policy, minified",
    "packs": "conformance packs in the organization, in a region",
    "pack_rules": "rules in a conformance pack",
    "rules_in_packs": "rules in all conformance packs together, in a region",
    "pack_excluded_accounts": "accounts that a conformance pack can leave out",
    "pack_inline_size": "bytes of a conformance pack's template that is sent without a bucket",
    "pack_template_size": "bytes of a conformance pack's template",
    "rule_parameters_size": "characters of an AWS Config rule's parameters, as JSON",
    "document_shares": "accounts that a remediation document is shared with",
}


def page() -> str:
    """Policy types with their quotas, then the other quotas, then rates."""
    return "\n".join([_INTRODUCTION, *_policy_types(), *_quotas(), *_rates()])


def _number(value: int | None) -> str:
    return "" if value is None else f"{value:,}"


def _policy_types() -> list[str]:
    rows = (
        (
            code(t.folder),
            code(t.manifest_name),
            _number(t.max_size),
            _number(t.max_attached),
            _number(t.max_count),
            code(t.service) if t.service else "",
        )
        for t in POLICY_TYPES
    )
    head = ("folder", "in `policy_types`", "characters", "attached to a target", "in all", "needs trusted access for")
    return [
        "## Policy types\n",
        "The quotas are called `<folder>_size` (in characters as sent: minified), `<folder>_attached` and",
        "`<folder>_count`. AWS's own FullAWSAccess and RCPFullAWSAccess take a place among those attached.\n",
        *table(head, rows),
    ]


def _quotas() -> list[str]:
    rows = ((code(name), f"{QUOTAS[name]:,}", meaning) for name, meaning in _MEANING.items())
    return ["## Other quotas\n", *table(("quota", "is", "of"), rows)]


def _rates() -> list[str]:
    rows = ((code(name), f"{rate.per_second:g}", f"{rate.burst:g}") for name, rate in sorted(RATES.items()))
    return [
        "## Rates\n",
        "Each API is a token bucket: `burst` calls go at once, the others at so many a second. APIs of Organizations",
        f"and Account Management for which AWS publishes no rate go at {UNLISTED.per_second:g} a second; S3,",
        "CloudTrail and STS are not paced beforehand. How orgctl keeps to them: [pacing](../concepts/pacing.md).\n",
        *table(("API", "a second", "burst"), rows),
    ]
