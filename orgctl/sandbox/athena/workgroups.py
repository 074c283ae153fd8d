"""Workgroups: made, changed, told of, tagged and taken away. Each account and region has its `primary` one."""

from __future__ import annotations

from typing import Any

from orgctl.sandbox.athena.registry import invalid, operation
from orgctl.sandbox.athena_state import Workgroup
from orgctl.sandbox.messages import RefusalError
from orgctl.sandbox.operations import Access, Call, Members, Parameters

PRIMARY = "primary"
_ENGINE = "Athena engine version 3"


@operation("CreateWorkGroup", Access.ANYBODY)
def create(call: Call, params: Parameters) -> None:
    """Make one, which enforces its configuration unless told not to."""
    if params["Name"] in (PRIMARY, *(group.name for group in of_place(call))):
        raise invalid("WorkGroup is already created")
    given = {"EnforceWorkGroupConfiguration": True, **(params.get("Configuration") or {})}
    tags = {tag["Key"]: tag.get("Value", "") for tag in params.get("Tags") or ()}
    made = Workgroup(
        call.caller,
        call.region,
        params["Name"],
        call.now,
        _configured(given),
        params.get("Description") or "",
        tags=tags,
    )
    call.cloud.athena.workgroups[made.arn] = made


@operation("UpdateWorkGroup", Access.ANYBODY)
def update(call: Call, params: Parameters) -> None:
    """Change what is named, and leave the rest."""
    group = find(call, params["WorkGroup"])
    group.state = params.get("State") or group.state
    group.description = params.get("Description") or group.description
    changes = dict(params.get("ConfigurationUpdates") or {})
    results = changes.pop("ResultConfigurationUpdates", None)
    if changes.pop("RemoveBytesScannedCutoffPerQuery", False):
        group.configuration.pop("BytesScannedCutoffPerQuery", None)
    if results is not None:
        changes["ResultConfiguration"] = _results(group.configuration.get("ResultConfiguration") or {}, results)
    group.configuration = _configured({**group.configuration, **changes})


def _results(before: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in before.items() if not changes.get(f"Remove{name}")}
    return {**kept, **{name: value for name, value in changes.items() if not name.startswith("Remove")}}


@operation("GetWorkGroup", Access.ANYBODY)
def get(call: Call, params: Parameters) -> Members:
    """One, with its configuration."""
    group = find(call, params["WorkGroup"])
    return {"WorkGroup": {**_summary(group, engine=False), "Configuration": group.configuration}}


@operation("ListWorkGroups", Access.ANYBODY)
def list_all(call: Call, params: Parameters) -> Members:
    """All of the account and region, the primary one among them."""
    groups = sorted([*of_place(call), *([] if _has_primary(call) else [_primary(call)])], key=lambda group: group.name)
    start, size = int(params.get("NextToken") or 0), params.get("MaxResults") or 50
    more = {"NextToken": str(start + size)} if start + size < len(groups) else {}
    return {"WorkGroups": [_summary(group) for group in groups[start : start + size]], **more}


@operation("DeleteWorkGroup", Access.ANYBODY)
def delete(call: Call, params: Parameters) -> None:
    """Take one away; with queries in its history only if that is asked for."""
    group = find(call, params["WorkGroup"])
    if group.name == PRIMARY:
        raise invalid("The primary workgroup cannot be deleted.")
    place = (call.caller, call.region, group.name)
    history = [e for e in call.cloud.athena.executions.values() if (e.account, e.region, e.workgroup) == place]
    if history and not params.get("RecursiveDeleteOption"):
        raise invalid(f"WorkGroup {group.name} is not empty")
    for execution in history:
        del call.cloud.athena.executions[execution.id]
    del call.cloud.athena.workgroups[group.arn]


@operation("TagResource", Access.ANYBODY)
def tag(call: Call, params: Parameters) -> None:
    """Add tags, or replace their values."""
    _tagged(call, params).tags.update({each["Key"]: each.get("Value", "") for each in params["Tags"]})


@operation("UntagResource", Access.ANYBODY)
def untag(call: Call, params: Parameters) -> None:
    """Take tags away."""
    group = _tagged(call, params)
    for key in params["TagKeys"]:
        group.tags.pop(key, None)


@operation("ListTagsForResource", Access.ANYBODY)
def list_tags(call: Call, params: Parameters) -> Members:
    """The tags of a workgroup, all on one page."""
    return {"Tags": [{"Key": key, "Value": value} for key, value in sorted(_tagged(call, params).tags.items())]}


def find(call: Call, name: str) -> Workgroup:
    """The workgroup of the caller's. Raises what AWS raises if there is none."""
    found = next((group for group in of_place(call) if group.name == name), None)
    if found is None and name == PRIMARY:
        found = _primary(call)
        call.cloud.athena.workgroups[found.arn] = found
    if found is None:
        raise invalid(f"WorkGroup {name} is not found.")
    return found


def of_place(call: Call) -> list[Workgroup]:
    """Those of the caller's account and region that were made, or changed."""
    groups = call.cloud.athena.workgroups.values()
    return [group for group in groups if (group.account, group.region) == (call.caller, call.region)]


def _has_primary(call: Call) -> bool:
    return any(group.name == PRIMARY for group in of_place(call))


def _primary(call: Call) -> Workgroup:
    configuration = _configured({"EnforceWorkGroupConfiguration": False})
    return Workgroup(call.caller, call.region, PRIMARY, call.now, configuration)


def _tagged(call: Call, params: Parameters) -> Workgroup:
    arn = params["ResourceARN"]
    found = call.cloud.athena.workgroups.get(arn)
    if found is None or found.account != call.caller:
        raise RefusalError("ResourceNotFoundException", f"Resource {arn} is not found", ResourceName=arn)
    return found


def _configured(given: dict[str, Any]) -> dict[str, Any]:
    """The configuration with what Athena fills in."""
    selected = (given.get("EngineVersion") or {}).get("SelectedEngineVersion") or "AUTO"
    defaults = {
        "ResultConfiguration": {},
        "PublishCloudWatchMetricsEnabled": True,
        "RequesterPaysEnabled": False,
        "EnableMinimumEncryptionConfiguration": False,
    }
    engine = {"SelectedEngineVersion": selected, "EffectiveEngineVersion": _ENGINE}
    return {**defaults, **given, "EngineVersion": engine}


def _summary(group: Workgroup, *, engine: bool = True) -> Members:
    view: Members = {
        "Name": group.name,
        "State": group.state,
        "Description": group.description,
        "CreationTime": group.created,
    }
    return {**view, "EngineVersion": group.configuration["EngineVersion"]} if engine else view
