"""The token buckets: what they let through, how they give way, and what plans are told of them."""

from __future__ import annotations

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orgctl.aws.clock import Clock
from orgctl.aws.pacing import Bucket, Pacing, estimate
from orgctl.errors import StoppedError
from orgctl.model.limits import Limits, Rate
from tests.aws.conftest import Hours

RATES = st.builds(Rate, st.floats(0.05, 50), st.integers(1, 30).map(float))
EVENTS = st.lists(
    st.one_of(
        st.tuples(st.just("call"), st.just(0.0)),
        st.tuples(st.just("pause"), st.floats(0, 30)),
        st.tuples(st.just("throttled"), st.just(0.0)),
        st.tuples(st.just("passed"), st.just(0.0)),
    ),
    max_size=80,
)


def run(rate: Rate, events: list[tuple[str, float]]) -> list[float]:
    """The times at which a bucket let calls through."""
    hours = Hours()
    bucket, times = Bucket(rate, hours.clock), []
    for event, seconds in events:
        match event:
            case "call":
                bucket.acquire()
                times.append(hours.time)
            case "pause":
                hours.time += seconds
            case "throttled":
                bucket.throttled(hours.time)
            case "passed":
                bucket.passed()
    return times


@given(RATES, EVENTS)
def test_no_window_ever_holds_more_than_the_published_rate_allows(rate: Rate, events: list[tuple[str, float]]) -> None:
    """In any window of t seconds at most burst + rate * t calls go, whatever throttling and recovery come between."""
    times = run(rate, events)
    windows = [(i, j) for i in range(len(times)) for j in range(i, len(times))]
    too_many = [
        (times[i], times[j])
        for i, j in windows
        if j - i + 1 > rate.burst + rate.per_second * (times[j] - times[i]) + 1e-6
    ]
    assert too_many == []


@given(st.lists(st.sampled_from(["throttled", "passed"]), max_size=200))
def test_the_rate_stays_between_a_sixty_fourth_and_the_published_one(answers: list[str]) -> None:
    """Neither can throttling stop a bucket, nor success make it faster than AWS publishes."""
    hours = Hours()
    bucket = Bucket(Rate(8, 4), hours.clock)
    for answer in answers:
        slot = bucket.acquire()
        bucket.throttled(slot) if answer == "throttled" else bucket.passed()
        assert 8 / 64 <= bucket.per_second <= 8


def test_a_bucket_starts_with_its_burst_but_for_the_reserve() -> None:
    """Three calls go at once where AWS lets four through, and the others at the rate."""
    assert run(Rate(2, 4), [("call", 0)] * 5) == [0, 0, 0, 0.5, 1.0]


def test_calls_throttled_together_halve_the_rate_once() -> None:
    """Three calls in flight that AWS throttles are one sign of too much speed, and a later one is another."""
    hours = Hours()
    bucket = Bucket(Rate(8, 4), hours.clock)
    slots = [bucket.acquire() for _ in range(3)]
    for slot in slots:
        bucket.throttled(slot)
    assert bucket.per_second == 4
    bucket.throttled(bucket.acquire())
    assert bucket.per_second == 2


def test_ten_calls_that_pass_make_good_for_one_halving() -> None:
    """Each gives back a twentieth of the published rate."""
    bucket = Bucket(Rate(20, 4), Hours().clock)
    bucket.throttled(bucket.acquire())
    rates = []
    for _ in range(11):
        bucket.passed()
        rates.append(bucket.per_second)
    assert [rates[0], rates[9], rates[10]] == [11, 20, 20]


def test_many_threads_get_one_slot_each() -> None:
    """Whoever asks, from whatever thread, gets a slot of its own, and the slots are a rate apart."""
    slots: list[float] = []
    frozen = Hours()
    bucket = Bucket(Rate(1, 1), Clock(frozen.now, lambda seconds: None))
    threads = [threading.Thread(target=lambda: slots.append(bucket.acquire())) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [float(second) for second in range(20)] == sorted(slots)


def test_a_stopped_clock_ends_the_wait_of_every_thread() -> None:
    """On Ctrl-C nobody waits a minute for the turn of a CloseAccount: StoppedError, and nothing was sent."""
    clock = Clock()
    bucket = Bucket(Rate(0.001, 1), clock)
    bucket.acquire()
    raised: list[BaseException] = []

    def wait() -> None:
        try:
            bucket.acquire()
        except StoppedError as error:
            raised.append(error)

    threads = [threading.Thread(target=wait) for _ in range(3)]
    for thread in threads:
        thread.start()
    clock.stop()
    for thread in threads:
        thread.join(timeout=10)
    assert len(raised) == 3


def test_each_api_has_a_bucket_of_its_own() -> None:
    """One API that waits does not hold up another; one and the same is asked for again."""
    pacing = Pacing(Limits(), Hours().clock)
    one = pacing.bucket("organizations", "MoveAccount")
    assert [
        one is pacing.bucket("organizations", "MoveAccount"),
        one is pacing.bucket("organizations", "TagResource"),
    ] == [True, False]


def test_services_without_published_rates_are_not_paced() -> None:
    """S3 goes at once, however often."""
    hours = Hours()
    bucket = Pacing(Limits(), hours.clock).bucket("s3", "PutObject")
    for _ in range(100):
        bucket.throttled(bucket.acquire())
        bucket.passed()
    assert hours.slept == []


@pytest.mark.parametrize(
    ("counts", "seconds"),
    [
        ({}, 0),
        ({"organizations:MoveAccount": 0}, 0),
        ({"organizations:MoveAccount": 3}, 0),
        ({"organizations:MoveAccount": 103}, 50),
        ({"organizations:MoveAccount": 103, "organizations:TagResource": 100}, 50),
        ({"s3:PutBucketPolicy": 1000}, 0),
        ({"organizations:CreateAccount": 1}, 45),
        ({"organizations:CreateAccount": 100}, 970 + 45),
        ({"organizations:CloseAccount": 40}, 780 + 30),
        ({"organizations:EnablePolicyType": 3}, 12),
    ],
)
def test_an_estimate_is_that_of_the_slowest_api(counts: dict[str, int], seconds: float) -> None:
    """The first burst is free, the others come at the rate, APIs overlap, what AWS completes later is waited for."""
    assert seconds == pytest.approx(estimate(counts, Limits()))


def test_an_estimate_heeds_the_users_rates_and_quotas() -> None:
    """Faster buckets, and fewer accounts at a time."""
    limits = Limits().overridden({"accounts_being_created": 1}, {"organizations:CreateAccount": Rate(10, 10)})
    assert estimate({"organizations:CreateAccount": 10}, limits) == 450
