"""A trail's partitions in pieces that a query can read: some accounts, some days, all regions, each always given.

The accounts are injected: a query has to name them, and may name a thousand. Whatever a query does not narrow down is
gone through by Athena one place after the other: so days and regions are given, too, and places are limited.
Source: "Supported types for partition projection", Amazon Athena User Guide.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from orgctl.model.trail_copies import PARTITION
from orgctl.model.trail_table import PARTITIONS
from orgctl.replay.sql.logic import text, texts

ACCOUNTS = 1_000
"""So many accounts are in one query at most, for no injected column takes more values."""

PLACES = 50_000
"""So many folders (accounts times regions times days) are in one query at most: our own measure, not AWS's."""

_ACCOUNT, _REGION, _DAY = PARTITIONS


@dataclass(frozen=True, slots=True)
class Piece:
    """Some accounts (by id), regions, and the days from `first` to `last`, in UTC.

    `copies` names a copy of each day, which is read in the place of the log files; without any, these are.
    """

    accounts: tuple[str, ...]
    regions: tuple[str, ...]
    first: date
    last: date
    copies: tuple[str, ...] = ()

    @property
    def days(self) -> Iterator[date]:
        """Every one of them."""
        return (self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1))

    @property
    def places(self) -> int:
        """How many folders that are."""
        return len(self.accounts) * len(self.regions) * ((self.last - self.first).days + 1)

    @property
    def halves(self) -> tuple[Piece, ...]:
        """The same in two: of the days, of one day of the accounts. None where it is a single account's day."""
        length = (self.last - self.first).days + 1
        if length > 1:
            half = length // 2
            begin = self.first + timedelta(days=half)
            early = replace(self, last=begin - timedelta(days=1), copies=self.copies[:half])
            return early, replace(self, first=begin, copies=self.copies[half:])
        if len(self.accounts) > 1:
            half = len(self.accounts) // 2
            return replace(self, accounts=self.accounts[:half]), replace(self, accounts=self.accounts[half:])
        return ()

    @property
    def where(self) -> str:
        """The condition on the table's partitions, or on those of the table of copies."""
        places = f"{_ACCOUNT} IN ({texts(self.accounts)}) AND {_REGION} IN ({texts(self.regions)})"
        if self.copies:
            return f"{PARTITION} IN ({texts(self.copies)}) AND {places}"
        return f"{places} AND {_DAY} BETWEEN {text(_written(self.first))} AND {text(_written(self.last))}"

    def __str__(self) -> str:
        accounts = "1 account" if len(self.accounts) == 1 else f"{len(self.accounts):,} accounts"
        days = f"on {self.first}" if self.first == self.last else f"from {self.first} to {self.last}"
        return f"{accounts} {days}{', copied' if self.copies else ''}"


def pieces(accounts: Sequence[str], regions: Sequence[str], first: date, last: date) -> tuple[Piece, ...]:
    """The pieces, in the order of their days; none if there is nothing to be read."""
    if not accounts or not regions or last < first:
        return ()
    ordered = sorted(set(accounts))
    batches = [tuple(ordered[start : start + ACCOUNTS]) for start in range(0, len(ordered), ACCOUNTS)]
    longest = max(1, PLACES // (len(batches[0]) * len(regions)))
    starts = range(0, (last - first).days + 1, longest)
    return tuple(
        Piece(batch, tuple(sorted(set(regions))), begin, min(last, begin + timedelta(days=longest - 1)))
        for begin in (first + timedelta(days=start) for start in starts)
        for batch in batches
    )


def _written(day: date) -> str:
    return f"{day:%Y/%m/%d}"
