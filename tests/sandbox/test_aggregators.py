"""Aggregators: who may have one, what it says, and queries."""

from __future__ import annotations

import json
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from orgctl.sandbox.embedded import Sandbox
from tests.sandbox.configured import recorder
from tests.sandbox.conftest import client, every, member, refusal
from tests.sandbox.functions import function, role, trust
from tests.sandbox.packed import administrator, deployed, managed_rule, put, template

NAME = {"ConfigurationAggregatorName": "organization"}


def aggregator(sandbox: Sandbox, account: str, **changes: Any) -> Any:
    """An aggregator of the organization, with its role; the client of its account."""
    iam, api = client(sandbox, "iam", account), client(sandbox, "config", account)
    arn = iam.create_role(RoleName="aggregator", AssumeRolePolicyDocument=trust("config.amazonaws.com"))["Role"]["Arn"]
    source = {"RoleArn": arn, "AllAwsRegions": True, **changes}
    api.put_configuration_aggregator(**NAME, OrganizationAggregationSource=source)
    return api


@pytest.fixture
def scene(sandbox: Sandbox, organizations: Any) -> SimpleNamespace:
    """An administrator and a member, each with a function; a pack of one rule that is evaluated by hand."""
    audit, one = administrator(organizations), member(organizations, "one")
    for account in (audit, one):
        recorder(sandbox, account)
        function(client(sandbox, "lambda", account), role(sandbox, account), "shop", Tags={"owner": account})
    api = aggregator(sandbox, audit)
    put(api, ExcludedAccounts=["111111111111"], body=template(managed_rule("dlq", "ACCESS_KEYS_ROTATED", **ROTATED)))
    deployed(api)
    for account, compliance in ((audit, "COMPLIANT"), (one, "NON_COMPLIANT")):
        evaluate(client(sandbox, "config", account), compliance)
    return SimpleNamespace(audit=audit, one=one, api=api, member=client(sandbox, "config", one))


ROTATED = {"InputParameters": {"maxAccessKeyAge": "90"}}


def evaluate(api: Any, compliance: str) -> None:
    (rule,) = every(api, "describe_config_rules", "ConfigRules")
    evaluation = {
        "ComplianceResourceType": "AWS::Lambda::Function",
        "ComplianceResourceId": "shop",
        "ComplianceType": compliance,
        "OrderingTimestamp": 1,
    }
    api.put_external_evaluation(ConfigRuleName=rule["ConfigRuleName"], ExternalEvaluation=evaluation)


def test_compliance_of_the_organization(scene: SimpleNamespace) -> None:
    """By rule, by pack, in detail and in sums, each with its account."""
    rules = every(
        scene.api, "describe_aggregate_compliance_by_config_rules", "AggregateComplianceByConfigRules", **NAME
    )
    found = {rule["AccountId"]: rule["Compliance"]["ComplianceType"] for rule in rules}
    assert found == {scene.audit: "COMPLIANT", scene.one: "NON_COMPLIANT"}
    name = next(rule["ConfigRuleName"] for rule in rules if rule["AccountId"] == scene.one)
    where = {"ConfigRuleName": name, "AccountId": scene.one, "AwsRegion": "us-east-1"}
    (detail,) = every(
        scene.api, "get_aggregate_compliance_details_by_config_rule", "AggregateEvaluationResults", **NAME, **where
    )
    qualifier = detail["EvaluationResultIdentifier"]["EvaluationResultQualifier"]
    assert (qualifier["ResourceId"], detail["ComplianceType"]) == ("shop", "NON_COMPLIANT")
    packs = every(
        scene.api,
        "describe_aggregate_compliance_by_conformance_packs",
        "AggregateComplianceByConformancePacks",
        **NAME,
        Filters={"ComplianceType": "NON_COMPLIANT"},
    )
    counts = {"CompliantRuleCount": 0, "NonCompliantRuleCount": 1, "TotalRuleCount": 1}
    assert [(pack["AccountId"], pack["Compliance"]) for pack in packs] == [
        (scene.one, {"ComplianceType": "NON_COMPLIANT", **counts})
    ]


def test_sums(sandbox: Sandbox, scene: SimpleNamespace) -> None:
    """By account or in one, of rules and of packs."""
    sandbox.configure(empty_page_every=0)
    grouped = scene.api.get_aggregate_config_rule_compliance_summary(**NAME, GroupByKey="ACCOUNT_ID")
    numbers = {
        group["GroupName"]: group["ComplianceSummary"]["NonCompliantResourceCount"]["CappedCount"]
        for group in grouped["AggregateComplianceCounts"]
    }
    assert numbers == {scene.audit: 0, scene.one: 1}
    answer = scene.api.get_aggregate_conformance_pack_compliance_summary(**NAME)
    summary = answer["AggregateConformancePackComplianceSummaries"][0]["ComplianceSummary"]
    assert summary == {"CompliantConformancePackCount": 1, "NonCompliantConformancePackCount": 1}


