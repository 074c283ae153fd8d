"""What test files call accounts: keys, ids, OUs with everything below them, and the file's own groups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from orgctl.diagnostics import Diagnostic
from orgctl.manifest.nearest import did_you_mean
from orgctl.model.address import format_path
from orgctl.model.resources import Account
from orgctl.policytest import codes
from orgctl.policytest.places import item_place
from orgctl.policytest.setting import MEMBER, Setting
from orgctl.source import Place, Source


class Accounts:
    """Resolves the names of one file. `problems` collects what cannot be resolved, where it is written."""

    def __init__(self, setting: Setting, source: Source, groups: Mapping[str, Sequence[str]]) -> None:
        self.problems: list[Diagnostic] = []
        self._setting = setting
        self._source = source
        self._groups: dict[str, tuple[Account, ...]] = {}
        self._groups = {name: self._group(name, members) for name, members in groups.items()}
        self._known: dict[tuple[str, ...], tuple[Account, ...]] = {}

    def select(self, names: Sequence[str], place: Place) -> tuple[Account, ...]:
        """The accounts meant, each once, in the order named. `place` is that of the name, or of the list of names."""
        key = tuple(names)
        if key in self._known:
            return self._known[key]
        before = len(self.problems)
        found = tuple({account.key: account for name in names for account in self._one(name, place)}.values())
        if len(self.problems) == before:  # so that each of several cases with one wrong name is reported
            self._known[key] = found
        return found

    def _group(self, name: str, members: Sequence[str]) -> tuple[Account, ...]:
        place: Place = ("groups", name)
        if self._setting.account(name):
            message = f"the group `{name}` has the name of an account"
            self.problems.append(
                Diagnostic(codes.NAME_TWICE, message, self._source.key_at(place), "give the group another name")
            )
        before = len(self.problems)
        found = [account for member in members for account in self._one(member, place)]
        if not found and len(self.problems) == before:
            hint = "name an OU with active accounts below it, or take the group out"
            self._problem(codes.EMPTY_GROUP, f"the group `{name}` selects no account", place, hint)
        return tuple({account.key: account for account in found}.values())

    def _one(self, name: str, place: Place) -> tuple[Account, ...]:
        if name in self._groups:
            return self._groups[name]
        if name.startswith(("ou:", "/")):
            return self._unit(name, place)
        account = self._setting.account(name)
        if account is None:
            known = [MEMBER, *self._setting.accounts, *self._groups]
            hint = did_you_mean(name, known, "write a key of the manifest, a group of this file, or `ou:/...`")
            where = item_place(self._source, self._setting, place, name)
            self._problem(codes.UNKNOWN_ACCOUNT, f"there is no account or group `{name}`", where, hint)
        return (account,) if account else ()

    def _unit(self, name: str, place: Place) -> tuple[Account, ...]:
        path = self._setting.unit(name)
        if path is None:
            units = [f"ou:{format_path(path)}" for path in self._setting.loaded.unit_by_path]
            hint = did_you_mean(name, units, "`orgctl graph` shows the OUs")
            where = item_place(self._source, self._setting, place, name)
            self._problem(codes.UNKNOWN_UNIT, f"there is no OU `{name}` in the manifest", where, hint)
            return ()
        return tuple(self._setting.below(path))

    def _problem(self, code: str, message: str, place: Place, hint: str | None = None) -> None:
        self.problems.append(Diagnostic(code, message, self._source.at(place), hint))
