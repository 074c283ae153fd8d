"""From policies to what is wrong with them: every check, less what is suppressed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from orgctl.diagnostics import Diagnostic, Severity, in_order
from orgctl.lint.check import IAM_LANGUAGE
from orgctl.lint.checks import CHECKS, MANIFEST_CHECKS, TITLES
from orgctl.lint.checks.placeholders import PLACEHOLDERS
from orgctl.lint.kind import folder_of
from orgctl.lint.setting import Setting, setting_of
from orgctl.lint.subject import Subject
from orgctl.lint.suppressions import Comments, Suppression, apply, comments
from orgctl.lint.titles import UNKNOWN_TYPE
from orgctl.manifest import LoadedManifest, PolicyFile, insert, sized_values
from orgctl.manifest.insertion import Values
from orgctl.manifest.policies import read_document
from orgctl.model.policy_types import BY_FOLDER
from orgctl.policy.document import Document
from orgctl.policy.parser import Problem, parse_with_problems


def lint(loaded: LoadedManifest) -> tuple[Diagnostic, ...]:
    """What is wrong with the policies of a manifest, and with how it uses them, in the order of files and lines.

    The manifest's own problems, and the syntax of the policy language (P1xx), are not reported again.
    """
    setting, values = setting_of(loaded), sized_values(loaded)
    files = (*loaded.policies.values(), *((loaded.delegation_policy,) if loaded.delegation_policy else ()))
    found = [problem for file in files for problem in _policy(file, setting, values, _options(loaded, file.name))]
    return in_order(list(_manifest(loaded, found)))


def lint_files(paths: Mapping[str, Path]) -> tuple[Diagnostic, ...]:
    """What is wrong with policy files that belong to no manifest, by the names that messages are to call them by.

    Their type is the folder they are in, or what their content looks like. Syntax is reported too.
    """
    found: list[Diagnostic] = []
    for name, path in paths.items():
        problems: list[Diagnostic] = []
        document = read_document(path, name, name, problems)
        found += problems
        if document:
            found += _alone(document, path)
    return in_order(found)


def _alone(document: PolicyFile, path: Path) -> Iterator[Diagnostic]:
    folder = folder_of(path, document.document)
    if folder is None:
        message = f"it cannot be told what type of policy `{document.name}` holds"
        hint = f"move it to a folder that is called after its type: {', '.join(f'`{each}`' for each in BY_FOLDER)}"
        yield Diagnostic(UNKNOWN_TYPE, message, document.source.at(()), hint)
        return
    renamed = PolicyFile(f"{folder}/{path.stem}", path, document.source, document.document)
    yield from _syntax(renamed)
    yield from _policy(renamed, Setting(), {}, ())


def _policy(file: PolicyFile, setting: Setting, values: Values, options: Sequence[Suppression]) -> Iterator[Diagnostic]:
    try:
        value = insert(file.document, values)
    except ValueError:
        return  # a list within text: the manifest's checks report it
    document, problems = _parsed(file, value)
    subject = Subject(file.name, file.folder, file.source, value, document, setting)
    echoes = {file.source.at(problem.place) for problem in problems}
    found = _without_echoes([d for check in CHECKS for d in check.diagnostics(subject) if d.position not in echoes])
    written = _comments(file, document)
    yield from written.problems
    yield from apply(in_order(found), [*written.suppressions, *options], TITLES)


def _without_echoes(found: list[Diagnostic]) -> list[Diagnostic]:
    """Where a placeholder was left in, no other warning is given of what it stands for."""
    unfilled = {diagnostic.position for diagnostic in found if diagnostic.code == PLACEHOLDERS.code}
    kept = (PLACEHOLDERS.code, Severity.ERROR)
    return [d for d in found if d.position not in unfilled or d.code in kept or d.severity in kept]


def _parsed(file: PolicyFile, value: object) -> tuple[Document, tuple[Problem, ...]]:
    return parse_with_problems(value) if file.folder in IAM_LANGUAGE else (Document(()), ())


def _syntax(file: PolicyFile) -> Iterator[Diagnostic]:
    for problem in _parsed(file, file.document)[1]:
        if "`@{" not in problem.message:  # a placeholder may stand for what is right
            yield Diagnostic(problem.code, problem.message, file.source.at(problem.place), problem.hint)


def _comments(file: PolicyFile, document: Document) -> Comments:
    if file.source.file.endswith(".json"):
        return Comments()
    text = file.path.read_text(encoding="utf-8-sig")
    if "orgctl:" not in text:
        return Comments()
    return comments(text, file.source.file, [file.source.at(s.place).line for s in document.statements])


def _options(loaded: LoadedManifest, name: str) -> tuple[Suppression, ...]:
    """What `policies` in the manifest allows a policy."""
    options = loaded.manifest.policies.get(name)
    if options is None:
        return ()
    return tuple(
        Suppression(code, reason, loaded.source.key_at(("policies", name, "allow", code)), None)
        for code, reason in options.allow.items()
    )


def _manifest(loaded: LoadedManifest, of_policies: Sequence[Diagnostic]) -> Iterator[Diagnostic]:
    """What policies are told, and how the manifest uses them, less what the comments of the manifest's files allow."""
    found = [*of_policies, *(problem for check in MANIFEST_CHECKS for problem in check.diagnostics(loaded))]
    suppressions: list[Suppression] = []
    for file in dict.fromkeys([loaded.source.file, *(entry.source.file for entry in loaded.targets)]):
        written = _file_comments(loaded.directory / file, file)
        yield from written.problems
        suppressions += written.suppressions
    yield from apply(found, suppressions, TITLES)


def _file_comments(path: Path, file: str) -> Comments:
    text = path.read_text(encoding="utf-8-sig")
    return comments(text, file, None) if "orgctl:" in text else Comments()
