"""Rules that AWS Config evaluates itself: in Guard, and the few of AWS's managed rules that the sandbox knows.

A managed rule that is not here says nothing: its compliance stays INSUFFICIENT_DATA. Source: "List of AWS Config
Managed Rules" (AWS Config Developer Guide).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from orgctl.errors import OrgctlError
from orgctl.rules.guard import GuardError, Status, evaluate
from orgctl.sandbox.config.events import written
from orgctl.sandbox.config_state import Home, Rule
from orgctl.sandbox.state import Cloud

Item = dict[str, Any]
Given = dict[str, str]
ACCOUNT = "AWS::::Account"
_ANNOTATION = 256


class JudgingError(Exception):
    """A rule that cannot be evaluated, with why."""


def judged(cloud: Cloud, home: Home, rule: Rule, item: Item | None) -> Iterator[dict[str, Any]]:
    """The evaluations of a rule for an item, or (None) by schedule. Raises JudgingError."""
    source, given = rule.settings["Source"], json.loads(rule.settings.get("InputParameters", "{}"))
    if source["Owner"] == "CUSTOM_POLICY":
        found = _in_guard(source["CustomPolicyDetails"]["PolicyText"], item) if item is not None else None
    elif item is None:
        found = PERIODIC[source["SourceIdentifier"]](cloud, home) if source["SourceIdentifier"] in PERIODIC else None
    else:
        found = _managed(source["SourceIdentifier"], given, item)
    if found is not None:
        yield _evaluation(home, item, *found, now=cloud.clock.now())


def _evaluation(home: Home, item: Item | None, compliance: str, note: str, *, now: float) -> dict[str, Any]:
    evaluation = {
        "ComplianceResourceType": item["resourceType"] if item else ACCOUNT,
        "ComplianceResourceId": item["resourceId"] if item else home.account,
        "ComplianceType": compliance,
        "OrderingTimestamp": item["configurationItemCaptureTime"] if item else now,
    }
    return {**evaluation, "Annotation": note[:_ANNOTATION]} if note else evaluation


def _in_guard(text: str, item: Item) -> tuple[str, str]:
    if item["configurationItemStatus"] == "ResourceDeleted":
        return "NOT_APPLICABLE", ""
    try:
        verdict = evaluate(text, written(item))
    except GuardError as error:
        raise JudgingError(error.message) from None
    except OrgctlError as error:
        raise JudgingError(str(error)) from None
    match verdict.status:
        case Status.PASS:
            return "COMPLIANT", ""
        case Status.FAIL:
            return "NON_COMPLIANT", "; ".join(verdict.messages)
        case Status.SKIP:
            return "NOT_APPLICABLE", ""


def _managed(identifier: str, given: Given, item: Item) -> tuple[str, str] | None:
    known = CHANGES.get(identifier)
    if known is None or item["resourceType"] != known[0]:
        return None
    if item["configurationItemStatus"] == "ResourceDeleted":
        return "NOT_APPLICABLE", ""
    return ("COMPLIANT" if known[1](item, given) else "NON_COMPLIANT"), ""


def _reserved(item: Item, given: Given) -> bool:
    reserved = item["supplementaryConfiguration"].get("Concurrency", {}).get("reservedConcurrentExecutions")
    low, high = int(given.get("ConcurrencyLimitLow", 0)), int(given.get("ConcurrencyLimitHigh", 10**9))
    return reserved is not None and low <= reserved <= high


def _has_dead_letters(item: Item, given: Given) -> bool:
    target = (item["configuration"].get("deadLetterConfig") or {}).get("targetArn")
    allowed = [arn.strip() for arn in given.get("dlqArns", "").split(",") if arn.strip()]
    return bool(target) and (not allowed or target in allowed)


def _is_private(item: Item, given: Given) -> bool:
    policy = item["supplementaryConfiguration"].get("Policy")
    statements = json.loads(json.loads(policy))["Statement"] if policy else []
    everybody = [s for s in statements if s["Effect"] == "Allow" and s["Principal"] in ("*", {"AWS": "*"})]
    return all("Condition" in statement for statement in everybody)


def _is_traced(item: Item, given: Given) -> bool:
    return bool(item["configuration"]["tracingConfig"]["mode"] == "Active")


def _tags_stay(item: Item, given: Given) -> bool:
    return bool(item["configuration"]["ImageTagMutability"] == "IMMUTABLE")


CHANGES: dict[str, tuple[str, Callable[[Item, Given], bool]]] = {
    "LAMBDA_CONCURRENCY_CHECK": ("AWS::Lambda::Function", _reserved),
    "LAMBDA_DLQ_CHECK": ("AWS::Lambda::Function", _has_dead_letters),
    "LAMBDA_FUNCTION_PUBLIC_ACCESS_PROHIBITED": ("AWS::Lambda::Function", _is_private),
    "LAMBDA_FUNCTION_XRAY_ENABLED": ("AWS::Lambda::Function", _is_traced),
    "ECR_PRIVATE_TAG_IMMUTABILITY_ENABLED": ("AWS::ECR::Repository", _tags_stay),
}
"""By identifier: the type, and whether an item of it complies."""


def _trails(cloud: Cloud, home: Home) -> list[dict[str, Any]]:
    """The settings of the trails that log the account's events, in any region."""
    organization = cloud.organization
    inside = organization is not None and home.account in organization.accounts
    return [
        trail.settings
        for trail in cloud.trails.values()
        if trail.logging and (trail.account == home.account or (inside and trail.settings["IsOrganizationTrail"]))
    ]


def _trail(cloud: Cloud, home: Home) -> tuple[str, str]:
    return ("COMPLIANT" if _trails(cloud, home) else "NON_COMPLIANT"), ""


def _trail_everywhere(cloud: Cloud, home: Home) -> tuple[str, str]:
    everywhere = any(settings["IsMultiRegionTrail"] for settings in _trails(cloud, home))
    return ("COMPLIANT" if everywhere else "NON_COMPLIANT"), ""


def _member(cloud: Cloud, home: Home) -> tuple[str, str]:
    inside = cloud.organization is not None and home.account in cloud.organization.accounts
    return ("COMPLIANT" if inside else "NON_COMPLIANT"), ""


def _contact(cloud: Cloud, home: Home) -> tuple[str, str]:
    account = cloud.account(home.account)
    return ("COMPLIANT" if account is not None and "SECURITY" in account.contacts else "NON_COMPLIANT"), ""


PERIODIC: dict[str, Callable[[Cloud, Home], tuple[str, str]]] = {
    "CLOUD_TRAIL_ENABLED": _trail,
    "MULTI_REGION_CLOUD_TRAIL_ENABLED": _trail_everywhere,
    "ACCOUNT_PART_OF_ORGANIZATIONS": _member,
    "SECURITY_ACCOUNT_INFORMATION_PROVIDED": _contact,
}
"""By identifier: what is said of the account."""
