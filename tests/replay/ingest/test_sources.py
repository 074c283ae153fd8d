"""Which files are read of those that somebody names, and in which order."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest

from orgctl.errors import InvalidInputError
from orgctl.replay.ingest.layout import Folder, Span, folder_of, is_log
from orgctl.replay.ingest.sources import find
from tests.replay.ingest.datasets import document, event, ids, read, write

TOP = "AWSLogs/o-exampleorg/222222222222"
BESIDE = [
    f"{TOP}/CloudTrail-Digest/eu-west-1/2026/11/02/222222222222_CloudTrail-Digest_eu-west-1_a.json.gz",
    f"{TOP}/CloudTrail-Insight/eu-west-1/2026/11/02/222222222222_CloudTrail-Insight_eu-west-1_b.json.gz",
    f"{TOP}/elasticloadbalancing/eu-west-1/2026/11/02/222222222222_elasticloadbalancing_c.log.gz",
    f"{TOP}/Config/eu-west-1/2026/11/2/ConfigHistory/222222222222_Config_d.json.gz",
    "AWSLogs/222222222222/vpcflowlogs/eu-west-1/2026/11/02/e.log.gz",
    "notes.txt",
    "dataset/events/day=2026-11-02/f.parquet",
]


def test_only_cloudtrails_files_of_a_folder_are_read(tmp_path: Path) -> None:
    """Digests, Insights, other services' logs and whatever else lies in a folder are passed over, and counted."""
    write(tmp_path / f"{TOP}/CloudTrail/eu-west-1/2026/11/02/a.json.gz", document(event("a")))
    write(tmp_path / "AWSLogs/222222222222/CloudTrail/eu-west-1/2026/11/02/b.json.gz", document(event("b")))
    write(tmp_path / "anywhere/c.jsonl", document(event("c")))
    for path in BESIDE:
        write(tmp_path / path, document(event(path)))
    found = find([str(tmp_path)])
    assert (len(found.sources), found.passed_over) == (3, len(BESIDE))


def test_a_file_that_is_named_is_read_whatever_its_name(tmp_path: Path) -> None:
    """Whoever names a file means it."""
    path = write(tmp_path / "events.txt", document(event("a")))
    assert ids(read(tmp_path / "dataset", path).dataset) == ["a"]


def test_a_file_is_read_once_however_often_it_is_named(tmp_path: Path) -> None:
    """By itself, by its folder, and by a path that takes a detour."""
    path = write(tmp_path / "logs/a.json", document(event("a")))
    assert len(find([str(path), str(path.parent), os.path.relpath(path)]).sources) == 1


def test_files_are_read_in_the_order_of_their_delivery(tmp_path: Path) -> None:
    """The time in the name decides, then the path; names without a time come first."""
    names = ["2_CloudTrail_r_20261101T0900Z_b.json", "1_CloudTrail_r_20261102T0905Z_a.json", "other.json"]
    for name in names:
        write(tmp_path / name, b"{}")
    assert [Path(each.path).name for each in find([str(tmp_path)]).sources] == [names[2], names[0], names[1]]


def test_links(tmp_path: Path) -> None:
    """A link to a file is a file; one to a folder, or to nothing, is none, so that no loop is walked."""
    write(tmp_path / "logs/a.json", b"{}")
    (tmp_path / "logs/b.json").symlink_to(tmp_path / "logs/a.json")
    (tmp_path / "logs/loop").symlink_to(tmp_path / "logs")
    (tmp_path / "logs/c.json").symlink_to(tmp_path / "nothing")
    assert [Path(each.path).name for each in find([str(tmp_path / "logs")]).sources] == ["a.json", "b.json"]


@pytest.mark.parametrize("name", ["nowhere", "a.json/below"])
def test_what_is_not_there(tmp_path: Path, name: str) -> None:
    """It is told, with what may be given."""
    write(tmp_path / "a.json", b"{}")
    with pytest.raises(InvalidInputError, match=r"cannot be read: (no such file|not a directory)") as told:
        find([str(tmp_path / name)])
    assert told.value.hint == "give files, folders, `s3://bucket/prefix`, or `-` for a stream"


FOLDERS = [
    ("", None),
    ("logs/", None),
    ("AWSLogs/", Folder()),
    ("my/AWSLogs/o-abc123/", Folder()),
    ("AWSLogs/222222222222/", Folder("222222222222")),
    (f"{TOP}/CloudTrail/", Folder("222222222222", "CloudTrail")),
    (f"{TOP}/CloudTrail/eu-west-1/", Folder("222222222222", "CloudTrail", "eu-west-1")),
    (f"{TOP}/CloudTrail/eu-west-1/2026/", None),
    ("AWSLogs/CloudTrail/", None),
]


@pytest.mark.parametrize(("prefix", "expected"), FOLDERS)
def test_what_a_folder_is(prefix: str, expected: Folder | None) -> None:
    """A path in CloudTrail's layout tells account, service and region, as far as it goes."""
    assert folder_of(prefix) == expected


OF_SECOND = f"x/{TOP}/CloudTrail/eu-west-1/2026/11/02/a.json.gz"
SPANS = [
    (Span(), OF_SECOND, True),
    (Span(date(2026, 11, 2), date(2026, 11, 2)), OF_SECOND, True),
    (Span(date(2026, 11, 3)), OF_SECOND, False),
    (Span(None, date(2026, 11, 1)), OF_SECOND, False),
    (Span(date(2026, 1, 31), date(2026, 12, 1)), OF_SECOND, True),
    (Span(accounts=frozenset({"222222222222"})), OF_SECOND, True),
    (Span(accounts=frozenset({"333333333333"})), OF_SECOND, False),
    (Span(accounts=frozenset()), OF_SECOND, False),
    (Span(date(2026, 11, 3), accounts=frozenset()), "logs/a.json.gz", True),
]


@pytest.mark.parametrize(("span", "path", "wanted"), SPANS)
def test_which_files_a_span_wants(span: Span, path: str, wanted: bool) -> None:
    """Day and account of a file in CloudTrail's layout decide; of others nobody knows."""
    assert span.wants(path) is wanted
    assert is_log(path)
