"""The condition keys that a row tells of: in which columns their values stand, and how it shows that there was none.

One table, read in two ways: `told_by` in Python, for the evaluator, and the SQL in it, for what policies compile to. A
key that is not in it, or of which the row shows neither, is not known. What follows from who calls, and from the
organization, stands below it: for the evaluator that comes from `orgctl.policy.implied` and the `Simulator`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum

from orgctl.policy.principal import PrincipalKind
from orgctl.policy.request import Given
from orgctl.replay.circumstances import Circumstances
from orgctl.replay.columns import Row
from orgctl.replay.principals import HIDDEN_OF_FEDERATION, HIDDEN_OF_IDENTITIES, HIDDEN_OF_ROLES


class Shape(Enum):
    """What a column holds of a key; it says how the column is compared."""

    TEXT = "text"
    ARN = "ARN"
    BOOLEAN = "boolean"
    MOMENT = "timestamp"
    EPOCH = "timestamp, of which the key has the seconds"
    ADDRESS = "address, which `ipv4` and `ipv6` hold as well"
    NOTHING = "nothing: only absence is told"


@dataclass(frozen=True, slots=True)
class Sign:
    """That a request cannot have had the key: as SQL that is true or false, and in Python."""

    sql: str
    shows: Callable[[Row], bool]


@dataclass(frozen=True, slots=True)
class RecordedKey:
    """A key, the column of its value, and the signs that there was none. An empty text is no value."""

    name: str
    shape: Shape
    column: str = ""
    signs: tuple[Sign, ...] = ()


def _empty(column: str) -> Sign:
    return Sign(f"coalesce({column} = '', FALSE)", lambda row: getattr(row, column) == "")


_LONG_TERM = Sign("long_term", lambda row: row.long_term)
_WITHOUT_MFA = Sign("coalesce(NOT mfa, FALSE)", lambda row: row.mfa is False)
_NO_SERVICE = _empty("via_service")
_NO_ENDPOINT = _empty("vpce")
_ENDPOINT = Sign("coalesce(vpce <> '', FALSE)", lambda row: bool(row.vpce))

RECORDED: Mapping[str, RecordedKey] = {
    key.name.lower(): key
    for key in (
        RecordedKey("aws:PrincipalArn", Shape.ARN, "principal"),
        RecordedKey("aws:userid", Shape.TEXT, "user_id"),
        RecordedKey("aws:MultiFactorAuthPresent", Shape.BOOLEAN, "mfa", (_LONG_TERM,)),
        RecordedKey("aws:MultiFactorAuthAge", Shape.NOTHING, signs=(_LONG_TERM, _WITHOUT_MFA)),
        RecordedKey("aws:TokenIssueTime", Shape.MOMENT, "session_start", (_LONG_TERM,)),
        RecordedKey("aws:SourceIdentity", Shape.TEXT, "source_identity", (_empty("source_identity"),)),
        RecordedKey("ec2:RoleDelivery", Shape.TEXT, "role_delivery", (_empty("role_delivery"),)),
        RecordedKey("aws:FederatedProvider", Shape.TEXT, "federated_provider"),
        RecordedKey("aws:AssumedRoot", Shape.BOOLEAN, "assumed_root"),
        RecordedKey("aws:RequestedRegion", Shape.TEXT, "region"),
        RecordedKey("aws:CurrentTime", Shape.MOMENT, "time"),
        RecordedKey("aws:EpochTime", Shape.EPOCH, "time"),
        RecordedKey("aws:UserAgent", Shape.TEXT, "user_agent"),
        RecordedKey("aws:CalledVia", Shape.NOTHING, signs=(_NO_SERVICE,)),
        RecordedKey("aws:CalledViaFirst", Shape.NOTHING, signs=(_NO_SERVICE,)),
        RecordedKey("aws:CalledViaLast", Shape.NOTHING, signs=(_NO_SERVICE,)),
        RecordedKey("aws:SourceIp", Shape.ADDRESS, "source_ip", (_ENDPOINT,)),
        RecordedKey("aws:VpcSourceIp", Shape.ADDRESS, "vpc_source_ip", (_NO_ENDPOINT,)),
        RecordedKey("aws:SourceVpce", Shape.TEXT, "vpce", (_NO_ENDPOINT,)),
        RecordedKey("aws:VpceAccount", Shape.TEXT, "vpce_account", (_NO_ENDPOINT,)),
        RecordedKey("aws:SourceVpc", Shape.NOTHING, signs=(_NO_ENDPOINT,)),
        RecordedKey("aws:SourceVpcArn", Shape.NOTHING, signs=(_NO_ENDPOINT,)),
        RecordedKey("aws:VpceOrgID", Shape.NOTHING, signs=(_NO_ENDPOINT,)),
        RecordedKey("aws:VpceOrgPaths", Shape.NOTHING, signs=(_NO_ENDPOINT,)),
    )
}
"""By name in lower case."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A value that a key has where some SQL is true."""

    when: str
    value: str


