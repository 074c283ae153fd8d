"""`Call`: one row of the dataset, as far as a report tells of it, with what can be asked about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from orgctl.policy.principal import PrincipalKind
from orgctl.replay.columns import Row
from orgctl.replay.facts import replayed_of
from orgctl.replay.request import Replayed


@dataclass(frozen=True, slots=True)
class Call:
    """A recorded event.

    `who` is the caller without the session: a role's ARN, a user's, a service, or the account that it is of. `action`
    is the IAM action, or `(service:EventName)` where that is not known. `account` is the caller's, else the one that
    recorded the call, else empty. `time` is in UTC, None where the record has none that can be read.
    """

    event_id: str
    time: datetime | None
    who: str
    action: str
    account: str
    recipient: str
    refused: bool
    succeeded: bool
    replayed: Replayed


def call_of(row: Row) -> Call:
    """The call that a row tells of."""
    replayed = replayed_of(row)
    return Call(
        row.event_id,
        row.time,
        _who(row),
        replayed.action.action or f"({row.source.partition('.')[0]}:{row.name})",
        row.principal_account or row.recipient or "",
        row.recipient or "",
        row.refused,
        row.error_code is None,
        replayed,
    )


def _who(row: Row) -> str:
    if row.principal:
        return row.principal
    match row.principal_type:
        case None:
            return "(not recorded)"
        case PrincipalKind.SESSION.value:
            return (row.caller or "").rpartition("/")[0]
        case PrincipalKind.ANONYMOUS.value:
            return "(outside identity)"
        case PrincipalKind.SERVICE.value:
            return row.caller or ""
        case _:
            return f"(somebody in {row.principal_account})"
