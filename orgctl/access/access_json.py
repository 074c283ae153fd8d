"""`Access` as JSON, for `plan --format json` and saved plans."""

from __future__ import annotations

from typing import Any

from orgctl.access.change import Access, AccessChange, AccessKind, Cause, Concern
from orgctl.diagnostics import Position
from orgctl.policy.explanation import Decision

Json = dict[str, Any]


def to_json(access: Access) -> Json:
    """The value in JSON's types."""
    return {
        "requests": access.requests,
        "accounts": access.accounts,
        "new_accounts": access.new_accounts,
        "changes": [_change(change) for change in access.changes],
        "unread": list(access.unread),
    }


def from_json(value: Json) -> Access:
    """Read what `to_json` wrote. Raises KeyError, TypeError or ValueError for anything else."""
    return Access(
        value["requests"],
        value["accounts"],
        value["new_accounts"],
        tuple(map(_read_change, value["changes"])),
        tuple(value["unread"]),
    )


def _change(change: AccessChange) -> Json:
    return {
        "kind": change.kind.value,
        "sentinel": change.sentinel,
        "concern": change.concern.value,
        "important": change.important,
        "principal": change.principal,
        "action": change.action,
        "resource": change.resource,
        "context": {key: list(value) if isinstance(value, tuple) else value for key, value in change.context},
        "where": list(change.where),
        "accounts": change.accounts,
        "before": change.before and change.before.value,
        "after": change.after.value,
        "by": [cause_to_json(cause) for cause in change.by],
        "formerly": [cause_to_json(cause) for cause in change.formerly],
        "unknown_keys": list(change.unknown_keys),
    }


def cause_to_json(cause: Cause) -> Json:
    """What decides, in JSON's types."""
    return {
        "layer": cause.layer,
        "policy": cause.policy,
        "statement": cause.statement,
        "level": cause.level,
        "file": cause.position and cause.position.file,
        "line": cause.position and cause.position.line,
        "column": cause.position and cause.position.column,
    }


def _read_change(value: Json) -> AccessChange:
    context = value["context"].items()
    return AccessChange(
        AccessKind(value["kind"]),
        value["sentinel"],
        Concern(value["concern"]),
        value["important"],
        value["principal"],
        value["action"],
        value["resource"],
        tuple((key, tuple(given) if isinstance(given, list) else given) for key, given in context),
        tuple(value["where"]),
        value["accounts"],
        value["before"] and Decision(value["before"]),
        Decision(value["after"]),
        tuple(map(cause_from_json, value["by"])),
        tuple(map(cause_from_json, value["formerly"])),
        tuple(value["unknown_keys"]),
    )


def cause_from_json(value: Json) -> Cause:
    """Read what `cause_to_json` wrote. Raises KeyError or TypeError for anything else."""
    position = Position(value["file"], value["line"], value["column"]) if value["file"] is not None else None
    return Cause(value["layer"], value["policy"], value["statement"], value["level"], position)
