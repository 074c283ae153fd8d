"""What every drawing of an organization says in the same words."""

from __future__ import annotations

from collections.abc import Iterator

from orgctl.model.outline import AccountLine, Outline
from orgctl.views.wording import counted, printable

NO_FULL_ACCESS = "no FullAWSAccess"


def worn(bearer: Outline | AccountLine) -> tuple[str, ...]:
    """The policies on an OU or account, and whether AWS's own is missing."""
    return (*map(printable, bearer.policies), *(() if bearer.full_access else (NO_FULL_ACCESS,)))


def account_name(account: AccountLine) -> str:
    """The name, and whether it is closed."""
    return printable(account.name) + (" (closed)" if account.closed else "")


def hidden(outline: Outline) -> Iterator[str]:
    """What of an OU is not shown, in words."""
    if outline.hidden_accounts:
        more = f"{outline.hidden_accounts:,} more"
        yield f"… and {more}" if outline.accounts else counted(outline.hidden_accounts, "account")
    if outline.hidden_units:
        below = outline.total - len(outline.accounts) - outline.hidden_accounts
        yield f"… {counted(outline.hidden_units, 'OU')} below, with {counted(below, 'account')}"


def summary(outline: Outline) -> str:
    """`12 accounts in 5 OUs`, hidden ones included."""
    units = sum(1 + unit.hidden_units for unit in outline.each()) - 1
    return f"{counted(outline.total, 'account')} in {counted(units, 'OU')}"
