"""`Call`: one row of the dataset, as far as a report tells of it, with what can be asked about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from orgctl.lint.catalogue import actions
from orgctl.policy.principal import PrincipalKind
from orgctl.replay.columns import Row
from orgctl.replay.facts import caller_in, replayed_of
from orgctl.replay.principals import Caller
from orgctl.replay.request import Replayed


@dataclass(frozen=True, slots=True)
class Call:
    """A recorded event, or many that are alike."""

    row: Row

    @property
    def event_id(self) -> str:
        """The event's id."""
        return self.row.event_id

    @property
    def time(self) -> datetime | None:
        """When, in UTC; None where the record has no time that can be read."""
        return self.row.time

    @property
    def who(self) -> str:
        """The caller without the session: a role's ARN, a user's, a service, or the account that it is of."""
        return _who(self.row)

    @property
    def action(self) -> str:
        """The IAM action as AWS spells it, or `(service:EventName)` where that is not known."""
        row = self.row
        return _spelled(row.action) if row.action else f"({row.source.partition('.')[0]}:{row.name})"

    @property
    def account(self) -> str:
        """The caller's account, else the one that recorded the call, else empty."""
        return self.row.principal_account or self.recipient

    @property
    def recipient(self) -> str:
        """The account that recorded the call; empty if that is not known."""
        return self.row.recipient or ""

    @property
    def succeeded(self) -> bool:
        """Whether it went well."""
        return self.row.error_code is None

    @property
    def caller(self) -> Caller:
        """Who called."""
        return caller_in(self.row)

    def replayed(self) -> Replayed:
        """What can be asked about it. This takes a while."""
        return replayed_of(self.row)


@lru_cache(maxsize=65536)
def _spelled(action: str) -> str:
    return actions(action.partition(":")[0])[action]


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
