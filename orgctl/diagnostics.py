"""Problems that point at a place in the user's files, and how they are written.

A `Diagnostic` is a value: it is collected, not raised, so that every problem of an input is reported at once.
Its text form is one line, then an optional hint:

    organization.yaml:14:9: error[M101]: account email `ops@example.com` is used twice

    hint: it is first used at line 9; give each account an address of its own
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Severity(Enum):
    """How much a diagnostic weighs: an error stops the command, a warning does not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A place in a file. `line` and `column` count from 1; 0 means "the file as a whole"."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One problem. `code` is stable (`M101`): people search for it, and suppress by it."""

    code: str
    message: str
    position: Position
    hint: str | None = None
    severity: Severity = Severity.ERROR

    def __str__(self) -> str:
        line = f"{self.position}: {self.severity.value}[{self.code}]: {self.message}"
        return f"{line}\n\nhint: {self.hint}\n" if self.hint else line


def in_order(diagnostics: list[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Sort by file, line and column; equal ones are kept once."""
    return tuple(sorted(dict.fromkeys(diagnostics), key=lambda d: (d.position, d.code, d.message)))
