"""`Outline`: the tree of an organization as it is drawn, with what is left out counted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum


@dataclass(frozen=True, slots=True)
class AccountLine:
    """An account. `policies` are those attached to it directly; `full_access` is False without FullAWSAccess."""

    name: str
    policies: tuple[str, ...] = ()
    full_access: bool = True
    closed: bool = False

    @property
    def is_special(self) -> bool:
        """Whether there is more to it than its name."""
        return bool(self.policies) or not self.full_access or self.closed


@dataclass(frozen=True, slots=True)
class Outline:
    """The root or an OU.

    `accounts` and `units` are those that are shown, in the order of the manifest. `hidden_accounts` are directly in
    this OU and not shown; `hidden_units` are below it, at any depth. `total` counts all accounts in it and below it.
    """

    name: str
    policies: tuple[str, ...] = ()
    full_access: bool = True
    accounts: tuple[AccountLine, ...] = ()
    units: tuple[Outline, ...] = ()
    hidden_accounts: int = 0
    hidden_units: int = 0
    total: int = 0

    def each(self) -> Iterator[Outline]:
        """This one and every OU that is shown below it, parents first."""
        yield self
        for unit in self.units:
            yield from unit.each()


class Shown(Enum):
    """Which accounts are shown. FEW: all of a small organization, some of each OU of a big one."""

    ALL = "all"
    FEW = "few"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Detail:
    """How much is shown. `depth`: levels of OUs below the root; None: all."""

    accounts: Shown = Shown.FEW
    depth: int | None = None


_FEW_OF = ((40, None), (150, 6), (None, 3))
"""Up to so many accounts in all (None: any number), so many of each OU are shown (None: all)."""


def reduced(outline: Outline, detail: Detail) -> Outline:
    """The outline without what `detail` does not show."""
    match detail.accounts:
        case Shown.ALL:
            most = None
        case Shown.NONE:
            most = 0
        case Shown.FEW:
            most = next(few for limit, few in _FEW_OF if limit is None or outline.total <= limit)
    return _reduced(outline, most, detail.depth)


def _reduced(outline: Outline, most: int | None, depth: int | None) -> Outline:
    if depth == 0:
        below = sum(1 for _ in outline.each()) - 1
        outline = replace(outline, units=(), hidden_units=below)
    shown = _chosen(outline.accounts, most)
    deeper = None if depth is None else depth - 1
    return replace(
        outline,
        accounts=shown,
        hidden_accounts=len(outline.accounts) - len(shown),
        units=tuple(_reduced(unit, most, deeper) for unit in outline.units),
    )


def _chosen(accounts: tuple[AccountLine, ...], most: int | None) -> tuple[AccountLine, ...]:
    """The first few, those of which there is more to say before others; one more rather than `and 1 more`."""
    if most is None or (most and len(accounts) <= most + 1):
        return accounts
    ranked = sorted(range(len(accounts)), key=lambda index: not accounts[index].is_special)
    return tuple(accounts[index] for index in sorted(ranked[:most]))
