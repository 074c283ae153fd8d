"""Accounts: what identifies them is there, and is nobody else's; the management account is among them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from orgctl.diagnostics import Diagnostic, Position, Severity
from orgctl.manifest import codes
from orgctl.manifest.loaded import AccountEntry, LoadedManifest

_MAX_NAME = 50
"""CreateAccount's `AccountName`: up to 50 printable ASCII characters (botocore, `CreateAccountName`)."""


def unique_accounts(loaded: LoadedManifest) -> Iterator[Diagnostic]:
    """E-mail addresses (in any case), ids and names are used once; equal names in AWS are worth a warning."""
    yield from _unique(
        loaded,
        lambda entry: entry.account.email and entry.account.email.casefold(),
        ("email",),
        codes.DUPLICATE_EMAIL,
        lambda entry: f"account email `{entry.account.email}` is used twice",
        "give each account an address of its own",
    )
    yield from _unique(
        loaded,
        lambda entry: entry.account.id,
        ("id",),
        codes.DUPLICATE_ID,
        lambda entry: f"account id `{entry.account.id}` is used twice",
        "an account stands in one place",
    )
    yield from _unique(
        loaded,
        lambda entry: entry.key,
        (),
        codes.DUPLICATE_ACCOUNT,
        lambda entry: f"the account `{entry.key}` is declared twice",
        "names are unique in the whole manifest; `name:` says what AWS calls an account",
    )
    yield from _unique(
        loaded,
        lambda entry: entry.account.name,
        ("name",),
        codes.DUPLICATE_AWS_NAME,
        lambda entry: f"two accounts are called `{entry.account.name}` in AWS",
        "AWS allows it, people mix them up",
        Severity.WARNING,
    )


def _unique(
    loaded: LoadedManifest,
    key: Callable[[AccountEntry], str | None],
    below: tuple[str, ...],
    code: str,
    message: Callable[[AccountEntry], str],
    advice: str,
    severity: Severity = Severity.ERROR,
) -> Iterator[Diagnostic]:
    first: dict[str, AccountEntry] = {}
    for entry in loaded.accounts:
        value = key(entry)
        if value and first.setdefault(value, entry) is not entry:
            hint = f"it is first used at {_where(entry, first[value], below)}; {advice}"
            yield Diagnostic(code, message(entry), _position(entry, below), hint, severity)


def _position(entry: AccountEntry, below: tuple[str, ...]) -> Position:
    return entry.source.at((*entry.place, *below)) if below else entry.position


def _where(here: AccountEntry, there: AccountEntry, below: tuple[str, ...]) -> str:
    """Where the other one is: the line alone, if it is in the same file."""
    position = _position(there, below)
    return f"line {position.line}" if position.file == here.source.file else str(position)


def identified_accounts(loaded: LoadedManifest) -> Iterator[Diagnostic]:
    """Every account has an id or an e-mail address."""
    hint = "give an existing account its `id`, a new one the `email` that it is to be created with"
    for entry in loaded.accounts:
        written = entry.source.get(entry.place)
        if isinstance(written, dict) and not written.keys() & {"id", "email"}:
            message = f"the account `{entry.key}` has neither an id nor an e-mail address"
            yield Diagnostic(codes.UNIDENTIFIED_ACCOUNT, message, entry.position, hint)


def account_names(loaded: LoadedManifest) -> Iterator[Diagnostic]:
    """An account that AWS is to create has a name that AWS accepts."""
    for entry in loaded.accounts:
        name = entry.account.name or entry.key
        fits = len(name) <= _MAX_NAME and name.isascii() and name.isprintable()
        if not fits and entry.account.id is None:
            message = f"AWS does not accept the account name `{name}`"
            hint = f"a name is up to {_MAX_NAME} printable ASCII characters; `name:` sets one other than the key"
            yield Diagnostic(codes.ACCOUNT_NAME, message, entry.position, hint)


def management_account(loaded: LoadedManifest) -> Iterator[Diagnostic]:
    """The management account is in the manifest, and is neither closed nor invited."""
    wanted = loaded.manifest.organization.management_account
    found = next((entry for entry in loaded.accounts if entry.account.id == wanted), None)
    if found is None and not _is_hidden(loaded):
        message = f"the management account `{wanted}` is not among the accounts"
        hint = f'add it where it is in the organization: `management: {{id: "{wanted}"}}`'
        position = loaded.source.at(("organization", "management_account"))
        yield Diagnostic(codes.NO_MANAGEMENT_ACCOUNT, message, position, hint)
    elif found and (found.account.state == "closed" or found.account.invite):
        key = "state" if found.account.state == "closed" else "invite"
        verb = "closed" if key == "state" else "invited"
        message = f"the management account `{found.key}` cannot be {verb}"
        position = found.source.at((*found.place, key))
        yield Diagnostic(codes.MANAGEMENT_ACCOUNT_STATE, message, position, f"take the key `{key}` out")


def _is_hidden(loaded: LoadedManifest) -> bool:
    """Whether the management account may be among what was refused: the whole root, or an account with a wrong id."""
    return not isinstance(loaded.source.get(("root",)), dict) or any(
        entry.account.id is None and entry.source.get((*entry.place, "id")) is not None for entry in loaded.accounts
    )
