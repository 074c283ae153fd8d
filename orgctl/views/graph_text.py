"""The tree as text: names on the left, what is attached in a column beside them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.text import Text

from orgctl.model.outline import AccountLine, Outline
from orgctl.views.graph_words import account_name, hidden, worn
from orgctl.views.wording import printable

_GAP = 2
_WIDEST_NAMES = 56
"""The column of policies begins no further right than this; a longer name pushes its own to the right."""
_NARROWEST_POLICIES = 30


@dataclass(frozen=True, slots=True)
class _Line:
    """`guide` leads to the name; `below` goes on under it where the policies need more lines."""

    guide: str
    below: str
    name: str
    style: str
    policies: tuple[str, ...] = ()


def graph_text(outline: Outline, width: int | None = None) -> Iterator[Text]:
    """The lines. With a `width`, in columns, long lists of policies go on below themselves."""
    lines = list(_unit(outline, "", ""))
    named = [cell_len(line.guide + line.name) for line in lines if line.policies]
    column = min(max(named, default=0), _WIDEST_NAMES) + _GAP
    room = max(width - column, _NARROWEST_POLICIES) if width else None
    for line in lines:
        yield from _printed(line, column, room)


def _unit(unit: Outline, guide: str, below: str) -> Iterator[_Line]:
    inside: list[AccountLine | str | Outline] = [*_accounts(unit), *unit.units]
    stem = "│   " if inside else "    "
    yield _Line(guide, below + stem, printable(unit.name), "bold", worn(unit))
    for index, item in enumerate(inside):
        last = index == len(inside) - 1
        corner, under = below + ("└── " if last else "├── "), below + ("    " if last else "│   ")
        match item:
            case Outline():
                yield from _unit(item, corner, under)
            case AccountLine():
                yield _Line(corner, under, account_name(item), "dim" if item.closed else "", worn(item))
            case str():
                yield _Line(corner, under, item, "dim")


def _accounts(unit: Outline) -> Iterator[AccountLine | str]:
    """A line for each account; where some are hidden, those that are like all others share one."""
    plain = [account for account in unit.accounts if not account.is_special]
    rest = list(hidden(unit))
    if not unit.hidden_accounts or not plain:
        yield from unit.accounts
        yield from rest
        return
    yield from (account for account in unit.accounts if account.is_special)
    yield f"{', '.join(map(account_name, plain))} {rest[0]}"
    yield from rest[1:]


def _printed(line: _Line, column: int, room: int | None) -> Iterator[Text]:
    first, *more = _wrapped(line.policies, room) if line.policies else [""]
    yield _row(line.guide, line.name, line.style, first, column)
    yield from (_row(line.below, "", "", policies, column) for policies in more)


def _row(guide: str, name: str, style: str, policies: str, column: int) -> Text:
    text = Text.assemble((guide, "dim"), (name, style))
    if policies:
        text.append(" " * max(column - cell_len(guide + name), _GAP))
        text.append(policies, "dim cyan")
    return text


def _wrapped(policies: Sequence[str], room: int | None) -> list[str]:
    """The policies, separated by commas, on as many lines as they need."""
    lines = [policies[0]]
    for policy in policies[1:]:
        if room is not None and cell_len(lines[-1]) + 2 + cell_len(policy) + 1 > room:
            lines[-1] += ","
            lines.append(policy)
        else:
            lines[-1] += f", {policy}"
    return lines
