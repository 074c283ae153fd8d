"""The processes of all functions, by function; a changed function gets a new one."""

from __future__ import annotations

import threading
from collections import OrderedDict, deque
from typing import Any

from orgctl.sandbox.runtime.process import Outcome, Program, Runner

WARM = 24
"""How many processes are kept at most; the one that was used longest ago ends first."""
LINES = 2000
"""How many lines of each function's log are kept."""


class Runtimes:
    """All functions' processes and logs."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._runners: OrderedDict[str, Runner] = OrderedDict()
        self._ended = False
        self.logs: dict[str, deque[str]] = {}

    def invoke(self, program: Program, event: Any) -> Outcome:
        """Run a program on an event; its log is kept under its ARN. Nothing runs any longer after `end`."""
        runner = self._runner(program)
        if runner is None:
            return Outcome(None, {"errorType": "Sandbox.Ended", "errorMessage": "the sandbox has ended"}, "")
        outcome = runner.invoke(event)
        with self._lock:
            self.logs.setdefault(program.arn, deque(maxlen=LINES)).extend(outcome.log.splitlines())
        return outcome

    def _runner(self, program: Program) -> Runner | None:
        """The process of a program; None after `end`."""
        ended: list[Runner] = []
        with self._lock:
            if self._ended:
                return None
            found = self._runners.pop(program.arn, None)
            if found is not None and found.program != program:
                ended.append(found)
                found = None
            found = found or Runner(program)
            self._runners[program.arn] = found
            while len(self._runners) > WARM:
                ended.append(self._runners.popitem(last=False)[1])
        for runner in ended:
            runner.close()
        return found

    def end(self) -> None:
        """End all processes for good: what still asks for one is told so."""
        with self._lock:
            self._ended = True
        self.close()

    def close(self) -> None:
        """End all processes, and forget the logs."""
        with self._lock:
            runners = list(self._runners.values())
            self._runners.clear()
            self.logs.clear()
        for runner in runners:
            runner.close()
