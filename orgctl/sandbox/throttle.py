"""Throttling by published rates: a bucket for each caller and operation, and a larger one that all callers share."""

from __future__ import annotations

from dataclasses import dataclass, field

from orgctl.model.limits import Limits, Rate
from orgctl.sandbox.clock import Clock

SHARED = 1.5
"""How much larger an operation's second bucket is; AWS says "a little"."""


@dataclass(slots=True)
class Bucket:
    """Tokens that come back at `rate.per_second`, up to `rate.burst`."""

    rate: Rate
    tokens: float
    at: float

    def refill(self, now: float) -> float:
        """The tokens there are now."""
        self.tokens = min(self.rate.burst, self.tokens + (now - self.at) * self.rate.per_second)
        self.at = now
        return self.tokens


@dataclass(slots=True)
class Throttle:
    """All the buckets of one sandbox."""

    clock: Clock
    _buckets: dict[tuple[str, str, str], Bucket] = field(default_factory=dict)

    def allows(self, limits: Limits, caller: str, service: str, operation: str) -> bool:
        """Whether a call may go on now; it then has taken its tokens. Services without rates always may."""
        rate = limits.rate(service, operation)
        if rate is None:
            return True
        shared = Rate(rate.per_second * SHARED, rate.burst * SHARED)
        own = self._bucket((caller, service, operation), rate)
        everybody = self._bucket(("", service, operation), shared)
        now = self.clock.monotonic()
        if own.refill(now) < 1 or everybody.refill(now) < 1:
            return False
        own.tokens -= 1
        everybody.tokens -= 1
        return True

    def _bucket(self, key: tuple[str, str, str], rate: Rate) -> Bucket:
        bucket = self._buckets.get(key)
        if bucket is None or bucket.rate != rate:
            bucket = self._buckets[key] = Bucket(rate, rate.burst, self.clock.monotonic())
        return bucket

    def reset(self) -> None:
        """Fill all buckets."""
        self._buckets.clear()
