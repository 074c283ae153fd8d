"""Remediation: which document mends a rule's resources, its executions, and exceptions from automatic ones."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from orgctl.sandbox.automation import executions
from orgctl.sandbox.automation_state import Execution
from orgctl.sandbox.config import find
from orgctl.sandbox.config.pages import page
from orgctl.sandbox.config.registry import operation
from orgctl.sandbox.config_state import Home, Remediation
from orgctl.sandbox.messages import RefusalError
from orgctl.sandbox.operations import Access, Call, Members, Parameters
from orgctl.sandbox.state import Cloud

_STATES = {"Pending": "QUEUED", "InProgress": "IN_PROGRESS", "Success": "SUCCEEDED", "Failed": "FAILED"}
_STEPS = {"InProgress": "IN_PROGRESS", "Success": "SUCCEEDED", "Failed": "FAILED"}


def invalid(message: str) -> RefusalError:
    """Config's InvalidParameterValueException."""
    return RefusalError("InvalidParameterValueException", message)


@operation("PutRemediationConfigurations", Access.ANYBODY)
def put(call: Call, params: Parameters) -> Members:
    """Say how the resources of rules are mended."""
    home = find.home(call)
    for given in params["RemediationConfigurations"]:
        if given["ConfigRuleName"] not in home.rules:
            raise invalid(f"The rule {given['ConfigRuleName']} does not exist.")
        _check(given)
    for given in params["RemediationConfigurations"]:
        keep(home, given)
    return {"FailedBatches": []}


def _check(given: dict[str, Any]) -> None:
    """Raise what AWS refuses in a remediation."""
    if not given.get("Automatic"):
        return
    if not {"MaximumAutomaticAttempts", "RetryAttemptSeconds"} <= set(given):
        raise invalid("MaximumAutomaticAttempts and RetryAttemptSeconds are required if Automatic is true.")
    if "AutomationAssumeRole" not in (given.get("Parameters") or {}):
        raise invalid("The parameter AutomationAssumeRole is required if Automatic is true.")


def keep(home: Home, given: dict[str, Any], service: str | None = None) -> None:
    """Keep a remediation; one of a pack is created by `service`."""
    name = given["ConfigRuleName"]
    arn = home.arn("remediation-configuration", f"{name}/{home.account}")
    settings = {"Automatic": False, **given, "Arn": arn, **({"CreatedByService": service} if service else {})}
    known = home.remediations.get(name)
    home.remediations[name] = Remediation(settings, known.executions if known else {})


@operation("DescribeRemediationConfigurations", Access.ANYBODY)
def describe(call: Call, params: Parameters) -> Members:
    """How the resources of rules are mended; rules without it are left out."""
    known = find.home(call).remediations
    found = [known[name].settings for name in params["ConfigRuleNames"] if name in known]
    return {"RemediationConfigurations": found}


@operation("DeleteRemediationConfiguration", Access.ANYBODY)
def delete(call: Call, params: Parameters) -> Members:
    """Gone; refused while it runs."""
    home, name = find.home(call), params["ConfigRuleName"]
    found = _remediation(home, name)
    running = [execution for execution in _executions(call.cloud, found) if execution.ended is None]
    if running:
        raise RefusalError("RemediationInProgressException", f"Remediation of the rule {name} is in progress.")
    del home.remediations[name]
    return {}


@operation("StartRemediationExecution", Access.ANYBODY)
def start(call: Call, params: Parameters) -> Members:
    """Mend resources now, whatever the rule says of them."""
    home, failed, why = find.home(call), [], ""
    found = _remediation(home, params["ConfigRuleName"])
    for key in params["ResourceKeys"]:
        try:
            _begin(call.cloud, home, found, key["resourceType"], key["resourceId"])
        except RefusalError as refusal:
            failed.append(key)
            why = f"{refusal.code}: {refusal.message}"
    return {"FailureMessage": why, "FailedItems": failed} if failed else {}


def _begin(cloud: Cloud, home: Home, found: Remediation, kind: str, identity: str) -> None:
    parameters: dict[str, list[str]] = {}
    for name, value in (found.settings.get("Parameters") or {}).items():
        static = (value.get("StaticValue") or {}).get("Values")
        parameters[name] = [identity] if "ResourceValue" in value else list(static or ())
    settings = found.settings
    execution = executions.begin(
        cloud, home.account, home.region, settings["TargetId"], parameters, settings.get("TargetVersion")
    )
    found.executions[f"{kind}|{identity}"] = execution.id


