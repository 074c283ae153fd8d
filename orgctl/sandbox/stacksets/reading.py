"""What is known of StackSets, their instances and operations. Asking lets operations go on."""

from __future__ import annotations

from orgctl.sandbox.messages import RefusalError
from orgctl.sandbox.operations import Access, Call, Members, Parameters
from orgctl.sandbox.stack_state import Instance, Operation, StackSet
from orgctl.sandbox.stacksets import find, targets
from orgctl.sandbox.stacksets.registry import operation


@operation("DescribeStackSet", Access.ANYBODY)
def describe(call: Call, params: Parameters) -> Members:
    """One StackSet, with its template."""
    found = find.stack_set(call, params)
    view: Members = {
        **_summary(found),
        "TemplateBody": found.template,
        "StackSetARN": found.arn,
        "Parameters": [{"ParameterKey": k, "ParameterValue": v} for k, v in found.parameters.items()],
        "Capabilities": found.capabilities,
        "Tags": [{"Key": key, "Value": value} for key, value in sorted(found.tags.items())],
        "OrganizationalUnitIds": list(found.targets),
        "ManagedExecution": {"Active": False},
        "Regions": sorted({region for regions in found.targets.values() for region in regions}),
    }
    return {"StackSet": view}


@operation("ListStackSets", Access.ANYBODY)
def list_sets(call: Call, params: Parameters) -> Members:
    """The StackSets of the organization in this region."""
    owner = find.organization(call, params).management
    where = (owner, call.region)
    found = [s for s in call.cloud.stack_sets.values() if (s.owner, s.region) == where]
    return find.page(params, found if params.get("Status") != "DELETED" else [], _summary)


def _summary(found: StackSet) -> Members:
    described = {"Description": found.description} if found.description else {}
    return {
        "StackSetName": found.name,
        "StackSetId": found.id,
        "Status": "ACTIVE",
        "AutoDeployment": found.automatic,
        "PermissionModel": "SERVICE_MANAGED",
        **described,
    }


@operation("ListStackInstances", Access.ANYBODY)
def list_instances(call: Call, params: Parameters) -> Members:
    """The instances, and how they are."""
    stack_set = find.stack_set(call, params)
    targets.settle(call.cloud, stack_set)
    found = [
        instance
        for instance in stack_set.instances.values()
        if params.get("StackInstanceAccount") in (None, instance.account)
        and params.get("StackInstanceRegion") in (None, instance.region)
    ]
    return find.page(params, found, lambda instance: _instance(stack_set, instance))


@operation("DescribeStackInstance", Access.ANYBODY)
def describe_instance(call: Call, params: Parameters) -> Members:
    """One instance."""
    stack_set = find.stack_set(call, params)
    targets.settle(call.cloud, stack_set)
    found = stack_set.instances.get(f"{params['StackInstanceAccount']}/{params['StackInstanceRegion']}")
    if found is None:
        raise RefusalError("StackInstanceNotFoundException", "StackInstance not found")
    return {"StackInstance": _instance(stack_set, found)}


def _instance(stack_set: StackSet, instance: Instance) -> Members:
    view: Members = {
        "StackSetId": stack_set.id,
        "Account": instance.account,
        "Region": instance.region,
        "OrganizationalUnitId": instance.unit,
        "Status": instance.status,
        "StackInstanceStatus": {"DetailedStatus": instance.detail},
        "DriftStatus": "NOT_CHECKED",
    }
    if instance.reason:
        view["StatusReason"] = instance.reason
    if instance.operation:
        view["LastOperationId"] = instance.operation
    return view


@operation("DescribeStackSetOperation", Access.ANYBODY)
def describe_operation(call: Call, params: Parameters) -> Members:
    """One operation."""
    return {"StackSetOperation": _operation(*_known(call, params))}


def _known(call: Call, params: Parameters) -> tuple[StackSet, Operation]:
    stack_set = find.stack_set(call, params)
    targets.settle(call.cloud, stack_set)
    found = stack_set.operations.get(params["OperationId"])
    if found is None:
        raise RefusalError("OperationNotFoundException", f"Operation {params['OperationId']} not found")
    return stack_set, found


def _operation(stack_set: StackSet, found: Operation) -> Members:
    return {**_listed(found), "StackSetId": stack_set.id, "RetainStacks": found.retain}


def _listed(found: Operation) -> Members:
    failed = sum(result["Status"] == "FAILED" for result in found.results.values())
    view: Members = {
        "OperationId": found.id,
        "Action": found.action,
        "Status": found.status,
        "CreationTimestamp": found.created,
        "StatusDetails": {"FailedStackInstancesCount": failed},
    }
    return {**view, "EndTimestamp": found.ended} if found.ended is not None else view


@operation("ListStackSetOperations", Access.ANYBODY)
def list_operations(call: Call, params: Parameters) -> Members:
    """The operations, the newest first; the automatic ones too."""
    stack_set = find.stack_set(call, params)
    targets.settle(call.cloud, stack_set)
    return find.page(params, list(stack_set.operations.values())[::-1], _listed)


@operation("ListStackSetOperationResults", Access.ANYBODY)
def list_results(call: Call, params: Parameters) -> Members:
    """How an operation went in each account and region."""
    stack_set, found = _known(call, params)
    results = dict(found.results)
    for key in found.instances:
        if found.status == "RUNNING" and key in stack_set.instances:
            instance = stack_set.instances[key]
            where = {"Account": instance.account, "Region": instance.region, "OrganizationalUnitId": instance.unit}
            results[key] = {**where, "Status": "PENDING"}
    return find.page(params, list(results.values()), lambda result: dict(result))
