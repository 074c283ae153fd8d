"""From the folders of `config_rules/` to `Rule`s, with every problem of their files at once."""

from __future__ import annotations

import re
from keyword import iskeyword
from pathlib import Path

from orgctl.diagnostics import Diagnostic, Position, in_order
from orgctl.rules import codes, guard, guard_tests, layout, metadata, parameters_file
from orgctl.rules.metadata import Metadata
from orgctl.rules.problems import Problems
from orgctl.rules.rule import FOLDER, Kind, Parameter, Rule

MAX_NAME = 52
"""`orgctl-rule-NAME` has to be a function's name, of at most 64 characters."""

_NAME = re.compile(rf"[A-Za-z][A-Za-z0-9_]{{0,{MAX_NAME - 1}}}\Z", re.ASCII)


def load_rules(directory: Path) -> tuple[tuple[Rule, ...], tuple[Diagnostic, ...]]:
    """The rules below `config_rules/` of a manifest's directory, by name, and the problems of their files.

    A folder with an error in it is left out of the rules. No rule's code is run. Raises nothing.
    """
    rules: list[Rule] = []
    found: list[Diagnostic] = []
    for folder in rule_folders(directory):
        rule, problems = read_rule(folder)
        found += problems
        if rule:
            rules.append(rule)
    return tuple(rules), in_order(found)


def rule_folders(directory: Path) -> tuple[Path, ...]:
    """The folders that look like rules, good or bad, by name."""
    folder = directory / FOLDER
    return tuple(sorted(path for path in folder.iterdir() if _looks_like_rule(path))) if folder.is_dir() else ()


def is_name(name: str) -> bool:
    """Whether a rule can be called so: its class, its module and its function are, too."""
    return _NAME.match(name) is not None and not iskeyword(name)


def _looks_like_rule(path: Path) -> bool:
    if not path.is_dir() or path.name.startswith((".", "__")):
        return False
    own = (parameters_file.FILE, metadata.FILE, f"{path.name}.py", f"{path.name}.guard")
    return not (path / "__init__.py").exists() and any((path / file).exists() for file in own)


def read_rule(folder: Path) -> tuple[Rule | None, list[Diagnostic]]:
    """One folder's rule, None if there is an error in it, and its problems."""
    problems = Problems(folder, f"{FOLDER}/{folder.name}")
    if not is_name(folder.name):
        hint = f"use letters, digits and `_`, a letter first, at most {MAX_NAME}: `LAMBDA_LAYER_REQUIRED`"
        problems.add(
            codes.NAME, f"`{folder.name}` cannot be the name of a rule and its function", Position(problems.name), hint
        )
    is_guard = (folder / f"{folder.name}.guard").exists()
    rule = _guard_rule(problems) if is_guard else _python_rule(problems)
    return (None if problems.failed else rule), problems.found


def _python_rule(problems: Problems) -> Rule:
    name = problems.folder.name
    declared = parameters_file.Declared()
    if (problems.folder / parameters_file.FILE).exists():
        declared = parameters_file.read_parameters(problems)
    else:
        message = f"there is no `{parameters_file.FILE}`, without which RDK takes the folder for no rule"
        problems.add(codes.NO_PARAMETERS_FILE, message, Position(problems.name), "`orgctl rules new` writes one")
    parameters = (*declared.required, *declared.optional)
    said = _metadata(problems, Kind.LAMBDA, parameters)
    layout.check_layout(problems, name, declared.resource_types)
    return Rule(
        name=name,
        folder=problems.folder,
        kind=Kind.LAMBDA,
        summary=said.summary,
        resource_types=declared.resource_types,
        periodic=declared.periodic,
        required_parameters=_described(declared.required, said),
        optional_parameters=_described(declared.optional, said),
        permissions=said.permissions,
        scope=said.scope,
        organization=said.organization,
        runtime=declared.runtime,
    )


def _guard_rule(problems: Problems) -> Rule:
    name = problems.folder.name
    for other in (f"{name}.py", parameters_file.FILE):
        if (problems.folder / other).exists():
            message = f"there is a Guard policy here, and `{other}` too"
            problems.add(codes.TWO_KINDS, message, Position(problems.name), "a rule is one or the other")
    said = _metadata(problems, Kind.GUARD, ())
    layout.check_page(problems)
    text = guard.check_policy(problems, f"{name}.guard")
    guard_tests.check_tests(problems, name)
    return Rule(
        name=name,
        folder=problems.folder,
        kind=Kind.GUARD,
        summary=said.summary,
        resource_types=said.resource_types,
        permissions=said.permissions,
        scope=said.scope,
        organization=said.organization,
        guard=text,
    )


def _metadata(problems: Problems, kind: Kind, parameters: tuple[Parameter, ...]) -> Metadata:
    if (problems.folder / metadata.FILE).exists():
        return metadata.read_metadata(problems, kind, (each.name for each in parameters))
    hint = "write `summary: …`, and the `permissions:` that the rule needs in the account that it looks at"
    problems.add(codes.NO_METADATA, f"there is no `{metadata.FILE}`", Position(problems.name), hint)
    return Metadata()


def _described(parameters: tuple[Parameter, ...], said: Metadata) -> tuple[Parameter, ...]:
    descriptions = dict(said.descriptions)
    return tuple(Parameter(each.name, each.default, descriptions.get(each.name)) for each in parameters)
