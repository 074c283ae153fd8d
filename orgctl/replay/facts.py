"""From record to row, and from row to requests: whatever is asked about a call is asked by way of its columns.

row = row_of(event)             what is kept of a record
request_of(row, simulator)      the requests that AWS had to decide, as far as the row tells
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import lru_cache
from socket import AF_INET, AF_INET6, inet_pton
from typing import TYPE_CHECKING

from orgctl.lint.catalogue import actions
from orgctl.policy.exemptions import binding_of_scps
from orgctl.policy.layers import Organization
from orgctl.policy.matching import is_arn
from orgctl.policy.principal import Principal, PrincipalKind
from orgctl.policy.request import Given, Request, text_of
from orgctl.replay.actions import Mapped
from orgctl.replay.circumstances import Circumstances, seconds_of
from orgctl.replay.columns import Exempt, Row
from orgctl.replay.denial_message import find_denial
from orgctl.replay.event import Event
from orgctl.replay.keys import RECORDED, hidden_of, told_by
from orgctl.replay.principals import Caller
from orgctl.replay.request import Replayed, replay
from orgctl.replay.resources import Resources

if TYPE_CHECKING:
    from orgctl.simulator import Simulator

_EARLIEST = 2000
"""CloudTrail is younger; a record of a year before that tells no time."""

_IN_COLUMNS = frozenset((*(key.name for key in RECORDED.values()), "aws:SecureTransport", "aws:ViaAWSService"))


def request_of(row: Row, simulator: Simulator) -> tuple[Request, ...]:
    """A request for each resource of the call, in that organization; none if `row.why` says why there can be none.

    Raises KeyError if neither caller nor owner nor recorder is an account of the organization.
    """
    return replayed_of(row).requests(simulator)


def row_of(event: Event) -> Row:
    """What is kept of a record."""
    return row_of_call(replay(event))


def row_of_call(call: Replayed) -> Row:
    """What is kept of a call; the columns of what was left out of it are not known."""
    event = call.event
    parts = when_of(event) | who_of(call) | what_of(call) | end_of(event)
    return Row.of({"event_id": event.event_id or "", **parts})


def when_of(event: Event) -> dict[str, object]:
    """The columns that hang on the time alone."""
    known = event.event_time and seconds_of(event.event_time)
    moment = _moment(event.event_time) if known else None
    return {"time": moment, "day": moment.date() if moment else None}


def who_of(call: Replayed) -> dict[str, object]:
    """The columns that hang on who called, and from where."""
    event, told = call.event, _but(call.circumstances, call.caller.hidden)
    principal, _ = _principal(call.caller, None)
    arn = call.caller.arn
    public, private = _text(told, "aws:SourceIp"), _text(told, "aws:VpcSourceIp")
    ipv4, ipv6 = numbers_of(public or private)
    direct = "aws:ViaAWSService" in told.known
    return {
        "region": _text(told, "aws:RequestedRegion"),
        "caller": principal.text if principal else None,
        "principal": arn if principal else None,
        "principal_type": principal.kind.value if principal else None,
        "principal_account": principal.account if principal else call.caller.account,
        "long_term": "aws:TokenIssueTime" in told.absent,
        "user_id": _text(told, "aws:userid"),
        "user_name": _user_name(principal) if arn else None,
        "mfa": _flag(told, "aws:MultiFactorAuthPresent"),
        "session_start": _moment(_text(told, "aws:TokenIssueTime")),
        "source_identity": _or_empty(told, "aws:SourceIdentity"),
        "role_delivery": _or_empty(told, "ec2:RoleDelivery"),
        "federated_provider": _text(told, "aws:FederatedProvider"),
        "assumed_root": _flag(told, "aws:AssumedRoot"),
        "source_ip": public,
        "vpc_source_ip": private,
        "ipv4": ipv4,
        "ipv6": ipv6,
        "via_service": "" if direct else event.identity.invoked_by or event.source_address or None,
        "vpce": _or_empty(told, "aws:SourceVpce"),
        "vpce_account": _text(told, "aws:VpceAccount"),
        "tls": (event.tls_details.tls_version or "") if event.tls_details else None,
        "user_agent": _text(told, "aws:UserAgent"),
        "exempt": _exempt(principal, arn) if principal else None,
        "parameters": _parameters(told),
    }


def what_of(call: Replayed) -> dict[str, object]:
    """The columns that hang on what was asked, and of the caller only on its account, and on whether it can be told."""
    event, arns = call.event, call.resources.arns
    resource = arns[0] if len(arns) == 1 and not call.resources.reason else None
    return {
        "source": event.event_source,
        "name": event.event_name,
        "action": call.action.action.lower() if call.action.action else None,
        "why": why_not(call),
        "read_only": event.read_only,
        "recipient": event.recipient_account_id,
        "resource": resource,
        "resources": json.dumps(arns) if arns and not resource else None,
        "resource_why": call.resources.reason,
        "resource_account": _owner(call, resource),
    }


def why_not(call: Replayed) -> str | None:
    """Why nothing can be asked about a call; None if something can."""
    return _principal(call.caller, call.reason)[1]


def end_of(event: Event) -> dict[str, object]:
    """The columns that hang on how the call ended."""
    return {"error_code": event.error_code, "refused": event.refused, "denied_by": _denied_by(event.error_message)}


def _denied_by(message: str | None) -> str | None:
    denial = find_denial(message) if message else None
    return denial.reported.policy if denial else None


def replayed_of(row: Row) -> Replayed:
    """The call again, as far as its row tells."""
    event = Event(row.event_id, event_source=row.source, event_name=row.name, recipient_account_id=row.recipient)
    return Replayed(
        event,
        caller_in(row),
        Mapped(_spelled(row.action), None if row.action else row.why),
        _resources_of(row),
        told_by(row),
        row.resource_account,
        row.why,
    )


def caller_in(row: Row) -> Caller:
    """Who called, as far as the row tells."""
    return _caller_of(row.caller, row.principal, row.principal_type, row.principal_account, row.why)


def _principal(caller: Caller, why: str | None) -> tuple[Principal | None, str | None]:
    """Who called, unless what stands for it is nothing that could be read again; and why nothing can be asked."""
    principal = caller.principal
    if principal and _kind_of(principal.text) is not principal.kind:
        return None, why or "the record does not say which service called"
    if caller.arn and not is_arn(caller.arn):
        return None, why or f"the caller's ARN `{caller.arn}` is none"
    return principal, why


@lru_cache(maxsize=65536)
def _kind_of(text: str) -> PrincipalKind:
    """What one would take for the caller who is told by that text alone."""
    return Principal.parse(text).kind


@lru_cache(maxsize=65536)
def _caller_of(text: str | None, arn: str | None, kind: str | None, account: str, why: str | None) -> Caller:
    if text is None or kind is None:
        return Caller(None, account=account, reason=why)
    principal = Principal.parse(text)
    linked = bool(arn and Principal.parse(arn).service_linked)
    return Caller(principal, arn, account, linked, hidden_of(principal.kind, arn))


@lru_cache(maxsize=65536)
def _spelled(action: str | None) -> str | None:
    """As AWS spells the action."""
    return actions(action.partition(":")[0])[action] if action else None


def _resources_of(row: Row) -> Resources:
    if row.resource is not None:
        return Resources((row.resource,))
    return Resources(tuple(json.loads(row.resources or "[]")), row.resource_why)


def _but(told: Circumstances, hidden: tuple[str, ...]) -> Circumstances:
    """Without what is not known in spite of the record: some callers are told of in the place of others."""
    if not hidden:
        return told
    known = {key: value for key, value in told.known.items() if key not in hidden}
    return Circumstances(known, tuple(key for key in told.absent if key not in hidden))


def _text(told: Circumstances, key: str) -> str | None:
    value = told.known.get(key)
    return text_of(value) if isinstance(value, str | bool | int | float) and value != "" else None


def _or_empty(told: Circumstances, key: str) -> str | None:
    return "" if key in told.absent else _text(told, key)


def _flag(told: Circumstances, key: str) -> bool | None:
    value = told.known.get(key)
    return value if isinstance(value, bool) else None


@lru_cache(maxsize=65536)
def _moment(text: str | None) -> datetime | None:
    """The time in UTC, without an offset; what has none is taken for UTC."""
    try:
        found = datetime.fromisoformat(text or "")
        found = found.astimezone(UTC).replace(tzinfo=None) if found.tzinfo else found
    except (ValueError, OverflowError):
        return None
    return found if found.year >= _EARLIEST else None


@lru_cache(maxsize=65536)
def numbers_of(address: str | None) -> tuple[int | None, str | None]:
    """The columns `ipv4` and `ipv6` of an address; neither for what is not readable as one."""
    try:
        return int.from_bytes(inet_pton(AF_INET, address or ""), "big"), None
    except (OSError, ValueError):
        pass
    try:
        return None, inet_pton(AF_INET6, address or "").hex()
    except (OSError, ValueError):
        return None, None


def _user_name(principal: Principal | None) -> str | None:
    return principal.name.rpartition("/")[2] if principal and principal.kind is PrincipalKind.USER else None


@lru_cache(maxsize=65536)
def _exempt(principal: Principal, arn: str | None) -> Exempt | None:
    """Why SCPs do not bind the caller, as far as that does not hang on the organization."""
    if principal.kind is PrincipalKind.SERVICE:
        return Exempt.SERVICE
    if not principal.account:
        return Exempt.OUTSIDE
    request = Request("", "", principal, context={"aws:principalarn": arn} if arn else {})
    bound = binding_of_scps(request, Organization()).bound
    if bound is None:
        return Exempt.UNCLEAR
    return None if bound else Exempt.SERVICE_LINKED_ROLE


def _owner(call: Replayed, resource: str | None) -> str | None:
    """The owner of the one resource: as told, else as its ARN says, else the caller."""
    principal = call.caller.principal
    if call.owner is not None or principal is None or resource is None:
        return call.owner
    return Request("", resource, principal).owner


def _parameters(told: Circumstances) -> str | None:
    """The keys that have no column of their own."""
    further: dict[str, Given | None] = {key: value for key, value in told.known.items() if key not in _IN_COLUMNS}
    further |= dict.fromkeys(key for key in told.absent if key not in _IN_COLUMNS)
    return json.dumps(further) if further else None
