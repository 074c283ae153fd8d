"""What AWS Config's event says.

Source: "Example Events for AWS Config Rules", AWS Config Developer Guide.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from organization_rule.arns import Arn, Place
from organization_rule.errors import EventError

Event = Mapping[str, object]
"""The function's event, as AWS Config sends it."""

TEST_TOKEN = "TESTMODE"  # noqa: S105  # a word of RDK's, no secret


class Message(Enum):
    """Why the rule is asked."""

    CHANGE = "ConfigurationItemChangeNotification"
    OVERSIZED_CHANGE = "OversizedConfigurationItemChangeNotification"
    SCHEDULE = "ScheduledNotification"


@dataclass(frozen=True, slots=True)
class Notice:
    """An event, taken apart. `region` is the rule's; `created` is when AWS Config wrote it, in ISO 8601."""

    message: Message
    place: Place
    rule_name: str
    token: str
    created: str
    left_scope: bool
    invoking: Mapping[str, object]
    parameters: Mapping[str, object]

    @property
    def is_test(self) -> bool:
        """Whether results are only to be checked, not kept."""
        return self.token == TEST_TOKEN

    @property
    def role_arn(self) -> str | None:
        """The evaluation role in the account; None if the function's own credentials are to be used.

        Raises EventError where neither is said: the recorder's service-linked role, which AWS Config offers, cannot be
        assumed by a function.
        """
        if str(self.parameters.get("AssumeRoleMode", "true")).lower() == "false":
            return None
        name = str(self.parameters.get("ExecutionRoleName") or "")
        if not name:
            message = "the rule has no parameter `ExecutionRoleName`: name the role to enter the account through"
            raise EventError(message)
        return f"arn:{self.place.partition}:iam::{self.place.account}:role/{name}"


def read_notice(event: Event) -> Notice:
    """Take an event apart. Raises EventError for one that AWS Config does not send, or that contradicts itself."""
    try:
        invoking = json.loads(str(event["invokingEvent"]))
        parameters = json.loads(str(event.get("ruleParameters") or "{}"))
        message = Message(invoking.get("messageType"))
        token = str(event["resultToken"])
    except (KeyError, ValueError, AttributeError) as error:
        text = f"the event is none that AWS Config sends to rules: {error}"
        raise EventError(text) from error
    notice = Notice(
        message=message,
        place=place_of(event, parameters),
        rule_name=str(event.get("configRuleName") or ""),
        token=token,
        created=str(invoking.get("notificationCreationTime") or ""),
        left_scope=event.get("eventLeftScope") is True,
        invoking=invoking,
        parameters=parameters,
    )
    _refuse_contradiction(notice)
    return notice


def place_of(event: Event, parameters: Mapping[str, object] | None = None) -> Place:
    """Partition, region and account that the event is about. Raises EventError if it does not say."""
    role = _arn(event, "executionRoleArn")
    account = str(event.get("accountId") or role.account)
    if role.account != account:
        message = f"the event is about the account {account}, but its role is in {role.account}"
        raise EventError(message)
    return Place(role.partition, _region(event, parameters or {}), account)


def place_of_item(event: Event, item: Mapping[str, object]) -> Place:
    """Where a resource is, by its configuration item; what that does not say, by the event."""
    place = place_of(event)
    return Place(
        place.partition, str(item.get("awsRegion") or place.region), str(item.get("awsAccountId") or place.account)
    )


def _region(event: Event, parameters: Mapping[str, object]) -> str:
    told = parameters.get("ExecutionRoleRegion") or os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION")
    return str(told or _arn(event, "configRuleArn").region)


def _arn(event: Event, key: str) -> Arn:
    try:
        return Arn.parse(str(event[key]))
    except (KeyError, ValueError) as error:
        message = f"the event's `{key}` is missing, or no ARN"
        raise EventError(message) from error


def _refuse_contradiction(notice: Notice) -> None:
    """An item of another account than the event's is none to be judged."""
    item = notice.invoking.get("configurationItem") or notice.invoking.get("configurationItemSummary") or {}
    owner = item.get("awsAccountId") if isinstance(item, Mapping) else None
    if owner and owner != notice.place.account:
        message = f"the event is about the account {notice.place.account}, but its item belongs to {owner}"
        raise EventError(message)
