"""Remediation: which document mends a rule's resources, its executions, and exceptions from automatic ones."""

from __future__ import annotations

from typing import Any

from orgctl.sandbox.config import find
from orgctl.sandbox.config.registry import operation
from orgctl.sandbox.config_state import Home, Remediation
from orgctl.sandbox.messages import RefusalError
from orgctl.sandbox.operations import Access, Call, Members, Parameters


@operation("PutRemediationConfigurations", Access.ANYBODY)
def put(call: Call, params: Parameters) -> Members:
    """Say how the resources of rules are mended."""
    home = find.home(call)
    for given in params["RemediationConfigurations"]:
        find_rule(home, given["ConfigRuleName"])
        check(given)
        keep(home, given)
    return {"FailedBatches": []}


def check(given: dict[str, Any]) -> None:
    """Raise what AWS refuses in a remediation."""
    if given.get("Automatic") and not {"MaximumAutomaticAttempts", "RetryAttemptSeconds"} <= set(given):
        raise RefusalError(
            "InvalidParameterValueException",
            "MaximumAutomaticAttempts and RetryAttemptSeconds are required if Automatic is true.",
        )
    if given.get("Automatic") and "AutomationAssumeRole" not in (given.get("Parameters") or {}):
        message = "AutomationAssumeRole is required in the parameters if Automatic is true."
        raise RefusalError("InvalidParameterValueException", message)


def find_rule(home: Home, name: str) -> None:
    """Raise what AWS raises if there is no such rule."""
    if name not in home.rules:
        raise RefusalError("InvalidParameterValueException", f"The rule {name} does not exist.")


def keep(home: Home, given: dict[str, Any], service: str | None = None) -> None:
    """Keep a remediation; one of a pack is created by `service`."""
    name = given["ConfigRuleName"]
    arn = home.arn("remediation-configuration", f"{name}/{home.account}")
    settings = {**given, "Arn": arn, **({"CreatedByService": service} if service else {})}
    known = home.remediations.get(name)
    home.remediations[name] = Remediation(settings, known.executions if known else {})
