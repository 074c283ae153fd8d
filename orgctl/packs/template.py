"""A pack in one region as a CloudFormation template, as far as AWS Config takes them.

Source: "Custom Conformance Packs" (AWS Config Developer Guide), and AWS::Config::ConfigRule and
AWS::Config::RemediationConfiguration (AWS CloudFormation Template Reference).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from orgctl.model.config_resources import FUNCTION_PREFIX
from orgctl.packs.document import ASSUME_ROLE
from orgctl.packs.pack import ADMINISTRATOR, MANAGEMENT, RESOURCE_ID, Pack, PackRemediation, PackRule
from orgctl.rules.rule import Kind, Rule

GUARD_RUNTIME = "guard-2.x.x"
"""Source: `PolicyRuntime` of `CustomPolicyDetails` in AWS Config's API reference."""

_ONCE = "InManagementAccount"
"""The condition of rules that run once in the organization."""

_REMEDIATION = "Remediation"
"""What ids of remediations end in, and those of rules do not."""

Template = dict[str, object]


def template(pack: Pack, region: str) -> Template:
    """The template's value. It is the same in every account: what differs is a parameter or one of AWS's own."""
    rules = [rule for rule in pack.rules if region in rule.regions]
    resources: Template = {}
    for rule, logical_id in zip(rules, logical_ids(rules), strict=True):
        resources[logical_id] = _config_rule(rule)
        if rule.remediation:
            resources[f"{logical_id}{_REMEDIATION}"] = _remediation(rule, rule.remediation, logical_id)
    return {**_parameters(pack, rules), **_conditions(rules), "Resources": resources}


def logical_ids(rules: Sequence[PackRule]) -> tuple[str, ...]:
    """A logical id for each rule: `LambdaLayerRequired`; where two would be alike, the later gets a number."""
    found: list[str] = []
    for rule in rules:
        plain = "".join(part[:1].upper() + part[1:] for part in re.split(r"[^A-Za-z0-9]+", rule.name))
        plain = f"{plain}Rule" if plain.endswith(_REMEDIATION) else plain
        names = (plain if number == 1 else f"{plain}{number}" for number in range(1, len(rules) + 1))
        found.append(next(name for name in names if name not in found))
    return tuple(found)


def functions(pack: Pack, region: str) -> tuple[str, ...]:
    """The names of the custom rules with a function that the pack uses in a region, in order, each once."""
    used = (rule.custom for rule in pack.rules if region in rule.regions)
    return tuple(dict.fromkeys(rule.name for rule in used if rule and rule.kind is Kind.LAMBDA))


def documents(pack: Pack, region: str) -> tuple[str, ...]:
    """The names of our documents that the pack uses in a region, in order, each once."""
    used = (rule.remediation for rule in pack.rules if region in rule.regions)
    return tuple(dict.fromkeys(each.document for each in used if each and each.own))


def _parameters(pack: Pack, rules: Sequence[PackRule]) -> Template:
    account = {"Type": "String", "AllowedPattern": "[0-9]{12}"}
    found: Template = {}
    if any(_needs_administrator(rule) for rule in rules):
        found[ADMINISTRATOR] = account
    if any(rule.once for rule in rules):
        found[MANAGEMENT] = {**account, "Default": pack.management}
    return {"Parameters": found} if found else {}


def _needs_administrator(rule: PackRule) -> bool:
    calls = rule.custom is not None and rule.custom.kind is Kind.LAMBDA
    return calls or (rule.remediation is not None and rule.remediation.own)


def _conditions(rules: Sequence[PackRule]) -> Template:
    if not any(rule.once for rule in rules):
        return {}
    return {"Conditions": {_ONCE: {"Fn::Equals": [{"Ref": "AWS::AccountId"}, {"Ref": MANAGEMENT}]}}}


