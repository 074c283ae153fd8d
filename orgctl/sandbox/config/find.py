"""What a name means in AWS Config, or its refusal that there is no such thing; and what its answers share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from orgctl.sandbox.config_state import Home, Rule
from orgctl.sandbox.messages import RefusalError
from orgctl.sandbox.operations import Call, Members

COMPLIANCES = ("NON_COMPLIANT", "COMPLIANT", "NOT_APPLICABLE", "INSUFFICIENT_DATA")
"""The worst first."""


def home(call: Call) -> Home:
    """AWS Config of the caller in the region of the call."""
    return call.cloud.config.home(call.caller, call.region)


def rule(call: Call, name: str) -> Rule:
    """A rule by its name."""
    found = home(call).rules.get(name)
    if found is None:
        message = f"The ConfigRule '{name}' provided in the request is invalid. Please check the configRule name."
        raise RefusalError("NoSuchConfigRuleException", message)
    return found


def rules(call: Call, names: Iterable[str] | None) -> list[Rule]:
    """The rules of these names, or all."""
    return [rule(call, name) for name in names] if names else list(home(call).rules.values())


def overall(rule: Rule) -> str:
    """The compliance of a rule: that of its worst resource; INSUFFICIENT_DATA where there is none."""
    found = {result.compliance for result in rule.results.values()} - {"NOT_APPLICABLE"}
    return next((compliance for compliance in COMPLIANCES if compliance in found), "INSUFFICIENT_DATA")


def compliance(rule: Rule) -> Members:
    """`Compliance` of a rule, with the number of resources that make it so."""
    found = overall(rule)
    answer: Members = {"ComplianceType": found}
    if found in ("COMPLIANT", "NON_COMPLIANT"):
        answer["ComplianceContributorCount"] = capped(
            sum(result.compliance == found for result in rule.results.values()), 25
        )
    return answer


def capped(count: int, most: int) -> Members:
    """`ComplianceContributorCount`."""
    return {"CappedCount": min(count, most), "CapExceeded": count > most}


def tags_of(given: Iterable[Mapping[str, Any]] | None) -> dict[str, str]:
    """The tags of a request."""
    return {tag["Key"]: tag.get("Value", "") for tag in given or ()}
