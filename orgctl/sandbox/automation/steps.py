"""What each action does. An action takes a `Doer`, the filled inputs and the step, and gives its outputs."""

from __future__ import annotations

import base64
import io
import json
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import boto3
import botocore.exceptions
from botocore import xform_name
from botocore.config import Config

from orgctl.errors import InvalidInputError
from orgctl.sandbox.automation.values import output, selected, text
from orgctl.sandbox.runtime.process import Program

if TYPE_CHECKING:
    from orgctl.sandbox.front import Front

_CONFIG = Config(retries={"total_max_attempts": 5}, connect_timeout=5, read_timeout=60)
_TRIES = 10


@dataclass(frozen=True, slots=True)
class Doer:
    """Who does it: the sandbox, the variables of a key, a region, and an ARN for scripts."""

    front: Front
    keys: Mapping[str, str]
    region: str
    arn: str

    def call(self, inputs: Mapping[str, Any], other: frozenset[str] = frozenset()) -> Any:
        """The answer of the API that a step names; `other` are inputs that are not the API's.

        Raises InvalidInputError with AWS's refusal, or for an API that there is not.
        """
        named = {key: value for key, value in inputs.items() if key not in {"Service", "Api", *other}}
        try:
            client: Any = boto3.client(
                str(inputs["Service"]),  # type: ignore[call-overload]
                endpoint_url=self.front.endpoint_url,
                region_name=self.region,
                config=_CONFIG,
                aws_access_key_id=self.keys["AWS_ACCESS_KEY_ID"],
                aws_secret_access_key=self.keys["AWS_SECRET_ACCESS_KEY"],
                aws_session_token=self.keys.get("AWS_SESSION_TOKEN"),
            )
            answer = getattr(client, xform_name(str(inputs["Api"])))(**named)
        except (botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError, AttributeError) as error:
            raise InvalidInputError(str(error)) from None
        return {key: value for key, value in answer.items() if key != "ResponseMetadata"}


Action = Callable[[Doer, Mapping[str, Any], Mapping[str, Any]], dict[str, Any]]


def execute_api(doer: Doer, inputs: Mapping[str, Any], step: Mapping[str, Any]) -> dict[str, Any]:
    """aws:executeAwsApi."""
    return _outputs(doer.call(inputs), step)


def execute_script(doer: Doer, inputs: Mapping[str, Any], step: Mapping[str, Any]) -> dict[str, Any]:
    """aws:executeScript, in Python: the handler gets the InputPayload."""
    if not str(inputs.get("Runtime", "")).startswith("python"):
        raise InvalidInputError("the sandbox runs scripts in Python only")
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as files:
        files.writestr("script.py", str(inputs["Script"]))
    environment = {
        **doer.keys,
        "AWS_ENDPOINT_URL": doer.front.endpoint_url,
        "AWS_REGION": doer.region,
        "AWS_DEFAULT_REGION": doer.region,
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    code = base64.b64encode(archive.getvalue()).decode()
    handler, seconds = f"script.{inputs['Handler']}", float(step.get("timeoutSeconds", 600))
    program = Program(doer.arn, code, handler, environment, seconds, doer.front.endpoint_url)
    outcome = doer.front.runtimes.invoke(program, inputs.get("InputPayload", {}))
    if outcome.error is not None:
        raise InvalidInputError(f"{outcome.error.get('errorType')}: {outcome.error.get('errorMessage')}")
    return _outputs({"Payload": selected_json(outcome.result)}, step)


def selected_json(result: str | None) -> Any:
    """What a script gave back."""
    return json.loads(result or "null")


def check_property(doer: Doer, inputs: Mapping[str, Any], step: Mapping[str, Any]) -> dict[str, Any]:
    """aws:assertAwsResourceProperty: one of the desired values, or the step fails."""
    found, wanted = _property(doer, inputs), [text(value) for value in inputs["DesiredValues"]]
    if text(found) not in wanted:
        raise InvalidInputError(f"the property is {text(found)}, not {' or '.join(wanted)}")
    return {}


def wait_for_property(doer: Doer, inputs: Mapping[str, Any], step: Mapping[str, Any]) -> dict[str, Any]:
    """aws:waitForAwsResourceProperty: asked again a few times, without waiting between."""
    wanted = [text(value) for value in inputs["DesiredValues"]]
    for _ in range(_TRIES):
        if text(_property(doer, inputs)) in wanted:
            return {}
    raise InvalidInputError(f"the property did not become {' or '.join(wanted)}")


def _property(doer: Doer, inputs: Mapping[str, Any]) -> Any:
    answer = doer.call(inputs, frozenset({"PropertySelector", "DesiredValues"}))
    return selected(answer, str(inputs["PropertySelector"]))


def sleep(doer: Doer, inputs: Mapping[str, Any], step: Mapping[str, Any]) -> dict[str, Any]:
    """aws:sleep: nothing waits."""
    return {}


def _outputs(answer: Any, step: Mapping[str, Any]) -> dict[str, Any]:
    found = {}
    for declared in step.get("outputs") or ():
        try:
            found[declared["Name"]] = output(selected(answer, declared["Selector"]), declared.get("Type", "String"))
        except InvalidInputError as problem:
            raise InvalidInputError(f"the output {declared['Name']}: {problem}") from None
    return found


ACTIONS: dict[str, Action] = {
    "aws:executeAwsApi": execute_api,
    "aws:executeScript": execute_script,
    "aws:assertAwsResourceProperty": check_property,
    "aws:waitForAwsResourceProperty": wait_for_property,
    "aws:sleep": sleep,
}


def branch(inputs: Mapping[str, Any]) -> str | None:
    """aws:branch: the step to go on with; None for the next one."""
    for choice in inputs.get("Choices") or ():
        if _chosen(choice):
            return str(choice["NextStep"])
    default = inputs.get("Default")
    return str(default) if default is not None else None


def _chosen(choice: Mapping[str, Any]) -> bool:
    if "And" in choice:
        return all(_chosen(one) for one in choice["And"])
    if "Or" in choice:
        return any(_chosen(one) for one in choice["Or"])
    if "Not" in choice:
        return not _chosen(choice["Not"])
    value = choice["Variable"]
    tests: dict[str, Callable[[Any], bool]] = {
        "StringEquals": lambda wanted: text(value) == wanted,
        "EqualsIgnoreCase": lambda wanted: text(value).lower() == str(wanted).lower(),
        "StartsWith": lambda wanted: text(value).startswith(wanted),
        "EndsWith": lambda wanted: text(value).endswith(wanted),
        "Contains": lambda wanted: wanted in text(value),
        "BooleanEquals": lambda wanted: text(value).lower() == text(wanted).lower(),
        "NumericEquals": lambda wanted: float(value) == float(wanted),
        "NumericGreater": lambda wanted: float(value) > float(wanted),
        "NumericGreaterOrEquals": lambda wanted: float(value) >= float(wanted),
        "NumericLesser": lambda wanted: float(value) < float(wanted),
        "NumericLesserOrEquals": lambda wanted: float(value) <= float(wanted),
    }
    operators = [name for name in choice if name in tests]
    if not operators:
        raise InvalidInputError("a choice has no operator that is known")
    return all(tests[name](choice[name]) for name in operators)
