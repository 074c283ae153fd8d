"""Time, handed in: so that a test needs none, and so that a waiting orgctl can be stopped."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from orgctl.errors import StoppedError


@dataclass(frozen=True, slots=True)
class Clock:
    """`now` counts seconds from anywhere; `sleep` passes that many. `stop` ends every sleep, now and later."""

    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] | None = None
    stopped: threading.Event = field(default_factory=threading.Event)

    def wait(self, seconds: float) -> None:
        """Pass `seconds`, none if not positive. Raises StoppedError if `stop` is or was called."""
        if seconds > 0:
            if self.sleep:
                self.sleep(seconds)
            else:
                self.stopped.wait(seconds)
        if self.stopped.is_set():
            raise StoppedError("stopped before the next call to AWS; nothing was sent")

    def stop(self) -> None:
        """Let every wait, in any thread, raise StoppedError. Calls that were sent are not cut."""
        self.stopped.set()
