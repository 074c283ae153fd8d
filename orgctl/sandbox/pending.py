"""Things that take their time: over after some polls and seconds, as the settings' delays say."""

from __future__ import annotations

from dataclasses import dataclass

from orgctl.sandbox.clock import Clock
from orgctl.sandbox.settings import Delay


@dataclass(slots=True)
class Pending:
    """Something under way: over once it was asked about `polls` more times and the time is `due`."""

    polls: int
    due: float

    @classmethod
    def after(cls, delay: Delay, clock: Clock) -> Pending:
        """Begin to wait."""
        return cls(delay.polls, clock.now() + delay.seconds)

    def poll(self, clock: Clock) -> bool:
        """Ask once; whether it is over."""
        if self.polls > 0:
            self.polls -= 1
            return False
        return clock.now() >= self.due
