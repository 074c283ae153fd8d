"""What a check comes to, and how many come to what."""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import Enum


class Verdict(Enum):
    """What a rule in an account and a region, or of one resource, comes to."""

    COMPLIANT = "compliant"
    NON_COMPLIANT = "non_compliant"
    WAIVED = "waived"
    """It does not comply, and every resource of which that is so has a waiver."""
    INSUFFICIENT_DATA = "insufficient_data"
    """AWS Config's word: nothing was evaluated yet, or there is nothing that the rule is about."""
    NO_DATA = "no_data"
    """A pack of ours has the rule there, and the aggregator knows nothing of it."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Numbers of checks by their verdict; and of resources that do not comply, once for each rule.

    `resources` are open, `waived_resources` are those that a waiver lets pass. Counts can be added.
    """

    compliant: int = 0
    non_compliant: int = 0
    waived: int = 0
    insufficient_data: int = 0
    no_data: int = 0
    resources: int = 0
    waived_resources: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(self)))

    @property
    def checks(self) -> int:
        """All of them."""
        return self.evaluated + self.insufficient_data + self.no_data

    @property
    def evaluated(self) -> int:
        """Those that say something: compliant or not, waived or not."""
        return self.compliant + self.non_compliant + self.waived

    @property
    def share(self) -> float | None:
        """The compliant ones among those that say something, from 0 to 1; None where none does."""
        return self.compliant / self.evaluated if self.evaluated else None
