"""What is to be read, cut into tasks for the workers: many small files in one, a large file in several."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, nullcontext
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from orgctl.errors import OrgctlError
from orgctl.replay.ingest.fetching import Open, fetched
from orgctl.replay.ingest.messages import Piece
from orgctl.replay.ingest.pieces import Readable, pieces
from orgctl.replay.ingest.sources import STREAM, Source, reason_of

_LARGE_PACKED, _LARGE = 4 << 20, 24 << 20
"""From how many bytes on a file, gzipped or not, is read in pieces."""

_LEAST, _MOST = 1 << 18, 4 << 20
"""How many bytes of files are in one task."""

_SMALL = 1 << 19
"""For fewer bytes of local files, not every core gets a process."""

_PLAIN_WEIGHT = 6
"""How many times larger files are than gzipped."""

GO_ON = "run it again: it goes on with what is left"
"""What helps whatever has stopped a run."""


@dataclass(frozen=True, slots=True)
class Numbered:
    """A source with its number in the ledger."""

    file: int
    source: Source


@dataclass(frozen=True, slots=True)
class Work:
    """The pieces of one task. `part_of` is the large file whose piece with that `number` it is, `last` the last one."""

    pieces: tuple[Piece, ...]
    size: int
    part_of: int | None = None
    number: int = 0
    last: bool = True


def tasks(files: Iterable[Numbered], workers: int, opened: Open) -> Iterator[Work]:
    """The tasks in the order of the files, so that an event's first record is met first.

    Raises OrgctlError for a large file that cannot be read to its end, and what `opened` raises.
    """
    listed = list(files)
    size = sum(map(_weight, listed)) // (4 * workers)
    most = min(max(size, _LEAST), _MOST)
    gathered: list[tuple[Numbered, Piece]] = []
    weight = 0
    for each, data in fetched(listed, _to_fetch, opened):
        if _is_large(each.source):
            if gathered:
                yield _together(gathered)
                gathered, weight = [], 0
            yield from _in_pieces(each, opened)
            continue
        gathered.append((each, _piece(each, data)))
        weight += _weight(each)
        if weight >= most:
            yield _together(gathered)
            gathered, weight = [], 0
    if gathered:
        yield _together(gathered)


def crew_size(sources: Sequence[Source]) -> int:
    """How many processes are to read some files: one for each core, but no more than there are small files."""
    cores = os.cpu_count() or 1
    small = all(map(is_local, sources)) and sum(each.size for each in sources) < _SMALL
    return min(cores, len(sources)) if small else cores


def _to_fetch(each: Numbered) -> Source | None:
    return None if is_local(each.source) or _is_large(each.source) else each.source


def _together(files: list[tuple[Numbered, Piece]]) -> Work:
    return Work(tuple(piece for _, piece in files), sum(each.source.size for each, _ in files))


def _piece(each: Numbered, data: bytes | OSError | None) -> Piece:
    match data:
        case None:
            return Piece(each.file, each.source.path)
        case OSError():
            return Piece(each.file, failure=reason_of(data))
        case _:
            return Piece(each.file, data=data)


def _in_pieces(each: Numbered, opened: Open) -> Iterator[Work]:
    """A piece is known to be the last one when there is no other."""
    with ExitStack() as stack:
        try:
            stream = stack.enter_context(_stream(each.source, opened))
        except OSError as error:
            yield Work((Piece(each.file, failure=reason_of(error)),), each.source.size, each.file)
            return
        found = _to_the_end(each.source, pieces(stream))
        before = next(found, b"")
        share = each.source.size
        for number, piece in enumerate(chain(found, (None,))):
            done = min(share, len(before) // _PLAIN_WEIGHT)
            share = 0 if piece is None else share - done
            yield Work((Piece(each.file, data=before),), done, each.file, number, piece is None)
            before = piece or b""


def _to_the_end(source: Source, found: Iterator[bytes]) -> Iterator[bytes]:
    """What is found, unless something else is wrong than what is in the file."""
    try:
        yield from found
    except OSError as error:
        raise OrgctlError(f"`{source.path}` cannot be read to its end: {reason_of(error)}", hint=GO_ON) from None


def _stream(source: Source, opened: Open) -> AbstractContextManager[Readable | BinaryIO]:
    if source.path.startswith(STREAM):
        return nullcontext(sys.stdin.buffer)
    return Path(source.path).open("rb") if is_local(source) else opened(source)


def is_local(source: Source) -> bool:
    """Whether it is a file that workers can open."""
    return is_local_path(source.path)


def is_local_path(path: str) -> bool:
    """The same of its path, which is absolute if so."""
    return path.startswith("/")


def _is_large(source: Source) -> bool:
    packed = source.path.endswith(".gz")
    return source.path.startswith(STREAM) or source.size >= (_LARGE_PACKED if packed else _LARGE)


def _weight(each: Numbered) -> int:
    return each.source.size if each.source.path.endswith(".gz") else each.source.size // _PLAIN_WEIGHT