def _config_rule(rule: PackRule) -> Template:
    properties: Template = {"ConfigRuleName": rule.name}
    if rule.custom:
        properties["Description"] = rule.custom.summary
    if rule.resource_types:
        properties["Scope"] = {"ComplianceResourceTypes": list(rule.resource_types)}
    properties["Source"] = _source(rule)
    if rule.parameters:
        properties["InputParameters"] = dict(sorted(rule.parameters.items()))
    if rule.managed and rule.frequency:
        properties["MaximumExecutionFrequency"] = rule.frequency
    condition = {"Condition": _ONCE} if rule.once else {}
    return {"Type": "AWS::Config::ConfigRule", **condition, "Properties": properties}


def _source(rule: PackRule) -> Template:
    if rule.custom is None:
        return {"Owner": "AWS", "SourceIdentifier": rule.managed}
    details = _triggers(rule)
    if rule.custom.kind is Kind.GUARD:
        policy = {"PolicyRuntime": GUARD_RUNTIME, "PolicyText": rule.custom.guard or ""}
        return {"Owner": "CUSTOM_POLICY", "CustomPolicyDetails": policy, "SourceDetails": details}
    return {"Owner": "CUSTOM_LAMBDA", "SourceIdentifier": _function(rule.custom), "SourceDetails": details}


def _function(rule: Rule) -> Template:
    name = f"{FUNCTION_PREFIX}{rule.name}"
    return _sub(f"arn:${{AWS::Partition}}:lambda:${{AWS::Region}}:${{{ADMINISTRATOR}}}:function:{name}")


def _triggers(rule: PackRule) -> list[Template]:
    """Changes, oversized ones too, and the time: each that the rule has."""
    change = ("ConfigurationItemChangeNotification", "OversizedConfigurationItemChangeNotification")
    found: list[Template] = [
        {"EventSource": "aws.config", "MessageType": kind} for kind in (change if rule.resource_types else ())
    ]
    if rule.frequency:
        scheduled = {"EventSource": "aws.config", "MessageType": "ScheduledNotification"}
        found.append({**scheduled, "MaximumExecutionFrequency": rule.frequency})
    return found


def _remediation(rule: PackRule, remediation: PackRemediation, logical_id: str) -> Template:
    properties: Template = {
        "ConfigRuleName": rule.name,
        "TargetType": "SSM_DOCUMENT",
        "TargetId": _document(remediation),
        "Parameters": _remediation_parameters(remediation),
        "Automatic": remediation.automatic,
    }
    if len(rule.resource_types) == 1:
        properties["ResourceType"] = rule.resource_types[0]
    if remediation.automatic:
        properties["MaximumAutomaticAttempts"] = remediation.attempts
        properties["RetryAttemptSeconds"] = remediation.retry_seconds
    condition = {"Condition": _ONCE} if rule.once else {}
    kind = "AWS::Config::RemediationConfiguration"
    return {"Type": kind, **condition, "DependsOn": logical_id, "Properties": properties}


def _document(remediation: PackRemediation) -> object:
    """AWS's documents by name; ours, which the administrator's account shares, by ARN."""
    if not remediation.own:
        return remediation.document
    arn = f"arn:${{AWS::Partition}}:ssm:${{AWS::Region}}:${{{ADMINISTRATOR}}}:document/{remediation.document}"
    return _sub(arn)


def _remediation_parameters(remediation: PackRemediation) -> Template:
    found = {name: _value(items) for name, items in sorted(remediation.parameters.items())}
    if remediation.role:
        role = _sub(f"arn:${{AWS::Partition}}:iam::${{AWS::AccountId}}:role/{remediation.role}")
        found[ASSUME_ROLE] = {"StaticValue": {"Values": [role]}}
    return dict(found)


def _value(items: Sequence[str]) -> Mapping[str, object]:
    if tuple(items) == (RESOURCE_ID,):
        return {"ResourceValue": {"Value": RESOURCE_ID}}
    return {"StaticValue": {"Values": list(items)}}


def _sub(text: str) -> Template:
    return {"Fn::Sub": text}
