"""What else has to be in a rule's folder: its code, its tests, its page and its fixtures."""

from __future__ import annotations

import ast
from pathlib import Path

from orgctl.diagnostics import Position
from orgctl.rules import codes
from orgctl.rules.event import event_of
from orgctl.rules.imports import PROVIDED, Import, imports_of
from orgctl.rules.problems import Problems
from orgctl.rules.rule import FRAME

_IN_LAMBDA = "a rule has Python's own modules, boto3, rdklib, and the packages beside it in `config_rules/`"


def check_layout(problems: Problems, name: str, resource_types: tuple[str, ...]) -> None:
    """Report what is missing or unusable in the folder of a rule of Python."""
    tree = _parsed(problems, f"{name}.py", codes.NO_CODE, f"the class `{name}` and `lambda_handler`")
    if tree:
        _check_code(problems, name, tree)
    _parsed(problems, f"{name}_test.py", codes.NO_TESTS, "unittest cases")
    check_page(problems)
    for path in sorted((problems.folder / "fixtures").glob("*.json")):
        _check_fixture(problems, f"fixtures/{path.name}", resource_types)


def check_page(problems: Problems) -> None:
    """Report if the rule's page is missing."""
    if not (problems.folder / "README.md").is_file():
        message = "there is no `README.md` that says what the rule wants and what its parameters mean"
        problems.warn(codes.NO_PAGE, message, Position(problems.name))


def _parsed(problems: Problems, file: str, code: str, holds: str) -> ast.Module | None:
    path = problems.folder / file
    if not path.is_file():
        problems.add(code, f"there is no `{file}` with {holds}", Position(problems.name))
        return None
    try:
        return ast.parse(path.read_bytes(), filename=file)
    except (SyntaxError, ValueError, RecursionError) as error:
        line, column = getattr(error, "lineno", None) or 0, getattr(error, "offset", None) or 0
        reason = getattr(error, "msg", None) or str(error)
        message = f"this is not valid Python: {reason}"
        problems.add(codes.CODE_SYNTAX, message, Position(problems.file(file), line, max(column, 1 if line else 0)))
        return None


def _check_code(problems: Problems, name: str, tree: ast.Module) -> None:
    position = Position(problems.file(f"{name}.py"))
    if not any(isinstance(node, ast.ClassDef) and node.name == name for node in tree.body):
        hint = f"write `class {name}(ConfigRule):`"
        problems.add(codes.NO_CLASS, f"there is no class `{name}`", position, hint)
    if "lambda_handler" not in _bound(tree):
        problems.add(codes.NO_HANDLER, "there is no `lambda_handler`", position, "`orgctl rules new` writes one")
    for found in imports_of(tree, f"{name}.py"):
        _check_import(problems, found, position.file)


def _bound(tree: ast.Module) -> set[str]:
    """The names that the module's top level defines, assigns or imports."""
    names: set[str] = set()
    for node in tree.body:
        match node:
            case ast.FunctionDef(name=name):
                names.add(name)
            case ast.Assign(targets=targets):
                names.update(target.id for target in targets if isinstance(target, ast.Name))
            case ast.ImportFrom(names=aliases):
                names.update(alias.asname or alias.name for alias in aliases)
    return names


def _check_import(problems: Problems, found: Import, file: str) -> None:
    top, position = found.module.partition(".")[0], Position(file, found.line, found.column)
    if top == "orgctl":
        hint = "a rule runs in Lambda, with rdklib, boto3 and what stands beside it"
        problems.add(codes.IMPORTS_ORGCTL, "a rule cannot import `orgctl`", position, hint)
    elif found.sure and not _there(problems.folder, top):
        hint = f"`orgctl rules new` lays `{FRAME}` down" if top == FRAME else _IN_LAMBDA
        problems.add(codes.NO_MODULE, f"there will be no module `{top}` in Lambda", position, hint)


def _there(folder: Path, top: str) -> bool:
    beside = (folder / f"{top}.py", folder.parent / top / "__init__.py")
    return top in PROVIDED or any(path.is_file() for path in beside)


def _check_fixture(problems: Problems, file: str, resource_types: tuple[str, ...]) -> None:
    source = problems.read(file)
    if source is None:
        return
    event = event_of(source.value)
    if isinstance(event, str):
        hint = "a fixture is a configuration item, or an event of AWS Config's around one"
        problems.add(codes.FIXTURE, event, source.at(()), hint)
    elif event.resource_type and resource_types and event.resource_type not in resource_types:
        message = f"the rule does not look at `{event.resource_type}`"
        hint = f"it looks at {', '.join(f'`{each}`' for each in resource_types)}"
        problems.add(codes.FIXTURE, message, source.at(("resourceType",)), hint)
