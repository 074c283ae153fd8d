"""Which context keys a recorded call had, as far as its record tells: with which value, or that it had none.

Whatever is neither in the one nor in the other answer is not known. Sources: "AWS global condition context keys", IAM
User Guide (Availability of each key); "CloudTrail record contents", AWS CloudTrail User Guide.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from ipaddress import ip_address

from orgctl.policy.principal import PrincipalKind
from orgctl.policy.request import Given
from orgctl.replay.event import Event, Session
from orgctl.replay.principals import Caller

_SERVICE = re.compile(r"[a-z0-9.-]+\.amazonaws\.com(?:\.cn)?|AWS Internal")
_OF_SESSIONS = ("aws:MultiFactorAuthPresent", "aws:MultiFactorAuthAge", "aws:TokenIssueTime")
_OF_ENDPOINTS = (
    *("aws:SourceVpc", "aws:SourceVpcArn", "aws:SourceVpce", "aws:VpcSourceIp"),
    *("aws:VpceAccount", "aws:VpceOrgID", "aws:VpceOrgPaths"),
)
_OF_CHAINS = ("aws:CalledVia", "aws:CalledViaFirst", "aws:CalledViaLast")


@dataclass(frozen=True, slots=True)
class Circumstances:
    """Keys with their values, and keys that the request did not have."""

    known: Mapping[str, Given]
    absent: tuple[str, ...]


def circumstances_of(event: Event, caller: Caller) -> Circumstances:
    """What a record tells of the context, beside what follows from who the caller is."""
    known: dict[str, Given] = {}
    absent: list[str] = []
    pairs = [*_of_caller(caller, event), *_of_call(event), *_of_network(event)]
    for key, value in pairs:
        if value is None:
            absent.append(key)
        else:
            known[key] = value
    return Circumstances(known, tuple(absent))


_Pairs = Iterator[tuple[str, Given | None]]
"""Keys with a value, or None for a key that the request did not have."""


def _of_caller(caller: Caller, event: Event) -> _Pairs:
    if caller.principal is None or caller.principal.kind is PrincipalKind.SERVICE:
        return
    if caller.arn:
        yield "aws:PrincipalArn", caller.arn
    if event.identity.principal_id and caller.account:
        yield "aws:userid", event.identity.principal_id
    session = event.identity.session_context
    if session:
        yield from _of_session(session, event)
    elif caller.principal.kind is PrincipalKind.USER and not _is_unread(event, "userIdentity.sessionContext"):
        yield from ((key, None) for key in _OF_SESSIONS)
        yield "aws:SourceIdentity", None
        yield "ec2:RoleDelivery", None


def _of_session(session: Session, event: Event) -> _Pairs:
    """Keys of temporary credentials."""
    attributes = session.attributes
    if attributes and attributes.mfa_authenticated is not None:
        yield "aws:MultiFactorAuthPresent", attributes.mfa_authenticated
        if not attributes.mfa_authenticated:
            yield "aws:MultiFactorAuthAge", None
    if attributes and attributes.creation_date:
        yield "aws:TokenIssueTime", attributes.creation_date
    if session.web_id_federation_data and session.web_id_federation_data.federated_provider:
        yield "aws:FederatedProvider", session.web_id_federation_data.federated_provider
    if session.assumed_root is not None:
        yield "aws:AssumedRoot", session.assumed_root
    if not _is_unread(event, "userIdentity.sessionContext.sourceIdentity"):
        yield "aws:SourceIdentity", session.source_identity or None
    if not _is_unread(event, "userIdentity.sessionContext.ec2RoleDelivery"):
        yield "ec2:RoleDelivery", session.ec2_role_delivery or None


def _of_call(event: Event) -> _Pairs:
    """When and how it was called, and by whom on the way."""
    if event.aws_region:
        yield "aws:RequestedRegion", event.aws_region
    if event.event_time and (epoch := seconds_of(event.event_time)):
        yield "aws:CurrentTime", event.event_time
        yield "aws:EpochTime", epoch
    if event.user_agent and not _SERVICE.fullmatch(event.user_agent):
        yield "aws:UserAgent", event.user_agent
    if event.tls_details:
        yield "aws:SecureTransport", True
    unread = _is_unread(event, "userIdentity.invokedBy") or _is_unread(event, "sourceIPAddress")
    if not event.identity.invoked_by and not unread and _is_address(event.source_address):
        yield "aws:ViaAWSService", False
        yield from ((key, None) for key in _OF_CHAINS)


def _of_network(event: Event) -> _Pairs:
    """Where it came from: by way of a VPC endpoint, the address is the private one."""
    address = event.source_address if _is_address(event.source_address) else None
    if event.vpc_endpoint_id:
        yield "aws:SourceVpce", event.vpc_endpoint_id
        yield "aws:SourceIp", None
        if address:
            yield "aws:VpcSourceIp", address
        if event.vpc_endpoint_account_id:
            yield "aws:VpceAccount", event.vpc_endpoint_account_id
        return
    if address:
        yield "aws:SourceIp", address
    if not _is_unread(event, "vpcEndpointId"):
        yield from ((key, None) for key in _OF_ENDPOINTS)


def _is_unread(event: Event, field: str) -> bool:
    """Whether the record has the field, or one around it, in a shape that cannot be read."""
    return any(field == each or field.startswith(f"{each}.") for each in event.unread)


@lru_cache(maxsize=65536)
def _is_address(text: str | None) -> bool:
    try:
        return bool(text and ip_address(text))
    except ValueError:
        return False


def seconds_of(time: str) -> int | None:
    """The seconds of a time since 1970; None for what is none."""
    try:
        return int(datetime.fromisoformat(time).timestamp())
    except ValueError:
        return None
