"""A document's text as a `Runbook`, checked as CreateDocument does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import yaml

from orgctl.errors import InvalidInputError

ACTIONS = frozenset(
    f"aws:{name}"
    for name in (
        *(
            "executeAwsApi",
            "executeScript",
            "branch",
            "assertAwsResourceProperty",
            "waitForAwsResourceProperty",
            "sleep",
        ),
        *("approve", "changeInstanceState", "copyImage", "createImage", "createStack", "createTags", "deleteImage"),
        *("deleteStack", "executeAutomation", "executeStateMachine", "invokeLambdaFunction", "invokeWebhook", "loop"),
        *("pause", "runCommand", "runInstances", "updateVariable"),
    )
)
"""The actions that there are in AWS."""


@dataclass(frozen=True, slots=True)
class Runbook:
    """An Automation document: declared parameters, its steps in order, the role it assumes, its outputs."""

    parameters: dict[str, dict[str, Any]]
    steps: tuple[dict[str, Any], ...]
    role: str | None
    outputs: tuple[str, ...]
    schema: str
    description: str


def read(text: str) -> Runbook:
    """The runbook in a text, JSON or YAML. Raises InvalidInputError with what is wrong."""
    try:
        found = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise InvalidInputError(f"the document is not valid YAML or JSON: {error}") from None
    if not isinstance(found, dict) or str(found.get("schemaVersion")) != "0.3":
        raise InvalidInputError("an Automation document has the schemaVersion 0.3")
    steps = found.get("mainSteps")
    if not isinstance(steps, list) or not steps:
        raise InvalidInputError("the document has no mainSteps")
    _check_steps(steps)
    outputs = tuple(o if isinstance(o, str) else str(o.get("name")) for o in found.get("outputs") or ())
    role = found.get("assumeRole")
    return Runbook(
        found.get("parameters") or {}, tuple(steps), role, outputs, "0.3", str(found.get("description") or "")
    )


def _check_steps(steps: list[Any]) -> None:
    names = [step.get("name") if isinstance(step, dict) else None for step in steps]
    if None in names or len(set(names)) != len(names):
        raise InvalidInputError("every step needs a name of its own")
    for step in steps:
        if step.get("action") not in ACTIONS:
            raise InvalidInputError(f"the step {step['name']} has the unknown action {step.get('action')}")
        following = step.get("nextStep")
        if following is not None and following not in names:
            raise InvalidInputError(f"the step {step['name']} goes on to {following}, which there is not")
