"""Which modules a rule's code needs, found by reading its imports: nothing is run."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

RUNTIME = frozenset({"boto3", "botocore", "s3transfer", "jmespath", "dateutil", "urllib3", "six"})
"""What Lambda's Python runtimes bring along. Source: "Building Lambda functions with Python", Lambda's guide."""

PROVIDED = RUNTIME | sys.stdlib_module_names | {"rdklib"}
"""What a rule need not bring along; rdklib is added to its zip."""

Files = Mapping[str, Path]
"""Where each file of the package that is being put together stands, by its path in there: `rdklib/errors.py`."""


@dataclass(frozen=True, slots=True)
class Import:
    """One module that is imported. `sure`: not within a `try`, which may be prepared for its absence."""

    module: str
    line: int
    column: int
    sure: bool


@dataclass(frozen=True, slots=True)
class Missing:
    """An import of what is neither among the files nor in Lambda's runtime."""

    file: str
    found: Import


_BODIES = ("body", "orelse", "handlers", "finalbody", "cases")
"""The fields of nodes that hold statements, or what holds them. An import is nowhere else."""


def needed(entry: str, files: Files) -> tuple[tuple[str, ...], tuple[Missing, ...]]:
    """The files that `entry` needs, itself included, by name, and what is imported but not there.

    Raises SyntaxError for a file that is not Python, OSError for one that cannot be read.
    """
    wanted, missing = {entry: None}, []
    queue = [entry]
    while queue:
        file = queue.pop()
        for each in imports_of(ast.parse(files[file].read_bytes(), filename=file), file):
            found = list(_files_of(each.module, files))
            if each.sure and not _there(each.module, files):
                missing.append(Missing(file, each))
            new = [path for path in found if path not in wanted]
            wanted.update(dict.fromkeys(new))
            queue += new
    return tuple(sorted(wanted)), tuple(missing)


def _there(module: str, files: Files) -> bool:
    """Whether it is the runtime's, or one of the files."""
    if module.partition(".")[0] in RUNTIME | sys.stdlib_module_names:
        return True
    path = module.replace(".", "/")
    return f"{path}.py" in files or f"{path}/__init__.py" in files


def _files_of(module: str, files: Files) -> Iterator[str]:
    """The files that importing `a.b` runs: `a/__init__.py`, then `a/b.py` or `a/b/__init__.py`."""
    parts = module.split(".")
    for depth in range(1, len(parts) + 1):
        path = "/".join(parts[:depth])
        yield from (file for file in (f"{path}/__init__.py", f"{path}.py") if file in files)


def imports_of(tree: ast.Module, file: str) -> list[Import]:
    """The modules that a file imports, relative ones in full. `from a import b` may mean the module `a.b`: both."""
    return [each for node, sure in _statements(tree) for each in _imports(node, file, sure)]


def _statements(node: ast.AST, *, sure: bool = True) -> Iterator[tuple[ast.AST, bool]]:
    """All statements below a node; sure are those that run whenever the module, or the function, does."""
    for field in _BODIES:
        for inner in getattr(node, field, ()):
            yield inner, sure
            yield from _statements(inner, sure=sure and not isinstance(inner, ast.Try))


def _imports(node: ast.AST, file: str, sure: bool) -> Iterator[Import]:
    match node:
        case ast.Import(names=aliases):
            for alias in aliases:
                yield Import(alias.name, node.lineno, node.col_offset + 1, sure)
        case ast.ImportFrom(module=module, names=aliases, level=level):
            base = _absolute(module, level, file)
            yield Import(base, node.lineno, node.col_offset + 1, sure)
            for alias in aliases:
                yield Import(f"{base}.{alias.name}", node.lineno, node.col_offset + 1, sure=False)


def _absolute(module: str | None, level: int, file: str) -> str:
    """`from .errors import x` in `rdklib/__init__.py` means `rdklib.errors`."""
    if not level:
        return module or ""
    package = PurePosixPath(file).parts[:-1]
    parent = package[: len(package) - level + 1]
    return ".".join([*parent, *([module] if module else [])])
