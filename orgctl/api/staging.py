"""Files put into a directory all together or not at all."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from orgctl.errors import InvalidInputError


@contextmanager
def staged(directory: Path) -> Iterator[Path]:
    """An empty directory on the file system of `directory`, which may not exist yet; it goes away at the end.

    Raises InvalidInputError if nothing can be written there.
    """
    above = next(path for path in (directory, *directory.absolute().parents) if path.is_dir())
    try:
        stage = Path(tempfile.mkdtemp(prefix=".orgctl-", dir=above))
    except OSError as error:
        raise InvalidInputError(f"`{directory}` cannot be written to: {error.strerror}") from error
    try:
        yield stage
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def write(directory: Path, files: Mapping[str, str]) -> None:
    """Write the files, by their names relative to `directory`, which holds nothing else afterwards."""
    for path in directory.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    for name, text in files.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def put(names: Iterable[str], stage: Path, directory: Path) -> None:
    """Move files from `stage` to `directory`, over what is there. If one fails, all is as before.

    Raises InvalidInputError for what the file system refuses.
    """
    kept = Path(tempfile.mkdtemp(prefix="kept-", dir=stage))
    moved: list[str] = []
    try:
        for name in names:
            _move(stage / name, directory / name, kept / name)
            moved.append(name)
    except OSError as error:
        _undo(moved, directory, kept)
        raise InvalidInputError(f"`{error.filename}` cannot be written: {error.strerror}") from error
    except BaseException:
        _undo(moved, directory, kept)
        raise


def _move(source: Path, destination: Path, kept: Path) -> None:
    destination.parent.mkdir(parents=True, exist_ok=True)
    if destination.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(destination, kept)
    source.replace(destination)


def _undo(moved: Iterable[str], directory: Path, kept: Path) -> None:
    for name in moved:
        if (kept / name).exists():
            (kept / name).replace(directory / name)
        else:
            (directory / name).unlink()
