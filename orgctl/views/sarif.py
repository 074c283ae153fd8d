"""Diagnostics as SARIF 2.1.0, which code-scanning services read.

Source: "Static Analysis Results Interchange Format (SARIF) Version 2.1.0", OASIS.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from urllib.parse import quote

from orgctl import __version__
from orgctl.diagnostics import Diagnostic, Position

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_SAFE = "/!$&'()*+,;=@~"
"""What may stand in the path of a relative URI; a colon could end a scheme there."""


def diagnostics_sarif(diagnostics: Iterable[Diagnostic], titles: Mapping[str, str]) -> str:
    """One run. `titles` says in a line what each code means; files are relative to the repository."""
    found = tuple(diagnostics)
    codes = sorted({diagnostic.code for diagnostic in found})
    rules = [_rule(code, titles) for code in codes]
    results = [_result(diagnostic, codes.index(diagnostic.code)) for diagnostic in found]
    driver = {"name": "orgctl", "version": __version__, "rules": rules}
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2, ensure_ascii=False)


def _rule(code: str, titles: Mapping[str, str]) -> dict[str, object]:
    """A code with its title."""
    return {"id": code, "shortDescription": {"text": titles.get(code, code)}}


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
    location: dict[str, object] = {"artifactLocation": {"uri": quote(position.file, safe=_SAFE)}}
    if position.line:
        location["region"] = {"startLine": position.line, "startColumn": max(position.column, 1)}
    return location
