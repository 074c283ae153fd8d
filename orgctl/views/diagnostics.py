"""Errors and diagnostics, for people."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from rich.text import Text

from orgctl.diagnostics import Diagnostic, Severity
from orgctl.errors import InvalidInputError, OrgctlError

_STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "bold yellow"}


def diagnostic_text(diagnostic: Diagnostic) -> Iterator[Text]:
    """`organization.yaml:14:9: error[M101]: …`, and a hint below."""
    severity = (f"{diagnostic.severity.value}[{diagnostic.code}]", _STYLES[diagnostic.severity])
    yield Text.assemble(f"{diagnostic.position}: ", severity, f": {diagnostic.message}")
    if diagnostic.hint:
        yield Text(f"\nhint: {diagnostic.hint}\n")


def error_text(error: OrgctlError) -> Iterator[Text]:
    """Every diagnostic that the error carries, then the error itself and its hint."""
    if isinstance(error, InvalidInputError):
        for diagnostic in error.diagnostics:
            yield from diagnostic_text(diagnostic)
    yield Text.assemble(("error", "bold red"), f": {error.message}")
    if error.hint:
        yield Text(f"\nhint: {error.hint}")


def diagnostics_json(diagnostics: Iterable[Diagnostic]) -> str:
    """Diagnostics for programs. `line` and `column` count from 1; 0: the file as a whole."""
    problems = [
        {
            "severity": diagnostic.severity.value,
            "code": diagnostic.code,
            "message": diagnostic.message,
            "hint": diagnostic.hint,
            "file": diagnostic.position.file,
            "line": diagnostic.position.line,
            "column": diagnostic.position.column,
        }
        for diagnostic in diagnostics
    ]
    return json.dumps({"format_version": 1, "problems": problems}, indent=2, ensure_ascii=False)
