"""The worker processes of a run, each led by a thread; what they have in common is told between them in order."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, cast

from orgctl.errors import OrgctlError
from orgctl.replay.ingest.messages import Done, Ids, Known, Task, receive, send
from orgctl.replay.ingest.tasks import GO_ON, Work

MAKE_ROOM = f"make room, and {GO_ON}"
"""What helps when nothing can be written any more."""

_REMEMBERED = 100_000
"""After how many events those before the last as many are forgotten: duplicates are delivered soon."""

Worker = subprocess.Popen[bytes]


@dataclass(slots=True)
class _Memory:
    """Which events were met of late, and in which file first."""

    young: dict[str, int] = field(default_factory=dict)
    old: dict[str, int] = field(default_factory=dict)

    def met_before(self, met: Ids) -> tuple[list[int], Counter[tuple[int, int]]]:
        """Where among some events, each another one, those are that were met before, and which files give them up to
        which others.
        """
        winners = {event: self.young[event] for event in self.young.keys() & met.ids}
        winners |= {event: self.old[event] for event in self.old.keys() & met.ids}
        self.young.update(zip(met.ids, met.files, strict=True))
        self.young.update(winners)
        places = [place for place, event in enumerate(met.ids) if event in winners] if winners else []
        yielded = Counter((met.files[place], winners[met.ids[place]]) for place in places)
        if len(self.young) >= _REMEMBERED:
            self.young, self.old = {}, self.young
        return places, yielded


class _StoppedError(Exception):
    """Another thread has failed, and told why."""


class Crew:
    """Has all tasks done: `run` returns when they are, or raises the first error; no process is left then."""

    def __init__(
        self, folder: Path, name: str, work: Iterator[Work], done: Callable[[Work, Done], None], ready: list[Worker]
    ) -> None:
        """`done` is called for every task, by one thread at a time, in the order in which they end.

        Workers that are `ready` are taken from there, others started.
        """
        self._folder, self._name, self._work, self._done, self._ready = folder, name, work, done, ready
        self._lock, self._turns = threading.Lock(), threading.Condition()
        self._memory = _Memory()
        self._given = self._turn = 0
        self._error: BaseException | None = None
        self._processes: list[Worker] = []

    def run(self, workers: int, meanwhile: Callable[[], object] = lambda: None) -> None:
        """Do all tasks with as many processes. What is to be done `meanwhile` is called once they have begun."""
        threads = [threading.Thread(target=self._lead, daemon=True) for _ in range(workers)]
        try:
            for thread in threads:
                thread.start()
            meanwhile()
            for thread in threads:
                thread.join()
        except BaseException as error:
            self._fail(error)
            raise
        finally:
            for process in self._processes:
                process.kill()
                process.wait()
        if self._error:
            raise self._error

    def _lead(self) -> None:
        try:
            taken = self._take()
            if taken:
                with _led(self._ready.pop() if self._ready else _started()) as process:
                    self._processes.append(process)
                    while taken:
                        self._have_done(process, *taken)
                        taken = self._take()
        except _StoppedError:
            pass
        except BaseException as error:  # noqa: BLE001 - raised again by the one who waits
            self._fail(error)

    def _take(self) -> tuple[int, Work] | None:
        with self._lock:
            work = None if self._error else next(self._work, None)
            if work is None:
                return None
            number, self._given = self._given, self._given + 1
            return number, work

    def _have_done(self, process: Worker, number: int, work: Work) -> None:
        questions, answers = cast(BinaryIO, process.stdin), cast(BinaryIO, process.stdout)
        try:
            send(questions, Task(str(self._folder), f"{self._name}-{number:06}", list(work.pieces)))
            met = receive(answers, Ids)
            places, yielded = self._compare(number, met) if met else ([], Counter())
            send(questions, Known(places))
            done = receive(answers, Done)
        except BrokenPipeError:
            done = None
        if done is None:
            raise OrgctlError(
                f"a process that reads events ended too early (exit status {process.wait()})",
                hint=GO_ON,
            )
        if done.failure:
            raise OrgctlError(done.failure, hint=MAKE_ROOM)
        for pair, times in yielded.items():
            done.yielded[pair] = done.yielded.get(pair, 0) + times
        with self._lock:
            if not self._error:
                self._done(work, done)

    def _compare(self, number: int, met: Ids) -> tuple[list[int], Counter[tuple[int, int]]]:
        """In the order of the tasks: of an event's records, the one that was delivered first has the row."""
        with self._turns:
            self._turns.wait_for(lambda: self._turn == number or self._error)
            if self._error:
                raise _StoppedError
            try:
                return self._memory.met_before(met)
            finally:
                self._turn += 1
                self._turns.notify_all()

    def _fail(self, error: BaseException) -> None:
        with self._turns:
            self._error = self._error or error
            self._turns.notify_all()


@contextmanager
def waiting(count: int) -> Iterator[list[Worker]]:
    """Workers that make themselves ready while there is other work to do; those that nobody takes go away."""
    workers = [_started() for _ in range(count)]
    try:
        yield workers
    finally:
        for worker in workers:
            with _led(worker):
                pass


def _started() -> Worker:
    command = [sys.executable, "-m", "orgctl.replay.ingest.worker"]
    # in a group of its own, for Ctrl-C is not meant for it: it ends when nobody speaks to it any more
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, process_group=0)


@contextmanager
def _led(worker: Worker) -> Iterator[Worker]:
    """A worker that somebody speaks to; at the end it is gone, whatever comes."""
    try:
        yield worker
    except BaseException:
        worker.kill()
        raise
    finally:
        with suppress(OSError):  # what was not sent yet cannot be sent any more
            cast(BinaryIO, worker.stdin).close()
        cast(BinaryIO, worker.stdout).close()
        worker.wait()
