"""Files that commands write: the whole of it, or nothing."""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import NamedTemporaryFile

from orgctl.errors import InvalidInputError


def write(path: Path, text: str) -> None:
    """Write a file at once: whoever reads it meanwhile finds the old one. Raises InvalidInputError if it cannot be."""
    try:
        with NamedTemporaryFile("w", encoding="utf-8", newline="", dir=path.parent, delete=False) as file:
            file.write(text)
        _put(Path(file.name), path)
    except OSError as error:
        raise InvalidInputError(f"`{path}` cannot be written: {(error.strerror or 'it fails').lower()}") from error


def check(path: Path) -> None:
    """Raise InvalidInputError if the file cannot be written, before much work is done for it."""
    if not path.parent.is_dir():
        raise InvalidInputError(f"`{path}` cannot be written: no such file or directory")
    if path.is_dir() or not os.access(path.parent, os.W_OK):
        raise InvalidInputError(f"`{path}` cannot be written: permission denied")


def _put(made: Path, path: Path) -> None:
    try:
        made.chmod(0o666 & ~_umask())
        made.replace(path)
    except OSError:
        made.unlink()
        raise


def _umask() -> int:
    """What the user takes from new files; a temporary one is for its owner only."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
