"""Whatever stops a run, the next one ends in the rows of a run that nothing has stopped."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from benchmarks.trails import Kind, document, files
from orgctl.errors import LockedError, OrgctlError
from orgctl.replay.ingest.ledger import LEDGER
from orgctl.replay.ingest.run import ingested
from orgctl.replay.ingest.sources import find
from tests.replay.ingest.datasets import Row, event, ids, read, rows, sums, write
from tests.replay.ingest.datasets import document as written

KIND = Kind(events=3600, accounts=4, per_file=60, seed=5, twice=0.1, odd=0.02, unreadable=0.002)
Sums = tuple[int, int, int, int]


@pytest.fixture(scope="module")
def trail(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A trail of so much text that it takes several tasks to read it."""
    folder = tmp_path_factory.mktemp("trail")
    for file in files(KIND):
        write(folder / file.path.removesuffix(".gz"), document(file.records))
    return folder


@pytest.fixture(scope="module")
def whole(trail: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Row], Sums]:
    """What a run makes of it that nothing stops."""
    found = read(tmp_path_factory.mktemp("whole"), trail, workers=2).dataset
    return rows(found), sums(found)


@contextmanager
def reading(folder: Path, path: Path, limit: int = 0) -> Iterator[subprocess.Popen[str]]:
    """A run in a process of its own; at the end nothing of it is left, its workers included."""
    command = [sys.executable, "-m", "tests.replay.ingest.reading", str(folder), str(path), str(limit)]
    pipe = subprocess.PIPE
    process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.communicate(timeout=30)  # until whoever has its stderr is gone


def go_on(process: subprocess.Popen[str], steps: int) -> list[str]:
    """Let it do so many tasks; what it said."""
    assert process.stdin
    assert process.stdout
    said = []
    for _ in range(steps):
        said.append(process.stdout.readline().strip())
        if len(said) < steps:
            process.stdin.write("\n")
            process.stdin.flush()
    return said


def workers(process: subprocess.Popen[str]) -> list[int]:
    """The processes that a run has started."""
    ps = str(shutil.which("ps"))
    listed = subprocess.run([ps, "-A", "-o", "pid=", "-o", "ppid="], capture_output=True, text=True, check=True)
    pairs = (tuple(map(int, line.split())) for line in listed.stdout.splitlines())
    return [child for child, parent in pairs if parent == process.pid]


@pytest.mark.parametrize("steps", [0, 2])
def test_a_run_that_is_killed(tmp_path: Path, trail: Path, whole: tuple[list[Row], Sums], steps: int) -> None:
    """Killed before its first task is done, or after some: no worker is left, and the next run does the rest."""
    folder = tmp_path / "dataset"
    with reading(folder, trail) as process:
        assert go_on(process, steps) == ["step"] * steps
        process.kill()
    found = read(folder, trail, workers=2).dataset
    assert whole == (rows(found), sums(found))
    parts = set(folder.rglob("*.parquet"))
    assert parts == set(found.parts)


def test_a_run_that_is_killed_while_it_settles(tmp_path: Path, trail: Path, whole: tuple[list[Row], Sums]) -> None:
    """Killed when all tasks are done, and what it found twice is being taken out."""
    with reading(tmp_path / "dataset", trail) as process:
        assert process.stdin
        process.stdin.write("\n" * 100)
        process.stdin.flush()
        assert process.stdout
        while process.stdout.readline():
            if not workers(process):
                break
    found = read(tmp_path / "dataset", trail, workers=2).dataset
    assert whole == (rows(found), sums(found))


def test_what_is_left_needs_not_be_named_again(tmp_path: Path, trail: Path, whole: tuple[list[Row], Sums]) -> None:
    """The next run reads what a killed one has left, also if it is given nothing, or something else."""
    with reading(tmp_path / "dataset", trail) as process:
        go_on(process, 1)
    found = read(tmp_path / "dataset").dataset
    assert whole == (rows(found), sums(found))


def test_workers_that_are_killed(tmp_path: Path, trail: Path, whole: tuple[list[Row], Sums]) -> None:
    """The run ends with a sentence, and the next one does the rest."""
    with reading(tmp_path / "dataset", trail) as process:
        go_on(process, 1)
        for worker in workers(process):
            os.kill(worker, signal.SIGKILL)
        said, complaints = process.communicate("\n" * 100, timeout=30)
    assert "OrgctlError: a process that reads events ended too early (exit status -9)" in said
    assert (process.returncode, complaints) == (1, "")
    found = read(tmp_path / "dataset", trail, workers=2).dataset
    assert whole == (rows(found), sums(found))


