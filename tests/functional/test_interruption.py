"""Killed at every single write of a first apply: the next apply finishes.

Whoever is killed keeps nothing, so that it is one whether that is after one write or before the next.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from pathlib import Path

import pytest

from orgctl.api.applying import apply_manifest
from orgctl.api.connection import Connection
from orgctl.api.planning import open_for, plan, plan_loaded
from orgctl.manifest import load
from orgctl.reconcile.calls import calls_to
from orgctl.reconcile.executor import Parameters, Say, execute
from orgctl.reconcile.plan import Operation
from orgctl.sandbox.embedded import Sandbox
from tests.functional.conftest import TERMS
from tests.functional.small import write_everything

WRITES = 60
"""How many calls the first apply of everything makes; a test below holds it to the truth."""


class Killed(BaseException):
    """The process is gone."""


class Mortal:
    """Calls AWS until the nth call, and dies before it hears the answer; whatever comes later never happens."""

    def __init__(self, perform: object, nth: int) -> None:
        self._perform = perform
        self._nth = nth
        self._count = 0
        self._lock = threading.Lock()

    def __call__(
        self, operation: Operation, parameters: Parameters, account: str | None, say: Say
    ) -> Mapping[str, object]:
        with self._lock:
            self._count += 1
            count = self._count
        if count > self._nth:
            raise Killed
        answer: Mapping[str, object] = self._perform(operation, parameters, account, say)  # type: ignore[operator]
        if count == self._nth:
            raise Killed
        return answer


@pytest.fixture
def everything(tmp_path: Path) -> Path:
    return write_everything(tmp_path)


def test_as_many_calls_are_made_as_are_killed_below(everything: Path, sandbox: Sandbox, connection: Connection) -> None:
    """No call of the plan is left out."""
    assert len(plan(everything, connection).plan.operations) == WRITES


@pytest.mark.slow
@pytest.mark.parametrize("nth", range(1, WRITES + 1))
def test_whatever_is_left_is_planned_and_done(
    nth: int, everything: Path, sandbox: Sandbox, connection: Connection
) -> None:
    """The next plan shows what is left and no more, its apply finishes, and no account exists twice."""
    loaded = load(everything)
    aws = open_for(loaded, connection)
    saved = plan_loaded(loaded, aws)
    with pytest.raises(Killed):
        execute(saved.plan, Mortal(calls_to(aws), nth))
    _, outcome = apply_manifest(everything, connection, TERMS)
    assert outcome.complete
    assert len(outcome.done) <= WRITES
    assert plan(everything, connection).plan.is_empty
    emails = [account.email for account in sandbox.organization.accounts.values()]
    assert sorted(emails) == sorted(set(emails))
