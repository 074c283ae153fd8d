"""The manifest's `sentinels`: sets by name, and tables of requests as policy tests write them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from pydantic import ValidationError

from orgctl.access import sets
from orgctl.access.change import Concern
from orgctl.access.sentinel import Selection, Sentinel
from orgctl.access.sets import Surroundings
from orgctl.diagnostics import Diagnostic
from orgctl.manifest import LoadedManifest, schema
from orgctl.manifest.insertion import placeholders
from orgctl.policytest import codes
from orgctl.policytest.naming import Accounts
from orgctl.policytest.reading import wrong_placeholders
from orgctl.policytest.setting import Setting
from orgctl.policytest.tables import TableReader

Read = tuple[tuple[Sentinel, ...], tuple[Diagnostic, ...]]


def declared(loaded: LoadedManifest, known: Mapping[str, str] | None = None) -> Read:
    """The manifest's own tables, and what is wrong with them. `known` gives ids by account key."""
    own = [index for index, item in enumerate(loaded.manifest.sentinels) if isinstance(item, schema.Sentinel)]
    if not own:
        return (), ()
    reader = _Reader(Setting(loaded, known))
    found = [reader.sentinel(index) for index in own]
    return tuple(sentinel for sentinel in found if sentinel), reader.problems


def all_sentinels(loaded: LoadedManifest, own: tuple[Sentinel, ...], around: Surroundings) -> tuple[Sentinel, ...]:
    """What the manifest wants to be looked at: the sets that it names, then its own; the same request only once."""
    names = dict.fromkeys(item for item in loaded.manifest.sentinels if isinstance(item, str))
    if sets.DEFAULTS in names:
        names = {sets.DEFAULTS: None}
    chosen = (*(sentinel for name in names for sentinel in sets.named(name, around)), *own)
    return tuple({(each.table, each.selection): each for each in reversed(chosen)}.values())[::-1]


class _Reader:
    """Reads the tables in the manifest's file, with the words and the checks of policy tests."""

    def __init__(self, setting: Setting) -> None:
        self._setting = setting
        self._source = setting.loaded.source
        self._accounts = Accounts(setting, self._source, {})
        self._reader = TableReader(setting, self._accounts, self._source, schema.Requests())
        self._problems: list[Diagnostic] = []

    @property
    def problems(self) -> tuple[Diagnostic, ...]:
        """What is wrong with all that was read."""
        return (*self._problems, *self._accounts.problems, *self._reader.problems)

    def sentinel(self, index: int) -> Sentinel | None:
        """The table at this place of the list; None if something is wrong with it."""
        before = len(self.problems)
        written = self._filled(index)
        if written is None:
            return None
        place = ("sentinels", index)
        table = self._reader.table(written, written.name, place)
        selection = self._selection(written, index)
        if len(self.problems) > before:
            return None
        return Sentinel(written.name, Concern.DECLARED, table, selection, written.important)

    def _filled(self, index: int) -> schema.Sentinel | None:
        """What stands there, with the manifest's values in it."""
        value = self._source.get(("sentinels", index))
        found = [replace(each, place=("sentinels", index, *each.place)) for each in placeholders(value)]
        wrong = list(wrong_placeholders(self._setting, self._source, found))
        self._problems += wrong
        if wrong:
            return None
        try:
            return schema.Sentinel.model_validate(self._setting.filled(value))
        except ValidationError as error:
            hint = "use the plural, such as `actions`, or a single value"
            message = "a placeholder stands for a list here, where there can only be text"
            places = dict.fromkeys(("sentinels", index, *each["loc"]) for each in error.errors(include_url=False))
            positions = dict.fromkeys(map(self._source.at, places))
            self._problems += [Diagnostic(codes.LIST_IN_TEXT, message, position, hint) for position in positions]
            return None

    def _selection(self, written: schema.Sentinel, index: int) -> Selection:
        """The accounts that are named. OUs stay OUs: accounts that the manifest does not know may be in them."""
        key = "account" if written.account is not None else "accounts"
        names = (*([written.account] if written.account is not None else []), *(written.accounts or ()))
        self._accounts.select(names, ("sentinels", index, key))
        units = [self._setting.unit(name) for name in names if name.startswith(("ou:", "/"))]
        single = frozenset(name for name in names if not name.startswith(("ou:", "/")))
        return Selection(single, tuple(unit for unit in units if unit is not None))