CHOSEN: Mapping[str, tuple[Choice, ...]] = {
    "aws:securetransport": (Choice("tls IS NOT NULL", "true"),),
    "aws:viaawsservice": (Choice("via_service = ''", "false"),),
    "aws:principalisawsservice": (
        Choice(f"principal_type = '{PrincipalKind.SERVICE.value}'", "true"),
        Choice(f"principal_type <> '{PrincipalKind.SERVICE.value}'", "false"),
    ),
}
"""Keys whose value follows from columns that hold something else."""

DERIVED: Mapping[str, tuple[Shape, str]] = {
    "aws:principalaccount": (Shape.TEXT, "nullif(principal_account, '')"),
    "aws:principalservicename": (
        Shape.TEXT,
        f"CASE WHEN principal_type = '{PrincipalKind.SERVICE.value}' THEN caller END",
    ),
    "aws:username": (Shape.TEXT, "user_name"),
    "aws:resourceaccount": (Shape.TEXT, "nullif(resource_account, '')"),
}
"""Keys that follow from who calls what, as SQL."""


def told_by(row: Row) -> Circumstances:
    """What a row tells of the context, beside what follows from who the caller is."""
    known: dict[str, Given] = {}
    for key in _IN_COLUMNS:
        held = getattr(row, key.column)
        if held is not None and held != "":
            known[key.name] = _given(key.shape, held)
    absent = [name for sign, names in _SIGNED if sign.shows(row) for name in names if name not in known]
    if row.tls is not None:
        known["aws:SecureTransport"] = True
    if row.via_service == "":
        known["aws:ViaAWSService"] = False
    for name, found in _further(row):
        if found is None:
            absent.append(name)
        else:
            known[name] = found
    return Circumstances(known, tuple(dict.fromkeys(absent)))


_IN_COLUMNS = tuple(key for key in RECORDED.values() if key.column)
_SIGNED = tuple(
    (sign, tuple(key.name for key in RECORDED.values() if sign in key.signs))
    for sign in dict.fromkeys(sign for key in RECORDED.values() for sign in key.signs)
)
"""Each sign with the keys that it shows to be absent."""


def _given(shape: Shape, held: object) -> Given:
    if not isinstance(held, datetime):
        return held if isinstance(held, str | bool | int) else str(held)
    moment = held.replace(tzinfo=UTC)
    return int(moment.timestamp()) if shape is Shape.EPOCH else moment.isoformat().replace("+00:00", "Z")


def _further(row: Row) -> Iterator[tuple[str, Given | None]]:
    yield from json.loads(row.parameters or "{}").items()


def hidden_of(kind: PrincipalKind, principal: str | None) -> tuple[str, ...]:
    """The keys that a caller had, or may have had, of which the row says nothing: by its kind and recorded ARN."""
    if kind is PrincipalKind.ANONYMOUS:
        return HIDDEN_OF_FEDERATION
    if principal or kind is PrincipalKind.SERVICE:
        return ()
    return HIDDEN_OF_IDENTITIES if kind is PrincipalKind.ROLE else HIDDEN_OF_ROLES
