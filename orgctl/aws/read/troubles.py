"""What is wrong in single accounts, gathered into one finding for each kind of it: ten thousand lines tell nobody."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from orgctl.model.state import Finding

_FEW = 5


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing in one account. Those with the same `address`, `what` and `hint` are told together."""

    address: str
    what: str
    account: str
    hint: str


def findings(troubles: Iterable[Trouble], names: Mapping[str, str]) -> Iterator[Finding]:
    """The troubles by kind; `names` gives AWS's name of an account by its id."""
    kinds: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for trouble in troubles:
        kinds[trouble.address, trouble.what, trouble.hint].add(trouble.account)
    for (address, what, hint), accounts in sorted(kinds.items()):
        yield Finding(address, f"{what}: {told(accounts, names)}", hint)


def told(accounts: Iterable[str], names: Mapping[str, str]) -> str:
    """`shop-prod` (123456789012), … and 4 more: accounts in words, in the order of their names."""
    words = sorted(f"`{names[a]}` ({a})" if names.get(a) else f"`{a}`" for a in accounts)
    more = f" and {len(words) - _FEW} more" if len(words) > _FEW else ""
    return ", ".join(words[:_FEW]) + more
