"""Collects what is wrong with one rule's files while they are read."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

from orgctl.diagnostics import Diagnostic, Position, Severity
from orgctl.source import Place, Source, read_parsed


@dataclass(slots=True)
class Problems:
    """The problems of one folder. `name` is what messages call the folder: `config_rules/NAME`."""

    folder: Path
    name: str
    found: list[Diagnostic] = field(default_factory=list)

    def file(self, file: str) -> str:
        """What messages call a file of the folder."""
        return f"{self.name}/{file}"

    def read(self, file: str) -> Source | None:
        """A YAML or JSON file's value; None, with its problems, if there is nothing to go on with."""
        parsed = read_parsed(self.folder / file, name=self.file(file))
        self.found += parsed.problems
        return parsed.source

    def add(self, code: str, message: str, position: Position, hint: str | None = None) -> None:
        """One more error."""
        self.found.append(Diagnostic(code, message, position, hint))

    def warn(self, code: str, message: str, position: Position, hint: str | None = None) -> None:
        """One more warning."""
        self.found.append(Diagnostic(code, message, position, hint, Severity.WARNING))

    @property
    def failed(self) -> bool:
        """Whether there is more than warnings."""
        return any(problem.severity is Severity.ERROR for problem in self.found)


def within_text(source: Source, place: Place, offset: int) -> Position:
    """The position of a character of the text at `place`, as far as its escapes are the usual ones."""
    begin, text = source.at(place), source.get(place)
    before = json.dumps(str(text)[:offset], ensure_ascii=False)[1:-1]
    return Position(begin.file, begin.line, begin.column + 1 + len(before))
