"""Configuration items: history, discovered resources, newest states."""

from __future__ import annotations

import json
from typing import Any

from orgctl.sandbox.config import find
from orgctl.sandbox.config.pages import page
from orgctl.sandbox.config.registry import operation
from orgctl.sandbox.messages import RefusalError
from orgctl.sandbox.operations import Access, Call, Members, Parameters

_NOT_IN_BASE = frozenset({"configurationItemMD5Hash", "tags", "relatedEvents", "relationships"})


@operation("GetResourceConfigHistory", Access.ANYBODY)
def history(call: Call, params: Parameters) -> Members:
    """The items of a resource, the newest first unless asked for otherwise."""
    kind, identity = params["resourceType"], params["resourceId"]
    _require_recorder(call)
    found = find.home(call).items.get(f"{kind}|{identity}")
    if found is None:
        message = f"Resource {identity} of resourceType:{kind} is unknown or has not been discovered"
        raise RefusalError("ResourceNotDiscoveredException", message)
    later, earlier = params.get("laterTime"), params.get("earlierTime")
    if later is not None and earlier is not None and later < earlier:
        raise RefusalError("InvalidTimeRangeException", "The earlierTime is after the laterTime.")
    inside = [item for item in found if _is_between(item["configurationItemCaptureTime"], earlier, later)]
    ordered = inside if params.get("chronologicalOrder") == "Forward" else inside[::-1]
    return page(call, params, "configurationItems", ordered, shown, size=10)


def _is_between(when: float, earlier: float | None, later: float | None) -> bool:
    return (earlier is None or when >= earlier) and (later is None or when <= later)


@operation("ListDiscoveredResources", Access.ANYBODY)
def list_resources(call: Call, params: Parameters) -> Members:
    """The resources of a type that were recorded; the deleted ones only if asked for."""
    _require_recorder(call)
    deleted, ids = params.get("includeDeletedResources", False), params.get("resourceIds")
    newest = [
        items[-1] for items in find.home(call).items.values() if items[-1]["resourceType"] == params["resourceType"]
    ]
    found = [
        item
        for item in newest
        if (deleted or not _is_deleted(item))
        and (not ids or item["resourceId"] in ids)
        and params.get("resourceName") in (None, item["resourceName"])
    ]
    return page(call, params, "resourceIdentifiers", found, _identifier, size=100)


@operation("BatchGetResourceConfig", Access.ANYBODY)
def batch_get(call: Call, params: Parameters) -> Members:
    """The newest items of resources, without tags and relationships."""
    _require_recorder(call)
    items, found, unprocessed = find.home(call).items, [], []
    for key in params["resourceKeys"]:
        known = items.get(f"{key['resourceType']}|{key['resourceId']}")
        if known is None:
            unprocessed.append(key)
        else:
            found.append({k: v for k, v in shown(known[-1]).items() if k not in _NOT_IN_BASE})
    answer: Members = {"baseConfigurationItems": found}
    return {**answer, "unprocessedResourceKeys": unprocessed} if unprocessed else answer


def shown(item: dict[str, Any]) -> Members:
    """An item as the API gives it: `configuration` as JSON text."""
    supplementary = {
        key: value if isinstance(value, str) else json.dumps(value)
        for key, value in item["supplementaryConfiguration"].items()
    }
    text = None if item["configuration"] is None else json.dumps(item["configuration"])
    shaped = {**item, "configuration": text, "supplementaryConfiguration": supplementary}
    return {key: value for key, value in shaped.items() if value is not None}


def _identifier(item: dict[str, Any]) -> Members:
    identifier = {key: item[key] for key in ("resourceType", "resourceId", "resourceName")}
    if _is_deleted(item):
        identifier["resourceDeletionTime"] = item["configurationItemCaptureTime"]
    return identifier


def _is_deleted(item: dict[str, Any]) -> bool:
    return bool(item["configurationItemStatus"] == "ResourceDeleted")


def _require_recorder(call: Call) -> None:
    if find.home(call).recorder is None:
        message = "Configuration recorder is not available. Please create one."
        raise RefusalError("NoAvailableConfigurationRecorderException", message)
