"""A file is read once; what is new or has changed is read by the next run, and what an old file said goes."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from orgctl.replay.ingest.run import Ingested
from tests.replay.ingest.datasets import document, event, ids, read, sums, write


def tallied(found: Ingested) -> tuple[int, int, int]:
    """How many files were fresh, changed, the same."""
    return found.fresh, found.changed, found.same


def changed(path: Path, *records: object) -> Path:
    """The file with other records, surely of another time."""
    before = path.stat()
    write(path, document(*records))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns + 1))
    return path


def test_a_file_is_read_once(tmp_path: Path) -> None:
    """A second run reads nothing, keeps the very same Parquet files, and knows the same."""
    logs = tmp_path / "logs"
    for number in range(5):
        write(logs / f"{number}.json.gz", document(event(f"e{number}")))
    first, second = (read(tmp_path / "dataset", logs) for _ in range(2))
    assert [tallied(first), tallied(second)] == [(5, 0, 0), (0, 0, 5)]
    assert first.dataset == second.dataset


def test_new_files_are_added(tmp_path: Path) -> None:
    """What was read before stays, also when its files are not given again, or there no more."""
    one = write(tmp_path / "1.json", document(event("a")))
    read(tmp_path / "dataset", one)
    one.unlink()
    found = read(tmp_path / "dataset", write(tmp_path / "2.json", document(event("b"))))
    assert (tallied(found), ids(found.dataset)) == ((1, 0, 0), ["a", "b"])


def test_a_file_that_changed(tmp_path: Path) -> None:
    """Its old rows go, its new ones come, and the other files' rows stay."""
    path = write(tmp_path / "1.json", document(event("a"), event("b")))
    other = write(tmp_path / "2.json", document(event("c")))
    read(tmp_path / "dataset", path, other)
    found = read(tmp_path / "dataset", changed(path, event("b", eventName="GetQueueUrl"), event("d")), other)
    assert (tallied(found), ids(found.dataset), sums(found.dataset)) == ((0, 1, 1), ["b", "c", "d"], (3, 3, 0, 0))


def test_a_file_of_the_same_size_and_another_time_is_another_one(tmp_path: Path) -> None:
    """Not only the size tells."""
    path = write(tmp_path / "1.json", document(event("a")))
    read(tmp_path / "dataset", path)
    found = read(tmp_path / "dataset", changed(path, event("b")))
    assert (tallied(found), ids(found.dataset)) == ((0, 1, 0), ["b"])


SHARED = [
    ([["x"], ["x"]], 0, [], ["x"], (1, 1, 0, 0)),
    ([["x"], ["x"], ["x", "y"]], 0, ["z"], ["x", "y", "z"], (4, 3, 1, 0)),
    ([["x", "y"], ["y", "z"], ["z", "x"]], 0, [], ["x", "y", "z"], (4, 3, 1, 0)),
    ([["x"], ["x"]], 0, ["x", "x"], ["x"], (3, 1, 2, 0)),
]


@pytest.mark.parametrize(("before", "which", "after", "left", "counted"), SHARED)
@pytest.mark.parametrize("at_once", [True, False])
def test_events_that_other_files_hold_too_stay(
    tmp_path: Path,
    before: list[list[str]],
    which: int,
    after: list[str],
    left: list[str],
    counted: tuple[int, ...],
    at_once: bool,
) -> None:
    """When a file that had an event's row holds it no more, the row comes from another file that holds it."""
    paths = [write(tmp_path / f"{number}.json", document(*map(event, names))) for number, names in enumerate(before)]
    for upto in [len(paths)] if at_once else range(1, len(paths) + 1):
        read(tmp_path / "dataset", *paths[:upto])
    changed(paths[which], *map(event, after))
    found = read(tmp_path / "dataset", *paths).dataset
    assert (left, counted) == (ids(found), sums(found))


def test_what_was_wrong_with_a_file_goes_with_it(tmp_path: Path) -> None:
    """Once the file is mended, nothing is said of it any more."""
    path = write(tmp_path / "1.json", b"nonsense")
    assert len(read(tmp_path / "dataset", path).dataset.troubles) == 1
    found = read(tmp_path / "dataset", changed(path, event("a"))).dataset
    assert (found.troubles, sums(found)) == ((), (1, 1, 0, 0))
