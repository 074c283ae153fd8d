"""How much a query will read, before it does: the sizes of some of its folders, taken for all of them."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import sqrt

from orgctl.replay.athena.pieces import Piece

SAMPLE = 60
"""So many folders are looked into; each is one call to S3, or a few."""

DOLLARS = 5 / 10**12
"""Per byte, in US East. Source: "Amazon Athena Pricing", SQL queries: 5 USD per TB scanned. Other regions cost more."""

_SURE = 2.0
"""Standard errors on either side: it lies between nineteen times of twenty, if no folder is far larger than those."""

Measure = Callable[[str, str, date], int]
"""The bytes of log files in the folder of an account, region and day."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """Bytes that queries will read, between `least` and `most`: a guess from `looked` folders among `places`.

    `copied` of them are in copies, of which only the columns are read that a query needs.
    """

    bytes: int
    least: int
    most: int
    looked: int
    places: int
    copied: int = 0

    def with_copies(self, size: int) -> Estimate:
        """With copies of so many bytes, of which a part is read."""
        return replace(self, bytes=self.bytes + size, most=self.most + size, copied=size)

    @property
    def is_exact(self) -> bool:
        """Whether everything was looked at; of copies it is the most, even so."""
        return self.looked == self.places


def estimate(pieces: Sequence[Piece], measure: Measure, seed: int = 1) -> Estimate:
    """What queries over some pieces will read. The same folders are looked into each time, as the `seed` has it."""
    places = sum(piece.places for piece in pieces)
    chosen = sorted(random.Random(seed).sample(range(places), min(SAMPLE, places)))  # noqa: S311 - no secret hangs on it
    sizes = [measure(*_place(pieces, number)) for number in chosen]
    if not sizes:
        return Estimate(0, 0, 0, 0, places)
    mean = sum(sizes) / len(sizes)
    variance = sum((size - mean) ** 2 for size in sizes) / max(1, len(sizes) - 1)
    unseen = 1 - len(sizes) / places
    off = _SURE * places * sqrt(variance / len(sizes) * unseen)
    guess, seen = mean * places, sum(sizes)
    return Estimate(round(guess), max(seen, round(guess - off)), round(guess + off), len(sizes), places)


def _place(pieces: Sequence[Piece], number: int) -> tuple[str, str, date]:
    """The folder of that number, counting all of them through."""
    for piece in pieces:
        if number < piece.places:
            days, number = divmod(number, len(piece.accounts) * len(piece.regions))
            account, region = divmod(number, len(piece.regions))
            return piece.accounts[account], piece.regions[region], list(piece.days)[days]
        number -= piece.places
    raise IndexError(number)
