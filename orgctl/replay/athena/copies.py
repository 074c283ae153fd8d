"""Copies of the trail's days: what is known of one, which of them a question reads, and the query that makes one.

A copy is made by UNLOAD into a folder of its own, whose name has a number drawn at random: Athena writes into an empty
folder only, and what a query leaves there that failed or was stopped is never read. It is there once it is *noted*: an
object beside the folder says what it holds, and by which files (`orgctl.replay.athena.shelf`).
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from orgctl.replay.athena.pieces import Piece, pieces
from orgctl.replay.athena.running import Query
from orgctl.replay.sql.logic import text

SETTLED = timedelta(hours=24)
"""So long after a day its log files are taken to be all there: CloudTrail is late by minutes, at times by hours."""

DAYS = 31
"""So many copies are read by one query: our own measure, not AWS's, which would be a thousand."""

_BITS = 48


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy of the log files of some accounts (ids) and regions on a day; `files` are sizes in bytes, by name."""

    name: str
    day: date
    accounts: frozenset[str]
    regions: frozenset[str]
    files: Mapping[str, int]

    @property
    def size(self) -> int:
        """All its files, in bytes."""
        return sum(self.files.values())

    @property
    def note(self) -> str:
        """What is written down of it, as JSON."""
        lists = {"accounts": sorted(self.accounts), "regions": sorted(self.regions)}
        return json.dumps({"day": f"{self.day}", **lists, "files": dict(sorted(self.files.items()))})


def read_note(name: str, note: bytes) -> Copy:
    """The copy of that name, from its note. Raises ValueError for anything but a note."""
    try:
        found = json.loads(note)
        files = {str(file): int(size) for file, size in found["files"].items()}
        day = date.fromisoformat(found["day"])
        return Copy(name, day, frozenset(found["accounts"]), frozenset(found["regions"]), files)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"`{name}` is no note of a copy") from error


@dataclass(frozen=True)
class CopyQuery(Query):
    """The query that copies a piece, which is of a single day, into a folder below `location`."""

    location: str = ""

    def name(self, attempt: int) -> str:
        """What the copy is called that an attempt makes."""
        return f"{self.piece.first}-{attempt:012x}"

    def attempt(self, last: int | None = None) -> int:
        """Drawn at random, so that nobody else has written into the folder."""
        return secrets.randbits(_BITS)

    def text(self, attempt: int) -> str:
        """The statement of an attempt."""
        to = text(f"{self.location}{self.name(attempt)}/")
        return f"UNLOAD (\n{self.sql}\n)\nTO {to}\nWITH (format = 'PARQUET', compression = 'ZSTD')"

    def copy(self, attempt: int, files: Mapping[str, int]) -> Copy:
        """The copy that an attempt has made, of these files."""
        piece = self.piece
        return Copy(self.name(attempt), piece.first, frozenset(piece.accounts), frozenset(piece.regions), files)


def to_copy(asked: Iterable[Piece], now: datetime) -> tuple[Piece, ...]:
    """The days that a question reads from log files and that are over for long enough, one by one."""
    return tuple(
        Piece(piece.accounts, piece.regions, day, day)
        for piece in asked
        if not piece.copies
        for day in piece.days
        if now >= datetime.combine(day + timedelta(days=1), time(), UTC) + SETTLED
    )


_Share = tuple[frozenset[str], str]
"""Accounts, and the copy that they are read from."""


def arranged(
    accounts: Sequence[str], regions: Sequence[str], first: date, last: date, copies: Iterable[Copy]
) -> tuple[Piece, ...]:
    """The pieces of a question, each place in one of them: read from copies as far as there are any.

    Those of log files come last. Raises nothing; without copies it is what `pieces` gives.
    """
    by_day: dict[date, list[Copy]] = {}
    for copy in copies:
        if copy.regions.issuperset(regions):
            by_day.setdefault(copy.day, []).append(copy)
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    shared = [_shares(frozenset(accounts), by_day.get(day, ())) for day in days]
    rest = [frozenset(accounts).difference(*(share for share, _ in shares)) for shares in shared]
    alike = [tuple(share for share, _ in shares) for shares in shared]
    of_copies = (
        piece for start, end in _runs(alike, DAYS) for piece in _copied(days[start:end], shared, start, regions)
    )
    of_files = (
        piece
        for start, end in _runs(rest)
        for piece in pieces(sorted(rest[start]), regions, days[start], days[end - 1])
    )
    return (*of_copies, *of_files)


def _shares(accounts: frozenset[str], copies: Iterable[Copy]) -> list[_Share]:
    """Which copy of a day each account is read from: the fewest copies that do, nearly."""
    found, rest = [], accounts
    for copy in sorted(copies, key=lambda each: (-len(each.accounts & accounts), each.name)):
        if share := rest & copy.accounts:
            found.append((share, copy.name))
            rest -= share
    return found


def _copied(
    days: Sequence[date], shared: Sequence[list[_Share]], start: int, regions: Sequence[str]
) -> Iterator[Piece]:
    """The pieces of days on which the accounts are shared out alike."""
    for number, (accounts, _) in enumerate(shared[start]):
        names = tuple(shares[number][1] for shares in shared[start : start + len(days)])
        yield Piece(tuple(sorted(accounts)), tuple(sorted(set(regions))), days[0], days[-1], names)


def _runs(values: Sequence[object], most: int | None = None) -> Iterator[tuple[int, int]]:
    """From where to where values that follow each other are equal, at most so many of them."""
    start = 0
    for place in range(1, len(values) + 1):
        if place == len(values) or values[place] != values[start] or place - start == most:
            yield start, place
            start = place
