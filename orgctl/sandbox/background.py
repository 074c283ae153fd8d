"""What goes on after a request is answered: functions that run, documents that are executed.

Jobs run in threads of their own, outside of the lock and of moto's thread, since what they run calls the sandbox back.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

_WORKERS = 4
_log = logging.getLogger("orgctl.sandbox")


class Background:
    """The jobs of one sandbox. `failures` collects the sandbox's own mistakes in them."""

    def __init__(self, failures: list[str]) -> None:
        self._pool = ThreadPoolExecutor(_WORKERS, "sandbox-background")
        self._changed = threading.Condition()
        self._open = 0
        self._failures = failures

    def submit(self, job: Callable[[], None]) -> None:
        """Run a job soon."""
        with self._changed:
            self._open += 1
        self._pool.submit(self._run, job)

    def _run(self, job: Callable[[], None]) -> None:
        try:
            job()
        except Exception as mistake:  # noqa: BLE001 (told at the end, as those of requests are)
            _log.exception("a job of the sandbox failed")
            self._failures.append(repr(mistake))
        finally:
            with self._changed:
                self._open -= 1
                self._changed.notify_all()

    def settled(self, seconds: float) -> bool:
        """Wait until no job is open, at most so many seconds; whether that is so."""
        until = time.monotonic() + seconds
        with self._changed:
            while self._open:
                left = until - time.monotonic()
                if left <= 0 or not self._changed.wait(left):
                    return not self._open
        return True

    def close(self) -> None:
        """Begin no further job, and wait for those under way."""
        self._pool.shutdown(cancel_futures=True)
