"""The events with which AWS Config invokes a custom rule's function.

Source: "Example Events for AWS Config Rules" (AWS Config Developer Guide).
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from orgctl.sandbox.config.scope import is_about
from orgctl.sandbox.config.triggers import CHANGE, OVERSIZED, SCHEDULED
from orgctl.sandbox.config_state import Home, Rule

LARGEST = 256 * 1024
_NAMES = {"arn": "ARN", "accountId": "awsAccountId"}
_SUMMARY = (
    *("accountId", "arn", "awsRegion", "availabilityZone", "configurationItemCaptureTime", "configurationItemMD5Hash"),
    *("configurationItemStatus", "configurationStateId", "resourceId", "resourceName", "resourceType", "version"),
)


def event(home: Home, rule: Rule, token: str, now: float, item: dict[str, Any] | None) -> dict[str, Any]:
    """The event for a change of a resource, or (`item` is None) for a schedule."""
    recorder = home.recorder
    return {
        "version": "1.0",
        "invokingEvent": scheduled(home, now) if item is None else changed(item, now),
        "ruleParameters": rule.settings.get("InputParameters", "{}"),
        "resultToken": token,
        "eventLeftScope": item is not None and not is_about(rule, item),
        "executionRoleArn": recorder.settings["roleARN"] if recorder else "",
        "configRuleArn": rule.settings["ConfigRuleArn"],
        "configRuleName": rule.name,
        "configRuleId": rule.settings["ConfigRuleId"],
        "accountId": home.account,
        "evaluationMode": "DETECTIVE",
    }


def scheduled(home: Home, now: float) -> str:
    """The invoking event of a schedule."""
    told = {"awsAccountId": home.account, "notificationCreationTime": stamp(now)}
    return json.dumps({**told, "messageType": SCHEDULED, "recordVersion": "1.0"})


def changed(item: dict[str, Any], now: float) -> str:
    """The invoking event of a change; only a summary where the item is too large to be sent."""
    status = item["configurationItemStatus"]
    kinds = {"ResourceDiscovered": "CREATE", "ResourceDeleted": "DELETE"}
    difference = {"changedProperties": {}, "changeType": kinds.get(status, "UPDATE")}
    told = {"notificationCreationTime": stamp(now), "messageType": CHANGE, "recordVersion": "1.3"}
    text = json.dumps({"configurationItemDiff": difference, "configurationItem": written(item), **told})
    if len(text) <= LARGEST:
        return text
    summary = {key: stamp(item[key]) if key.endswith("Time") else item[key] for key in _SUMMARY if key in item}
    summary |= {"changeType": difference["changeType"], "configurationItemVersion": item["version"]}
    delivery = {"s3BucketLocation": None, "errorCode": None, "errorMessage": None}
    told = {**told, "messageType": OVERSIZED, "recordVersion": "1.0"}
    return json.dumps({"configurationItemSummary": summary, "s3DeliverySummary": delivery, **told})


def written(item: dict[str, Any]) -> dict[str, Any]:
    """An item as events have it: two members by other names, times in ISO 8601, `configuration` as a value."""
    times = ("configurationItemCaptureTime", "resourceCreationTime")
    renamed = {_NAMES.get(key, key): stamp(value) if key in times else value for key, value in item.items()}
    return {"resourceCreationTime": None, **renamed}


def stamp(now: float) -> str:
    """`2026-11-03T09:41:00.000Z`."""
    return datetime.fromtimestamp(now, UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
