"""Aggregators of an organization: who may have one, and which homes it sees.

What is aggregated shows at once; AWS takes some minutes. Aggregators of single accounts are refused: they need
authorizations, which are not there. Source: the `config` model, "Multi-Account Multi-Region Data Aggregation".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from orgctl.sandbox import moto_services
from orgctl.sandbox.config import find
from orgctl.sandbox.config.pages import page
from orgctl.sandbox.config.registry import operation
from orgctl.sandbox.config_state import Aggregator, Home
from orgctl.sandbox.messages import RefusalError
from orgctl.sandbox.operations import Access, Call, Members, Parameters
from orgctl.sandbox.permissions import trusts_service
from orgctl.sandbox.state import State

SERVICE = "config.amazonaws.com"
AGGREGATORS = 50
_ROLE = re.compile(r"arn:aws[a-z-]*:iam::(\d{12}):role/(?:(aws-service-role)/)?(?:.*/)?([^/]+)")


@operation("PutConfigurationAggregator", Access.ANYBODY)
def put(call: Call, params: Parameters) -> Members:
    """Create an aggregator of the organization, or change it."""
    home, name = find.home(call), params["ConfigurationAggregatorName"]
    source = params.get("OrganizationAggregationSource")
    if source is None:
        message = "The sandbox aggregates organizations only: give an OrganizationAggregationSource."
        raise RefusalError("InvalidParameterValueException", message)
    _check_caller(call)
    _check_source(call, source)
    known = home.aggregators.get(name)
    if known is None and len(home.aggregators) >= AGGREGATORS:
        raise RefusalError("LimitExceededException", "You have reached the limit of the number of aggregators.")
    arn = home.arn("config-aggregator", f"config-aggregator-{call.cloud.ids.text(8)}")
    settings = {
        "ConfigurationAggregatorName": name,
        "ConfigurationAggregatorArn": known.settings["ConfigurationAggregatorArn"] if known else arn,
        "OrganizationAggregationSource": source,
        "CreationTime": known.settings["CreationTime"] if known else call.now,
        "LastUpdatedTime": call.now,
    }
    if "AggregatorFilters" in params:
        settings["AggregatorFilters"] = params["AggregatorFilters"]
    home.aggregators[name] = Aggregator(settings, known.tags if known else find.tags_of(params.get("Tags")))
    return {"ConfigurationAggregator": settings}


def _check_caller(call: Call) -> None:
    organization = call.cloud.organization
    if organization is None or call.caller not in organization.accounts:
        raise RefusalError("NoAvailableOrganizationException", "Organization is no longer available.")
    if organization.features != "ALL":
        message = "Organization does not have all features enabled."
        raise RefusalError("OrganizationAllFeaturesNotEnabledException", message)
    if call.caller == organization.management:
        organization.trusted.setdefault(SERVICE, call.now)
    elif call.caller not in organization.delegated.get(SERVICE, ()):
        message = "This account is neither the management account nor a delegated administrator of AWS Config."
        raise RefusalError("OrganizationAccessDeniedException", message)


def _check_source(call: Call, source: Members) -> None:
    if bool(source.get("AllAwsRegions")) == bool(source.get("AwsRegions")):
        message = "The organization aggregation source needs either AwsRegions or AllAwsRegions."
        raise RefusalError("InvalidParameterValueException", message)
    found = _ROLE.fullmatch(source["RoleArn"])
    trust = None
    if found is not None and found[2] is None:
        trust = moto_services.role_trust(found[1], found[3])
    linked = found is not None and found[2] is not None
    if not linked and (trust is None or not trusts_service(trust, SERVICE)):
        message = "You have provided the ARN of a role that AWS Config cannot assume."
        raise RefusalError("InvalidRoleException", message)


@operation("DescribeConfigurationAggregators", Access.ANYBODY)
def describe(call: Call, params: Parameters) -> Members:
    """The aggregators."""
    names = params.get("ConfigurationAggregatorNames")
    found = [_aggregator(call, name) for name in names] if names else list(find.home(call).aggregators.values())
    return page(call, params, "ConfigurationAggregators", found, lambda aggregator: aggregator.settings)


@operation("DeleteConfigurationAggregator", Access.ANYBODY)
def delete(call: Call, params: Parameters) -> None:
    """Gone."""
    _aggregator(call, params["ConfigurationAggregatorName"])
    del find.home(call).aggregators[params["ConfigurationAggregatorName"]]


@operation("DescribeConfigurationAggregatorSourcesStatus", Access.ANYBODY)
def sources_status(call: Call, params: Parameters) -> Members:
    """The organization, and each account and region; one without a recorder has nothing to give, and fails."""
    aggregator = _aggregator(call, params["ConfigurationAggregatorName"])
    organization = call.cloud.organization
    regions = aggregator.settings["OrganizationAggregationSource"].get("AwsRegions") or [call.region]
    rows = [_source(organization.id if organization else "", "ORGANIZATION", call.region, True, call.now)]
    for account in organization.accounts.values() if organization else ():
        for region in regions:
            home = call.cloud.config.homes.get(f"{account.id}/{region}")
            recorded = home is not None and home.recorder is not None
            rows.append(_source(account.id, "ACCOUNT", region, recorded, call.now))
    wanted = params.get("UpdateStatus")
    found = [row for row in rows if not wanted or row["LastUpdateStatus"] in wanted]
    return page(call, params, "AggregatedSourceStatusList", found, lambda row: row)


def _source(identity: str, kind: str, region: str, worked: bool, now: float) -> Members:
    status = {"SourceId": identity, "SourceType": kind, "AwsRegion": region, "LastUpdateTime": now}
    if worked:
        return {**status, "LastUpdateStatus": "SUCCEEDED"}
    message = "Configuration recorder is not available in the source account and region."
    failure = {"LastErrorCode": "NoAvailableConfigurationRecorder", "LastErrorMessage": message}
    return {**status, "LastUpdateStatus": "FAILED", **failure}


def _aggregator(call: Call, name: str) -> Aggregator:
    found = find.home(call).aggregators.get(name)
    if found is None:
        message = "The configuration aggregator does not exist. Check the configuration aggregator name and try again."
        raise RefusalError("NoSuchConfigurationAggregatorException", message)
    return found


def sources(call: Call, params: Parameters) -> Iterator[Home]:
    """The homes with a recorder that an aggregator sees: of all active accounts, in its regions."""
    source = _aggregator(call, params["ConfigurationAggregatorName"]).settings["OrganizationAggregationSource"]
    organization, regions = call.cloud.organization, source.get("AwsRegions")
    for home in list(call.cloud.config.homes.values()):
        account = organization.accounts.get(home.account) if organization else None
        active = account is not None and account.state is State.ACTIVE
        if active and home.recorder is not None and (not regions or home.region in regions):
            yield home
