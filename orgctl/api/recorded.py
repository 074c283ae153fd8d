"""What a CloudTrail event, or an access-denied message, says of a request: who, what, and the keys that it holds.

Source of the fields: "CloudTrail record contents" and "CloudTrail userIdentity element", AWS CloudTrail User Guide.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import cast

from orgctl.api.denial_message import Denial, find_denial
from orgctl.api.event_actions import action_of
from orgctl.errors import InvalidInputError
from orgctl.policy.request import Given
from orgctl.policy.ruling import Reported

Fields = Mapping[str, object]

_SERVICE = re.compile(r"[a-z0-9.-]+\.amazonaws\.com(?:\.cn)?|AWS Internal")
_DENIED = re.compile(r"AccessDenied|Unauthorized|Forbidden|NotAuthorized", re.IGNORECASE)
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


def _of_event(event: Fields) -> Recorded:
    principal, context, unknown = _caller(event)
    message = event.get("errorMessage")
    denial = find_denial(message) if isinstance(message, str) else None
    resource, owner = _resource(event)
    action = action_of(str(event["eventSource"]), str(event["eventName"]))
    code = str(event.get("errorCode") or "")
    found = Recorded(
        principal,
        action,
        Reported(allowed=not _DENIED.search(code)),
        _text(_fields(event, "userIdentity"), "accountId") or _arn_field(principal, 4),
        _text(event, "recipientAccountId"),
        resource,
        owner,
        {**context, **_circumstances(event)},
        unknown,
    )
    if denial is None:
        return found
    return replace(found, action=denial.action, resource=_usable(denial.resource) or resource, reported=denial.reported)


def _caller(event: Fields) -> tuple[str, dict[str, Given], tuple[str, ...]]:
    """The principal, the keys that tell of it, and those that it has without the record telling."""
    identity = _fields(event, "userIdentity")
    kind, arn, account = _text(identity, "type"), _text(identity, "arn"), _text(identity, "accountId")
    if kind == "AWSService":
        return _text(identity, "invokedBy") or str(event["eventSource"]), {}, ()
    if kind == "AWSAccount" and not arn and account:
        hidden = ("aws:PrincipalArn", "aws:PrincipalType", "aws:username", "aws:userid")
        return f"arn:aws:iam::{account}:role/not-recorded", {}, hidden
    if not arn:
        hint = "CloudTrail names no caller with an ARN here: it was not (yet) a principal of IAM"
        raise InvalidInputError(f"a caller of the type `{kind or 'none'}` cannot be asked about", hint=hint)
    session = _fields(identity, "sessionContext")
    context = _session(session) if session or kind != "IAMUser" else dict(_LONG_TERM)
    if identifier := _text(identity, "principalId"):
        context["aws:userid"] = identifier
    return arn, context, ("aws:ViaAWSService",) if _text(identity, "invokedBy") else ()


_LONG_TERM: Mapping[str, Given] = dict.fromkeys(
    ("aws:MultiFactorAuthPresent", "aws:MultiFactorAuthAge", "aws:TokenIssueTime"), ()
)
"""Keys that a request with long-term credentials does not have; CloudTrail writes no session for them."""

_NO_ENDPOINT: Mapping[str, Given] = dict.fromkeys(
    ("aws:SourceVpc", "aws:SourceVpcArn", "aws:SourceVpce", "aws:VpcSourceIp", "aws:VpceAccount", "aws:VpceOrgID"), ()
)
"""Keys that only a request by way of a VPC endpoint has; CloudTrail would name the endpoint."""


def _session(session: Fields) -> dict[str, Given]:
    """Keys of a session with temporary credentials."""
    attributes, issuer = _fields(session, "attributes"), _fields(session, "sessionIssuer")
    found = {
        "aws:PrincipalArn": _text(issuer, "arn") if _text(issuer, "type") == "Role" else None,
        "aws:MultiFactorAuthPresent": _text(attributes, "mfaAuthenticated"),
        "aws:TokenIssueTime": _text(attributes, "creationDate"),
        "aws:FederatedProvider": _text(_fields(session, "webIdFederationData"), "federatedProvider"),
        "aws:SourceIdentity": _text(session, "sourceIdentity"),
        "aws:AssumedRoot": _text(session, "assumedRoot"),
        "ec2:RoleDelivery": _text(session, "ec2RoleDelivery"),
    }
    return {key: value for key, value in found.items() if value is not None}


def _circumstances(event: Fields) -> dict[str, Given]:
    source = _text(event, "sourceIPAddress")
    invoked = _text(_fields(event, "userIdentity"), "invokedBy")
    found = {
        "aws:RequestedRegion": _text(event, "awsRegion"),
        "aws:SourceIp": None if source is None or _SERVICE.fullmatch(source) else source,
        "aws:UserAgent": _text(event, "userAgent"),
        "aws:CurrentTime": _text(event, "eventTime"),
        "aws:SourceVpce": _text(event, "vpcEndpointId"),
        "aws:VpceAccount": _text(event, "vpcEndpointAccountId"),
        "aws:SecureTransport": "true" if _fields(event, "tlsDetails") else None,
        "aws:ViaAWSService": None if invoked else "false",
    }
    if found["aws:SourceVpce"] and found["aws:SourceIp"]:
        found["aws:VpcSourceIp"] = found.pop("aws:SourceIp")
    none = {} if found["aws:SourceVpce"] else _NO_ENDPOINT
    return {**none, **{key: value for key, value in found.items() if value is not None}}


def _resource(event: Fields) -> tuple[str | None, str | None]:
    """The resource's ARN and account, if the record has one that is beyond doubt."""
    listed = event.get("resources")
    named = [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []
    arns = [(arn, _text(each, "accountId")) for each in named if (arn := _text(each, "ARN") or _text(each, "arn"))]
    if len(arns) == 1:
        return arns[0]
    bucket, key = (_text(_fields(event, "requestParameters"), name) for name in ("bucketName", "key"))
    if event["eventSource"] == "s3.amazonaws.com" and bucket:
        owners = {owner for _, owner in arns if owner}
        return f"arn:aws:s3:::{bucket}{f'/{key}' if key else ''}", owners.pop() if len(owners) == 1 else None
    return None, None


def _usable(resource: str | None) -> str | None:
    """A message's resource, if it is one; some services write a name there."""
    return resource if resource and (resource == "*" or resource.count(":") >= 5) else None


def _fields(fields: Fields, name: str) -> Fields:
    found = fields.get(name)
    return found if isinstance(found, dict) else {}


def _text(fields: Fields, name: str) -> str | None:
    found = fields.get(name)
    return found if isinstance(found, str) and found else None


def _arn_field(arn: str | None, number: int) -> str | None:
    parts = (arn or "").split(":", 5)
    return parts[number] or None if len(parts) == 6 else None