def test_ctrl_c(tmp_path: Path, trail: Path) -> None:
    """An interrupt from the keyboard ends the run and its workers, who say nothing about it."""
    with reading(tmp_path / "dataset", trail) as process:
        go_on(process, 1)
        process.send_signal(signal.SIGINT)
        _, complaints = process.communicate("\n" * 100, timeout=30)
    assert complaints.count("Traceback") == complaints.count("KeyboardInterrupt") == 1  # of who asked for it


def test_killed_while_a_changed_file_is_read_again(tmp_path: Path) -> None:
    """A file whose event stands in another one's row is read anew with that one, even by the run after the next."""
    folder, logs = tmp_path / "dataset", tmp_path / "logs"
    for number in range(3):
        write(logs / f"{number}.json", written(event("shared"), event(f"own{number}")))
    read(folder, logs)
    write(logs / "0.json", written(event("other"), event("more"), event("still more")))
    with reading(folder, logs) as process:
        go_on(process, 1)
    found = read(folder, logs).dataset
    assert ids(found) == ["more", "other", "own1", "own2", "shared", "still more"]
    assert sums(found) == (7, 6, 1, 0)


def test_two_runs_at_once(tmp_path: Path, trail: Path) -> None:
    """The second is refused as long as the first is at it."""
    with reading(tmp_path / "dataset", trail) as process:
        go_on(process, 1)
        with pytest.raises(LockedError, match=r"another run is reading events into `.*/dataset`"):
            read(tmp_path / "dataset", trail)


def test_a_dataset_is_not_changed_while_it_is_asked(tmp_path: Path) -> None:
    """Others may ask it too; what would take parts away from under the questions has to wait."""
    folder, logs = tmp_path / "dataset", tmp_path / "logs"
    changing = write(logs / "a.json", written(event("a")))
    read(folder, logs)
    with ingested(find([str(logs)]).sources, folder) as first, ingested((), folder) as second:
        assert ids(first.dataset) == ids(second.dataset) == ["a"]
        write(changing, written(event("another")))
        with pytest.raises(LockedError, match=r"another run is asking the events in `.*/dataset`"):
            read(folder, logs)
        assert ids(first.dataset) == ["a"]
    assert ids(read(folder, logs).dataset) == ["another"]


@pytest.mark.parametrize("limit", [1, 40_000])
def test_a_disk_that_is_full(tmp_path: Path, trail: Path, whole: tuple[list[Row], Sums], limit: int) -> None:
    """What cannot be written, be it the ledger or the rows, is told in a sentence, and the next run does the rest."""
    with reading(tmp_path / "dataset", trail, limit) as process:
        said, complaints = process.communicate("\n" * 100, timeout=30)
    last = said.splitlines()[-1]
    assert last.startswith(f"OrgctlError: `{tmp_path}/dataset")
    assert "cannot be written to: " in last
    assert (process.returncode, complaints) == (1, "")
    found = read(tmp_path / "dataset", trail, workers=2).dataset
    assert whole == (rows(found), sums(found))


def test_a_place_where_nothing_can_be_written(tmp_path: Path) -> None:
    """It is told, with the place."""
    path = write(tmp_path / "a.json", written(event("a")))
    with pytest.raises(OrgctlError, match=r"`.*/a.json/dataset` cannot be written to: not a directory"):
        read(path / "dataset", path)


def test_a_folder_of_something_else(tmp_path: Path) -> None:
    """A ledger that is none, and a dataset whose files went away, are told with the way out."""
    path = write(tmp_path / "a.json", written(event("a")))
    write(tmp_path / "other" / LEDGER, b"something else" * 100)
    with pytest.raises(OrgctlError, match=r"`.*/other` is no dataset, or is damaged: file is not a database") as told:
        read(tmp_path / "other", path)
    assert told.value.hint == "take the folder away, and read the events anew"
    (part,) = read(tmp_path / "dataset", path).dataset.parts
    part.unlink()
    with pytest.raises(OrgctlError, match=r"`.*/dataset` is no dataset, or is damaged: `events/.*` is missing"):
        read(tmp_path / "dataset", path)
