"""Which resources a rule is about, and what triggers it."""

from __future__ import annotations

from typing import Any

from orgctl.sandbox.config import managed
from orgctl.sandbox.config.triggers import CHANGE, HOURS, OVERSIZED, SCHEDULED
from orgctl.sandbox.config_state import Rule


def triggers(rule: Rule) -> frozenset[str]:
    """The message types that invoke a rule."""
    source = rule.settings["Source"]
    if source["Owner"] == "AWS":
        return managed.triggers(source["SourceIdentifier"])
    return frozenset(str(detail["MessageType"]) for detail in source.get("SourceDetails", ()))


def is_about(rule: Rule, item: dict[str, Any]) -> bool:
    """Whether a configuration item is in a rule's scope. A rule without a scope is about everything."""
    scope = rule.settings.get("Scope", {})
    if scope.get("ComplianceResourceTypes") and item["resourceType"] not in scope["ComplianceResourceTypes"]:
        return False
    if scope.get("ComplianceResourceId") not in (None, item["resourceId"]):
        return False
    if "TagKey" in scope:
        value = item["tags"].get(scope["TagKey"])
        return value is not None and scope.get("TagValue") in (None, value)
    return True


def hears_of(rule: Rule, item: dict[str, Any]) -> bool:
    """Whether a change is told to a rule: in its scope, deleted, or gone out of a scope that it was in before."""
    known = f"{item['resourceType']}|{item['resourceId']}" in rule.results
    return bool(triggers(rule) & {CHANGE, OVERSIZED}) and (is_about(rule, item) or known)


def period(rule: Rule) -> float | None:
    """The seconds between two scheduled evaluations; None where there are none."""
    if SCHEDULED not in triggers(rule):
        return None
    details = rule.settings["Source"].get("SourceDetails", ())
    frequencies = [d["MaximumExecutionFrequency"] for d in details if "MaximumExecutionFrequency" in d]
    frequency = (frequencies or [rule.settings.get("MaximumExecutionFrequency", "TwentyFour_Hours")])[0]
    return HOURS[frequency] * 3600.0
