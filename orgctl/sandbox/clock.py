"""Time, which a test can advance instead of sleeping."""

from __future__ import annotations

import time


class Clock:
    """The time of one sandbox: the machine's, plus what it was advanced by."""

    def __init__(self) -> None:
        self._ahead = 0.0

    def now(self) -> float:
        """Seconds since 1970."""
        return time.time() + self._ahead

    def monotonic(self) -> float:
        """Seconds since some start, never going back: for buckets."""
        return time.monotonic() + self._ahead

    def advance(self, seconds: float) -> None:
        """Let `seconds` go by at once. Raises ValueError if that would be backwards."""
        if seconds < 0:
            raise ValueError("time does not go backwards")
        self._ahead += seconds
