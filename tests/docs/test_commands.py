"""Every command that a document shows is run, and says what the document says it does."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from orgctl.sandbox import process
from tests.docs.documents import REPOSITORY, Command, Edit, documents, steps
from tests.docs.shell import Shell, plain, shown
from tests.functional.conftest import copy_example

FOLLOWED = [path for path in documents() if any(isinstance(step, Command) for step in steps(path.read_text()))]


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where the sandboxes of this test are noted; all of them are stopped in the end."""
    folder = tmp_path / "state"
    monkeypatch.setenv("XDG_STATE_HOME", str(folder))
    yield folder
    for instance in process.running():
        process.stop(instance.name)


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """A copy of the worked example, with the documents' own files."""
    directory = tmp_path / "governance"
    directory.mkdir()
    copy_example(directory)
    shutil.copytree(REPOSITORY / "docs", directory / "docs", ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    return directory


def environment(state: Path) -> dict[str, str]:
    """A user's: orgctl on the path, and no AWS but what the document leads to."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return {"PATH": path, "HOME": str(state.parent), "XDG_STATE_HOME": str(state), "PYTHONUNBUFFERED": "1"}


def edit(directory: Path, step: Edit) -> None:
    file = directory / step.file
    if not step.old:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(step.new)
        return
    text = file.read_text()
    assert text.count(step.old) == 1, f"line {step.line}: `{step.file}` holds {step.old!r} not exactly once"
    file.write_text(text.replace(step.old, step.new))


@pytest.mark.slow
@pytest.mark.parametrize("path", FOLLOWED, ids=lambda path: str(path.relative_to(REPOSITORY)))
def test_a_document_can_be_followed(path: Path, directory: Path, state: Path) -> None:
    """Each command ends with 0, unless `echo $?` shows another status, and says what the document shows."""
    todo = steps(path.read_text())
    with Shell(directory, environment(state)) as shell:
        for step, following in zip(todo, [*todo[1:], None], strict=True):
            if isinstance(step, Edit):
                edit(directory, step)
                continue
            output, status = shell.run(step.text)
            said = "\n".join(plain(output.splitlines(), [(str(state), "~/.local/state")])) + "\n"
            wanted = plain(step.output)
            where = f"{path.relative_to(REPOSITORY)}:{step.line}: {step.text}"
            assert shown(wanted).fullmatch(said), f"{where}\n\nit says\n\n{said}"
            told = isinstance(following, Command) and following.text == "echo $?"
            assert told or status == 0, f"{where}\n\nends with {status}"
