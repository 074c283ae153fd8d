"""Errors and diagnostics, for people."""

from __future__ import annotations

from collections.abc import Iterator

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
