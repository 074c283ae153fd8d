"""Executions: started, and asked about."""

from __future__ import annotations

from orgctl.errors import InvalidInputError
from orgctl.sandbox.automation.documents import find, version_of
from orgctl.sandbox.automation.reading import read
from orgctl.sandbox.automation.registry import operation
from orgctl.sandbox.automation.running import Run
from orgctl.sandbox.automation.values import parameters, text
from orgctl.sandbox.automation_state import Execution, Step
from orgctl.sandbox.messages import RefusalError
from orgctl.sandbox.operations import Access, Call, Members, Parameters
from orgctl.sandbox.state import Cloud


@operation("StartAutomationExecution", Access.ANYBODY)
def start(call: Call, params: Parameters) -> Members:
    """Begin an execution in the caller's account."""
    given = {name: list(values) for name, values in (params.get("Parameters") or {}).items()}
    wanted = params.get("DocumentVersion")
    return {
        "AutomationExecutionId": begin(call.cloud, call.caller, call.region, params["DocumentName"], given, wanted).id
    }


def begin(
    cloud: Cloud, account: str, region: str, name: str, given: dict[str, list[str]], version: str | None = None
) -> Execution:
    """An execution on its way, in an account and region. Raises AWS's refusals."""
    document = find(cloud.automation.documents, account, region, name)
    if document is None:
        message = f"The Automation document {name} does not exist, or is not shared with the account."
        raise RefusalError("AutomationDefinitionNotFoundException", message)
    try:
        number = version_of(document, version)
    except RefusalError:
        message = f"The Automation document {name} has no version {version}."
        raise RefusalError("AutomationDefinitionVersionNotFoundException", message) from None
    try:
        parameters(read(document.versions[number]).parameters, given)
    except (InvalidInputError, ValueError) as problem:
        raise RefusalError("InvalidAutomationExecutionParametersException", str(problem)) from None
    made = Execution(
        cloud.ids.uuid(), account, region, name, number, document.versions[number], given, cloud.clock.now()
    )
    cloud.automation.executions[made.id] = made
    cloud.jobs.append(Run(cloud, made))
    return made


@operation("GetAutomationExecution", Access.ANYBODY)
def get(call: Call, params: Parameters) -> Members:
    """How far an execution is, step by step."""
    found = call.cloud.automation.executions.get(params["AutomationExecutionId"])
    if found is None or (found.account, found.region) != (call.caller, call.region):
        message = "There is no automation execution information for the requested automation execution ID."
        raise RefusalError("AutomationExecutionNotFoundException", message)
    view = {**_summary(found), "Parameters": found.parameters, "StepExecutions": [_step(step) for step in found.steps]}
    return {"AutomationExecution": {**view, "StepExecutionsTruncated": False}}


@operation("DescribeAutomationExecutions", Access.ANYBODY)
def describe(call: Call, params: Parameters) -> Members:
    """The executions of this account and region, the newest first."""
    where = (call.caller, call.region)
    executions = [e for e in call.cloud.automation.executions.values() if (e.account, e.region) == where]
    filters = {item["Key"]: item["Values"] for item in params.get("Filters") or ()}
    found = [
        e
        for e in reversed(executions)
        if e.status in filters.get("ExecutionStatus", [e.status])
        and e.id in filters.get("ExecutionId", [e.id])
        and any(e.document.startswith(prefix) for prefix in filters.get("DocumentNamePrefix", [""]))
    ]
    start, size = int(params.get("NextToken") or 0), params.get("MaxResults") or 50
    more = {"NextToken": str(start + size)} if start + size < len(found) else {}
    return {"AutomationExecutionMetadataList": [_summary(e) for e in found[start : start + size]], **more}


def _summary(found: Execution) -> Members:
    view: Members = {
        "AutomationExecutionId": found.id,
        "DocumentName": found.document,
        "DocumentVersion": found.version,
        "AutomationExecutionStatus": found.status,
        "ExecutionStartTime": found.started,
        "ExecutionEndTime": found.ended,
        "FailureMessage": found.failure,
        "Outputs": found.outputs,
        "Mode": "Auto",
    }
    return {key: value for key, value in view.items() if value is not None}


def _step(step: Step) -> Members:
    outputs = {name: [text(value)[:512] or " "] for name, value in step.outputs.items()}
    view: Members = {
        "StepName": step.name,
        "Action": step.action,
        "StepStatus": step.status,
        "ExecutionStartTime": step.started,
        "ExecutionEndTime": step.ended,
        "Outputs": outputs,
        "FailureMessage": step.failure,
    }
    return {key: value for key, value in view.items() if value is not None}
