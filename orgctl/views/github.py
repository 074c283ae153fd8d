"""Diagnostics as GitHub's workflow commands, which show them beside the lines of a pull request.

Source: "Workflow commands for GitHub Actions", GitHub Docs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from orgctl.diagnostics import Diagnostic


def diagnostics_github(diagnostics: Iterable[Diagnostic]) -> Iterator[str]:
    """`::error file=…,line=…,col=…,title=…::…`, one line for each."""
    for diagnostic in diagnostics:
        position = diagnostic.position
        place = {"file": position.file}
        if position.line:
            place |= {"line": str(position.line), "col": str(max(position.column, 1))}
        properties = {**place, "title": f"orgctl {diagnostic.code}"}
        shown = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
        hint = f"\nhint: {diagnostic.hint}" if diagnostic.hint else ""
        yield f"::{diagnostic.severity.value} {shown}::{_data(f'{diagnostic.message}{hint}')}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
