"""Context keys that follow from who asks for what, so that nobody has to write them out.

Each value that is more than a restatement of the request is an assumption, and is said: an answer must not hang on a
default that its reader does not see. Source: "AWS global condition context keys", IAM User Guide.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from orgctl.policy.principal import Principal, PrincipalKind
from orgctl.policy.template import Value

_SESSION = re.compile(r"arn:([^:]*):sts::(\d{12}):assumed-role/([^/]+)/.+")
_IDENTITY_CENTER = "AWSReservedSSO_"

TYPES = {
    PrincipalKind.ROOT: "Account",
    PrincipalKind.USER: "User",
    PrincipalKind.ROLE: "AssumedRole",
    PrincipalKind.SESSION: "AssumedRole",
    PrincipalKind.FEDERATED: "FederatedUser",
    PrincipalKind.ANONYMOUS: "Anonymous",
}
"""Source: the table "Principal key values", in "IAM policy elements: Variables and tags"."""


@dataclass(frozen=True, slots=True)
class Implied:
    """Keys with their values, keys that the caller must have but whose value is not known, and what was assumed."""

    context: Mapping[str, Value] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()
    assumptions: tuple[str, ...] = ()


def implied(caller: Principal, owner: str | None = None) -> Implied:
    """What a caller and the account that owns the resource imply. Whatever the request itself says goes before it.

    The ARN of a role session lacks the role's path: `aws:PrincipalArn` is assumed to have none, and left unknown for
    the roles of IAM Identity Center, whose path may hold a region.
    """
    owned: dict[str, Value] = {"aws:ResourceAccount": owner} if owner else {}
    if caller.kind is PrincipalKind.SERVICE:
        service: dict[str, Value] = {"aws:PrincipalIsAWSService": "true", "aws:PrincipalServiceName": caller.text}
        return Implied({**owned, **service})
    if not caller.account:
        return Implied({**owned, **_type(caller), "aws:PrincipalIsAWSService": "false"})
    context: dict[str, Value] = {
        **owned,
        **_type(caller),
        "aws:PrincipalIsAWSService": "false",
        "aws:PrincipalAccount": caller.account,
        **({"aws:username": caller.name.rpartition("/")[2]} if caller.kind is PrincipalKind.USER else {}),
    }
    return _with_arn(caller, context)


def _type(caller: Principal) -> dict[str, Value]:
    return {"aws:PrincipalType": TYPES[caller.kind]} if caller.kind in TYPES else {}


def _with_arn(caller: Principal, context: dict[str, Value]) -> Implied:
    session = _SESSION.fullmatch(caller.text)
    if session is None:
        arn = caller.text if caller.text.startswith("arn:") else f"arn:aws:iam::{caller.account}:root"
        assumed = () if arn == caller.text else (f"`aws:PrincipalArn` is taken for `{arn}`",)
        return Implied({**context, "aws:PrincipalArn": arn}, assumptions=assumed)
    partition, account, role = session.groups()
    if role.startswith(_IDENTITY_CENTER):
        return Implied(context, ("aws:PrincipalArn",))
    arn = f"arn:{partition}:iam::{account}:role/{role}"
    note = f"`aws:PrincipalArn` is taken for `{arn}`: a session's ARN does not show whether its role has a path"
    return Implied({**context, "aws:PrincipalArn": arn}, assumptions=(note,))
