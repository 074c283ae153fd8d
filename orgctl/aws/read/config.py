"""What orgctl owns of AWS Config: in the administrator's account, which is entered, and in the management account.

The accounts come page by page; each is looked at as soon as it is known. An administrator that cannot be entered is a
finding, and nothing of AWS Config is planned then.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from orgctl.aws.call import Answer, pages, read
from orgctl.aws.read.config_shapes import AggregatorInfo, FunctionInfo, PackInfo, RoleInfo, StackSetInfo
from orgctl.aws.read.documents import read_documents
from orgctl.aws.read.reading import Raw, Reading
from orgctl.aws.read.scope import ConfigScope
from orgctl.aws.read.troubles import Trouble
from orgctl.aws.waiting_config import Place, failure, pack_statuses
from orgctl.errors import AccessDeniedError, AwsError
from orgctl.model.config_resources import AGGREGATOR_ROLE, FUNCTION_PREFIX, RULES_ROLE, pack_address
from orgctl.model.resources import Tags
from orgctl.model.state import Finding

LANE = "AWS Config"

_NO_ACCESS = "enable organizations access"
"""What CloudFormation says, under the code ValidationError, while its trusted access is not activated."""


def want_config(reading: Reading, account_id: str, email: str = "") -> None:
    """Have read what this account is to hold: as the administrator, as the management account, or both."""
    scope = reading.scope.config
    if scope is None:
        return
    if scope.packs and account_id == reading.aws.identity.account:
        reading.crew.submit(LANE, _read_role, reading, account_id, scope.evaluation_role)
        reading.crew.submit(LANE, _read_stack_set, reading, scope)
    if scope.administrator.lower() in {account_id, email.lower()}:
        reading.crew.submit(LANE, _read_administrator, reading, scope, account_id)


def _read_administrator(reading: Reading, scope: ConfigScope, account_id: str) -> None:
    try:
        reading.aws.client("config", account_id, scope.home_region)
    except AccessDeniedError as error:
        reading.config.closed = True
        reading.findings.append(Finding("config", error.message, error.hint))
        return
    reading.crew.submit(LANE, _read_role, reading, account_id, AGGREGATOR_ROLE)
    reading.crew.submit(LANE, _read_aggregators, reading, account_id, scope.home_region)
    if scope.packs:
        _want_packs(reading, scope, account_id)


def _want_packs(reading: Reading, scope: ConfigScope, account_id: str) -> None:
    reading.crew.submit(LANE, _read_role, reading, account_id, RULES_ROLE)
    reading.crew.submit(LANE, _read_rule_counts, reading, scope, account_id)
    for region in scope.regions:
        reading.crew.submit(LANE, _read_functions, reading, account_id, region)
        reading.crew.submit(LANE, read_documents, reading, scope, account_id, region)
        reading.crew.submit(LANE, _read_packs, reading, account_id, region)


def _read_role(reading: Reading, account_id: str, name: str) -> None:
    def ask(operation: str, **parameters: object) -> Answer:
        return read(reading.aws, "iam", operation, {"RoleName": name, **parameters}, account=account_id)

    try:
        role = ask("GetRole")["Role"]
        names = [
            policy
            for page in pages(reading.aws, "iam", "ListRolePolicies", {"RoleName": name}, account=account_id)
            for policy in page["PolicyNames"]
        ]
        documents = {policy: ask("GetRolePolicy", PolicyName=policy)["PolicyDocument"] for policy in names}
    except AwsError as error:
        if error.code != "NoSuchEntity":
            raise
        return
    tags = _tags(role.get("Tags", ()))
    reading.config.roles.append(RoleInfo(name, account_id, role["AssumeRolePolicyDocument"], documents, tags))


def _read_stack_set(reading: Reading, scope: ConfigScope) -> None:
    asked = {"StackSetName": scope.evaluation_role}
    try:
        found = read(reading.aws, "cloudformation", "DescribeStackSet", asked, region=scope.home_region)["StackSet"]
    except AwsError as error:
        if error.code != "StackSetNotFoundException" and _NO_ACCESS not in error.message:
            raise
        return
    tags = _tags(found.get("Tags", ()))
    reading.config.stack_set = StackSetInfo(scope.evaluation_role, scope.home_region, found, tags)


def _read_functions(reading: Reading, account_id: str, region: str) -> None:
    for page in pages(reading.aws, "lambda", "ListFunctions", {}, account=account_id, region=region):
        for raw in page["Functions"]:
            if raw["FunctionName"].startswith(FUNCTION_PREFIX):
                reading.crew.submit(LANE, _read_function, reading, account_id, region, raw)


def _read_function(reading: Reading, account_id: str, region: str, raw: Raw) -> None:
    def ask(operation: str, **parameters: object) -> Answer:
        return read(reading.aws, "lambda", operation, parameters, account=account_id, region=region)

    tags = ask("ListTags", Resource=raw["FunctionArn"]).get("Tags", {})
    try:
        policy = ask("GetPolicy", FunctionName=raw["FunctionName"])["Policy"]
    except AwsError as error:
        if error.code != "ResourceNotFoundException":
            raise
        policy = None
    reading.config.functions.append(FunctionInfo(raw["FunctionName"], account_id, region, _settings(raw), policy, tags))


def _settings(raw: Raw) -> Mapping[str, Any]:
    """What orgctl sets; the rest (revision, state, when it was modified) changes by itself."""
    return {
        key: raw.get(key)
        for key in ("Role", "Runtime", "Handler", "Timeout", "MemorySize", "CodeSha256", "Environment")
    }


def _read_aggregators(reading: Reading, account_id: str, region: str) -> None:
    listed = _each(reading, "DescribeConfigurationAggregators", "ConfigurationAggregators", account_id, region)
    for raw in listed:
        source = raw.get("OrganizationAggregationSource")
        if source:
            name, arn = raw["ConfigurationAggregatorName"], raw["ConfigurationAggregatorArn"]
            tags = _tags_of(reading, arn, account_id, region)
            reading.config.aggregators.append(AggregatorInfo(name, account_id, region, arn, source, tags))


def _read_packs(reading: Reading, account_id: str, region: str) -> None:
    """The packs; none while the account is not the administrator yet."""
    operation, member = "DescribeOrganizationConformancePacks", "OrganizationConformancePacks"
    try:
        for raw in _each(reading, operation, member, account_id, region):
            name, arn = raw["OrganizationConformancePackName"], raw["OrganizationConformancePackArn"]
            reading.crew.submit(LANE, _read_failures, reading, account_id, region, name)
            reading.config.packs.append(
                PackInfo(
                    name,
                    account_id,
                    region,
                    arn,
                    frozenset(raw.get("ExcludedAccounts", ())),
                    _tags_of(reading, arn, account_id, region),
                )
            )
    except AwsError as error:
        if error.code not in {"OrganizationAccessDeniedException", "NoSuchOrganizationConformancePackException"}:
            raise


def _read_failures(reading: Reading, account_id: str, region: str, name: str) -> None:
    """The accounts that the pack could not be brought to, with AWS's reason."""
    for status in _FAILED:
        for found in pack_statuses(reading.aws, Place(account_id, region), name, {"Status": status}):
            what = f"conformance pack `{name}` failed ({failure(found).rstrip('.')})"
            reading.troubles.append(Trouble(pack_address(name, region), what, found["AccountId"], _FAILED_HINT))


