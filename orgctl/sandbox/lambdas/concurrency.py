"""Reserved concurrency: 0 is a value, and stops the function."""

from __future__ import annotations

from orgctl.sandbox.lambdas import find
from orgctl.sandbox.lambdas.registry import operation
from orgctl.sandbox.operations import Access, Call, Members, Parameters

ACCOUNT = 1000
UNRESERVED = 100


@operation("PutFunctionConcurrency", Access.ANYBODY)
def put(call: Call, params: Parameters) -> Members:
    """Reserve; a hundred of the account's thousand stay unreserved."""
    function, wanted = find.function(call, params["FunctionName"]), params["ReservedConcurrentExecutions"]
    where = (call.caller, call.region)
    others = [f for f in call.cloud.lambdas.functions.values() if (f.account, f.region) == where and f is not function]
    if sum(f.concurrency or 0 for f in others) + wanted > ACCOUNT - UNRESERVED:
        raise find.invalid(
            "Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution"
            f" below its minimum value of [{UNRESERVED}]."
        )
    function.concurrency = wanted
    return {"ReservedConcurrentExecutions": wanted}


@operation("GetFunctionConcurrency", Access.ANYBODY)
def get(call: Call, params: Parameters) -> Members:
    """What is reserved; nothing where nothing is."""
    reserved = find.function(call, params["FunctionName"]).concurrency
    return {} if reserved is None else {"ReservedConcurrentExecutions": reserved}


@operation("DeleteFunctionConcurrency", Access.ANYBODY)
def delete(call: Call, params: Parameters) -> None:
    """Reserve nothing."""
    find.function(call, params["FunctionName"]).concurrency = None
