"""Which pack of ours a rule in an account is of.

AWS adds to each rule's name the id that its pack has in that account and region, and no API leads from that id to the
organization's pack. But all rules with one id are of one pack, and by their names it is known: two packs may share some
rules, hardly all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

from orgctl.compliance.cells import Cell, Cells, Said
from orgctl.packs.pack import Pack

Attribution = Mapping[str, str]
"""In one cell: the name of our pack by AWS's id of it. What is of no pack of ours is not there."""

_ENOUGH = 0.5
"""So many of an id's rules have to be the pack's: it may have been changed and not yet been deployed again."""


def attributions(cells: Cells, packs: Sequence[Pack]) -> dict[Cell, Attribution]:
    """For each cell, whose the ids in it are. A pack is at most once in a cell."""
    known = _Known(packs)
    return {cell: _attribution(known, cell[1], found) for cell, found in cells.items()}


def _attribution(known: _Known, region: str, found: Iterable[Said]) -> Attribution:
    groups: defaultdict[str, set[str]] = defaultdict(set)
    for each in found:
        if each.name.pack:
            groups[each.name.pack].add(each.name.rule)
    ranked = sorted(
        (
            (likeness, pack, identity)
            for identity, rules in groups.items()
            for likeness, pack in known.like(region, rules)
        ),
        key=lambda each: (-each[0], each[1], each[2]),
    )
    chosen: dict[str, str] = {}
    for _, pack, identity in ranked:
        if identity not in chosen and pack not in chosen.values():
            chosen[identity] = pack
    return chosen


class _Known:
    """The packs' rules by region. The same rules come again in every account, so that answers are kept."""

    def __init__(self, packs: Sequence[Pack]) -> None:
        regions = dict.fromkeys(chain.from_iterable(pack.regions for pack in packs))
        self._rules = {
            region: {pack.name: {rule.name for rule in pack.rules if region in rule.regions} for pack in packs}
            for region in regions
        }
        self._answers: dict[tuple[str, frozenset[str]], tuple[tuple[float, str], ...]] = {}

    def like(self, region: str, rules: set[str]) -> tuple[tuple[float, str], ...]:
        """The packs that these rules could be, with how alike they are, from above 0 to 1."""
        key = (region, frozenset(rules))
        if key not in self._answers:
            self._answers[key] = tuple(self._compare(region, rules))
        return self._answers[key]

    def _compare(self, region: str, rules: set[str]) -> Iterable[tuple[float, str]]:
        for pack, own in self._rules.get(region, {}).items():
            both = len(own & rules)
            if both and both / len(rules) >= _ENOUGH:
                yield both / len(own | rules), pack
