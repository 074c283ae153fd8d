"""Where the cards go: children to the right of their parent, its first beside it.

OUs that have none below them and come in numbers are packed into a block of columns, so that the picture of a broad
organization stays about as wide as it is high.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import ceil, sqrt

from orgctl.model.outline import Outline
from orgctl.views.svg_card import Card, card

BETWEEN, BELOW, INSET = 64.0, 14.0, 14.0
"""From a card to its children, from one card to the next below, and from a block's edge to its cards."""

_BLOCK = 6
"""More childless OUs than this below one parent make a block."""
_ASPECT = 1.5
"""How much wider than high a block is to be."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A card with the place of its upper left corner."""

    card: Card
    left: float
    top: float


@dataclass(frozen=True, slots=True)
class Box:
    """A block's outline."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Edge:
    """From the right of a card's head to the left of a child's, or of a block."""

    start: tuple[float, float]
    end: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything placed, and its size; the origin is the upper left corner."""

    cards: tuple[Placed, ...]
    boxes: tuple[Box, ...]
    edges: tuple[Edge, ...]
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class _Tree:
    """A card with what hangs on it, measured: `block` are the columns of childless OUs."""

    card: Card
    children: tuple[_Tree, ...]
    block: tuple[tuple[Card, ...], ...]


HEAD = 17.0
"""Where edges meet a card: the middle of its head."""


def laid_out(outline: Outline) -> Picture:
    """Place everything."""
    placing = _Placing([], [], [])
    height = placing.tree(_measured(outline, is_root=True), 0, 0)
    right = max(p.left + p.card.width for p in placing.cards)
    right = max([right, *(box.left + box.width for box in placing.boxes)])
    return Picture(tuple(placing.cards), tuple(placing.boxes), tuple(placing.edges), right, height)


def _measured(unit: Outline, *, is_root: bool = False) -> _Tree:
    leaves = [child for child in unit.units if not child.units]
    packed = leaves if len(leaves) > _BLOCK else []
    return _Tree(
        card(unit, is_root=is_root),
        tuple(_measured(child) for child in unit.units if child.units or not packed),
        _packed([card(leaf) for leaf in packed]),
    )


def _packed(cards: Sequence[Card]) -> tuple[tuple[Card, ...], ...]:
    """The cards in columns of about equal height, read from top to bottom and from left to right."""
    if not cards:
        return ()
    height, width = _stacked(cards), max(each.width for each in cards)
    count = max(1, ceil(sqrt(_ASPECT * height / width)))
    columns: list[list[Card]] = [[]]
    for each in cards:
        if columns[-1] and _stacked([*columns[-1], each]) > height / count + each.height / 2 and len(columns) < count:
            columns.append([])
        columns[-1].append(each)
    return tuple(map(_of_one_width, columns))


def _of_one_width(cards: Sequence[Card]) -> tuple[Card, ...]:
    width = max(each.width for each in cards)
    return tuple(replace(each, width=width) for each in cards)


def _stacked(cards: Sequence[Card]) -> float:
    return sum(each.height + BELOW for each in cards) - BELOW


@dataclass(frozen=True, slots=True)
class _Placing:
    cards: list[Placed]
    boxes: list[Box]
    edges: list[Edge]

    def tree(self, tree: _Tree, left: float, top: float) -> float:
        """Place a card with all that hangs on it; returns how high that is."""
        self.cards.append(Placed(tree.card, left, top))
        start = (left + tree.card.width, top + HEAD)
        right, below = left + tree.card.width + BETWEEN, top
        for child in tree.children:
            self.edges.append(Edge(start, (right, below + HEAD)))
            below += self.tree(child, right, below) + BELOW
        if tree.block:
            self.edges.append(Edge(start, (right, below + HEAD)))
            below += self._block(tree.block, right, below) + BELOW
        return max(below - BELOW - top, tree.card.height)

    def _block(self, columns: Sequence[Sequence[Card]], left: float, top: float) -> float:
        height = max(map(_stacked, columns)) + 2 * INSET
        x = left + INSET
        for column in columns:
            self.cards.extend(_stack(column, x, top + INSET))
            x += max(each.width for each in column) + BELOW
        self.boxes.append(Box(left, top, x - BELOW + INSET - left, height))
        return height


def _stack(cards: Sequence[Card], left: float, top: float) -> Iterator[Placed]:
    for each in cards:
        yield Placed(each, left, top)
        top += each.height + BELOW
