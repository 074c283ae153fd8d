"""All files or none."""

from __future__ import annotations

from pathlib import Path

import pytest

from orgctl.api.staging import put, staged, write
from orgctl.errors import InvalidInputError

FILES = {"a.txt": "new a", "deep/b.txt": "new b", "z/c.txt": "new c"}


def contents(directory: Path) -> dict[str, str]:
    return {p.relative_to(directory).as_posix(): p.read_text() for p in directory.rglob("*") if p.is_file()}


def test_files_are_put_beside_and_over_what_is_there(tmp_path: Path) -> None:
    """What is not written stays; nothing is left of the staging."""
    target = tmp_path / "new/repository"
    with staged(target) as stage:
        write(stage, {"old.txt": "dropped"})
        write(stage, FILES)
        put(FILES, stage, target)
    assert contents(tmp_path) == {f"new/repository/{name}": text for name, text in FILES.items()}
    (target / "a.txt").write_text("mine")
    (target / "mine.txt").write_text("mine")
    with staged(target) as stage:
        write(stage, FILES)
        put(FILES, stage, target)
    assert contents(target) == {**FILES, "mine.txt": "mine"}


def test_if_one_cannot_be_put_all_is_as_before(tmp_path: Path) -> None:
    """A file where a folder has to be stops it: what was replaced comes back, what was new goes."""
    (tmp_path / "a.txt").write_text("mine")
    (tmp_path / "z").write_text("in the way")
    with staged(tmp_path) as stage:
        write(stage, FILES)
        with pytest.raises(InvalidInputError, match="cannot be written"):
            put(FILES, stage, tmp_path)
    assert contents(tmp_path) == {"a.txt": "mine", "z": "in the way"}


def test_a_place_that_cannot_be_written_to_is_told(tmp_path: Path) -> None:
    """The directory is not one but a file: the message names it."""
    (tmp_path / "file").write_text("")
    with staged(tmp_path / "file/below") as stage:
        write(stage, FILES)
        with pytest.raises(InvalidInputError, match="cannot be written"):
            put(FILES, stage, tmp_path / "file/below")
