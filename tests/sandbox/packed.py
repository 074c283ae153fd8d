"""Conformance packs for tests: templates, and an organization with an administrator of AWS Config."""

from __future__ import annotations

import json
from typing import Any

from tests.sandbox.conftest import every, member

SERVICES = ("config-multiaccountsetup.amazonaws.com", "config.amazonaws.com")
MANAGED = "LAMBDA_DLQ_CHECK"
FUNCTION = "arn:${AWS::Partition}:lambda:${AWS::Region}:${AdministratorAccountId}:function:rule"


def administrator(organizations: Any, name: str = "audit") -> str:
    """A member that administers AWS Config for the organization."""
    account = member(organizations, name)
    for service in SERVICES:
        organizations.enable_aws_service_access(ServicePrincipal=service)
        organizations.register_delegated_administrator(AccountId=account, ServicePrincipal=service)
    return account


def managed_rule(name: str = "dlq", identifier: str = MANAGED, **more: Any) -> dict[str, Any]:
    properties = {"ConfigRuleName": name, "Source": {"Owner": "AWS", "SourceIdentifier": identifier}, **more}
    return {"Type": "AWS::Config::ConfigRule", "Properties": properties}


def custom_rule(name: str = "layer-required", **parameters: str) -> dict[str, Any]:
    details = [{"EventSource": "aws.config", "MessageType": "ConfigurationItemChangeNotification"}]
    source = {"Owner": "CUSTOM_LAMBDA", "SourceIdentifier": {"Fn::Sub": FUNCTION}, "SourceDetails": details}
    properties = {
        "ConfigRuleName": name,
        "Scope": {"ComplianceResourceTypes": ["AWS::Lambda::Function"]},
        "InputParameters": parameters,
        "Source": source,
    }
    return {"Type": "AWS::Config::ConfigRule", "Properties": properties}


def template(*rules: dict[str, Any], **parts: Any) -> str:
    """A pack's template of these rules (without any: one managed rule) and other resources."""
    resources = {f"Rule{number}": rule for number, rule in enumerate(rules or (managed_rule(),))}
    resources |= parts.pop("Resources", {})
    declared = {"AdministratorAccountId": {"Type": "String", "Default": "111111111111"}}
    return json.dumps({"Parameters": declared, "Resources": resources, **parts})


def put(api: Any, name: str = "baseline", body: str | None = None, **more: Any) -> str:
    made = api.put_organization_conformance_pack(
        OrganizationConformancePackName=name, TemplateBody=body or template(), **more
    )
    return str(made["OrganizationConformancePackArn"])


def statuses(api: Any, name: str = "baseline", **more: Any) -> dict[str, str]:
    """The status of each account."""
    found = every(
        api,
        "get_organization_conformance_pack_detailed_status",
        "OrganizationConformancePackDetailedStatuses",
        OrganizationConformancePackName=name,
        **more,
    )
    return {status["AccountId"]: status["Status"] for status in found}


def deployed(api: Any, name: str = "baseline") -> dict[str, str]:
    """The statuses once nothing is in progress any longer."""
    found = statuses(api, name)
    while any(status.endswith("IN_PROGRESS") for status in found.values()):
        found = statuses(api, name)
    return found
