"""Pacing: a token bucket per API at AWS's published rate, slower while AWS throttles us.

The read APIs of Organizations have a second bucket that all callers of the organization share: other tools can use it
up, so that the published rate is an upper bound and not a promise. Throttling halves the rate of the API at hand, and
each call that passes gives a twentieth of the published rate back.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Mapping
from dataclasses import dataclass

from orgctl.aws.clock import Clock
from orgctl.model.limits import Limits, Rate

RECOVERY = 1 / 20
"""How much of the published rate a call that passed brings back."""

SLOWEST = 1 / 64
"""The share of the published rate that throttling cannot push a bucket below."""


RESERVE = 1.0
"""Tokens of the burst that we leave alone: calls that leave evenly do not arrive evenly, and one throttled call costs
more than the wait for one token."""


class Bucket:
    """The token bucket of one API. Calls are let through in the order in which they ask."""

    def __init__(self, published: Rate, clock: Clock) -> None:
        self._published = published
        self._clock = clock
        self._lock = threading.Lock()
        self._rate = published.per_second
        self._burst = max(1.0, published.burst - RESERVE)
        self._tokens = self._burst
        self._slot = clock.now()
        self._throttled_at = float("-inf")

    @property
    def per_second(self) -> float:
        """The rate now: between a sixty-fourth of the published one and all of it."""
        return self._rate

    def acquire(self) -> float:
        """Wait for a token; returns the time of the slot, which `throttled` wants. Raises StoppedError."""
        with self._lock:
            now = self._clock.now()
            slot = self._next_slot(now)
        self._clock.wait(slot - now)
        return slot

    def _next_slot(self, now: float) -> float:
        """Take a token. Slots never go back in time, and by them alone the bucket's law holds."""
        at = max(now, self._slot)
        tokens = min(self._burst, self._tokens + (at - self._slot) * self._rate)
        if tokens < 1:
            at += (1 - tokens) / self._rate
            tokens = 1.0
        self._slot, self._tokens = at, tokens - 1
        return at

    def passed(self) -> None:
        """A call was not throttled: recover a little."""
        if self._rate < self._published.per_second:
            with self._lock:
                step = self._published.per_second * RECOVERY
                self._rate = min(self._published.per_second, self._rate + step)

    def throttled(self, slot: float) -> None:
        """A call of that slot was throttled: empty the bucket, and halve the rate.

        Calls that were under way together are throttled together; they count once.
        """
        with self._lock:
            self._tokens = 0.0
            self._slot = max(self._slot, self._clock.now())
            if slot > self._throttled_at:
                self._throttled_at = self._slot
                self._rate = max(self._rate / 2, self._published.per_second * SLOWEST)


class Unpaced:
    """The bucket of an API that has no published rate and is not paced beforehand."""

    def acquire(self) -> float:
        """Go at once."""
        return 0.0

    def passed(self) -> None:
        """Nothing to recover."""

    def throttled(self, slot: float) -> None:
        """The caller backs off by itself."""


class Pacing:
    """The buckets of all APIs, made when first asked for. Safe to use from many threads."""

    def __init__(self, limits: Limits, clock: Clock) -> None:
        self._limits = limits
        self._clock = clock
        self._lock = threading.Lock()
        self._buckets: dict[tuple[str, str], Bucket | Unpaced] = {}

    def bucket(self, service: str, operation: str) -> Bucket | Unpaced:
        """The one bucket of `service:operation`."""
        key = (service, operation)
        bucket = self._buckets.get(key)
        if bucket is None:
            with self._lock:
                bucket = self._buckets.setdefault(key, self._new(service, operation))
        return bucket

    def _new(self, service: str, operation: str) -> Bucket | Unpaced:
        rate = self._limits.rate(service, operation)
        return Bucket(rate, self._clock) if rate else Unpaced()


@dataclass(frozen=True, slots=True)
class Completion:
    """What AWS completes after the answer: usually in `seconds`, at most `at_once` (a quota's name) at a time."""

    seconds: float
    at_once: str | None = None


COMPLETIONS: Mapping[str, Completion] = {
    "organizations:CreateAccount": Completion(45, "accounts_being_created"),
    "organizations:CloseAccount": Completion(30, "accounts_being_closed"),
    "organizations:CreateOrganization": Completion(10),
    "organizations:EnablePolicyType": Completion(10),
    "organizations:DisablePolicyType": Completion(10),
}
"""AWS publishes no times for these: they are what users see on an ordinary day."""


def estimate(counts: Mapping[str, int], limits: Limits) -> float:
    """Seconds that these calls (`service:Operation` to their number) take, by the published rates.

    The first `burst` calls of an API go at once and the others at its rate. APIs run beside each other, so that the
    slowest decides.
    """
    return max((_seconds(name, count, limits) for name, count in counts.items() if count > 0), default=0.0)


def _seconds(name: str, count: int, limits: Limits) -> float:
    service, _, operation = name.partition(":")
    rate = limits.rate(service, operation)
    paced = max(0.0, count - rate.burst) / rate.per_second if rate else 0.0
    completion = COMPLETIONS.get(name)
    if completion is None:
        return paced
    at_once = limits.quota(completion.at_once) if completion.at_once else None
    rounds = math.ceil(count / at_once) if at_once else 1
    return max(paced + completion.seconds, rounds * completion.seconds)
