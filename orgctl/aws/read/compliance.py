"""What AWS Config's aggregator says: compliance of rules, resources that do not comply, sources that fail.

Compliance of all rules comes a thousand rows a call, and the resources by one query for a region, a hundred a call:
the number of calls does not go by the number of accounts or rules. Source: "Querying the Current Configuration State of
AWS Resources", and the API reference of AWS Config.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from orgctl.aws.call import pages
from orgctl.aws.session import Aws
from orgctl.errors import AwsError, OrgctlError

MOST_ROWS = 1_000
"""The largest page of DescribeAggregateComplianceByConfigRules."""

_MOST = 100
"""The largest page of the other operations."""

COMPLIANCE = "AWS::Config::ResourceCompliance"
"""The type under which AWS Config keeps what its rules say of a resource."""


@dataclass(frozen=True, slots=True)
class Aggregator:
    """Where to ask: the aggregator's name, and the account (an id) and region that it is in."""

    name: str
    account: str
    region: str


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A rule in an account and region. `resources` make its compliance; `more`: there are more, AWS stops counting."""

    account: str
    region: str
    rule: str
    compliance: str
    resources: int
    more: bool


@dataclass(frozen=True, slots=True)
class ResourceRow:
    """A resource, by its id, with each rule that has something to say of it (the rule's name, its compliance)."""

    account: str
    region: str
    type: str
    id: str
    rules: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class SourceRow:
    """An account and region from which the aggregator gets nothing new. `reason` is AWS's, or empty."""

    account: str
    region: str
    reason: str
    updated: datetime | None


@dataclass(frozen=True, slots=True)
class EvaluationRow:
    """One evaluation: what a rule (its name in the account) says of a resource, since when, and why."""

    account: str
    region: str
    rule: str
    type: str
    id: str
    compliance: str
    annotation: str
    recorded: datetime | None
    invoked: datetime | None


def rule_rows(aws: Aws, aggregator: Aggregator, **filters: str) -> Iterator[RuleRow]:
    """Every rule, or those that `filters` (AWS's: `AccountId`, `AwsRegion`) leave. Raises AwsError, OrgctlError."""
    asked = {"Filters": filters, "Limit": MOST_ROWS}
    operation, member = "DescribeAggregateComplianceByConfigRules", "AggregateComplianceByConfigRules"
    for raw in _each(aws, aggregator, operation, member, asked):
        compliance = raw.get("Compliance", {})
        count = compliance.get("ComplianceContributorCount", {})
        yield RuleRow(
            account=raw["AccountId"],
            region=raw["AwsRegion"],
            rule=raw["ConfigRuleName"],
            compliance=compliance.get("ComplianceType", ""),
            resources=count.get("CappedCount", 0),
            more=count.get("CapExceeded", False),
        )


def resource_rows(aws: Aws, aggregator: Aggregator, conditions: Sequence[str]) -> Iterator[ResourceRow]:
    """The resources that rules say something of, under these conditions of the query language; deleted ones have none.

    Raises AwsError, OrgctlError.
    """
    of_rules = "configuration.configRuleList.configRuleName, configuration.configRuleList.complianceType"
    fields = f"accountId, awsRegion, configuration.targetResourceId, configuration.targetResourceType, {of_rules}"
    for found in _selected(aws, aggregator, fields, [f"resourceType = '{COMPLIANCE}'", *conditions]):
        target = found.get("configuration", {})
        yield ResourceRow(
            account=found["accountId"],
            region=found["awsRegion"],
            type=target.get("targetResourceType", ""),
            id=target.get("targetResourceId", ""),
            rules=tuple(
                (rule.get("configRuleName", ""), rule.get("complianceType", ""))
                for rule in target.get("configRuleList", ())
            ),
        )


def ids_of(aws: Aws, aggregator: Aggregator, arn: str) -> tuple[str, ...]:
    """The ids by which AWS Config knows the resource with this ARN: for a role, that is none of its name."""
    found = _selected(aws, aggregator, "resourceId, resourceType", [f"arn = {quoted(arn)}"])
    return tuple(sorted({row["resourceId"] for row in found if row.get("resourceType") != COMPLIANCE}))


def quoted(text: str) -> str:
    """Text as the query language takes it."""
    return "'" + text.replace("'", "''") + "'"


def failing_sources(aws: Aws, aggregator: Aggregator) -> Iterator[SourceRow]:
    """The accounts and regions of which the aggregator has nothing, or nothing new. Raises AwsError, OrgctlError."""
    asked = {"UpdateStatus": ["FAILED", "OUTDATED"], "Limit": _MOST}
    operation, member = "DescribeConfigurationAggregatorSourcesStatus", "AggregatedSourceStatusList"
    for raw in _each(aws, aggregator, operation, member, asked):
        if raw.get("SourceType") == "ACCOUNT":
            reason = raw.get("LastErrorMessage") or raw.get("LastErrorCode") or ""
            yield SourceRow(raw["SourceId"], raw.get("AwsRegion", ""), reason, _time(raw.get("LastUpdateTime")))


def evaluations(aws: Aws, aggregator: Aggregator, account: str, region: str, rule: str) -> Iterator[EvaluationRow]:
    """What a rule (its name in the account) says of each resource. Raises AwsError, OrgctlError."""
    asked = {"AccountId": account, "AwsRegion": region, "ConfigRuleName": rule, "Limit": _MOST}
    operation = "GetAggregateComplianceDetailsByConfigRule"
    for raw in _each(aws, aggregator, operation, "AggregateEvaluationResults", asked):
        qualifier = raw.get("EvaluationResultIdentifier", {}).get("EvaluationResultQualifier", {})
        yield EvaluationRow(
            account=account,
            region=region,
            rule=rule,
            type=qualifier.get("ResourceType", ""),
            id=qualifier.get("ResourceId", ""),
            compliance=raw.get("ComplianceType", ""),
            annotation=raw.get("Annotation", ""),
            recorded=_time(raw.get("ResultRecordedTime")),
            invoked=_time(raw.get("ConfigRuleInvokedTime")),
        )


def _time(time: datetime | None) -> datetime | None:
    """botocore gives the times of this machine's zone."""
    return time.astimezone(UTC) if time else None


def _selected(aws: Aws, aggregator: Aggregator, fields: str, conditions: Sequence[str]) -> Iterator[dict[str, Any]]:
    expression = f"SELECT {fields} WHERE {' AND '.join(conditions)}"
    asked = {"Expression": expression, "Limit": _MOST}
    for text in _each(aws, aggregator, "SelectAggregateResourceConfig", "Results", asked):
        yield json.loads(text)


def _each(aws: Aws, aggregator: Aggregator, operation: str, member: str, asked: Mapping[str, object]) -> Iterator[Any]:
    parameters = {"ConfigurationAggregatorName": aggregator.name, **asked}
    try:
        for page in pages(aws, "config", operation, parameters, account=aggregator.account, region=aggregator.region):
            yield from page.get(member, ())
    except AwsError as error:
        if error.code != "NoSuchConfigurationAggregatorException":
            raise
        where = f"account `{aws.account_names.get(aggregator.account) or aggregator.account}` in {aggregator.region}"
        raise OrgctlError(
            f"there is no aggregator `{aggregator.name}` in {where}",
            hint="`orgctl apply` makes it; `config.aggregator` in the manifest names it",
        ) from error
