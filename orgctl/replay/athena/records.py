"""The fields of CloudTrail's table that tell of a call, in SQL; and from their values the record again.

A field that a record lacks is NULL. What the table cannot tell from that is a field of another shape than documented:
there is none in it, or the query fails, as Athena's deserializer has it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import msgspec

from orgctl.replay.event import Event, decode_event
from orgctl.replay.sql.logic import text

_SESSION = "useridentity.sessioncontext"


@dataclass(frozen=True, slots=True)
class Field:
    """A field: its name in our SQL, what it is in the table's, and where it stands in a record."""

    name: str
    sql: str
    path: tuple[str, ...]


def _field(name: str, path: str) -> Field:
    keys = tuple(path.split("."))
    return Field(name, path.lower(), keys)


WHO: tuple[Field, ...] = (
    _field("identity_type", "userIdentity.type"),
    _field("identity_arn", "userIdentity.arn"),
    _field("identity_account", "userIdentity.accountId"),
    _field("identity_id", "userIdentity.principalId"),
    _field("invoked_by", "userIdentity.invokedBy"),
    Field("has_session", f"{_SESSION} IS NOT NULL", ("userIdentity", "sessionContext")),
    _field("issuer_arn", "userIdentity.sessionContext.sessionIssuer.arn"),
    _field("session_mfa", "userIdentity.sessionContext.attributes.mfaAuthenticated"),
    _field("session_created", "userIdentity.sessionContext.attributes.creationDate"),
    _field("session_provider", "userIdentity.sessionContext.webIdFederationData.federatedProvider"),
    _field("session_source", "userIdentity.sessionContext.sourceIdentity"),
    _field("session_root", "userIdentity.sessionContext.assumedRoot"),
    _field("session_delivery", "userIdentity.sessionContext.ec2RoleDelivery"),
)
"""Who called."""

CIRCUMSTANCES: tuple[Field, ...] = (
    _field("event_time", "eventTime"),
    _field("source_address", "sourceIPAddress"),
    _field("agent", "userAgent"),
    _field("endpoint", "vpcEndpointId"),
    _field("endpoint_account", "vpcEndpointAccountId"),
    Field("has_tls", "tlsdetails IS NOT NULL", ("tlsDetails",)),
    _field("tls_version", "tlsDetails.tlsVersion"),
)
"""When, from where and how."""

CALL: tuple[Field, ...] = (
    _field("event_source", "eventSource"),
    _field("event_name", "eventName"),
    _field("event_type", "eventType"),
    _field("event_region", "awsRegion"),
    _field("recorder", "recipientAccountId"),
    Field("parameter_text", "requestparameters", ("requestParameters",)),
    Field("resource_text", "json_format(CAST(resources AS JSON))", ("resources",)),
)
"""What was asked."""

END: tuple[Field, ...] = (
    _field("event_id", "eventID"),
    _field("error_code", "errorCode"),
    _field("error_message", "errorMessage"),
)
"""Which event it is, and how it ended."""

FIELDS: tuple[Field, ...] = (*END, *WHO, *CIRCUMSTANCES, *CALL)

_AS_JSON = frozenset(("parameter_text", "resource_text"))
_ARN, _ACCOUNT = "arn", "accountid"


def event_of_fields(values: Mapping[str, object]) -> Event:
    """The record's event, from the values of `FIELDS` by name; those that are not given are not there."""
    record: dict[str, object] = {}
    for field in FIELDS:
        value = values.get(field.name)
        if value is None or value is False:
            continue
        if field.name == "parameter_text":
            _put(record, field.path, msgspec.Raw(_readable(str(value))))
        elif field.name == "resource_text":
            _put(record, field.path, _resources(str(value)))
        else:
            _put(record, field.path, {} if value is True else value)
    return decode_event(msgspec.json.encode(record))


def _put(record: dict[str, object], path: tuple[str, ...], value: object) -> None:
    """Set what stands at a path, unless an object stands there already that only is to be there."""
    *above, last = path
    place = record
    for key in above:
        inner = place.setdefault(key, {})
        place = inner if isinstance(inner, dict) else {}
    if value != {} or last not in place:
        place[last] = value


def _readable(text: str) -> bytes:
    """Request parameters as they were; what is no JSON is no object either, and tells nothing."""
    try:
        json.loads(text)
    except ValueError:
        return b"null"
    return text.encode()


def _resources(text: str) -> list[object]:
    """What a list of rows is as JSON: of objects, or of lists in the order of the table's fields."""
    found = json.loads(text) or []
    return [_resource(each) for each in found]


def _resource(value: object) -> object:
    if isinstance(value, list):
        value = dict(zip((_ARN, "arnprefix", _ACCOUNT, "type"), value, strict=False))
    if not isinstance(value, dict):
        return None
    return {"ARN": value.get(_ARN), "accountId": value.get(_ACCOUNT)}


def query_of_event(table: str, where: str, event_id: str, *, of_copies: bool = False) -> str:
    """The query for all fields of one event. `of_copies`: the table is that of copies."""
    fields = ", ".join(each.name if of_copies else f"{each.sql} AS {each.name}" for each in FIELDS)
    key = "event_id" if of_copies else "eventid"
    return f"SELECT {fields} FROM {table} WHERE {where} AND {key} = {text(event_id)} LIMIT 1"  # noqa: S608 - escaped


def event_of_answer(texts: Sequence[str | None]) -> Event:
    """The event, from a row of that query's answer."""
    values = {each.name: value for each, value in zip(FIELDS, texts, strict=True)}
    flags = {name: values[name] == "true" for name in ("has_session", "has_tls")}
    return event_of_fields({**values, **flags})
