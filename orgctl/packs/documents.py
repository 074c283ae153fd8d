"""Reads and checks the remediation documents: `conformance_packs/remediation/<document>.yaml`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from orgctl.diagnostics import Diagnostic
from orgctl.manifest.nearest import did_you_mean
from orgctl.packs import actions, codes
from orgctl.packs.document import FOLDER, Document, DocumentParameter
from orgctl.packs.findings import Findings
from orgctl.packs.steps import check_steps
from orgctl.source import Place, read_parsed

_NAME = re.compile(r"[A-Za-z0-9_.-]{3,128}\Z", re.ASCII)
_RESERVED = re.compile(r"aws|amazon|amzn", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Documents:
    """The documents that are in order, by name, the names of all others, and what is wrong with them."""

    found: Mapping[str, Document]
    broken: frozenset[str]
    problems: tuple[Diagnostic, ...]


def load_documents(directory: Path) -> Documents:
    """Every document of a manifest's directory. Raises nothing."""
    found: dict[str, Document] = {}
    broken: set[str] = set()
    problems: list[Diagnostic] = []
    for path in sorted((directory / FOLDER).glob("*.yaml")):
        document, wrong = read_document(path, f"{FOLDER}/{path.name}")
        problems += wrong
        if document:
            found[path.stem] = document
        else:
            broken.add(path.stem)
    return Documents(found, frozenset(broken), tuple(problems))


def read_document(path: Path, file: str) -> tuple[Document | None, list[Diagnostic]]:
    """One document (None if there is an error in it), which messages call `file`, and its problems."""
    parsed = read_parsed(path, name=file)
    if parsed.source is None:
        return None, list(parsed.problems)
    findings = Findings(parsed.source, list(parsed.problems))
    _check_name(path.stem, findings)
    value = parsed.source.value
    if not isinstance(value, dict):
        hint = 'begin with `schemaVersion: "0.3"`'
        findings.add(codes.DOCUMENT_VALUE, "an Automation document is a mapping", (), hint)
        return None, findings.problems
    only(value, actions.TOP_KEYS, ("schemaVersion", "mainSteps"), (), findings)
    if value.get("schemaVersion", "0.3") != "0.3":
        message = f"the schema version of Automation documents is `0.3`, not `{value['schemaVersion']}`"
        findings.add(codes.DOCUMENT_VALUE, message, ("schemaVersion",), 'write `schemaVersion: "0.3"`')
    parameters = _parameters(value.get("parameters"), findings)
    check_steps(value, frozenset(parameters), findings)
    document = Document(path.stem, parameters, parsed.source)
    return (None if findings.failed else document), findings.problems


def only(
    value: Mapping[str, object], known: tuple[str, ...], needed: tuple[str, ...], place: Place, findings: Findings
) -> None:
    """Report keys that are not known at `place`, and those that are missing there."""
    for key in value:
        if key not in known:
            hint = did_you_mean(key, known, f"known here: {', '.join(f'`{each}`' for each in known)}")
            findings.add(codes.DOCUMENT_KEY, f"the key `{key}` is not known", (*place, key), hint, key=True)
    for key in needed:
        if key not in value:
            findings.add(codes.DOCUMENT_KEY, f"the key `{key}` is missing", place)


def _check_name(stem: str, findings: Findings) -> None:
    if not _NAME.match(stem) or _RESERVED.match(stem):
        hint = "use 3 to 128 letters, digits and `_.-`, and begin with neither `aws`, `amazon` nor `amzn`"
        findings.add(codes.DOCUMENT_NAME, f"Systems Manager does not accept the name `{stem}`", (), hint)


def _parameters(value: object, findings: Findings) -> dict[str, DocumentParameter]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        findings.add(codes.DOCUMENT_VALUE, "`parameters` has to be a mapping", ("parameters",))
        return {}
    return {name: _parameter(name, declared, findings) for name, declared in value.items()}


def _parameter(name: str, declared: object, findings: Findings) -> DocumentParameter:
    place: Place = ("parameters", name)
    if not isinstance(declared, dict):
        findings.add(codes.DOCUMENT_VALUE, f"the parameter `{name}` has to be a mapping", place, "write `type: String`")
        return DocumentParameter(name, "String", required=True)
    only(declared, actions.PARAMETER_KEYS, ("type",), place, findings)
    kind = str(declared.get("type", "String"))
    if kind not in actions.KINDS and not re.match(r"(List<)?AWS::", kind):
        hint = did_you_mean(kind, actions.KINDS, f"use one of {', '.join(actions.KINDS)}")
        findings.add(codes.DOCUMENT_VALUE, f"there is no parameter type `{kind}`", (*place, "type"), hint)
    return DocumentParameter(name, kind, "default" not in declared)
