"""Configuration items that are too large for an event, read from AWS Config's history.

Source: "Oversized configuration item change notifications", AWS Config Developer Guide.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from botocore.exceptions import ClientError

from organization_rule.errors import UndecidedError
from organization_rule.items import Item

_GONE = "ResourceDeleted"


def read_item(config: Any, summary: Mapping[str, object]) -> Item:
    """The item that a notification sums up; the summary itself for what is deleted, or gone since.

    Raises UndecidedError if the history does not hold it yet: AWS Config asks again.
    """
    if summary.get("configurationItemStatus") not in ("OK", "ResourceDiscovered"):
        return {**summary, "configuration": {}}
    kind, resource = str(summary["resourceType"]), str(summary["resourceId"])
    try:
        found = config.get_resource_config_history(resourceType=kind, resourceId=resource, limit=1)
    except ClientError as error:
        if error.response["Error"]["Code"] == "ResourceNotDiscoveredException":
            return {**summary, "configurationItemStatus": _GONE, "configuration": {}}
        raise
    items = found.get("configurationItems") or [{}]
    captured = items[0].get("configurationItemCaptureTime")
    if captured is None or captured < _time(summary["configurationItemCaptureTime"], captured):
        raise UndecidedError([f"AWS Config's history does not hold the newest item of `{resource}` yet"])
    return as_in_event(items[0])


def as_in_event(item: Mapping[str, Any]) -> Item:
    """An item of the history in the form that events have: other names, and JSON instead of texts with JSON in them."""
    supplementary = item.get("supplementaryConfiguration") or {}
    return {
        "configurationItemCaptureTime": item["configurationItemCaptureTime"].isoformat(),
        "configurationStateId": item.get("configurationStateId"),
        "awsAccountId": item.get("accountId"),
        "configurationItemStatus": item.get("configurationItemStatus"),
        "resourceType": item.get("resourceType"),
        "resourceId": item.get("resourceId"),
        "resourceName": item.get("resourceName") or item.get("resourceId"),
        "ARN": item.get("arn"),
        "awsRegion": item.get("awsRegion"),
        "tags": item.get("tags") or {},
        "configuration": _decoded(item.get("configuration") or "{}"),
        "supplementaryConfiguration": {key: _decoded(value) for key, value in supplementary.items()},
    }


def _decoded(value: str) -> object:
    """A text with JSON in it; where it is none, the text."""
    try:
        return json.loads(value)
    except ValueError:
        return value


def _time(text: object, like: datetime) -> datetime:
    """The summary's time, at the history's precision: boto3 may give whole seconds."""
    return datetime.fromisoformat(str(text)).astimezone(like.tzinfo).replace(microsecond=like.microsecond)
