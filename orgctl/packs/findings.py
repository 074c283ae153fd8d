"""Collects what is wrong with one file, at the places where it stands."""

from __future__ import annotations

from dataclasses import dataclass, field

from orgctl.diagnostics import Diagnostic, Severity
from orgctl.source import Place, Source


@dataclass(slots=True)
class Findings:
    """The problems of the file `source`, in the order in which they are found."""

    source: Source
    problems: list[Diagnostic] = field(default_factory=list)

    def add(self, code: str, message: str, place: Place, hint: str | None = None, *, key: bool = False) -> None:
        """One more error, at the value at `place`, or with `key` at its key."""
        position = self.source.key_at(place) if key else self.source.at(place)
        self.problems.append(Diagnostic(code, message, position, hint))

    def warn(self, code: str, message: str, place: Place, hint: str | None = None, *, key: bool = False) -> None:
        """One more warning."""
        position = self.source.key_at(place) if key else self.source.at(place)
        self.problems.append(Diagnostic(code, message, position, hint, Severity.WARNING))

    @property
    def failed(self) -> bool:
        """Whether there is more than warnings."""
        return any(problem.severity is Severity.ERROR for problem in self.problems)
