"""Which events `impact` is asked about: by time, place and caller."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from orgctl.errors import InvalidInputError
from orgctl.manifest.nearest import did_you_mean
from orgctl.model.address import UnitPath, format_path
from orgctl.model.resources import Account
from orgctl.model.state import State
from orgctl.replay.sql.logic import TRUE, either, member, text

_AGO = re.compile(r"(\d{1,5})([hdw])")
_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
_HINT = "write a day (`2026-11-01`), a time in UTC (`2026-11-01T08:00`), or how long ago: `12h`, `30d`, `4w`"


@dataclass(frozen=True, slots=True)
class Selection:
    """Calls from `since` on and before `until` (in UTC), in these accounts (by id), of others than these callers.

    None: whatever it is. A call is in its caller's account and in the one that recorded it. `excluded` are patterns of
    ARNs, `*` and `?` in them. A call whose time nobody knows is in no period.
    """

    since: datetime | None = None
    until: datetime | None = None
    accounts: frozenset[str] | None = None
    excluded: tuple[str, ...] = ()

    @property
    def sql(self) -> str:
        """The same as a condition on the dataset's columns, in SQL of Athena's dialect."""
        terms = [
            *([f'"time" >= {_timestamp(self.since)}'] if self.since else []),
            *([f'"time" < {_timestamp(self.until)}'] if self.until else []),
            *([self._in_accounts(self.accounts)] if self.accounts is not None else []),
            *(f"NOT coalesce(regexp_like({_WHO}, {text(_expression(pattern))}), FALSE)" for pattern in self.excluded),
        ]
        return " AND ".join(terms) or TRUE

    def of(self, relation: str) -> str:
        """The chosen events of a relation that has the dataset's columns, in SQL of DuckDB's."""
        from orgctl.replay.sql.dialect import to_duckdb

        chosen = to_duckdb(f"SELECT * FROM chosen WHERE {self.sql}")  # noqa: S608 - escaped by `text`
        return f"(WITH chosen AS (FROM {relation}) {chosen})"

    def _in_accounts(self, accounts: frozenset[str]) -> str:
        found = (member(f"coalesce({column}, '')", accounts) for column in ("principal_account", "recipient"))
        return f"({either(*found)})"


_WHO = "coalesce(principal, regexp_replace(caller, '/[^/]*$', ''))"


def _timestamp(moment: datetime) -> str:
    return f"TIMESTAMP '{moment:%Y-%m-%d %H:%M:%S.%f}'"


def _expression(pattern: str) -> str:
    """The pattern as a regular expression for the whole of a text."""
    pieces = (".*" if c == "*" else "." if c == "?" else re.escape(c) for c in pattern)
    return f"(?s)\\A{''.join(pieces)}\\z"


def read_since(text: str, now: datetime) -> datetime:
    """The first moment that a text means, in UTC. Raises InvalidInputError."""
    return _moment(text, now)[0]


def read_until(text: str, now: datetime) -> datetime:
    """The first moment that is too late: after the day, where a text means one. Raises InvalidInputError."""
    moment, is_day = _moment(text, now)
    return moment + timedelta(days=1) if is_day else moment


def _moment(text: str, now: datetime) -> tuple[datetime, bool]:
    """A moment in UTC without offset, as rows have it, and whether a whole day is meant."""
    now = now.astimezone(UTC).replace(tzinfo=None)
    ago = _AGO.fullmatch(text)
    try:
        if ago:
            return now - int(ago[1]) * _UNITS[ago[2]], False
        moment = datetime.fromisoformat(text)
        moment = moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
    except (ValueError, OverflowError):
        raise InvalidInputError(f"`{text}` is no time", hint=_HINT) from None
    return moment, moment.time() == time() and len(text) <= len("2026-11-01")


def read_accounts(state: State, accounts: Iterable[str], units: Iterable[str]) -> frozenset[str] | None:
    """The ids of accounts (by key or id) and of all in OUs (`ou:/Workloads`, or `/Workloads`); None if none is named.

    Raises InvalidInputError for those that are not there.
    """
    named, below = tuple(accounts), tuple(units)
    if not named and not below:
        return None
    everyone = list(state.each(Account))
    return frozenset(
        [*(_account(name, everyone) for name in named), *(each for unit in below for each in _in(unit, everyone))]
    )


def _account(name: str, everyone: list[Account]) -> str:
    for account in everyone:
        if name in (account.key, account.id, account.address):
            return account.id or ""
    hint = did_you_mean(name, [account.key for account in everyone], "`orgctl graph` shows the accounts")
    raise InvalidInputError(f"the organization has no account `{name}`", hint=hint)


def _in(unit: str, everyone: list[Account]) -> list[str]:
    paths: dict[str, UnitPath] = {
        format_path(account.parent[:depth]): account.parent[:depth]
        for account in everyone
        for depth in range(len(account.parent) + 1)
    }
    wanted = unit.removeprefix("ou:")
    if wanted not in paths:
        hint = did_you_mean(wanted, paths, "`orgctl graph` shows the OUs")
        raise InvalidInputError(f"there is no account in an OU `{unit}`", hint=hint)
    path = paths[wanted]
    return [account.id for account in everyone if account.id and account.parent[: len(path)] == path]


def read_excluded(patterns: Iterable[str]) -> tuple[str, ...]:
    """Patterns of callers: an ARN, or `role/NAME` and `user/NAME` of any account and path."""
    return tuple(pattern if ":" in pattern or "." in pattern else f"arn:*:iam::*:{pattern}" for pattern in patterns)