def _read_rule_counts(reading: Reading, scope: ConfigScope, account_id: str) -> None:
    """A finding for packs whose rules in some account are not as many as orgctl put there.

    No API gives a pack's template back; the number of its rules in each account is the most that AWS tells cheaply.
    """
    if scope.aggregator is None or not scope.rules:
        return
    asked = {"ConfigurationAggregatorName": scope.aggregator}
    operation, member = "DescribeAggregateComplianceByConformancePacks", "AggregateComplianceByConformancePacks"
    try:
        for found in _each(reading, operation, member, account_id, scope.home_region, asked):
            _count_rules(reading, scope, found)
    except AwsError as error:
        if error.code != "NoSuchConfigurationAggregatorException":
            raise


def _count_rules(reading: Reading, scope: ConfigScope, found: Raw) -> None:
    name = _PACK.fullmatch(found["ConformancePackName"])
    address = pack_address(name[1], found["AwsRegion"]) if name else ""
    count, right = found["Compliance"].get("TotalRuleCount", 0), scope.rules.get(address)
    if name and right and count not in right:
        wanted = " or ".join(map(str, right))
        what = f"conformance pack `{name[1]}` does not have the rules that it was given ({count} instead of {wanted})"
        reading.troubles.append(Trouble(address, what, found["AccountId"], _CHANGED_HINT))


_PACK = re.compile(r"OrgConformsPack-(.+)-[a-z0-9]+")
"""What AWS calls an organization's pack in a member."""
_CHANGED_HINT = "somebody changed it there, or it has just been deployed; change a line of the pack to send it again"

_FAILED = ("CREATE_FAILED", "UPDATE_FAILED", "DELETE_FAILED")
_FAILED_HINT = "mend the account (most often its configuration recorder); AWS Config tries again by itself for hours"


def _each(
    reading: Reading,
    operation: str,
    member: str,
    account_id: str,
    region: str,
    asked: Mapping[str, object] | None = None,
) -> Iterator[Raw]:
    for page in pages(reading.aws, "config", operation, asked or {}, account=account_id, region=region):
        yield from page.get(member, ())


def _tags_of(reading: Reading, arn: str, account_id: str, region: str) -> Tags:
    asked = {"ResourceArn": arn}
    listed = pages(reading.aws, "config", "ListTagsForResource", asked, account=account_id, region=region)
    return _tags([tag for page in listed for tag in page.get("Tags", ())])


def _tags(listed: Any) -> Tags:
    return {tag["Key"]: tag["Value"] for tag in listed}
