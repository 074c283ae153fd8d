"""Queries: started, asked about, and stopped. They run after the answer, as on AWS."""

from __future__ import annotations

from typing import Any

from orgctl.sandbox.athena.registry import invalid, operation
from orgctl.sandbox.athena.running import Run
from orgctl.sandbox.athena.workgroups import PRIMARY, find
from orgctl.sandbox.athena_state import Execution, Workgroup
from orgctl.sandbox.messages import RefusalError
from orgctl.sandbox.operations import Access, Call, Members, Parameters
from orgctl.sandbox.pending import Pending
from orgctl.sandbox.state import Cloud

LONGEST = 262_144
"""Bytes of a query. Source: "Service Quotas", Amazon Athena User Guide."""
_AT_ONCE = 50
_BY_USER = "Query was cancelled by user"
_NO_OUTPUT = (
    "No output location provided. An output location is required either through the Workgroup result configuration"
    " setting or as an API input."
)


@operation("StartQueryExecution", Access.ANYBODY)
def start(call: Call, params: Parameters) -> Members:
    """Begin a query; one with the token of an earlier one is that one."""
    if len(params["QueryString"].encode()) > LONGEST:
        raise invalid(f"Query string is longer than {LONGEST} bytes")
    group = find(call, params.get("WorkGroup") or PRIMARY)
    if group.state != "ENABLED":
        raise invalid(f"WorkGroup {group.name} is disabled.")
    known = _same(call, params, group)
    if known is not None:
        return {"QueryExecutionId": known.id}
    _check_room(call)
    made = _made(call, params, group)
    call.cloud.athena.executions[made.id] = made
    if params.get("ClientRequestToken"):
        call.cloud.athena.tokens[_token(call, params)] = made.id
    call.cloud.jobs.append(Run(call.cloud, made))
    return {"QueryExecutionId": made.id}


def _check_room(call: Call) -> None:
    """Queries that wait count too. `athena_queries` of the settings' quotas is the number; without it there is room."""
    here, most = (call.caller, call.region), call.quota("athena_queries")
    known = call.cloud.athena.executions.values()
    active = [e for e in known if (e.account, e.region) == here and (e.pending.polls or not e.is_over)]
    if most is not None and len(active) >= most:
        message = "You have exceeded the limit for the number of queries you can run concurrently."
        reason = "CONCURRENT_QUERY_LIMIT_EXCEEDED"
        raise RefusalError("TooManyRequestsException", message, Reason=reason)


def _made(call: Call, params: Parameters, group: Workgroup) -> Execution:
    results = _results(params, group)
    location = results.get("OutputLocation")
    if not location:
        raise invalid(_NO_OUTPUT)
    number = call.cloud.ids.uuid()
    statement = "DDL" if params["QueryString"].lstrip()[:6].upper() in ("CREATE", "ALTER ", "DROP T") else "DML"
    return Execution(
        number,
        call.caller,
        call.region,
        params["QueryString"],
        group.name,
        str((params.get("QueryExecutionContext") or {}).get("Database") or "default"),
        f"{location.rstrip('/')}/{number}.csv",
        {**results, "_limit": group.configuration.get("BytesScannedCutoffPerQuery")},
        call.now,
        Pending.after(call.cloud.settings.delays.query, call.cloud.clock),
        list(params.get("ExecutionParameters") or ()),
        statement,
    )


def _results(params: Parameters, group: Workgroup) -> dict[str, Any]:
    """Where results go: as the workgroup says where it enforces that, or where the client says nothing."""
    own = group.configuration.get("ResultConfiguration") or {}
    given = params.get("ResultConfiguration") or {}
    return dict(own) if group.configuration["EnforceWorkGroupConfiguration"] else {**own, **given}


def _token(call: Call, params: Parameters) -> str:
    return f"{call.caller}/{call.region}/{params['ClientRequestToken']}"


def _same(call: Call, params: Parameters, group: Workgroup) -> Execution | None:
    """The execution that was started with this token."""
    if not params.get("ClientRequestToken"):
        return None
    known = call.cloud.athena.executions.get(call.cloud.athena.tokens.get(_token(call, params), ""))
    if known is not None and (known.query, known.workgroup) != (params["QueryString"], group.name):
        raise invalid("Idempotent parameters do not match")
    return known


@operation("GetQueryExecution", Access.ANYBODY)
def get(call: Call, params: Parameters) -> Members:
    """How far a query is."""
    return {"QueryExecution": view(call, found(call, params["QueryExecutionId"]))}


