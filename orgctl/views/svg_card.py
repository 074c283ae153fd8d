"""One OU as a card: its name, its policies as chips, its accounts as rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from orgctl.model.outline import AccountLine, Outline
from orgctl.views.graph_words import NO_FULL_ACCESS, account_name, hidden, worn
from orgctl.views.svg_text import escape, fitted, monospaced, width
from orgctl.views.wording import printable

NAME, ROW, CHIP, COUNT = 14.0, 12.0, 10.5, 11.0
"""Sizes of text, in pixels."""
HEADER, ROW_HEIGHT, CHIP_HEIGHT = 34.0, 21.0, 19.0
PAD, GAP = 12.0, 6.0
_CHIP_PAD, _DOT = 7.0, 12.0
_NARROWEST, _WIDEST = 168.0, 380.0
_TALL = 14
"""With more accounts than this, the rows go into columns."""
_MOST_COLUMNS = 5

CHIP_CLASSES = {"scp": "scp", "rcp": "rcp", "tag": "tag"}
"""Policy types with a colour of their own, by folder; the others share one."""


@dataclass(frozen=True, slots=True)
class Chip:
    """A policy in a rounded box, `left` and `top` within whatever holds it."""

    text: str
    kind: str
    left: float
    top: float
    width: float


@dataclass(frozen=True, slots=True)
class Row:
    """An account with the policies on it, or (without a dot) a remark."""

    text: str
    kind: str
    chips: tuple[Chip, ...]
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Card:
    """A measured card, ready to be drawn anywhere. `rows` are in columns of `column_width`, filled one by one."""

    unit: Outline
    count: str
    chips: tuple[Chip, ...]
    columns: tuple[tuple[Row, ...], ...]
    column_width: float
    width: float
    height: float
    is_root: bool


def card(unit: Outline, *, is_root: bool = False) -> Card:
    """Measure the card of one OU."""
    rows = [*map(_row, unit.accounts), *(Row(text, "more", (), width(text, ROW), ROW_HEIGHT) for text in hidden(unit))]
    columns = _columns(rows)
    column_width = max((row.width for row in rows), default=0.0) + _DOT
    count = f"{unit.total:,}" if unit.total else ""
    title = width(printable(unit.name), NAME, bold=True) + (width(count, COUNT) + 30 if count else 0)
    policies = worn(unit)
    widest_chip = max((_chip_width(text) for text in policies), default=0.0)
    inner = max(title, column_width * len(columns) + GAP * 2 * (len(columns) - 1), widest_chip, _NARROWEST - 2 * PAD)
    inner = min(inner, _WIDEST) if len(columns) < 2 else inner
    chips = tuple(_laid_out(policies, inner))
    height = HEADER + _chips_height(chips) + max((sum(row.height for row in c) for c in columns), default=-GAP) + PAD
    return Card(unit, count, chips, columns, column_width, inner + 2 * PAD, height, is_root)


def drawn(card: Card, left: float, top: float) -> Iterator[str]:
    """The card's elements."""
    label = escape(printable(card.unit.name))
    yield f'<g class="{"root" if card.is_root else "ou"}" transform="translate({left:.1f} {top:.1f})">'
    yield f"<title>{escape(_tooltip(card.unit))}</title>"
    yield f'<rect class="card" width="{card.width:.1f}" height="{card.height:.1f}" rx="8"/>'
    yield f'<path class="band" d="{_band(card.width)}"/>'
    room = card.width - 2 * PAD - (width(card.count, COUNT) + 22 if card.count else 0)
    label = escape(fitted(printable(card.unit.name), room, NAME, bold=True))
    yield f'<text class="name" x="{PAD}" y="22">{label}</text>'
    if card.count:
        yield f'<text class="count" x="{card.width - PAD:.1f}" y="22">{card.count}</text>'
    for chip in card.chips:
        yield from _chip(chip, PAD, HEADER + GAP)
    y = HEADER + _chips_height(card.chips) + GAP
    for index, column in enumerate(card.columns):
        yield from _column(column, PAD + index * (card.column_width + 2 * GAP), y, card.width - 2 * PAD)
    yield "</g>"


def _row(account: AccountLine) -> Row:
    name = account_name(account)
    chips = tuple(_in_row(worn(account), width(name, ROW) + GAP + 2))
    whole = max((chip.left + chip.width for chip in chips), default=width(name, ROW))
    bottom = max((chip.top for chip in chips), default=0.0)
    return Row(name, "closed" if account.closed else "account", chips, whole, ROW_HEIGHT + bottom)


def _in_row(policies: Sequence[str], left: float) -> Iterator[Chip]:
    """Chips behind a name while there is room, then below it."""
    x, y = left, 0.0
    for text in policies:
        wide = _chip_width(text)
        if x + wide > _WIDEST - _DOT and x > _DOT:
            x, y = _DOT, y + CHIP_HEIGHT + 2
        yield Chip(text, _kind(text), x, y, wide)
        x += wide + 4


def _laid_out(policies: Sequence[str], room: float) -> Iterator[Chip]:
    x = y = 0.0
    for text in policies:
        wide = _chip_width(text)
        if x and x + wide > room:
            x, y = 0.0, y + CHIP_HEIGHT + 4
        yield Chip(text, _kind(text), x, y, wide)
        x += wide + 4


def _chips_height(chips: Sequence[Chip]) -> float:
    return chips[-1].top + CHIP_HEIGHT + GAP + 2 if chips else 0.0


def _chip_width(text: str) -> float:
    return monospaced(text, CHIP) + 2 * _CHIP_PAD


def _kind(policy: str) -> str:
    return "off" if policy == NO_FULL_ACCESS else CHIP_CLASSES.get(policy.partition("/")[0], "other")


def _columns(rows: Sequence[Row]) -> tuple[tuple[Row, ...], ...]:
    count = min(_MOST_COLUMNS, -(-len(rows) // _TALL)) or 1
    each = -(-len(rows) // count) or 1
    return tuple(tuple(rows[start : start + each]) for start in range(0, len(rows), each))


def _band(card_width: float) -> str:
    """The card's head, with its two upper corners rounded."""
    return f"M0 {HEADER}V8a8 8 0 0 1 8-8H{card_width - 8:.1f}a8 8 0 0 1 8 8V{HEADER}z"


def _column(rows: Sequence[Row], left: float, top: float, room: float) -> Iterator[str]:
    for row in rows:
        if row.kind != "more":
            yield f'<circle class="{row.kind}" cx="{left + 3:.1f}" cy="{top + 10.5:.1f}" r="3"/>'
        indent = _DOT if row.kind != "more" else 0.0
        text = escape(fitted(row.text, room - indent, ROW))
        yield f'<text class="{row.kind}" x="{left + indent:.1f}" y="{top + 14.5:.1f}">{text}</text>'
        for chip in row.chips:
            yield from _chip(chip, left + _DOT, top + 1)
        top += row.height


def _chip(chip: Chip, left: float, top: float) -> Iterator[str]:
    x, y = left + chip.left, top + chip.top
    yield (
        f'<rect class="chip {chip.kind}" x="{x:.1f}" y="{y:.1f}"'
        f' width="{chip.width:.1f}" height="{CHIP_HEIGHT}" rx="5"/>'
    )
    yield (
        f'<text class="policy {chip.kind}" x="{x + chip.width / 2:.1f}" y="{y + 13.2:.1f}">{escape(chip.text)}</text>'
    )


def _tooltip(unit: Outline) -> str:
    policies = ", ".join(worn(unit)) or "no policies"
    return f"{printable(unit.name)}: {unit.total} accounts; {policies}"
