"""What a CloudTrail event, or an access-denied message, says of a request: who, what, and the keys that it holds."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import cast

from orgctl.errors import InvalidInputError
from orgctl.policy.request import Given
from orgctl.policy.ruling import Reported
from orgctl.replay.denial_message import Denial, find_denial
from orgctl.replay.event import event_of
from orgctl.replay.request import Replayed, replay

Fields = Mapping[str, object]

_HINT = "paste the whole message (`User: … is not authorized to perform: …`), or a CloudTrail event as JSON"


@dataclass(frozen=True, slots=True)
class Recorded:
    """A request as a record has it. `caller_account` is the caller's account by id, `recipient` the one that logged it.

    `unknown` are keys that the request has, whose value the record does not hold.
    """

    principal: str
    action: str
    reported: Reported
    caller_account: str | None = None
    recipient: str | None = None
    resource: str | None = None
    resource_account: str | None = None
    context: Mapping[str, Given] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()


def read_records(text: str) -> tuple[Recorded, ...]:
    """The requests of a message or of CloudTrail's JSON; of several events those that were denied, if any were.

    Raises InvalidInputError for a text that is neither.
    """
    try:
        value = json.loads(text)
    except ValueError:
        denial = find_denial(text)
        if denial is None:
            raise InvalidInputError("this is neither an access-denied message nor an event", hint=_HINT) from None
        return (_of_message(denial),)
    events = list(_events(value))
    if not events:
        raise InvalidInputError("there is no CloudTrail event in this JSON", hint=_HINT)
    found = tuple(map(_of_event, events))
    return tuple(each for each in found if not each.reported.allowed) or found


def _events(value: object) -> Iterator[Fields]:
    """Single events, `Records` of a log file, `Events` of LookupEvents, the `detail` of EventBridge, messages."""
    match value:
        case list():
            for each in value:
                yield from _events(each)
        case {"Records": list(inner)} | {"Events": list(inner)}:
            yield from _events(inner)
        case {"CloudTrailEvent": str(text)}:
            yield from _events(json.loads(text))
        case {"detail": dict(inner)}:
            yield from _events(inner)
        case {"eventSource": str(), "eventName": str()}:
            yield cast(Fields, value)


def _of_message(denial: Denial) -> Recorded:
    region = _arn_field(denial.resource, 3)
    return Recorded(
        denial.principal,
        denial.action,
        denial.reported,
        _arn_field(denial.principal, 4),
        None,
        _usable(denial.resource),
        unknown=() if region else ("aws:RequestedRegion",),
    )


def _of_event(record: Fields) -> Recorded:
    event = event_of(record)
    replayed = replay(event)
    denial = find_denial(event.error_message or "")
    action = denial.action if denial else replayed.action.action
    if not event.is_call or replayed.caller.principal is None or action is None:
        raise _unanswerable(replayed)
    told, resources = replayed.circumstances, replayed.resources
    recorded = resources.arns[0] if len(resources.arns) == 1 and resources.reason is None else None
    return Recorded(
        replayed.caller.principal.text,
        action,
        denial.reported if denial else Reported(allowed=not event.refused),
        replayed.caller.account or None,
        event.recipient_account_id,
        (_usable(denial.resource) if denial else None) or recorded,
        replayed.owner,
        {**told.known, **dict.fromkeys(told.absent, ())},
        replayed.caller.hidden,
    )


def _unanswerable(replayed: Replayed) -> InvalidInputError:
    """Why an event cannot be asked about."""
    hint = "ask with `--account`, `--action` and what else you know of the request"
    return InvalidInputError(
        f"the event `{replayed.event.event_name}` cannot be asked about: {replayed.reason}", hint=hint
    )


def _usable(resource: str | None) -> str | None:
    """A message's resource, if it is one; some services write a name there."""
    return resource if resource and (resource == "*" or resource.count(":") >= 5) else None


def _arn_field(arn: str | None, number: int) -> str | None:
    parts = (arn or "").split(":", 5)
    return parts[number] or None if len(parts) == 6 else None