def automatic(cloud: Cloud, home: Home, rule: str, kind: str, identity: str, *, complies: bool) -> None:
    """Mend a resource that does not comply, if that is automatic, not excepted, and was not tried too often."""
    found, key = home.remediations.get(rule), f"{kind}|{identity}"
    if found is None or not found.settings.get("Automatic"):
        return
    if complies:
        found.attempts.pop(key, None)
        return
    tried = found.attempts.get(key, 0)
    if key in _exceptions(cloud, home, rule) or tried >= int(found.settings.get("MaximumAutomaticAttempts", 5)):
        return
    found.attempts[key] = tried + 1
    try:
        _begin(cloud, home, found, kind, identity)
    except RefusalError:
        found.executions.pop(key, None)


@operation("DescribeRemediationExecutionStatus", Access.ANYBODY)
def describe_status(call: Call, params: Parameters) -> Members:
    """How far the executions are, with their steps."""
    found = _remediation(find.home(call), params["ConfigRuleName"])
    keys = [f"{key['resourceType']}|{key['resourceId']}" for key in params.get("ResourceKeys") or ()]
    rows = [
        (key, call.cloud.automation.executions[identity])
        for key, identity in found.executions.items()
        if (not keys or key in keys) and identity in call.cloud.automation.executions
    ]
    return page(call, params, "RemediationExecutionStatuses", rows, _status)


def _status(row: tuple[str, Execution]) -> Members:
    key, execution = row
    kind, _, identity = key.partition("|")
    steps = []
    for step in execution.steps:
        view: Members = {"Name": step.name, "State": _STEPS[step.status], "StartTime": step.started}
        if step.ended is not None:
            view["StopTime"] = step.ended
        if step.failure:
            view["ErrorMessage"] = step.failure
        steps.append(view)
    return {
        "ResourceKey": {"resourceType": kind, "resourceId": identity},
        "State": _STATES[execution.status],
        "StepDetails": steps,
        "InvocationTime": execution.started,
        "LastUpdatedTime": execution.ended or execution.started,
    }


def _executions(cloud: Cloud, found: Remediation) -> Iterable[Execution]:
    known = cloud.automation.executions
    return (known[identity] for identity in found.executions.values() if identity in known)


def _remediation(home: Home, rule: str) -> Remediation:
    found = home.remediations.get(rule)
    if found is None:
        message = f"No RemediationConfiguration for rule {rule} exists"
        raise RefusalError("NoSuchRemediationConfigurationException", message)
    return found


@operation("PutRemediationExceptions", Access.ANYBODY)
def put_exceptions(call: Call, params: Parameters) -> Members:
    """Leave resources out of automatic remediation, for some time or for good."""
    home, name = find.home(call), params["ConfigRuleName"]
    if name not in home.remediations:
        raise invalid(f"The rule {name} has no remediation.")
    for key in params["ResourceKeys"]:
        row = {"ConfigRuleName": name, "ResourceType": key["ResourceType"], "ResourceId": key["ResourceId"]}
        given = {member: params[member] for member in ("Message", "ExpirationTime") if member in params}
        home.exceptions.setdefault(name, {})[f"{key['ResourceType']}|{key['ResourceId']}"] = {**row, **given}
    return {"FailedBatches": []}


@operation("DescribeRemediationExceptions", Access.ANYBODY)
def describe_exceptions(call: Call, params: Parameters) -> Members:
    """The exceptions that have not expired."""
    found = _exceptions(call.cloud, find.home(call), params["ConfigRuleName"])
    keys = [f"{key['ResourceType']}|{key['ResourceId']}" for key in params.get("ResourceKeys") or ()]
    rows = [row for key, row in found.items() if not keys or key in keys]
    return page(call, params, "RemediationExceptions", rows, lambda row: row)


@operation("DeleteRemediationExceptions", Access.ANYBODY)
def delete_exceptions(call: Call, params: Parameters) -> Members:
    """Take exceptions back."""
    known = find.home(call).exceptions.get(params["ConfigRuleName"], {})
    for key in params["ResourceKeys"]:
        if known.pop(f"{key['ResourceType']}|{key['ResourceId']}", None) is None:
            message = "The remediation exception does not exist."
            raise RefusalError("NoSuchRemediationExceptionException", message)
    return {"FailedBatches": []}


def _exceptions(cloud: Cloud, home: Home, rule: str) -> dict[str, dict[str, Any]]:
    now = cloud.clock.now()
    known = home.exceptions.get(rule, {})
    return {key: row for key, row in known.items() if row.get("ExpirationTime", now + 1) > now}
