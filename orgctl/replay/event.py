"""One CloudTrail record as typed fields: those that tell of a request, and no more.

Records are read as they are, not as they ought to be: a field of another type than documented is taken for not
readable, which is something else than absent, and the rest of the record still counts. Source of the fields:
"CloudTrail record contents" and "CloudTrail userIdentity element", AWS CloudTrail User Guide.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from types import MappingProxyType
from typing import Any, TypeVar, get_args

import msgspec

_DENIED = re.compile(r"AccessDenied|Unauthorized|NotAuthorized|Forbidden|AuthorizationError", re.IGNORECASE)
_NOT_AUTHORIZED = re.compile(r"is not authorized to perform: ")
_CALLS = frozenset((None, "", "AwsApiCall"))
_NOTHING = b"null"

S = TypeVar("S", bound="_Fields")


class _Fields(msgspec.Struct, frozen=True, rename="camel"):
    """Fields of a JSON object; others are passed over."""


class Issuer(_Fields, frozen=True):
    """Who issued a session's credentials: a role, with its path, or a user."""

    type: str | None = None
    arn: str | None = None
    account_id: str | None = None


class Attributes(_Fields, frozen=True):
    """When a session began, and whether with multi-factor authentication."""

    mfa_authenticated: bool | None = None
    creation_date: str | None = None


class Federation(_Fields, frozen=True):
    """Which provider of web identities vouched for the caller."""

    federated_provider: str | None = None


class Session(_Fields, frozen=True):
    """The session of a call with temporary credentials."""

    session_issuer: Issuer | None = None
    attributes: Attributes | None = None
    web_id_federation_data: Federation | None = None
    source_identity: str | None = None
    assumed_root: bool | None = None
    ec2_role_delivery: str | float | None = None


class Identity(_Fields, frozen=True):
    """Who called. Services, and callers from outside, lack most of it; `type` itself may be absent."""

    type: str | None = None
    arn: str | None = None
    account_id: str | None = None
    principal_id: str | None = None
    user_name: str | None = None
    invoked_by: str | None = None
    identity_provider: str | None = None
    session_context: Session | None = None


class Resource(_Fields, frozen=True):
    """A resource that a record lists; some have an `ARNPrefix` only, which tells of no resource in particular."""

    arn: str | None = msgspec.field(default=None, name="ARN")
    lower_arn: str | None = msgspec.field(default=None, name="arn")
    account_id: str | None = None


class Tls(_Fields, frozen=True):
    """How the connection was encrypted."""

    tls_version: str | None = None


class Event(_Fields, frozen=True):
    """One record. A field that is absent, null or empty is None; a list that is not there is empty.

    `unread` names the fields (`userIdentity.accountId`) that are there but not readable: what follows from them is not
    known.
    """

    event_id: str | None = msgspec.field(default=None, name="eventID")
    event_time: str | None = None
    event_source: str = ""
    event_name: str = ""
    event_type: str | None = None
    aws_region: str | None = None
    source_address: str | None = msgspec.field(default=None, name="sourceIPAddress")
    user_agent: str | None = None
    error_code: str | None = None
    error_message: str | None = None
    recipient_account_id: str | None = None
    vpc_endpoint_id: str | None = None
    vpc_endpoint_account_id: str | None = None
    read_only: bool | None = None
    user_identity: Identity | None = None
    resources: tuple[Resource | None, ...] | None = None
    tls_details: Tls | None = None
    request_parameters: msgspec.Raw = msgspec.Raw(_NOTHING)
    unread: tuple[str, ...] = ()

    @property
    def identity(self) -> Identity:
        """Who called; one without any field if the record does not say."""
        return self.user_identity or _NOBODY

    @property
    def is_call(self) -> bool:
        """Whether it records an API call, and not something that a service reports."""
        return self.event_type in _CALLS

    @property
    def refused(self) -> bool:
        """Whether AWS refused the call for want of permission already."""
        if self.error_message and _NOT_AUTHORIZED.search(self.error_message):
            return True
        return bool(self.error_code and _DENIED.search(self.error_code))

    @property
    def parameters(self) -> Mapping[str, object]:
        """The request's parameters; none where the record hides or lacks them."""
        return _parameters(bytes(self.request_parameters))

    @property
    def arns(self) -> tuple[tuple[str, str | None], ...]:
        """The ARNs of the resources that the record lists, each with the account that owns it, if said."""
        if not self.resources:
            return ()
        listed = ((each, each.arn or each.lower_arn) for each in self.resources if each)
        return tuple((arn, each.account_id or None) for each, arn in listed if arn)


@lru_cache(maxsize=64)
def _parameters(raw: bytes) -> Mapping[str, object]:
    """Decoded once, though several ask for them."""
    found: object = msgspec.json.decode(raw) if raw[:1] == b"{" else None
    return MappingProxyType(found if isinstance(found, dict) else {})


_NOBODY = Identity()
_decode = msgspec.json.Decoder(Event, strict=False).decode


def event_of(record: Mapping[str, object]) -> Event:
    """A record that is decoded already, as an event."""
    return decode_event(msgspec.json.encode(record))


def decode_event(record: bytes | msgspec.Raw) -> Event:
    """The JSON text of one record as an event. Raises msgspec.DecodeError for what is no JSON object."""
    try:
        return _decode(record)
    except msgspec.ValidationError:
        return _piecemeal(record)


def _piecemeal(record: bytes | msgspec.Raw) -> Event:
    """The event without the fields that cannot be read."""
    fields = msgspec.json.decode(record, type=dict[str, Any])
    unread: list[str] = []
    made = _readable(Event, {key: value for key, value in fields.items() if key != "requestParameters"}, unread, "")
    parameters = msgspec.Raw(msgspec.json.encode(fields.get("requestParameters")))
    return msgspec.structs.replace(made, request_parameters=parameters, unread=tuple(unread))


def _readable(kind: type[S], fields: Mapping[str, Any], unread: list[str], path: str) -> S:
    found: dict[str, Any] = {}
    for each in _fields_of(kind):
        value = fields.get(each.encode_name)
        inner = _struct_in(each.type)
        if inner and isinstance(value, dict):
            found[each.name] = _readable(inner, value, unread, f"{path}{each.encode_name}.")
        elif value is not None:
            try:
                found[each.name] = msgspec.convert(value, each.type, strict=False)
            except msgspec.ValidationError:
                unread.append(f"{path}{each.encode_name}")
    return kind(**found)


@cache
def _fields_of(kind: type[_Fields]) -> tuple[msgspec.structs.FieldInfo, ...]:
    return tuple(each for each in msgspec.structs.fields(kind) if each.name != "unread")


def _struct_in(kind: Any) -> type[Any] | None:  # Any: what a type annotation evaluates to
    return next((each for each in _members(kind) if isinstance(each, type) and issubclass(each, _Fields)), None)


def _members(kind: Any) -> Iterator[Any]:
    yield kind
    yield from get_args(kind)
