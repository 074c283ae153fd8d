"""Diagnostics as SARIF 2.1.0, which code-scanning services read.

Source: "Static Analysis Results Interchange Format (SARIF) Version 2.1.0", OASIS.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from orgctl import __version__
from orgctl.diagnostics import Diagnostic, Position

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def diagnostics_sarif(diagnostics: Iterable[Diagnostic], titles: Mapping[str, str]) -> str:
    """One run. `titles` says in a line what each code means; files are relative to the repository."""
    found = tuple(diagnostics)
    codes = sorted({diagnostic.code for diagnostic in found})
    rules = [{"id": code, "shortDescription": {"text": titles.get(code, code)}} for code in codes]
    results = [_result(diagnostic, codes.index(diagnostic.code)) for diagnostic in found]
    driver = {"name": "orgctl", "version": __version__, "rules": rules}
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2, ensure_ascii=False)


def _result(diagnostic: Diagnostic, rule: int) -> dict[str, object]:
    hint = f"\n\nhint: {diagnostic.hint}" if diagnostic.hint else ""
    return {
        "ruleId": diagnostic.code,
        "ruleIndex": rule,
        "level": diagnostic.severity.value,
        "message": {"text": f"{diagnostic.message}{hint}"},
        "locations": [{"physicalLocation": _location(diagnostic.position)}],
    }


def _location(position: Position) -> dict[str, object]:
    """The place; without a region where the file as a whole is meant."""
    location: dict[str, object] = {"artifactLocation": {"uri": position.file}}
    if position.line:
        location["region"] = {"startLine": position.line, "startColumn": max(position.column, 1)}
    return location
