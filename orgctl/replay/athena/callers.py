"""Who called, in SQL: the columns that `facts.who_of` makes of `userIdentity`, from the fields `records.WHO`.

Three steps, each a relation over the one before: what kind of caller it is and what its ARN says, then the columns.
Whatever is not of the forms that are told apart here has the kind NULL, and is left to Python.
"""

from __future__ import annotations

from collections.abc import Mapping

from orgctl.policy.principal import PrincipalKind
from orgctl.replay.athena.moments import moment, moment_is_sure
from orgctl.replay.columns import Exempt
from orgctl.replay.sql.logic import text, texts

_ARN = text(r"\Aarn:[^:]*:(?:iam|sts)::([0-9]{12}):(?:(root)|(user|role|assumed-role|federated-user)/([^\n]+))\z")
_ROLE = text(r"\Aarn:[^:]*:(?:iam|sts)::[0-9]{12}:role/[^\n]+\z")
_SERVICE = text(r"\A[a-z0-9.-]+\.amazonaws\.com(?:\.cn)?\z")
_ACCOUNT = text(r"\A[0-9]{12}\z")
_FEDERATED = texts(("WebIdentityUser", "SAMLUser", "IdentityCenterUser"))
_LINKED_SESSION = "AWSServiceRoleFor"
_LINKED_PATH = "aws-service-role/"
ELSEWHERE = "elsewhere"
"""The kind of callers of another account, of whom the record tells the account only."""

SERVICE, ANONYMOUS = text(PrincipalKind.SERVICE.value), text(PrincipalKind.ANONYMOUS.value)
_USER, _ROOT = text(PrincipalKind.USER.value), text(PrincipalKind.ROOT.value)
_SESSION, _IAM_ROLE = text(PrincipalKind.SESSION.value), text(PrincipalKind.ROLE.value)
_ELSEWHERE = text(ELSEWHERE)
_IS_SERVICE = (
    "(identity_type = 'AWSService'"
    " OR (identity_type IS NULL AND coalesce(identity_arn, '') = '' AND coalesce(invoked_by, '') <> ''))"
)
_CALLING = "coalesce(nullif(invoked_by, ''), nullif(source_address, ''), event_source)"

KINDS: Mapping[str, str] = {
    "caller_kind": (
        f"CASE WHEN coalesce({_IS_SERVICE}, FALSE) THEN {SERVICE}"
        f" WHEN regexp_like(identity_arn, {_ARN})"
        f" THEN coalesce(nullif(regexp_extract(identity_arn, {_ARN}, 2), ''), regexp_extract(identity_arn, {_ARN}, 3))"
        " WHEN coalesce(identity_arn, '') <> '' THEN CAST(NULL AS VARCHAR)"
        f" WHEN identity_type IN ({_FEDERATED}) THEN {ANONYMOUS}"
        f" WHEN regexp_like(identity_account, {_ACCOUNT}) THEN {_ELSEWHERE} END"
    ),
    "arn_account": f"nullif(regexp_extract(identity_arn, {_ARN}, 1), '')",
    "arn_name": f"coalesce(regexp_extract(identity_arn, {_ARN}, 4), '')",
    "role_arn": f"CASE WHEN regexp_like(issuer_arn, {_ROLE}) THEN issuer_arn END",
    "calling": f"CASE WHEN regexp_like({_CALLING}, {_SERVICE}) THEN {_CALLING} ELSE event_source END",
}
"""The kind of the caller (of sessions and users as in their ARNs), and what its ARN says."""

_IN_SESSION = f"has_session AND caller_kind <> {SERVICE}"
_LONG_TERM = f"caller_kind = {_USER} AND NOT has_session"
_WITH_ARN = f"caller_kind NOT IN ({SERVICE}, {ANONYMOUS}, {_ELSEWHERE})"


def _flag(field: str) -> str:
    return f"CASE WHEN {_IN_SESSION} THEN CASE {field} WHEN 'true' THEN TRUE WHEN 'false' THEN FALSE END END"


def _or_empty(field: str, *, unless: str = "FALSE") -> str:
    """A session's field, empty if it has none; users without a session have none either."""
    hidden = f"WHEN {unless} THEN CAST(NULL AS VARCHAR) " if unless != "FALSE" else ""
    return f"CASE {hidden}WHEN {_IN_SESSION} THEN coalesce({field}, '') WHEN {_LONG_TERM} THEN '' END"


COLUMNS: Mapping[str, str] = {
    "caller": (
        f"CASE caller_kind WHEN {SERVICE} THEN calling WHEN {ANONYMOUS} THEN '*'"
        f" WHEN {_ELSEWHERE} THEN concat('arn:aws:iam::', identity_account, ':role/not-recorded')"
        " ELSE identity_arn END"
    ),
    "principal": (f"CASE WHEN caller_kind = {_SESSION} THEN role_arn WHEN {_WITH_ARN} THEN identity_arn END"),
    "principal_type": f"CASE caller_kind WHEN {_ELSEWHERE} THEN {_IAM_ROLE} ELSE caller_kind END",
    "principal_account": (
        f"CASE WHEN caller_kind = {_ELSEWHERE} THEN identity_account WHEN {_WITH_ARN} THEN arn_account ELSE '' END"
    ),
    "long_term": f"coalesce({_LONG_TERM}, FALSE)",
    "user_id": f"CASE WHEN {_WITH_ARN} THEN nullif(identity_id, '') END",
    "user_name": f"CASE WHEN caller_kind = {_USER} THEN regexp_extract(arn_name, '[^/]*\\z', 0) END",
    "mfa": _flag("session_mfa"),
    "session_start": f"CASE WHEN {_IN_SESSION} THEN {moment('session_created')} END",
    "source_identity": _or_empty("session_source", unless=f"caller_kind = {ANONYMOUS}"),
    "role_delivery": _or_empty("session_delivery"),
    "federated_provider": (
        f"CASE WHEN {_IN_SESSION} AND caller_kind <> {ANONYMOUS} THEN nullif(session_provider, '') END"
    ),
    "assumed_root": _flag("session_root"),
    "exempt": (
        f"CASE WHEN caller_kind = {SERVICE} THEN {text(Exempt.SERVICE)}"
        f" WHEN caller_kind = {ANONYMOUS} THEN {text(Exempt.OUTSIDE)}"
        f" WHEN caller_kind = {_IAM_ROLE} AND starts_with(arn_name, '{_LINKED_PATH}')"
        f" THEN {text(Exempt.SERVICE_LINKED_ROLE)}"
        f" WHEN caller_kind = {_SESSION} AND starts_with(arn_name, '{_LINKED_SESSION}') THEN"
        f" CASE WHEN role_arn IS NULL THEN {text(Exempt.UNCLEAR)}"
        f" WHEN strpos(role_arn, ':role/{_LINKED_PATH}') > 0 THEN {text(Exempt.SERVICE_LINKED_ROLE)} END END"
    ),
}
"""As `orgctl.replay.columns` has them."""


def _is_flag(field: str) -> str:
    return f"({field} IS NULL OR {field} IN ('true', 'false'))"


ALWAYS_SURE = f"caller_kind IS NOT NULL AND (caller_kind <> {SERVICE} OR regexp_like(calling, {_SERVICE}))"
SURE: Mapping[str, str] = {
    "mfa": _is_flag("session_mfa"),
    "assumed_root": _is_flag("session_root"),
    "session_start": moment_is_sure("session_created"),
}
"""Where SQL makes of the fields what Python does: in any case, and for some of the columns."""
