"""From a file's value to the event that AWS Config would hand to a rule's function.

Taken are: a configuration item by itself; the invoking event around it; and the whole event of the function. Source:
"Example Events for AWS Config Rules", AWS Config Developer Guide.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

TEST_TOKEN = "TESTMODE"  # noqa: S105  # a word of RDK's, no secret
"""The result token with which no evaluation counts."""

_ACCOUNT = "111122223333"
_TIME = "2026-01-01T00:00:00.000Z"
_ITEM_KEYS = ("resourceType", "resourceId", "configurationItemStatus", "configurationItemCaptureTime")

SCHEDULED: Mapping[str, object] = {
    "messageType": "ScheduledNotification",
    "notificationCreationTime": _TIME,
    "recordVersion": "1.0",
    "awsAccountId": _ACCOUNT,
}
"""The invoking event of a periodic rule."""


@dataclass(frozen=True, slots=True)
class Event:
    """The event of a rule's function, without parameters. `resource_type` is None where no resource is meant."""

    value: Mapping[str, object]
    resource_type: str | None
    resource_id: str | None

    def with_parameters(self, parameters: Mapping[str, str]) -> dict[str, object]:
        """The event as the function gets it. The rule stays with the credentials that it finds: it assumes no role."""
        given = self.value.get("ruleParameters")
        inputs = {**(json.loads(given) if isinstance(given, str) else {}), **parameters, "AssumeRoleMode": "false"}
        return {**self.value, "ruleParameters": json.dumps(inputs)}


def event_of(value: object) -> Event | str:
    """The event that a file's value means, or what is wrong with it: a sentence."""
    if not isinstance(value, dict):
        return "it holds no configuration item, but " + ("a list" if isinstance(value, list) else "a single value")
    if isinstance(value.get("invokingEvent"), str):
        return _whole(value)
    if "messageType" in value:
        return _invoking(value)
    if "configurationItem" in value:
        return _invoking({**value, "messageType": "ConfigurationItemChangeNotification"})
    return _of_item(value)


def scheduled(account: str = _ACCOUNT) -> Event:
    """The event with which AWS Config asks a periodic rule."""
    return _event({**SCHEDULED, "awsAccountId": account}, None, None, account)


def of_item(item: Mapping[str, object]) -> Event:
    """The event that tells of a changed resource; the item is complete."""
    invoking = {**SCHEDULED, "messageType": "ConfigurationItemChangeNotification", "configurationItem": item}
    invoking["configurationItemDiff"] = None
    account = str(item.get("awsAccountId") or _ACCOUNT)
    return _event(invoking, str(item["resourceType"]), str(item["resourceId"]), account)


def item_of(event: Event) -> object:
    """The configuration item in an event; None if there is none."""
    return json.loads(str(event.value["invokingEvent"])).get("configurationItem")


def _of_item(item: Mapping[str, object]) -> Event | str:
    problem = _unusable(item)
    return problem or of_item(item)


def _unusable(item: object) -> str | None:
    if not isinstance(item, dict):
        return "the configuration item is no JSON object"
    missing = [key for key in _ITEM_KEYS if not isinstance(item.get(key), str)]
    if missing:
        return f"the configuration item lacks {', '.join(f'`{key}`' for key in missing)}"
    return None


def _whole(value: dict[str, object]) -> Event | str:
    try:
        invoking = json.loads(cast(str, value["invokingEvent"]))
    except (ValueError, RecursionError):
        return "the text of `invokingEvent` is not JSON"
    parameters = value.get("ruleParameters")
    try:
        if parameters is not None and not isinstance(json.loads(cast(str, parameters)), dict):
            return "the text of `ruleParameters` is no JSON object"
    except (ValueError, TypeError, RecursionError):
        return "the text of `ruleParameters` is not JSON"
    inner = _invoking(invoking) if isinstance(invoking, dict) else "the text of `invokingEvent` is no JSON object"
    if isinstance(inner, str):
        return inner
    return Event(
        {**inner.value, **value, "invokingEvent": inner.value["invokingEvent"], "resultToken": TEST_TOKEN},
        inner.resource_type,
        inner.resource_id,
    )


def _invoking(value: Mapping[str, object]) -> Event | str:
    match value.get("messageType"):
        case "ConfigurationItemChangeNotification":
            item = value.get("configurationItem")
            problem = _unusable(item)
            if problem or not isinstance(item, dict):
                return problem or ""
            account = str(item.get("awsAccountId") or _ACCOUNT)
            whole = {**SCHEDULED, "configurationItemDiff": None, **value}
            return _event(whole, item["resourceType"], item["resourceId"], account)
        case "OversizedConfigurationItemChangeNotification":
            return _oversized(value)
        case "ScheduledNotification":
            return _event({**SCHEDULED, **value}, None, None, str(value.get("awsAccountId") or _ACCOUNT))
        case other:
            return f"the message type `{other}` is none that AWS Config sends to rules"


def _oversized(value: Mapping[str, object]) -> Event | str:
    summary = value.get("configurationItemSummary")
    problem = _unusable(summary)
    if problem or not isinstance(summary, dict):
        return (problem or "").replace("configuration item", "configuration item's summary")
    account = str(summary.get("awsAccountId") or _ACCOUNT)
    return _event({**SCHEDULED, **value}, summary["resourceType"], summary["resourceId"], account)


def _event(invoking: Mapping[str, object], kind: str | None, resource: str | None, account: str) -> Event:
    value = {
        "version": "1.0",
        "invokingEvent": json.dumps(invoking),
        "resultToken": TEST_TOKEN,
        "eventLeftScope": False,
        "executionRoleArn": f"arn:aws:iam::{account}:role/orgctl-config-evaluation",
        "configRuleArn": f"arn:aws:config:eu-west-1:{account}:config-rule/config-rule-local",
        "configRuleName": "local",
        "configRuleId": "config-rule-local",
        "accountId": account,
    }
    return Event(value, kind, resource)
