"""One function's process: started with the first event, one event at a time, killed at a timeout."""

from __future__ import annotations

import base64
import io
import json
import os
import selectors
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from uuid import uuid4

_CHILD = Path(__file__).with_name("child.py")
_PASSED_ON = ("PATH", "LANG", "LC_ALL", "TMPDIR", "SYSTEMROOT")


@dataclass(frozen=True, slots=True)
class Program:
    """What runs: the zip in base64, its handler, the function's ARN, its whole environment, seconds until a timeout."""

    arn: str
    code: str
    handler: str
    environment: Mapping[str, str]
    timeout: float
    endpoint: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an invocation ended: `result` is JSON text, or `error` is what Lambda reports; `log` is what it printed."""

    result: str | None
    error: Mapping[str, Any] | None
    log: str


class Runner:
    """The process of one program."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self._turn = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._folder = tempfile.TemporaryDirectory(prefix="orgctl-function-")
        self._log_read = 0
        self._closed = False
        self._events: IO[str] | None = None
        self._results: IO[str] | None = None

    def invoke(self, event: Any) -> Outcome:
        """Run the handler on an event; one that waited for its turn while the process was closed does not run."""
        with self._turn:
            if self._closed:
                return Outcome(None, {"errorType": "Sandbox.Ended", "errorMessage": "the function has ended"}, "")
            if self._process is None or self._process.poll() is not None:
                self._start()
            return self._exchange(event)

    def close(self) -> None:
        """End the process and clean up. An invocation under way ends with an error."""
        self._closed = True
        process = self._process
        if process is not None:
            process.kill()
        with self._turn:
            self._stop()
            self._folder.cleanup()

    def _start(self) -> None:
        self._stop()
        root = Path(self._folder.name)
        task = root / "task"
        if not task.exists():
            with zipfile.ZipFile(io.BytesIO(base64.b64decode(self.program.code))) as archive:
                archive.extractall(task)
        events_in, events_out = os.pipe()
        results_in, results_out = os.pipe()
        arguments = (self.program.handler, self.program.arn, str(task), self.program.endpoint)
        with (root / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, str(_CHILD), *arguments, str(events_in), str(results_out)],
                cwd=task,
                env=self._environment(task),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=(events_in, results_out),
            )
        if self._closed:  # while the process was being started
            self._process.kill()
        os.close(events_in)
        os.close(results_out)
        self._events = os.fdopen(events_out, "w", encoding="utf-8")
        self._results = os.fdopen(results_in, encoding="utf-8")

    def _environment(self, task: Path) -> dict[str, str]:
        passed = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
        return {**passed, "LAMBDA_TASK_ROOT": str(task), "PYTHONDONTWRITEBYTECODE": "1", **self.program.environment}

    def _stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None
        for pipe in (self._events, self._results):
            if pipe is not None:
                try:
                    pipe.close()
                except BrokenPipeError:
                    continue
        self._events = self._results = None

    def _exchange(self, event: Any) -> Outcome:
        request = str(uuid4())
        order = {"event": event, "request_id": request, "deadline": time.time() + self.program.timeout}
        try:
            self._send(json.dumps(order))
            line = self._awaited()
        except BrokenPipeError:
            line = ""
        if line is None:
            self._stop()
            return self._failed(request, "Sandbox.Timedout", f"Task timed out after {self.program.timeout:.2f} seconds")
        if not line:
            self._stop()
            return self._failed(request, "Runtime.ExitError", "Runtime exited with error")
        answer = json.loads(line)
        return Outcome(answer.get("result"), answer.get("error"), self._log())

    def _send(self, line: str) -> None:
        if self._events is not None:
            self._events.write(line + "\n")
            self._events.flush()

    def _awaited(self) -> str | None:
        """The answer; "" if the process ended, None after the timeout."""
        if self._results is None:
            return ""
        with selectors.DefaultSelector() as selector:
            selector.register(self._results, selectors.EVENT_READ)
            return self._results.readline() if selector.select(self.program.timeout) else None

    def _failed(self, request: str, kind: str, message: str) -> Outcome:
        text = f"RequestId: {request} Error: {message}"
        return Outcome(None, {"errorType": kind, "errorMessage": text}, self._log())

    def _log(self) -> str:
        with (Path(self._folder.name) / "log").open("rb") as log:
            log.seek(self._log_read)
            printed = log.read()
        self._log_read += len(printed)
        return printed.decode("utf-8", "replace")
