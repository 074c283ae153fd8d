"""A shell that follows a document, and the comparison of what it says with what the document shows."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType

_MARK = "=== that was all, with status"

_VARYING = (
    (re.compile(r"http://127\.0\.0\.1:\d+"), "http://127.0.0.1:PORT"),
    (re.compile(r"\bpid \d+"), "pid PID"),
    (re.compile(r"\b(?!111111111111)\d{12}\b"), "ACCOUNT"),
    (re.compile(r"(?<![\w-])(o|p|h)-[a-z0-9]{8,34}\b"), r"\1-ID"),
    (re.compile(r"(?<![\w-])r-[a-z0-9]{4}\b"), "r-ID"),
    (re.compile(r"\bou-[a-z0-9]{4,32}-[a-z0-9]{8,32}\b"), "ou-ID"),
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(\+00:00|Z)?"), "TIME"),
    (re.compile(r'"number": \d+'), '"number": NUMBER'),
    (re.compile(r"done in (\d+ s|less than a second)"), "done in SECONDS"),
    (re.compile(r'"seconds": [\d.]+'), '"seconds": SECONDS'),
    (re.compile(r"\bin \d+\.\d\d ?s\b"), "in SECONDS"),
)
"""What differs from one run to the next."""


class Shell:
    """One bash, from `with` to its end. Nothing it runs has a terminal."""

    def __init__(self, directory: Path, environment: dict[str, str]) -> None:
        self._bash = subprocess.Popen(
            ["/usr/bin/env", "bash", "--norc", "--noprofile"],
            cwd=directory,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._status = 0

    def __enter__(self) -> Shell:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bash.communicate("exit\n")

    def run(self, command: str) -> tuple[str, int]:
        """What a command says, on stdout and stderr together, and its exit status. `$?` is that of the one before."""
        assert self._bash.stdin is not None
        assert self._bash.stdout is not None
        typed = f"(exit {self._status})\n{{ {command}\n}} < /dev/null\n"
        self._bash.stdin.write(f"{typed}_status=$?\nprintf '\\n{_MARK} %s\\n' $_status\n")
        self._bash.stdin.flush()
        said: list[str] = []
        for line in self._bash.stdout:
            if line.startswith(_MARK):
                self._status = int(line.removeprefix(_MARK))
                return "".join(said), self._status
            said.append(line)
        raise AssertionError(f"bash ended at `{command}`: {''.join(said)}")


def plain(lines: Iterable[str], places: Iterable[tuple[str, str]] = ()) -> list[str]:
    """The lines without what varies, without spaces at their ends, and without blank lines around them."""
    text = "\n".join(line.rstrip() for line in lines).strip("\n")
    for place, name in places:
        text = text.replace(place, name)
    for pattern, name in _VARYING:
        text = pattern.sub(name, text)
    return text.split("\n")


def shown(expected: Iterable[str]) -> re.Pattern[str]:
    """What matches a command's output: the lines of the document, where `…` alone stands for any lines."""
    parts = ["(?:[^\n]*\n)*?" if line.strip() == "…" else f"{re.escape(line)}\n" for line in expected]
    return re.compile("".join(parts))
