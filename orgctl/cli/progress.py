"""Progress of long work, on a terminal; in a pipe there is none."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from rich.progress import BarColumn, DownloadColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from orgctl.api.write_log import WriteLog
from orgctl.cli.running import Globals
from orgctl.errors import OrgctlError
from orgctl.reconcile.executor import Observer
from orgctl.reconcile.plan import Operation, Plan


@contextmanager
def reading(options: Globals) -> Iterator[Callable[[str, int, int], None]]:
    """One bar for all that is read, however many kinds of it there are."""
    known: dict[str, tuple[int, int]] = {}
    lock = threading.Lock()
    with bar(options, "reading AWS") as (progress, task):

        def tell(kind: str, done: int, total: int) -> None:
            with lock:
                known[kind] = (done, total)
                sums = [sum(column) for column in zip(*known.values(), strict=True)]
            progress.update(task, completed=sums[0], total=sums[1], visible=True)

        progress.update(task, visible=False)  # until something is: not every command that can ask AWS does
        yield tell


@contextmanager
def reading_events(options: Globals) -> Iterator[Callable[[int, int], None]]:
    """A bar over the bytes of events' files."""
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeElapsedColumn())
    with Progress(*columns, console=options.talk, transient=True, disable=not options.talk.is_terminal) as progress:
        task = progress.add_task("reading events", total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)


@contextmanager
def bar(options: Globals, title: str, total: int | None = None) -> Iterator[tuple[Progress, TaskID]]:
    """A bar on stderr that goes away when the work is done."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=options.talk, transient=True, disable=not options.talk.is_terminal) as progress:
        yield progress, progress.add_task(title, total=total)


@contextmanager
def applying(
    options: Globals, plan: Plan, log: Path | None, remark: str | None = None
) -> Iterator[tuple[Observer, ...]]:
    """A bar over the calls, and a line on stderr for each that fails; with `log`, every write in that file.

    The log begins with the `remark`.
    """
    with ExitStack() as stack:
        progress, task = stack.enter_context(bar(options, "applying", len(plan.operations)))
        watched: tuple[Observer, ...] = (_Watching(progress, task),)
        if log is None:
            yield watched
            return
        writes = stack.enter_context(WriteLog(log))
        if remark:
            writes.remark(remark)
        yield (*watched, writes)


@dataclass(frozen=True, slots=True)
class _Watching:
    progress: Progress
    task: TaskID

    def sent(self, operation: Operation, parameters: Mapping[str, object], account: str | None) -> None:
        self.progress.update(self.task, description=f"{operation.action} {operation.address}")

    def said(self, operation: Operation, sentence: str) -> None:
        self.progress.update(self.task, description=f"{operation.address}: {sentence}")

    def done(self, operation: Operation, answer: Mapping[str, object]) -> None:
        self.progress.advance(self.task)

    def failed(self, operation: Operation, error: OrgctlError) -> None:
        self.progress.console.print(f"{operation.title} {operation.address}: {error.message}", style="red")
