"""Lays a new rule down, and beside the first one the package that rules share."""

from __future__ import annotations

import shutil
from pathlib import Path

from orgctl.errors import InvalidInputError, OrgctlError
from orgctl.rules.rule import FOLDER, FRAME, Kind
from orgctl.rules.scaffold.guard import guard_files
from orgctl.rules.scaffold.python import python_files
from orgctl.rules.scaffold.wanted import Asked

_PACKAGE = Path(__file__).parent
_NOT_COPIED = shutil.ignore_patterns("__pycache__", "*_test.py", "fixtures")


def write_rule(directory: Path, asked: Asked) -> tuple[Path, ...]:
    """Write the files of a rule below `config_rules/` of a manifest's directory; returns them, the shared ones too.

    Nothing is ever written over. Raises InvalidInputError if there is something of this name, OrgctlError if the
    folder cannot be written.
    """
    folder = directory / FOLDER / asked.name
    if folder.exists() or folder.is_symlink():
        raise InvalidInputError(f"there is `{folder}` already", hint="take another name, or remove it first")
    files = guard_files(asked) if asked.kind is Kind.GUARD else python_files(asked)
    try:
        shared = _write_frame(directory / FOLDER) if asked.kind is Kind.LAMBDA else ()
        for file, text in files.items():
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            (folder / file).write_text(text, encoding="utf-8")
    except OSError as error:
        reason = (error.strerror or "it cannot be written").lower()
        raise OrgctlError(f"`{error.filename or folder}` cannot be written: {reason}") from error
    return (*shared, *(folder / file for file in files))


def _write_frame(folder: Path) -> tuple[Path, ...]:
    """The shared package, where it is missing; empty if it was there."""
    if (folder / FRAME).exists():
        return ()
    shutil.copytree(frame(), folder / FRAME, ignore=_NOT_COPIED)
    return tuple(sorted((folder / FRAME).rglob("*.py")))


def frame() -> Path:
    """Where the shared package is to be copied from: beside this module in what pip installs, else in the repository.

    It is written once, in the repository's own `config_rules/`.
    """
    places = (_PACKAGE / FRAME, _PACKAGE.parents[2] / FOLDER / FRAME)
    return next(place for place in places if (place / "__init__.py").is_file())
