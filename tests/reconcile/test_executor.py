"""The order-keeping of an apply when Ctrl-C comes at any moment."""

from __future__ import annotations

import signal
import threading
from collections.abc import Mapping

import pytest

from orgctl.reconcile.executor import Parameters, Say, execute
from orgctl.reconcile.plan import Operation, Plan

_CALLS = 60

PLAN = Plan(
    "o-1234567890",
    "111111111111",
    (),
    tuple(Operation(number, f"ou:/{number}", "organizations", "TagResource", {}) for number in range(1, _CALLS + 1)),
)


class Pressing:
    """An AWS that answers at once, and presses Ctrl-C during one call; it knows which calls it got."""

    def __init__(self, during: int) -> None:
        self.during = during
        self.made: list[int] = []

    def perform(
        self, operation: Operation, parameters: Parameters, account: str | None, say: Say
    ) -> Mapping[str, object]:
        self.made.append(operation.number)
        if operation.number == self.during:
            signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
        return {}


@pytest.mark.parametrize("first", range(1, _CALLS, 3))
def test_no_call_that_was_made_is_lost_when_ctrl_c_comes(first: int) -> None:
    """Wherever Ctrl-C meets the main thread: what AWS was asked is what the outcome calls done, the rest is left."""
    aws = Pressing(first)
    outcome = execute(PLAN, aws.perform)
    assert outcome.done == tuple(sorted(aws.made))
    assert sorted((*outcome.done, *outcome.left)) == list(range(1, _CALLS + 1))
    assert outcome.failed == {}
    assert outcome.interrupted


def test_after_ctrl_c_nothing_more_is_started() -> None:
    """Four calls of an API are under way at once; those that were when Ctrl-C was noticed are the last."""
    aws = Pressing(5)
    noticed = threading.Event()

    def held(operation: Operation, parameters: Parameters, account: str | None, say: Say) -> Mapping[str, object]:
        answer = aws.perform(operation, parameters, account, say)
        assert operation.number < 5 or noticed.wait(30)
        return answer

    outcome = execute(PLAN, held, on_interrupt=noticed.set)
    assert 5 <= len(outcome.done) <= 8
    assert len(outcome.left) == _CALLS - len(outcome.done)


def test_a_fault_of_ours_is_not_swallowed_by_ctrl_c() -> None:
    """An error that is no answer of AWS's comes out of the run as it is, interrupted or not."""

    def wrong(operation: Operation, parameters: Parameters, account: str | None, say: Say) -> Mapping[str, object]:
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        execute(PLAN, wrong)
