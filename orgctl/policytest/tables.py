"""A table of requests as it is written, in a test's case or in the manifest's `sentinels`, and what it stands for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from math import prod

from orgctl.diagnostics import Diagnostic
from orgctl.manifest.schema import Requests, Values
from orgctl.model.resources import Account
from orgctl.policy.principal import Principal
from orgctl.policy.request import Given, Request
from orgctl.policytest import codes
from orgctl.policytest.case import Asked
from orgctl.policytest.naming import Accounts
from orgctl.policytest.places import item_place
from orgctl.policytest.setting import ACCOUNT, Setting
from orgctl.policytest.wording import full_principal, wrong_action, wrong_key, wrong_principal, wrong_resource
from orgctl.source import Place, Source

ANYBODY = "role/OrganizationMember"
"""Some role of the account, which no policy is expected to name."""

Wrong = Callable[[str], str | None]
"""A hint at how to write a text, if it is not what it should be; the functions of `wording`."""

Alternatives = tuple[tuple[str, Given], ...]
"""One context key with each value that it is to have in one request."""


@dataclass(frozen=True, slots=True)
class Table:
    """The lists that requests are the product of, for an account that is still to be said: `@{account}` is its id.

    Principals may be short (`role/x` is the account's). `resource_account` is an id; None: as the resource says, else
    the account itself.
    """

    actions: tuple[str, ...]
    principals: tuple[str, ...] = (ANYBODY,)
    resources: tuple[str, ...] = ("*",)
    contexts: tuple[Alternatives, ...] = ()
    unknown: tuple[str, ...] = ()
    resource_account: str | None = None

    @property
    def size(self) -> int:
        """How many requests it makes in one account."""
        return prod(map(len, (self.principals, self.actions, self.resources, *self.contexts)))

    def rows(self) -> Iterator[Table]:
        """Each request as a table of its own, in the order of `requests`."""
        for principal in self.principals:
            for resource in self.resources:
                for action in self.actions:
                    for context in product(*self.contexts):
                        contexts = tuple((pair,) for pair in context)
                        yield Table((action,), (principal,), (resource,), contexts, self.unknown, self.resource_account)

    def requests(self, account: Account, partition: str) -> Iterator[Asked]:
        """The requests in one account."""
        home = str(account.id)
        contexts = [_with_account(context, home) for context in product(*self.contexts)]
        for principal in self.principals:
            caller = full_principal(principal.replace(ACCOUNT, home), home, partition)
            for resource in self.resources:
                target = resource.replace(ACCOUNT, home)
                owner = self.resource_account or _owner(caller, target, home)
                for action in self.actions:
                    for context in contexts:
                        yield Asked(account.key, action, caller, target, context, self.unknown, owner)


class TableReader:
    """Reads the tables of one file. `problems` collects what is wrong with them.

    What a table does not say, `defaults` (written at the key of this name) says for it.
    """

    def __init__(self, setting: Setting, accounts: Accounts, source: Source, defaults: Requests) -> None:
        self.problems: list[Diagnostic] = []
        self._setting = setting
        self._accounts = accounts
        self._source = source
        self._defaults = defaults
        self._check_keys(defaults, ("defaults",))

    def table(self, written: Requests, name: str, place: Place) -> Table:
        """The table that stands at `place`; a message calls it by its `name`."""
        actions = self._texts(written, "action", place)
        if not actions:
            hint = "write `action: service:Action`, or `actions:` with a list"
            self._problem(codes.NO_ACTION, f"`{name}` names no action", place, hint)
        principals = self._texts(written, "principal", place) or (ANYBODY,)
        resources = self._texts(written, "resource", place) or ("*",)
        for code, texts, key, wrong in (
            (codes.ACTION, actions, "action", wrong_action),
            (codes.PRINCIPAL, principals, "principal", wrong_principal),
            (codes.RESOURCE, resources, "resource", wrong_resource),
        ):
            if any(_hint(text, wrong) for text in texts):
                what = f"{'an' if key == 'action' else 'a'} {key}"
                self._check(code, texts, what, wrong, self._place_of(written, key, place))
        contexts, unknown = self._context(written, place)
        return Table(actions, principals, resources, contexts, unknown, self._resource_account(written, place))

    def _texts(self, written: Requests, name: str, place: Place) -> tuple[str, ...]:
        """What the case says in the singular or the plural, else what the defaults say."""
        for model in (written, self._defaults):
            one, many = getattr(model, name), getattr(model, f"{name}s")
            if one is not None and many is not None:
                where: Place = (*place, name) if model is written else ("defaults", name)
                hint = f"put all of them under `{name}s`"
                self._problem(codes.BOTH_FORMS, f"there is both `{name}` and `{name}s`", where, hint)
            if one is not None or many is not None:
                return tuple(dict.fromkeys((*([one] if one is not None else []), *(many or ()))))
        return ()

    def _place_of(self, written: Requests, name: str, place: Place) -> Place:
        for model, start in ((written, place), (self._defaults, ("defaults",))):
            for key in (name, f"{name}s"):
                if getattr(model, key) is not None:
                    return (*start, key)
        return place

    def _check(self, code: str, texts: Iterable[str], what: str, wrong: Wrong, place: Place) -> None:
        """Report the texts (all written at `place`, or in the list there) that are not what they should be."""
        for text in texts:
            hint = _hint(text, wrong)
            if hint:
                where = item_place(self._source, self._setting, place, text)
                self._problem(code, f"`{text}` is not {what}", where, hint)

    def _check_keys(self, model: Requests, start: Place) -> None:
        """Report what is no context key in the case or the defaults, which begin at `start`."""
        self._check(codes.CONTEXT_KEY, model.unknown, "a context key", wrong_key, (*start, "unknown"))
        for key in model.context:
            hint = _hint(key, wrong_key)
            if hint:
                position = self._source.key_at((*start, "context", key))
                self.problems.append(Diagnostic(codes.CONTEXT_KEY, f"`{key}` is not a context key", position, hint))

    def _context(self, written: Requests, place: Place) -> tuple[tuple[Alternatives, ...], tuple[str, ...]]:
        """One list of alternatives for every key, and the unknown keys; what the case says goes before defaults."""
        said = {key.lower() for key in (*written.context, *written.unknown)}
        shared = {key: value for key, value in self._defaults.context.items() if key.lower() not in said}
        context = {**shared, **written.context}
        self._check_keys(written, place)
        given = {key.lower() for key in written.context}
        hidden = [*(key for key in self._defaults.unknown if key.lower() not in given), *written.unknown]
        contexts = (tuple((key, value) for value in _alternatives(values)) for key, values in context.items())
        return tuple(contexts), tuple(hidden)

    def _resource_account(self, written: Requests, place: Place) -> str | None:
        name = written.resource_account or self._defaults.resource_account
        if name is None or (name.isdigit() and len(name) == 12):
            return name
        account = self._setting.account(name)
        if account is None:
            start = place if written.resource_account else ("defaults",)
            self._accounts.select((name,), (*start, "resource_account"))
        return account.id if account else None

    def _problem(self, code: str, message: str, place: Place, hint: str | None = None) -> None:
        self.problems.append(Diagnostic(code, message, self._source.at(place), hint))


def _owner(caller: str, resource: str, home: str) -> str | None:
    """The case's account owns the resource, where neither the resource nor the caller says which account does."""
    principal = _caller(caller)
    owner = Request("", resource, principal).owner
    if principal.account == home or (owner and owner != principal.account):
        return None
    fields = resource.split(":", 5)
    return None if len(fields) == 6 and fields[4].isdigit() else home


@lru_cache(maxsize=4096)
def _caller(text: str) -> Principal:
    return Principal.parse(text)


def _hint(text: str, wrong: Wrong) -> str | None:
    """What `wrong` says of a text, whichever account it is asked in."""
    if "@{" not in text:
        return wrong(text)
    filled = text.replace(ACCOUNT, "0" * 12)
    return None if "@{" in filled else wrong(filled)  # a placeholder without a value: that was reported


def _alternatives(value: object) -> list[Given]:
    """The values that a key has in one request each; `()` for absent."""
    if isinstance(value, list):
        return [each for item in value for each in _alternatives(item)]
    if isinstance(value, Values):
        return [tuple(value.values)]
    return [() if value is None else value]  # type: ignore[list-item]  # the model lets nothing else through


def _with_account(context: tuple[tuple[str, Given], ...], home: str) -> tuple[tuple[str, Given], ...]:
    if not any(isinstance(value, str) and ACCOUNT in value for _, value in context):
        return context
    return tuple((key, value.replace(ACCOUNT, home) if isinstance(value, str) else value) for key, value in context)
