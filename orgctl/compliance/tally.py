"""Counting, in place: there are hundreds of thousands of checks, and few lines to count them for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from orgctl.compliance.cells import Cell
from orgctl.compliance.expectation import RuleKey
from orgctl.compliance.verdict import Counts, Verdict

_FIELDS = {verdict: index for index, verdict in enumerate(Verdict)}
_RESOURCES = len(_FIELDS)


class Tally:
    """`Counts` that grow."""

    __slots__ = ("_numbers",)

    def __init__(self) -> None:
        self._numbers = [0] * (_RESOURCES + 2)

    def check(self, verdict: Verdict, *, number: int = 1) -> None:
        """So many more checks."""
        self._numbers[_FIELDS[verdict]] += number

    def resources(self, unwaived: int, waived: int) -> None:
        """So many more resources that do not comply."""
        self._numbers[_RESOURCES] += unwaived
        self._numbers[_RESOURCES + 1] += waived

    @property
    def counts(self) -> Counts:
        """As a value."""
        by_verdict = {verdict.value: self._numbers[index] for verdict, index in _FIELDS.items()}
        resources, waived = self._numbers[_RESOURCES:]
        return Counts(**by_verdict, resources=resources, waived_resources=waived)


@dataclass(slots=True)
class Tallies:
    """Every check counted for all that it belongs to: its pack, rule, account (by id) and region."""

    packs: defaultdict[str | None, Tally] = field(default_factory=lambda: defaultdict(Tally))
    rules: defaultdict[RuleKey, Tally] = field(default_factory=lambda: defaultdict(Tally))
    accounts: defaultdict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    regions: defaultdict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))

    def check(self, cell: Cell, key: RuleKey, verdict: Verdict) -> None:
        """One more check."""
        for tally in self._of(cell, key):
            tally.check(verdict)

    def resource(self, cell: Cell, key: RuleKey, *, waived: bool) -> None:
        """One more resource that does not comply with a rule."""
        for tally in self._of(cell, key):
            tally.resources(int(not waived), int(waived))

    def _of(self, cell: Cell, key: RuleKey) -> tuple[Tally, ...]:
        return (self.packs[key[0]], self.rules[key], self.accounts[cell[0]], self.regions[cell[1]])


def summed(tallies: Mapping[str, Tally]) -> Counts:
    """All of them together."""
    return sum((tally.counts for tally in tallies.values()), Counts())