@operation("BatchGetQueryExecution", Access.ANYBODY)
def batch_get(call: Call, params: Parameters) -> Members:
    """How far several are; ids that there are not are named."""
    known: Members = {"QueryExecutions": [], "UnprocessedQueryExecutionIds": []}
    for number in params["QueryExecutionIds"][:_AT_ONCE]:
        try:
            known["QueryExecutions"].append(view(call, found(call, number)))
        except RefusalError as refusal:
            unprocessed = {"QueryExecutionId": number, "ErrorCode": refusal.code, "ErrorMessage": refusal.message}
            known["UnprocessedQueryExecutionIds"].append(unprocessed)
    return known


@operation("ListQueryExecutions", Access.ANYBODY)
def list_all(call: Call, params: Parameters) -> Members:
    """The ids of a workgroup's queries, the newest first; without any, the member is left out."""
    place = (call.caller, call.region, find(call, params.get("WorkGroup") or PRIMARY).name)
    executions = reversed(call.cloud.athena.executions.values())
    ids = [e.id for e in executions if (e.account, e.region, e.workgroup) == place]
    start, size = int(params.get("NextToken") or 0), params.get("MaxResults") or _AT_ONCE
    more = {"NextToken": str(start + size)} if start + size < len(ids) else {}
    found = ids[start : start + size]
    return {"QueryExecutionIds": found, **more} if found else {}


@operation("StopQueryExecution", Access.ANYBODY)
def stop(call: Call, params: Parameters) -> None:
    """Cancel a query; one that is over, as far as its client can know, stays as it is."""
    execution = found(call, params["QueryExecutionId"])
    if execution.pending.polls or not execution.is_over:
        execution.state, execution.reason, execution.ended = "CANCELLED", _BY_USER, call.now
        execution.rows, execution.types = [], []


def found(call: Call, number: str) -> Execution:
    """An execution of the caller's account and region."""
    execution = call.cloud.athena.executions.get(number)
    if execution is None or (execution.account, execution.region) != (call.caller, call.region):
        raise invalid(f"QueryExecution {number} was not found")
    return execution


def with_workgroup(cloud: Cloud, params: Parameters) -> dict[str, Any]:
    """The parameters with the workgroup that they are about: permission for a query is that for its workgroup."""
    ids = [params.get("QueryExecutionId"), *(params.get("QueryExecutionIds") or ())]
    groups = [cloud.athena.executions[each].workgroup for each in ids if each in cloud.athena.executions]
    return {**params, "WorkGroup": groups[0]} if groups else dict(params)


def told(call: Call, execution: Execution) -> str:
    """The state that is told: queued until it was asked about, then running, and in the end what it is."""
    if execution.reason == _BY_USER:
        return execution.state
    waited = execution.pending.polls
    if not execution.pending.poll(call.cloud.clock):
        return "QUEUED" if waited == call.cloud.settings.delays.query.polls else "RUNNING"
    return execution.state if execution.is_over else "RUNNING"


def view(call: Call, execution: Execution) -> Members:
    """A QueryExecution, as the API gives it."""
    state = told(call, execution)
    over = state == execution.state and execution.is_over
    status: Members = {"State": state, "SubmissionDateTime": execution.submitted}
    if over:
        status["CompletionDateTime"] = execution.ended or call.now
        status |= {"StateChangeReason": execution.reason} if execution.reason else {}
    if over and state == "FAILED":
        category = 2 if (execution.reason or "").startswith(("SYNTAX", "CONSTRAINT", "COLUMN", "TABLE")) else 1
        error = {"ErrorCategory": category, "ErrorType": 0, "Retryable": False}
        status["AthenaError"] = {**error, "ErrorMessage": execution.reason or ""}
    statistics: Members = {"DataScannedInBytes": execution.scanned if over else 0}
    if over:
        took = int(execution.took * 1000)
        statistics |= {"EngineExecutionTimeInMillis": took, "TotalExecutionTimeInMillis": took}
    if over and execution.manifest:
        statistics["DataManifestLocation"] = execution.manifest
    results = {key: value for key, value in execution.configuration.items() if not key.startswith("_")}
    answer: Members = {
        "QueryExecutionId": execution.id,
        "Query": execution.query,
        "StatementType": execution.statement,
        "ResultConfiguration": {**results, "OutputLocation": execution.output},
        "QueryExecutionContext": {"Database": execution.database},
        "Status": status,
        "Statistics": statistics,
        "WorkGroup": execution.workgroup,
        "EngineVersion": {"SelectedEngineVersion": "AUTO", "EffectiveEngineVersion": "Athena engine version 3"},
    }
    return answer | ({"ExecutionParameters": execution.parameters} if execution.parameters else {})
