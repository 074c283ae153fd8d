"""Files that are not local, fetched by several threads, some ahead of their turn, and handed on in their order."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager
from typing import TypeVar

from orgctl.errors import UnreachableError
from orgctl.replay.ingest.pieces import Readable
from orgctl.replay.ingest.sources import Source

Open = Callable[[Source], AbstractContextManager[Readable]]
"""How the contents of what is no local file are had. Raises FileNotFoundError for what is there no more."""

_THREADS = 16
_AHEAD = 48 << 20
"""How many bytes are fetched, or wait for their turn, at once."""

_TRIES = 3
_CHUNK = 1 << 20

T = TypeVar("T")


def fetched(
    items: Iterable[T], source: Callable[[T], Source | None], opened: Open
) -> Iterator[tuple[T, bytes | OSError | None]]:
    """Each item with the contents of its source, or why it cannot be had; None for items without one."""
    waiting: deque[tuple[T, int, Future[bytes | OSError] | None]] = deque()
    pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="fetching")
    ahead = 0
    try:
        for item in items:
            wanted = source(item)
            size = wanted.size if wanted else 0
            while waiting and (waiting[0][2] is None or ahead + size > _AHEAD or len(waiting) >= 4 * _THREADS):
                first, freed, future = waiting.popleft()
                ahead -= freed
                yield first, future.result() if future else None
            ahead += size
            waiting.append((item, size, pool.submit(contents, wanted, opened) if wanted else None))
        for last, _, future in waiting:
            yield last, future.result() if future else None
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def contents(source: Source, opened: Open) -> bytes | OSError:
    """All that is in a file; fetched again if the connection breaks off. Raises what `opened` raises but OSErrors."""
    for left in reversed(range(_TRIES)):
        try:
            with opened(source) as stream:
                return b"".join(iter(lambda: stream.read(_CHUNK), b""))
        except OSError as error:
            return error
        except UnreachableError:
            if not left:
                raise
    raise AssertionError("it was tried at least once")
