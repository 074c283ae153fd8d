"""Compliance of one account and region: by rule and by resource."""

from __future__ import annotations

from collections.abc import Iterable

from orgctl.sandbox.config import find
from orgctl.sandbox.config.pages import page
from orgctl.sandbox.config.registry import operation
from orgctl.sandbox.config_state import Result, Rule
from orgctl.sandbox.operations import Access, Call, Members, Parameters

Found = tuple[Rule, Result]


@operation("GetComplianceDetailsByConfigRule", Access.ANYBODY)
def details_by_rule(call: Call, params: Parameters) -> Members:
    """What a rule says of each resource; what it does not apply to only if asked for."""
    rule = find.rule(call, params["ConfigRuleName"])
    found = wanted([(rule, result) for result in rule.results.values()], params.get("ComplianceTypes"))
    return page(call, params, "EvaluationResults", found, shown, size=10)


@operation("GetComplianceDetailsByResource", Access.ANYBODY)
def details_by_resource(call: Call, params: Parameters) -> Members:
    """What each rule says of a resource."""
    key = f"{params.get('ResourceType')}|{params.get('ResourceId')}"
    rules = find.home(call).rules.values()
    found = wanted([(r, r.results[key]) for r in rules if key in r.results], params.get("ComplianceTypes"))
    return page(call, params, "EvaluationResults", found, shown, size=10)


@operation("DescribeComplianceByConfigRule", Access.ANYBODY)
def by_rule(call: Call, params: Parameters) -> Members:
    """The compliance of rules."""
    kinds = params.get("ComplianceTypes")
    found = [r for r in find.rules(call, params.get("ConfigRuleNames")) if not kinds or find.overall(r) in kinds]
    return page(
        call,
        params,
        "ComplianceByConfigRules",
        found,
        lambda rule: {"ConfigRuleName": rule.name, "Compliance": find.compliance(rule)},
    )


@operation("DescribeComplianceByResource", Access.ANYBODY)
def by_resource(call: Call, params: Parameters) -> Members:
    """The compliance of resources: of the worst rule."""
    grouped: dict[tuple[str, str], list[str]] = {}
    for rule in find.home(call).rules.values():
        for result in rule.results.values():
            if result.compliance != "NOT_APPLICABLE":
                grouped.setdefault((result.resource_type, result.resource_id), []).append(result.compliance)
    kinds, rows = params.get("ComplianceTypes"), []
    for (kind, identity), compliances in grouped.items():
        worst = min(compliances, key=find.COMPLIANCES.index)
        asked = params.get("ResourceType") in (None, kind) and params.get("ResourceId") in (None, identity)
        if asked and (not kinds or worst in kinds):
            rows.append((kind, identity, worst, compliances.count(worst)))
    return page(call, params, "ComplianceByResources", rows, _resource, size=10)


def _resource(row: tuple[str, str, str, int]) -> Members:
    kind, identity, worst, count = row
    compliance = {"ComplianceType": worst, "ComplianceContributorCount": find.capped(count, 25)}
    return {"ResourceType": kind, "ResourceId": identity, "Compliance": compliance}


@operation("GetComplianceSummaryByConfigRule", Access.ANYBODY)
def summary(call: Call, params: Parameters) -> Members:
    """How many rules are compliant, and how many are not."""
    return {"ComplianceSummary": counted(find.home(call).rules.values(), call.now)}


def counted(rules: Iterable[Rule], now: float) -> Members:
    """`ComplianceSummary` over rules."""
    found = [find.overall(rule) for rule in rules]
    return {
        "CompliantResourceCount": find.capped(found.count("COMPLIANT"), 25),
        "NonCompliantResourceCount": find.capped(found.count("NON_COMPLIANT"), 25),
        "ComplianceSummaryTimestamp": now,
    }


def wanted(found: Iterable[Found], kinds: Iterable[str] | None) -> list[Found]:
    """The results of these kinds; without kinds, all but NOT_APPLICABLE."""
    allowed = set(kinds or set(find.COMPLIANCES) - {"NOT_APPLICABLE"})
    return [pair for pair in found if pair[1].compliance in allowed]


def shown(found: Found) -> Members:
    """`EvaluationResult`."""
    rule, result = found
    qualifier = {
        "ConfigRuleName": rule.name,
        "ResourceType": result.resource_type,
        "ResourceId": result.resource_id,
        "EvaluationMode": "DETECTIVE",
    }
    identifier = {"EvaluationResultQualifier": qualifier, "OrderingTimestamp": result.ordered}
    times = {"ResultRecordedTime": result.recorded, "ConfigRuleInvokedTime": result.invoked}
    note = {"Annotation": result.annotation} if result.annotation else {}
    return {"EvaluationResultIdentifier": identifier, "ComplianceType": result.compliance, **times, **note}
