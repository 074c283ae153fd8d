"""Starts the processes that rules run in, talks to them, and sees to it that none is left behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from orgctl.errors import OrgctlError

Line = dict[str, Any]
Listener = Callable[[Line], Line | None]
"""Hears every line that a rule's process writes; what it returns is sent back: an answer, where there was a call."""

TIMEOUT = 120.0
"""Seconds after which a rule is ended. AWS Config's own functions have 300, and wait for AWS."""

_CHILD = Path(__file__).with_name("child.py")
_KEPT_OUTPUT = 20_000

OFFLINE: Mapping[str, str] = {
    "AWS_ACCESS_KEY_ID": "offline",
    "AWS_SECRET_ACCESS_KEY": "offline",
    "AWS_SESSION_TOKEN": "offline",
    "AWS_DEFAULT_REGION": "eu-west-1",
    "AWS_REGION": "eu-west-1",
    "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_MAX_ATTEMPTS": "1",
    "ORGCTL_ORGANIZATION_ID": "o-exampleorgid",
}
"""The environment of rules that are not to reach AWS, not even by mistake: nobody listens on that port."""


def offline_environment() -> dict[str, str]:
    """The environment without anything of AWS's, and with OFFLINE."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "ORGCTL_"))}
    return {**kept, **OFFLINE}


class DiedError(Exception):
    """A rule's process ended before it was done, or took too long. `output` is what it printed."""

    def __init__(self, message: str, output: str) -> None:
        super().__init__(message)
        self.message = message
        self.output = output


class Processes:
    """Processes that end together: leave the `with`, for whatever reason, and none is left."""

    def __init__(self, *, timeout: float = TIMEOUT) -> None:
        self._timeout = timeout
        self._running: set[subprocess.Popen[str]] = set()
        self._lock = threading.Lock()
        self._stopped = False

    def __enter__(self) -> Processes:
        return self

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._stopped = True
            for child in self._running:
                _end(child)

    def run(self, request: Line, environment: Mapping[str, str], hear: Listener) -> str:
        """Do what a request asks; what the rule printed. Raises DiedError. May be called from many threads."""
        with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as printed:
            why = self._talk(request, environment, hear, printed)
            printed.seek(0)
            output = printed.read(_KEPT_OUTPUT)
        if why:
            raise DiedError(why, output)
        return output

    def _talk(self, request: Line, environment: Mapping[str, str], hear: Listener, printed: Any) -> str:
        """Why it ended early; empty if it did not."""
        reading, lifeline = os.pipe()
        try:
            child = self._start({**request, "lifeline": reading}, environment, printed, reading)
        finally:
            os.close(reading)
        late = threading.Event()
        timer = threading.Timer(self._timeout, _late, (late, child))
        timer.start()
        try:
            with child:
                done = _conversation(child, hear)
        finally:
            timer.cancel()
            os.close(lifeline)
            with self._lock:
                self._running.discard(child)
        if done:
            return ""
        return f"it took longer than {self._timeout:g} s" if late.is_set() else f"it ended with {_status(child)}"

    def _start(
        self, request: Line, environment: Mapping[str, str], printed: Any, lifeline: int
    ) -> subprocess.Popen[str]:
        with self._lock:
            if self._stopped:
                raise OrgctlError("stopped")
            child = subprocess.Popen(
                [sys.executable, "-P", str(_CHILD)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=printed,
                env=dict(environment),
                pass_fds=[lifeline],
                start_new_session=True,
                encoding="utf-8",
            )
            self._running.add(child)
        _send(child, request)
        return child


def _conversation(child: subprocess.Popen[str], hear: Listener) -> bool:
    """Listen until the process's output ends; whether it said that it was done."""
    done = False
    for text in child.stdout or ():
        line: Line = json.loads(text)
        answer = hear(line)
        if answer is not None:
            _send(child, answer)
        done = done or line.get("done") is True
    return done


def _send(child: subprocess.Popen[str], line: Line) -> None:
    if child.stdin:
        try:
            child.stdin.write(json.dumps(line) + "\n")
            child.stdin.flush()
        except BrokenPipeError:
            return  # it ended; its output ends, too, and says so


def _end(child: subprocess.Popen[str]) -> None:
    """End a process with all that it started."""
    if child.poll() is None:
        try:
            os.killpg(child.pid, signal.SIGKILL)
        except ProcessLookupError:
            return


def _late(flag: threading.Event, child: subprocess.Popen[str]) -> None:
    flag.set()
    _end(child)


def _status(child: subprocess.Popen[str]) -> str:
    status = child.wait()
    return f"signal {-status}" if status < 0 else f"status {status}"
