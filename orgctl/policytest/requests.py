"""One case of a file: from its model to the requests that it stands for."""

from __future__ import annotations

from collections.abc import Iterable

from orgctl.diagnostics import Position
from orgctl.model.resources import Account
from orgctl.policy.explanation import Decision
from orgctl.policytest import codes, schema
from orgctl.policytest.case import Asked, Case, Expectation
from orgctl.policytest.deciding import Deciders, Unfit
from orgctl.policytest.naming import Accounts
from orgctl.policytest.setting import MEMBER, Setting
from orgctl.policytest.tables import Table, TableReader
from orgctl.source import Place, Source

MOST_REQUESTS = 250_000
"""In one case."""

_DENIED = frozenset((Decision.EXPLICIT_DENY, Decision.IMPLICIT_DENY))


class CaseReader(TableReader):
    """Reads the cases of one file. `problems` collects what is wrong with them."""

    def __init__(
        self,
        setting: Setting,
        accounts: Accounts,
        deciders: Deciders,
        source: Source,
        defaults: schema.Defaults,
        *,
        alone: bool,
    ) -> None:
        super().__init__(setting, accounts, source, defaults)
        self._certain = bool(defaults.certain)
        self._deciders = deciders
        self._alone = alone

    def case(self, index: int, written: schema.Case) -> Case | None:
        """The case, or None if something is wrong with it."""
        before = len(self.problems) + len(self._accounts.problems)
        place: Place = ("cases", index)
        table = self.table(written, written.name, place)
        accounts = self._selected(written, place)
        expectation = self._expectation(written, place)
        size = table.size * len(accounts)
        if size > MOST_REQUESTS:
            hint = f"{MOST_REQUESTS:,} are the most; split the case, or name fewer accounts"
            self._problem(codes.TOO_MANY_REQUESTS, f"`{written.name}` makes {size:,} requests", place, hint)
        if len(self.problems) + len(self._accounts.problems) > before:
            return None
        return Case(written.name, self._position(place), expectation, self._requests(table, accounts))

    def _selected(self, written: schema.Case, place: Place) -> tuple[Account, ...]:
        names = self._texts(written, "account", place) or ((MEMBER,) if self._alone else ())
        if not names:
            hint = "write `account:` with one, or `accounts:` with account keys, groups or OUs"
            self._problem(codes.NO_ACCOUNT, f"`{written.name}` names no account", place, hint)
        before = len(self._accounts.problems)
        found = self._accounts.select(names, self._place_of(written, "account", place))
        if names and not found and len(self._accounts.problems) == before:
            hint = "name an OU with active accounts below it, or a group that has some"
            self._problem(codes.EMPTY_GROUP, f"`{written.name}` selects no account", place, hint)
        return found

    def _expectation(self, written: schema.Case, place: Place) -> Expectation:
        decisions = _DENIED if written.expect == "DENIED" else frozenset((Decision(written.expect),))
        own = written.certain
        certain = bool(self._certain if own is None else own) and written.expect != "UNKNOWN"
        if own and written.expect == "UNKNOWN":
            message = f"`{written.name}` expects to be certain of what cannot be told"
            self._problem(codes.CONTRADICTION, message, (*place, "certain"), "take `certain` out")
        by = None
        try:
            by = self._deciders.read(written.by) if written.by else None
        except Unfit as unfit:
            self._problem(unfit.code, unfit.message, (*place, "by"), unfit.hint)
        if by and by.policy and written.expect == "IMPLICIT_DENY":
            hint = "name the level on which nothing allows: `ou:/Workloads`"
            message = "an implicit denial is no policy's: nothing allows the request"
            self._problem(codes.CONTRADICTION, message, (*place, "by"), hint)
        return Expectation(written.expect, decisions, by, certain)

    def _requests(self, table: Table, accounts: Iterable[Account]) -> tuple[Asked, ...]:
        partition = self._setting.partition
        return tuple(asked for account in accounts for asked in table.requests(account, partition))

    def _position(self, place: Place) -> Position:
        return self._source.at(place)
