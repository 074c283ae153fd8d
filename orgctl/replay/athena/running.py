"""Queries run at Athena, a few at once; those that an earlier run started are gone on with.

A query is known by what it asks, and where. Its answer is taken again where that cannot have changed since: the last
day that it reads was over when it ended, or it ended within the hour.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from functools import cached_property

from orgctl.aws.athena import Execution, State, Texts, Workgroup
from orgctl.errors import AwsError
from orgctl.replay.athena.kept import Asked, Kept, key_of
from orgctl.replay.athena.pieces import Piece

AT_ONCE = 4
"""Queries that run at once: a part of what an account has (20 at least), for others query, too."""

Tell = Callable[[int, int], None]
"""Told how many queries are over, and of how many."""

_PAUSES = (0.5, 1.0, 2.0, 4.0)
_SETTLED = timedelta(hours=2)
"""CloudTrail delivers within some minutes; after so long nothing more comes of a day."""

_JUST_NOW = timedelta(minutes=2)
_STARTS = 4
"""So often a query is started under another token, where what Athena has under the last is of no use any more."""

_FRESH = timedelta(hours=1)
_LIMIT = "bytes scanned limit was exceeded"
_EXHAUSTED = ("exhausted resources", "exceeded_memory", "exceeded_time", "query timeout")


@dataclass(frozen=True)
class Query:
    """The query of a piece; `write` gives the SQL of any part of it."""

    piece: Piece
    write: Callable[[Piece], str]

    @cached_property
    def sql(self) -> str:
        """What Athena is asked. Raises what `write` raises."""
        return self.write(self.piece)

    @property
    def halves(self) -> tuple[Query, ...]:
        """The same question in two; none if it cannot be cut any more."""
        return tuple(replace(self, piece=half) for half in self.piece.halves)

    def attempt(self, last: int | None = None) -> int:
        """The number of the attempt after the last one, or of the first."""
        return 0 if last is None else last + 1

    def text(self, _attempt: int) -> str:
        """What Athena is asked by an attempt. Raises what `write` raises."""
        return self.sql


@dataclass(frozen=True, slots=True)
class Done:
    """A query that ended well, by which attempt, and what Athena says of it."""

    query: Query
    attempt: int
    execution: Execution


@dataclass
class Runner:
    """Runs queries in a workgroup; `now` is the time, in UTC. `scanned` bytes were read by those that ended well.

    `asked` is how many there were in the end: a query for which Athena's resources do not suffice is asked in halves.
    """

    workgroup: Workgroup
    kept: Kept
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    tell: Tell = lambda _done, _total: None
    scanned: int = 0
    asked: int = 0
    _over: int = 0
    _begun: set[str] = field(default_factory=set)
    _waiting: list[Query] = field(default_factory=list)
    _running: dict[str, tuple[Query, Asked]] = field(default_factory=dict)

    @property
    def started(self) -> int:
        """How many were begun by this run; the others had been before."""
        return len(self._begun)

    def run(self, queries: Iterable[Query]) -> Iterator[Iterator[Texts]]:
        """The rows of each query's answer, in the order in which they end. Raises as `done` does."""
        return (self.workgroup.rows(each.execution.id) for each in self.done(queries))

    def done(self, queries: Iterable[Query]) -> Iterator[Done]:
        """The queries, in the order in which they end.

        Raises AwsError for what AWS says, and for a query that fails: the others that this run has started are
        cancelled then, and whenever it is left before its end by an error of AWS's. What is stopped from outside goes
        on at Athena, and the next run finds it.
        """
        self._waiting = list(reversed(list(queries)))
        self.asked += len(self._waiting)
        pauses = 0
        try:
            while self._waiting or self._running:
                while self._waiting and len(self._running) < AT_ONCE:
                    self._begin(self._waiting.pop())
                ended = [found for key in list(self._running) if (found := self._ended(key))]
                for found in ended:
                    self._over, pauses = self._over + 1, 0
                    self.scanned += found.execution.scanned
                    yield found
                    self.tell(self._over, self.asked)
                if not ended:
                    self.workgroup.aws.clock.wait(_PAUSES[min(pauses, len(_PAUSES) - 1)])
                    pauses += 1
        except AwsError:
            self._cancel()
            raise

    def _begin(self, query: Query) -> None:
        """Start it, unless it runs already, or has ended well and its answer still counts."""
        key = self.key(query)
        asked = self.kept.asked(key) or Asked(query.attempt())
        known = self.workgroup.find(asked.id) if asked.id else None
        if known and self._cut(query, known):
            return
        for _ in range(_STARTS):
            if self._is_good(asked, query.piece):
                break
            asked = self._start(query, key, Asked(query.attempt(asked.attempt)) if asked.id else asked)
        self._running[key] = (query, asked)

    def _cut(self, query: Query, execution: Execution) -> bool:
        """Whether the query was too much for Athena, and is asked in halves instead."""
        halves = query.halves if execution.state is State.FAILED and _is_exhausted(execution) else ()
        self._waiting += reversed(halves)
        self.asked += max(0, len(halves) - 1)
        return bool(halves)

    def _start(self, query: Query, key: str, asked: Asked) -> Asked:
        """Start it under the token of this attempt; whoever is killed meanwhile finds it by the same."""
        self.kept.keep(key, asked)
        token = key_of(key, str(asked.attempt))
        begun = Asked(asked.attempt, self.workgroup.start(query.text(asked.attempt), token))
        self._begun.add(begun.id)
        self.kept.keep(key, begun)
        return begun

    def _is_good(self, asked: Asked, piece: Piece) -> bool:
        """Whether a query is worth waiting for. Athena may know one by its token of which we have forgotten."""
        found = self.workgroup.find(asked.id) if asked.id else None
        if found is None:
            return asked.id in self._begun
        is_new = found.submitted is None or self.now() - found.submitted < _JUST_NOW
        return (is_new and asked.id in self._begun) or self._counts(found, piece)

    def is_fresh(self, execution: Execution) -> bool:
        """Whether a query ended within the hour."""
        return execution.ended is not None and self.now() - execution.ended < _FRESH

    def key(self, query: Query) -> str:
        """What the query is kept under."""
        group = self.workgroup
        return key_of(group.account or "", group.region or "", group.name, group.database, query.sql)

    def _counts(self, execution: Execution, piece: Piece) -> bool:
        if not execution.state.is_over:
            return True
        if execution.state is not State.SUCCEEDED or execution.ended is None:
            return False
        over = datetime.combine(piece.last + timedelta(days=1), time(), UTC) + _SETTLED
        return execution.ended >= over or self.is_fresh(execution)

    def _ended(self, key: str) -> Done | None:
        """The query if it ended well; None while it runs, and if halves take its place. Raises AwsError otherwise."""
        query, asked = self._running[key]
        execution = self.workgroup.find(asked.id)
        if execution is None:
            raise AwsError("Athena does not know a query that was just started", operation="athena:GetQueryExecution")
        if not execution.state.is_over:
            return None
        del self._running[key]
        if execution.state is State.SUCCEEDED:
            return Done(query, asked.attempt, execution)
        if self._cut(query, execution):
            return None
        raise _failed(execution, query.piece)

    def _cancel(self) -> None:
        for _, asked in self._running.values():
            try:
                self.workgroup.stop(asked.id)
            except AwsError:
                continue
        self._running.clear()


def _is_exhausted(execution: Execution) -> bool:
    return any(each in (execution.reason or "").lower() for each in _EXHAUSTED)


def _failed(execution: Execution, piece: Piece) -> AwsError:
    reason = execution.reason or "it gives no reason"
    message = f"the query over {piece} was {execution.state.value.lower()}: {reason}"
    said = reason.lower()
    if _LIMIT in said:
        hint = "raise `scan_limit_gb` in `trail.athena` and apply, or ask about fewer days: `--since`, `--until`"
    elif _is_exhausted(execution):
        hint = "it is about one account's day already: try one policy by `--policy FILE --target ou:/…`"
    elif execution.state is State.CANCELLED:
        hint = "somebody cancelled it: run the same command again, which goes on with the others"
    else:
        hint = "`orgctl plan` shows whether the table and the workgroup are as they should be"
    return AwsError(message, operation="athena:StartQueryExecution", code=execution.state.value, hint=hint)
