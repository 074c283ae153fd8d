"""Runs a plan's operations: as many at once as their order allows, and never one whose forerunner failed.

The plan is stateless, so there is nothing to resume: whatever stops an apply, the next plan shows what is left.
"""

from __future__ import annotations

import heapq
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Protocol

import jmespath

from orgctl.errors import CredentialsError, OrgctlError, StoppedError, UnreachableError
from orgctl.model.rollout_mark import since_value
from orgctl.reconcile.plan import Join, Moment, Operation, Plan, Ref, Value

Parameters = Mapping[str, object]
Say = Callable[[str], None]
"""Told in a sentence how far a wait is."""

Perform = Callable[[Operation, Parameters, str | None, Say], Mapping[str, object]]
"""Makes the call with its parameters resolved, in that account (None: the management account), and waits as it asks."""

AT_ONCE = 4
"""How many calls of one API are under way at once: enough to hide latency at AWS's rates, few enough to stop fast."""

_LANES = 32


def utc_now() -> datetime:
    """The time."""
    return datetime.now(UTC)


class Observer(Protocol):
    """Is told what happens, from several threads; must be quick."""

    def sent(self, operation: Operation, parameters: Parameters, account: str | None) -> None:
        """The call is about to be made."""

    def said(self, operation: Operation, sentence: str) -> None:
        """What the call waits for is not there yet; the sentence says how far it is."""

    def done(self, operation: Operation, answer: Mapping[str, object]) -> None:
        """The call was made, and what it waits for has come."""

    def failed(self, operation: Operation, error: OrgctlError) -> None:
        """The call failed."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a plan: numbers of operations done and left, failures with their errors, seconds taken."""

    done: tuple[int, ...]
    failed: Mapping[int, OrgctlError]
    left: tuple[int, ...]
    interrupted: bool
    seconds: float

    @property
    def complete(self) -> bool:
        """Whether everything was done."""
        return not self.failed and not self.left


def execute(
    plan: Plan,
    perform: Perform,
    observers: tuple[Observer, ...] = (),
    *,
    at_once: Mapping[str, int] | None = None,
    on_interrupt: Callable[[], None] = lambda: None,
    now: Callable[[], datetime] = utc_now,
) -> Outcome:
    """Run the plan. Ctrl-C lets calls in flight finish, and starts no more; `on_interrupt` is called then.

    `at_once` overrides how many calls of an API (`organizations:CreateAccount`) may be under way; `now` tells
    the time, in UTC.
    """
    started = time.monotonic()
    run = _Run(plan, perform, observers, at_once or {}, now)
    with ThreadPoolExecutor(1, thread_name_prefix="apply-order") as keeper:
        whole = keeper.submit(run.whole)
        while True:
            try:
                whole.result()
                return run.outcome(time.monotonic() - started)
            except KeyboardInterrupt:
                run.stop(interrupted=True)
                on_interrupt()


