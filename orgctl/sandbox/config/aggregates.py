"""What an aggregator says: compliance by rule and by pack, details, summaries, resources."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from orgctl.sandbox.config import find, packs
from orgctl.sandbox.config.aggregators import sources
from orgctl.sandbox.config.compliance import counted, shown, wanted
from orgctl.sandbox.config.items import shown as shown_item
from orgctl.sandbox.config.pages import page
from orgctl.sandbox.config.registry import operation
from orgctl.sandbox.config_state import Home, Rule
from orgctl.sandbox.messages import RefusalError
from orgctl.sandbox.operations import Access, Call, Members, Parameters


def _homes(call: Call, params: Parameters) -> Iterator[Home]:
    """The homes that a request's filters leave."""
    filters = params.get("Filters") or {}
    region = filters.get("AwsRegion") or filters.get("Region")
    for home in sources(call, params):
        if filters.get("AccountId") in (None, home.account) and region in (None, home.region):
            yield home


def _place(home: Home) -> Members:
    return {"AccountId": home.account, "AwsRegion": home.region}


@operation("DescribeAggregateComplianceByConfigRules", Access.ANYBODY)
def by_rules(call: Call, params: Parameters) -> Members:
    """The compliance of each rule in each account and region."""
    filters = params.get("Filters") or {}
    found = [
        (home, rule)
        for home in _homes(call, params)
        for rule in home.rules.values()
        if filters.get("ConfigRuleName") in (None, rule.name)
        and filters.get("ComplianceType") in (None, find.overall(rule))
    ]

    def view(row: tuple[Home, Rule]) -> Members:
        home, rule = row
        return {"ConfigRuleName": rule.name, "Compliance": find.compliance(rule), **_place(home)}

    return page(call, params, "AggregateComplianceByConfigRules", found, view, size=100)


@operation("DescribeAggregateComplianceByConformancePacks", Access.ANYBODY)
def by_packs(call: Call, params: Parameters) -> Members:
    """The compliance of each pack in each account and region, with numbers of rules."""
    filters = params.get("Filters") or {}
    found = [
        (home, name)
        for home in _homes(call, params)
        for name in home.packs
        if filters.get("ConformancePackName") in (None, name)
        and filters.get("ComplianceType") in (None, packs.overall(home, name))
    ]
    return page(call, params, "AggregateComplianceByConformancePacks", found, _pack)


def _pack(row: tuple[Home, str]) -> Members:
    home, name = row
    compliances = [find.overall(rule) for rule in packs.rules_of(home, name)]
    compliance = {
        "ComplianceType": packs.overall(home, name),
        "CompliantRuleCount": compliances.count("COMPLIANT"),
        "NonCompliantRuleCount": compliances.count("NON_COMPLIANT"),
        "TotalRuleCount": len(compliances),
    }
    return {"ConformancePackName": name, "Compliance": compliance, **_place(home)}


@operation("GetAggregateComplianceDetailsByConfigRule", Access.ANYBODY)
def details(call: Call, params: Parameters) -> Members:
    """What a rule says of each resource of one account and region; nothing where there is no such rule."""
    place = (params["AccountId"], params["AwsRegion"])
    home = next((found for found in sources(call, params) if (found.account, found.region) == place), None)
    rule = home.rules.get(params["ConfigRuleName"]) if home else None
    kinds = [params["ComplianceType"]] if "ComplianceType" in params else None
    pairs = wanted([(rule, result) for result in rule.results.values()], kinds) if rule else []
    view: Callable[[Any], Members] = lambda pair: {**shown(pair), **_place(home)} if home else {}  # noqa: E731
    return page(call, params, "AggregateEvaluationResults", pairs, view, size=50)


def _grouped(call: Call, params: Parameters) -> dict[str, list[Home]]:
    """The homes by account or region, or all under an empty name."""
    names = {"ACCOUNT_ID": "account", "AWS_REGION": "region"}
    attribute, groups = names.get(params.get("GroupByKey", "")), dict[str, list[Home]]()
    for home in _homes(call, params):
        groups.setdefault(getattr(home, attribute) if attribute else "", []).append(home)
    return groups


def _named(params: Parameters, answer: Members) -> Members:
    return {**answer, "GroupByKey": params["GroupByKey"]} if "GroupByKey" in params else answer


@operation("GetAggregateConfigRuleComplianceSummary", Access.ANYBODY)
def rule_summary(call: Call, params: Parameters) -> Members:
    """How many rules are compliant, and how many are not."""

    def view(group: tuple[str, list[Home]]) -> Members:
        name, homes = group
        rules = (rule for home in homes for rule in home.rules.values())
        row = {"ComplianceSummary": counted(rules, call.now)}
        return {"GroupName": name, **row} if name else row

    groups = list(_grouped(call, params).items())
    return _named(params, page(call, params, "AggregateComplianceCounts", groups, view, size=100))


@operation("GetAggregateConformancePackComplianceSummary", Access.ANYBODY)
def pack_summary(call: Call, params: Parameters) -> Members:
    """How many packs are compliant, and how many are not."""

    def view(group: tuple[str, list[Home]]) -> Members:
        name, homes = group
        found = [packs.overall(home, pack) for home in homes for pack in home.packs]
        counts = {
            "CompliantConformancePackCount": found.count("COMPLIANT"),
            "NonCompliantConformancePackCount": found.count("NON_COMPLIANT"),
        }
        return {"GroupName": name, "ComplianceSummary": counts} if name else {"ComplianceSummary": counts}

    groups = list(_grouped(call, params).items())
    return _named(params, page(call, params, "AggregateConformancePackComplianceSummaries", groups, view))


def newest(home: Home) -> Iterator[dict[str, Any]]:
    """The newest item of each resource that is there."""
    return (items[-1] for items in home.items.values() if items[-1]["configurationItemStatus"] != "ResourceDeleted")


@operation("ListAggregateDiscoveredResources", Access.ANYBODY)
def list_resources(call: Call, params: Parameters) -> Members:
    """The resources of a type, in all accounts and regions."""
    filters: Mapping[str, Any] = params.get("Filters") or {}
    found = [
        item
        for home in _homes(call, params)
        for item in newest(home)
        if item["resourceType"] == params["ResourceType"]
        and filters.get("ResourceId") in (None, item["resourceId"])
        and filters.get("ResourceName") in (None, item["resourceName"])
    ]
    return page(call, params, "ResourceIdentifiers", found, _identifier, size=100)


def _identifier(item: dict[str, Any]) -> Members:
    return {
        "SourceAccountId": item["accountId"],
        "SourceRegion": item["awsRegion"],
        "ResourceId": item["resourceId"],
        "ResourceType": item["resourceType"],
        "ResourceName": item["resourceName"],
    }


@operation("GetAggregateResourceConfig", Access.ANYBODY)
def get_resource(call: Call, params: Parameters) -> Members:
    """The newest item of a resource anywhere."""
    asked = params["ResourceIdentifier"]
    place = (asked["SourceAccountId"], asked["SourceRegion"])
    for home in sources(call, params):
        if (home.account, home.region) == place:
            items = home.items.get(f"{asked['ResourceType']}|{asked['ResourceId']}")
            if items:
                return {"ConfigurationItem": shown_item(items[-1])}
    message = f"Resource {asked['ResourceId']} is unknown or has not been discovered"
    raise RefusalError("ResourceNotDiscoveredException", message)
