"""Config rules: put, described, started, deleted.

Source of the checks: the documentation of PutConfigRule in the `config` model, and AWS's answers as moto and public
threads record them.
"""

from __future__ import annotations

import json
from typing import Any

from orgctl.sandbox.config import find, managed
from orgctl.sandbox.config.evaluation import Evaluation, invocable
from orgctl.sandbox.config.pages import page
from orgctl.sandbox.config.registry import operation
from orgctl.sandbox.config.scope import is_about, period, triggers
from orgctl.sandbox.config.triggers import CHANGE, OVERSIZED, SCHEDULED, SNAPSHOT
from orgctl.sandbox.config_state import Home, Rule
from orgctl.sandbox.messages import RefusalError
from orgctl.sandbox.operations import Access, Call, Members, Parameters
from orgctl.sandbox.state import Cloud

RULES = 1000
_PARAMETERS = 1024


@operation("PutConfigRule", Access.ANYBODY)
def put_rule(call: Call, params: Parameters) -> None:
    """Create a rule, or change it; it is evaluated at once on what is recorded."""
    given, home = dict(params["ConfigRule"]), find.home(call)
    known = _known(home, given)
    if known is not None and known.pack is not None:
        message = f"The rule '{known.name}' is part of a conformance pack and cannot be changed on its own."
        raise RefusalError("ResourceInUseException", message)
    if "CreatedBy" in given:
        raise invalid("CreatedBy cannot be given.")
    put(call.cloud, home, given, tags=find.tags_of(params.get("Tags")))


def put(
    cloud: Cloud, home: Home, given: dict[str, Any], *, pack: str | None = None, tags: dict[str, str] | None = None
) -> Rule:
    """Create or change a rule, checked as AWS does, and set its first evaluation going."""
    if home.recorder is None:
        message = "Configuration recorder is not available to put config rule."
        raise RefusalError("NoAvailableConfigurationRecorderException", message)
    if "ConfigRuleName" not in given and _known(home, given) is None:
        raise invalid("One or more identifiers needs to be provided. Provide Name or Id or Arn")
    known = _known(home, given)
    if known is None and len(home.rules) >= (cloud.settings.limits.quota("config_rules") or RULES):
        message = (
            f"Failed to put config rule '{given['ConfigRuleName']}': the maximum number of config rules is reached."
        )
        raise RefusalError("MaxNumberOfConfigRulesExceededException", message)
    _check(cloud, home, given)
    made = known or Rule({}, cloud.clock.now())
    made.settings = _settings(cloud, home, known, given)
    made.pack, made.tags = pack, made.tags | (tags or {})
    home.rules[made.name] = made
    evaluate(cloud, home, made)
    return made


def evaluate(cloud: Cloud, home: Home, rule: Rule) -> None:
    """Invoke a rule for everything that is recorded in its scope, and by schedule if it has one."""
    if triggers(rule) & {CHANGE, OVERSIZED}:
        for history in home.items.values():
            newest = history[-1]
            if is_about(rule, newest) and newest["configurationItemStatus"] != "ResourceDeleted":
                cloud.jobs.append(Evaluation(cloud, home.account, home.region, rule.name, newest))
    if period(rule) is not None:
        schedule(cloud, home, rule)


def schedule(cloud: Cloud, home: Home, rule: Rule) -> None:
    """Invoke a periodic rule now."""
    rule.checked = cloud.clock.now()
    cloud.jobs.append(Evaluation(cloud, home.account, home.region, rule.name, None))


def run_due(cloud: Cloud) -> None:
    """Invoke the periodic rules whose time has come, in all homes."""
    now = cloud.clock.now()
    for home in cloud.config.homes.values():
        for rule in home.rules.values():
            seconds = period(rule)
            if seconds is not None and now - rule.checked >= seconds:
                schedule(cloud, home, rule)


@operation("DescribeConfigRules", Access.ANYBODY)
def describe(call: Call, params: Parameters) -> Members:
    """The rules, those of packs too."""
    found = find.rules(call, params.get("ConfigRuleNames"))
    return page(call, params, "ConfigRules", found, lambda rule: rule.settings)


@operation("DeleteConfigRule", Access.ANYBODY)
def delete_rule(call: Call, params: Parameters) -> None:
    """Gone, with its results; a rule of a pack goes with the pack only."""
    found = find.rule(call, params["ConfigRuleName"])
    if found.pack is not None:
        message = f"The rule '{found.name}' is part of a conformance pack and cannot be deleted on its own."
        raise RefusalError("ResourceInUseException", message)
    remove(find.home(call), found.name)


def remove(home: Home, name: str) -> None:
    """Take a rule away, with its results and remediation."""
    home.rules.pop(name, None)
    home.remediations.pop(name, None)
    home.exceptions.pop(name, None)


@operation("StartConfigRulesEvaluation", Access.ANYBODY)
def start_evaluation(call: Call, params: Parameters) -> Members:
    """Evaluate rules again."""
    home = find.home(call)
    for rule in find.rules(call, params.get("ConfigRuleNames") or ()):
        evaluate(call.cloud, home, rule)
    return {}


