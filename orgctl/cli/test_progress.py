"""Dots, or names: what is shown while policy tests run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import groupby
from typing import TYPE_CHECKING

from rich.text import Text

from orgctl.cli.running import Globals

if TYPE_CHECKING:
    from orgctl.policytest.case import Suite
    from orgctl.policytest.result import CaseResult

Observer = Callable[["Suite", "CaseResult"], None]


@contextmanager
def told(options: Globals, *, verbose: bool, silent: bool) -> Iterator[Observer | None]:
    """Yields what is to be told of every case: one dot for each behind its file's name, or with `verbose` its name."""
    if silent:
        yield None
    elif verbose:
        yield lambda _suite, result: options.print([_named(result)])
    else:
        dots = _Dots(options)
        yield dots
        dots.end()


def _named(result: CaseResult) -> Text:
    requests = len(result.case.requests)
    count = f" [{requests:,} requests]" if requests > 1 else ""
    verdict = ("PASSED", "green") if result.passed else ("FAILED", "bold red")
    return Text.assemble(f"{result.case.id}{count} ", verdict)


class _Dots:
    """One line for each file: it is printed when the file is done, so that little is written."""

    def __init__(self, options: Globals) -> None:
        self._options = options
        self._file = ""
        self._passed: list[bool] = []

    def __call__(self, suite: Suite, result: CaseResult) -> None:
        """Take one more case."""
        if suite.file != self._file:
            self.end()
            self._file, self._passed = suite.file, []
        self._passed.append(result.passed)

    def end(self) -> None:
        """Print what there is; neighbours of one colour go in one piece, for there may be thousands."""
        if self._file:
            runs = [(passed, len(list(run))) for passed, run in groupby(self._passed)]
            marks = [("." * count, "green") if passed else ("F" * count, "bold red") for passed, count in runs]
            self._options.print([Text.assemble(f"{self._file} ", *marks)])