QUERIES: list[tuple[str, Callable[[SimpleNamespace], list[dict[str, Any]]]]] = [
    (
        "SELECT accountId, resourceId WHERE resourceType = 'AWS::Lambda::Function'",
        lambda s: [{"accountId": s.audit, "resourceId": "shop"}, {"accountId": s.one, "resourceId": "shop"}],
    ),
    (
        """SELECT accountId, configuration.complianceType WHERE resourceType = 'AWS::Config::ResourceCompliance'
        AND configuration.configRuleList.complianceType = 'NON_COMPLIANT'""",
        lambda s: [{"accountId": s.one, "configuration": {"complianceType": "NON_COMPLIANT"}}],
    ),
    ("SELECT COUNT(*) WHERE resourceType = 'AWS::S3::Bucket'", lambda s: [{"COUNT(*)": 0}]),
    (
        "SELECT resourceType, COUNT(*) WHERE resourceType LIKE 'AWS::Lambda::%' GROUP BY resourceType",
        lambda s: [{"resourceType": "AWS::Lambda::Function", "COUNT(*)": 2}],
    ),
    (
        """SELECT tags WHERE resourceType IN ('AWS::Lambda::Function') AND tags.key = 'owner' AND accountId <> '1'
        AND configuration.timeout = 3 AND awsRegion = 'us-east-1' AND configuration.layers.arn <> 'x'""",
        lambda s: [{"tags": [{"key": "owner", "value": a, "tag": f"owner={a}"}]} for a in (s.audit, s.one)],
    ),
]


@pytest.mark.parametrize(("expression", "expected"), QUERIES)
def test_queries(
    scene: SimpleNamespace, expression: str, expected: Callable[[SimpleNamespace], list[dict[str, Any]]]
) -> None:
    """Fields, conditions through lists, counts and groups, over all accounts."""
    found = every(scene.api, "select_aggregate_resource_config", "Results", **NAME, Expression=expression)
    assert [json.loads(row) for row in found] == expected(scene)


def test_resources_anywhere(scene: SimpleNamespace) -> None:
    """They are listed by type, and one is read by account, region, type and id."""
    kind = {"ResourceType": "AWS::Lambda::Function"}
    filters = {"AccountId": scene.one}
    (found,) = every(
        scene.api, "list_aggregate_discovered_resources", "ResourceIdentifiers", **NAME, **kind, Filters=filters
    )
    item = scene.api.get_aggregate_resource_config(**NAME, ResourceIdentifier=found)["ConfigurationItem"]
    assert (item["accountId"], item["resourceId"], item["tags"]) == (scene.one, "shop", {"owner": scene.one})


def test_sources_tell_how_they_are(scene: SimpleNamespace) -> None:
    """An account without a recorder fails, which is the management account here."""
    found = every(
        scene.api,
        "describe_configuration_aggregator_sources_status",
        "AggregatedSourceStatusList",
        **NAME,
        UpdateStatus=["FAILED"],
    )
    assert [(source["SourceId"], source["LastErrorCode"]) for source in found] == [
        ("111111111111", "NoAvailableConfigurationRecorder")
    ]


def test_an_aggregator_of_some_regions_sees_no_others(sandbox: Sandbox, organizations: Any) -> None:
    """What lies elsewhere is not in it."""
    audit = administrator(organizations)
    recorder(sandbox, audit)
    function(client(sandbox, "lambda", audit), role(sandbox, audit))
    api = aggregator(sandbox, audit, AllAwsRegions=False, AwsRegions=["eu-west-1"])
    query = "SELECT resourceId WHERE resourceType = 'AWS::Lambda::Function'"
    assert every(api, "select_aggregate_resource_config", "Results", **NAME, Expression=query) == []
    api.delete_configuration_aggregator(**NAME)
    assert every(api, "describe_configuration_aggregators", "ConfigurationAggregators") == []


def source(**changes: Any) -> dict[str, Any]:
    return {"RoleArn": "arn:aws:iam::1:role/aws-service-role/x/y", "AllAwsRegions": True, **changes}


REFUSALS: dict[str, tuple[Callable[[SimpleNamespace], object], str]] = {
    "a member": (
        lambda s: s.member.put_configuration_aggregator(**NAME, OrganizationAggregationSource=source()),
        "OrganizationAccessDeniedException",
    ),
    "a role that there is not": (
        lambda s: s.api.put_configuration_aggregator(
            **NAME, OrganizationAggregationSource=source(RoleArn="arn:aws:iam::111111111111:role/none")
        ),
        "InvalidRoleException",
    ),
    "no regions": (
        lambda s: s.api.put_configuration_aggregator(
            **NAME, OrganizationAggregationSource={"RoleArn": source()["RoleArn"]}
        ),
        "InvalidParameterValueException",
    ),
    "single accounts": (
        lambda s: s.api.put_configuration_aggregator(
            **NAME, AccountAggregationSources=[{"AccountIds": [s.one], "AllAwsRegions": True}]
        ),
        "InvalidParameterValueException",
    ),
    "an unknown aggregator": (
        lambda s: s.api.describe_aggregate_compliance_by_config_rules(ConfigurationAggregatorName="x"),
        "NoSuchConfigurationAggregatorException",
    ),
    "no query": (
        lambda s: s.api.select_aggregate_resource_config(**NAME, Expression="tell me"),
        "InvalidExpressionException",
    ),
    "a condition that is none": (
        lambda s: s.api.select_aggregate_resource_config(**NAME, Expression="SELECT a WHERE b BETWEEN 1"),
        "InvalidExpressionException",
    ),
    "a resource that there is not": (
        lambda s: s.api.get_aggregate_resource_config(
            **NAME,
            ResourceIdentifier={
                "SourceAccountId": s.one,
                "SourceRegion": "us-east-1",
                "ResourceId": "x",
                "ResourceType": "AWS::Lambda::Function",
            },
        ),
        "ResourceNotDiscoveredException",
    ),
    "a token of nothing": (
        lambda s: s.api.describe_configuration_aggregators(NextToken="bm90aGluZw=="),
        "InvalidNextTokenException",
    ),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_refused_as_config_does(scene: SimpleNamespace, case: str) -> None:
    """Each of these is refused with AWS's exception."""
    call, expected = REFUSALS[case]
    assert expected == refusal(lambda: call(scene))[0]