@operation("DescribeConfigRuleEvaluationStatus", Access.ANYBODY)
def describe_status(call: Call, params: Parameters) -> Members:
    """When a rule was invoked, and the last error if its function failed."""
    found = find.rules(call, params.get("ConfigRuleNames"))
    return page(call, params, "ConfigRulesEvaluationStatus", found, _status, size=50)


def _status(rule: Rule) -> Members:
    members = ("ConfigRuleName", "ConfigRuleArn", "ConfigRuleId")
    known = {key: rule.settings[key] for key in members}
    return {**known, "FirstActivatedTime": rule.created, "FirstEvaluationStarted": False, **rule.status}


@operation("GetCustomRulePolicy", Access.ANYBODY)
def get_policy(call: Call, params: Parameters) -> Members:
    """The text of a rule in Guard."""
    found = find.rule(call, params["ConfigRuleName"])
    details = found.settings["Source"].get("CustomPolicyDetails")
    return {"PolicyText": details["PolicyText"]} if details else {}


def _known(home: Home, given: dict[str, Any]) -> Rule | None:
    for key in ("ConfigRuleName", "ConfigRuleArn", "ConfigRuleId"):
        if key in given:
            return next((rule for rule in home.rules.values() if rule.settings[key] == given[key]), None)
    return None


def _settings(cloud: Cloud, home: Home, known: Rule | None, given: dict[str, Any]) -> dict[str, Any]:
    identity = known.settings["ConfigRuleId"] if known else f"config-rule-{cloud.ids.text(6)}"
    name = given.get("ConfigRuleName") or (known.name if known else "")
    return {
        **given,
        "ConfigRuleName": name,
        "ConfigRuleId": identity,
        "ConfigRuleArn": home.arn("config-rule", identity),
        "ConfigRuleState": "ACTIVE",
        "EvaluationModes": given.get("EvaluationModes", [{"Mode": "DETECTIVE"}]),
    }


def invalid(message: str) -> RefusalError:
    """Config's InvalidParameterValueException."""
    return RefusalError("InvalidParameterValueException", message)


def _check(cloud: Cloud, home: Home, given: dict[str, Any]) -> None:
    """Raise what AWS refuses in a rule."""
    source, scope = given["Source"], given.get("Scope", {})
    if given.get("ConfigRuleState", "ACTIVE") != "ACTIVE":
        raise invalid("The ConfigRuleState is invalid. Only the following values are permitted: ACTIVE")
    if scope.get("ComplianceResourceId") and len(scope.get("ComplianceResourceTypes") or ()) != 1:
        raise invalid("A scope with a resource id needs exactly one resource type.")
    if "TagValue" in scope and "TagKey" not in scope:
        raise invalid("Tag key should not be empty when tag value is provided in scope")
    parameters = _parameters(given.get("InputParameters", "{}"))
    match source["Owner"]:
        case "AWS":
            managed.check(given, parameters)
        case "CUSTOM_LAMBDA":
            _check_function(cloud, home, source)
        case _:
            _check_guard(source)


def _parameters(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    if not isinstance(found, dict) or not all(isinstance(value, str) for value in found.values()):
        raise invalid(f"Invalid json {text} passed in the InputParameters field: an object of strings is needed.")
    return found


def _check_function(cloud: Cloud, home: Home, source: dict[str, Any]) -> None:
    arn = str(source.get("SourceIdentifier", ""))
    _check_details(source, frozenset({CHANGE, OVERSIZED, SCHEDULED, SNAPSHOT}))
    if not arn.startswith("arn:") or arn.split(":")[3:4] != [home.region]:
        raise invalid(f"The Lambda function ARN {arn} is not one of the region {home.region}.")
    if invocable(cloud, arn, home.account) is None:
        message = f"The AWS Lambda function {arn} cannot be invoked. Check the specified function ARN, and check the"
        raise RefusalError("InsufficientPermissionsException", f"{message} function's permissions.")


def _check_guard(source: dict[str, Any]) -> None:
    if "CustomPolicyDetails" not in source:
        raise invalid("CustomPolicyDetails should be non-null if Owner is CUSTOM_POLICY.")
    _check_details(source, frozenset({CHANGE, OVERSIZED}))


def _check_details(source: dict[str, Any], allowed: frozenset[str]) -> None:
    details = source.get("SourceDetails") or ()
    if not details:
        raise invalid(f"SourceDetails should be non-null and non-empty if Owner is {source['Owner']}.")
    for detail in details:
        if detail.get("EventSource") != "aws.config" or detail.get("MessageType") not in allowed:
            raise invalid("Invalid SourceDetails: check EventSource and MessageType.")
        if "MaximumExecutionFrequency" in detail and detail["MessageType"] != SCHEDULED:
            raise invalid("A MaximumExecutionFrequency is only allowed for ScheduledNotification.")
