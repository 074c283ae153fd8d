"""Work that is discovered as it goes, in lanes: a slow API holds up its own lane and no other."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

Progress = Callable[[str, int, int], None]
"""Told a lane's name, how much of its work is done, and how much of it is known so far."""

WIDTH = 6
"""Threads of a lane: enough for 20 calls a second at 300 ms each, few enough for the connection pool."""


class Crew:
    """Runs work given to `submit`, from outside or from running work, until there is none or a piece fails."""

    def __init__(self, progress: Progress | None = None) -> None:
        self._progress = progress
        self._changed = threading.Condition()
        self._lanes: dict[str, ThreadPoolExecutor] = {}
        self._known: dict[str, int] = {}
        self._done: dict[str, int] = {}
        self._open = 0
        self._error: BaseException | None = None

    def submit(self, lane: str, work: Callable[..., None], *arguments: object) -> None:
        """Have `work(*arguments)` done in `lane`; nothing happens any more after a failure."""
        with self._changed:
            if self._error:
                return
            self._open += 1
            self._known[lane] = self._known.get(lane, 0) + 1
            pool = self._lanes.get(lane)
            if pool is None:
                pool = self._lanes[lane] = ThreadPoolExecutor(WIDTH, thread_name_prefix=lane)
            pool.submit(self._do, lane, work, arguments)

    def settle(self) -> None:
        """Wait until there is no work. Raises the first failure."""
        with self._changed:
            while self._open and not self._error:
                self._changed.wait()
            if self._error:
                raise self._error

    def __enter__(self) -> Crew:
        return self

    def __exit__(self, *_: object) -> None:
        """Take no more work; what runs is left to end by itself, what waits is dropped."""
        with self._changed:
            self._error = self._error or RuntimeError("the crew has gone home")
            lanes = list(self._lanes.values())
        for pool in lanes:
            pool.shutdown(wait=False, cancel_futures=True)

    def _do(self, lane: str, work: Callable[..., None], arguments: tuple[object, ...]) -> None:
        error: BaseException | None = None
        try:
            work(*arguments)
        except BaseException as raised:  # noqa: BLE001 - raised again in the thread that waits
            error = raised
        with self._changed:
            self._open -= 1
            self._done[lane] = self._done.get(lane, 0) + 1
            self._error = self._error or error
            if self._progress and not self._error:
                self._progress(lane, self._done[lane], self._known[lane])
            if self._error or not self._open:
                self._changed.notify_all()