@dataclass(slots=True)
class _Run:
    plan: Plan
    perform: Perform
    observers: tuple[Observer, ...]
    at_once: Mapping[str, int]
    now: Callable[[], datetime]
    waiting: dict[int, int] = field(init=False)
    followers: dict[int, list[Operation]] = field(init=False)
    ready: dict[str, list[tuple[int, Operation]]] = field(init=False)
    flying: Counter[str] = field(default_factory=Counter)
    busy: set[Value] = field(default_factory=set)
    results: dict[str, str] = field(default_factory=dict)
    done: list[int] = field(default_factory=list)
    failed: dict[int, OrgctlError] = field(default_factory=dict)
    stopped: bool = False
    interrupted: bool = False

    def __post_init__(self) -> None:
        self.waiting = {operation.number: len(operation.after) for operation in self.plan.operations}
        self.followers = defaultdict(list)
        self.ready = defaultdict(list)
        for operation in self.plan.operations:
            for needed in operation.after:
                self.followers[needed].append(operation)
            if not operation.after:
                self._queue(operation)

    def _queue(self, operation: Operation) -> None:
        heapq.heappush(self.ready[operation.title], (operation.number, operation))

    def whole(self) -> None:
        """Make the calls, to the last that can be made.

        In a thread of its own: Ctrl-C is raised in the main thread between any two steps, and a call that was
        made must never be lost between two lines of this book-keeping.
        """
        flights: dict[Future[None], Operation] = {}
        with ThreadPoolExecutor(_LANES, thread_name_prefix="apply") as pool:
            while True:
                for operation in self.launchable():
                    flights[pool.submit(self.call, operation)] = operation
                if not flights:
                    return
                landed, _ = wait(flights, return_when=FIRST_COMPLETED)
                for flight in landed:
                    self.land(flights.pop(flight), flight)

    def launchable(self) -> Iterator[Operation]:
        """What can start now; each counts as under way from here on."""
        for title, queue in self.ready.items():
            held: list[tuple[int, Operation]] = []
            while queue and not self.stopped and self.flying[title] < self.at_once.get(title, AT_ONCE):
                number, operation = heapq.heappop(queue)
                if _policy_of(operation) in self.busy:
                    held.append((number, operation))
                    continue
                self._take_off(operation)
                yield operation
            for waiting in held:
                heapq.heappush(queue, waiting)

    def _take_off(self, operation: Operation) -> None:
        self.flying[operation.title] += 1
        policy = _policy_of(operation)
        if policy is not None:
            self.busy.add(policy)

    def call(self, operation: Operation) -> None:
        """In a thread of its own: resolve, call, and note what the answer brought."""
        parameters = {name: _resolved(value, self.results, self.now) for name, value in operation.parameters.items()}
        account = str(_resolved(operation.account, self.results, self.now)) if operation.account else None
        for observer in self.observers:
            observer.sent(operation, parameters, account)
        answer = self.perform(operation, parameters, account, partial(self._say, operation))
        for name, expression in operation.yields.items():
            self.results[name] = str(jmespath.search(expression, answer))
        for observer in self.observers:
            observer.done(operation, answer)

    def _say(self, operation: Operation, sentence: str) -> None:
        for observer in self.observers:
            observer.said(operation, sentence)

    def land(self, operation: Operation, flight: Future[None]) -> None:
        """In the thread of `whole`: let followers start, or note the failure."""
        self.flying[operation.title] -= 1
        self.busy.discard(_policy_of(operation))
        error = flight.exception()
        if error is None:
            self.done.append(operation.number)
            for follower in self.followers[operation.number]:
                self.waiting[follower.number] -= 1
                if self.waiting[follower.number] == 0:
                    self._queue(follower)
            return
        if not isinstance(error, OrgctlError):
            self.stop(interrupted=False)
            raise error
        if isinstance(error, StoppedError):
            return
        self.failed[operation.number] = error
        for observer in self.observers:
            observer.failed(operation, error)
        if isinstance(error, CredentialsError | UnreachableError):
            self.stop(interrupted=False)

    def stop(self, *, interrupted: bool) -> None:
        """Start no more."""
        self.stopped = True
        self.interrupted = self.interrupted or interrupted

    def outcome(self, seconds: float) -> Outcome:
        """What became of it all."""
        reached = {*self.done, *self.failed}
        left = tuple(operation.number for operation in self.plan.operations if operation.number not in reached)
        return Outcome(tuple(sorted(self.done)), self.failed, left, self.interrupted, seconds)


def _policy_of(operation: Operation) -> Value:
    """The policy that the call writes to, if any: AWS refuses two writes to one policy at once."""
    return operation.parameters.get("PolicyId")


def _resolved(value: Value, results: Mapping[str, str], now: Callable[[], datetime]) -> object:
    """The value with what earlier operations brought in place of references, and the time in place of `Moment`."""
    match value:
        case Ref():
            return results[f"{value.address}#{value.attribute}"]
        case Moment():
            return since_value(now())
        case Join():
            return "".join(str(_resolved(part, results, now)) for part in value.parts)
        case Mapping():
            return {key: _resolved(inner, results, now) for key, inner in value.items()}
        case list() | tuple():
            return [_resolved(inner, results, now) for inner in value]
        case _:
            return value
