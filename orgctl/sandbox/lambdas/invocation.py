"""Invoking a function: what runs, as whom, and how its outcome is told."""

from __future__ import annotations

import base64
import json
import re
from functools import partial
from typing import TYPE_CHECKING, Any

from orgctl.sandbox.credentials import Principal
from orgctl.sandbox.lambda_state import Function
from orgctl.sandbox.lambdas import find
from orgctl.sandbox.lambdas.registry import operation
from orgctl.sandbox.messages import RefusalError
from orgctl.sandbox.operations import Access, Call, Deferred, Members, Parameters
from orgctl.sandbox.runtime.process import Outcome, Program

if TYPE_CHECKING:
    from orgctl.sandbox.front import Front

_PAYLOAD = 6 * 1024 * 1024
_TAIL = 4096


@operation("Invoke", Access.ANYBODY)
def invoke(call: Call, params: Parameters) -> Members:
    """Run a function, and wait for it unless it is invoked as an event."""
    function, payload = find.function(call, params["FunctionName"]), params.get("Payload") or b"{}"
    if len(payload) > _PAYLOAD:
        raise RefusalError("RequestTooLargeException", f"Request must be smaller than {_PAYLOAD} bytes", Type="User")
    try:
        event = json.loads(payload)
    except ValueError:
        message = "Could not parse request body into json."
        raise RefusalError("InvalidRequestContentException", message, Type="User") from None
    if params.get("InvocationType") == "DryRun":
        return {"StatusCode": 204}
    refuse_unable(function)
    if params.get("InvocationType") == "Event":
        call.cloud.jobs.append(partial(_run, function, event))
        return {"StatusCode": 202}
    raise Deferred(lambda front: _told(front.runtimes.invoke(program(front, function), event), params))


def refuse_unable(function: Function) -> None:
    """Raise what AWS raises for a function that cannot run now, or that the sandbox cannot run at all."""
    if function.concurrency == 0:
        raise RefusalError(
            "TooManyRequestsException",
            "Rate Exceeded.",
            Type="User",
            Reason="ReservedFunctionConcurrentInvocationLimitExceeded",
        )
    if function.image is not None or not str(function.settings.get("Runtime", "")).startswith("python"):
        raise find.invalid("The sandbox runs functions in Python only.")


def program(front: Front, function: Function) -> Program:
    """What runs when a function is invoked, with credentials of its role."""
    settings = function.settings
    with front.lock:
        account, role = re.findall(r"^arn:[^:]+:iam::(\d{12}):role/(?:.*/)?([^/]+)$", settings["Role"])[0]
        keys = front.credentials.lasting(Principal(account, "role", role, function.name))
    environment = {
        **settings.get("Environment", {}).get("Variables", {}),
        **keys,
        "AWS_ENDPOINT_URL": front.endpoint_url,
        "AWS_REGION": function.region,
        "AWS_DEFAULT_REGION": function.region,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_LAMBDA_FUNCTION_NAME": function.name,
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(settings["MemorySize"]),
        "AWS_EXECUTION_ENV": f"AWS_Lambda_{settings['Runtime']}",
    }
    return Program(
        function.arn, function.code, settings["Handler"], environment, float(settings["Timeout"]), front.endpoint_url
    )


def _run(function: Function, event: Any, front: Front) -> None:
    front.runtimes.invoke(program(front, function), event)


def _told(outcome: Outcome, params: Parameters) -> Members:
    answer: dict[str, Any] = {"StatusCode": 200, "ExecutedVersion": "$LATEST"}
    if outcome.error is not None:
        answer["FunctionError"] = "Unhandled"
    body = outcome.result if outcome.error is None else json.dumps(dict(outcome.error))
    answer["Payload"] = (body or "null").encode()
    if params.get("LogType") == "Tail":
        answer["LogResult"] = base64.b64encode(outcome.log.encode()[-_TAIL:]).decode()
    return answer
