"""Whatever a file holds, what is in it is read as far as can be, and the rest is counted and named."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from orgctl.replay.ingest.dataset import Dataset
from orgctl.replay.ingest.run import ingested
from orgctl.replay.ingest.sources import find
from tests.replay.ingest.datasets import asked, document, event, ids, read, sums, write

Make = Callable[[bytes, bytes], bytes]
"""What is in a file, of the texts of two records."""


def both(a: bytes, b: bytes) -> bytes:
    """A log file with two records, as it is delivered."""
    return b'{"Records":[' + a + b"," + b + b"]}"


def packed(a: bytes, b: bytes) -> bytes:
    """The same, gzipped."""
    return gzip.compress(both(a, b))


def alone(a: bytes) -> bytes:
    """A log file with one record."""
    return b'{"Records":[' + a + b"]}"


WHOLE: dict[str, Make] = {
    "as delivered": both,
    "gzipped": packed,
    "two gzips in one file": lambda a, b: gzip.compress(both(a, b)[:50]) + gzip.compress(both(a, b)[50:]),
    "with padding behind the gzip": lambda a, b: packed(a, b) + b"\0" * 512,
    "with a byte order mark": lambda a, b: b"\xef\xbb\xbf" + both(a, b),
    "indented": lambda a, b: json.dumps(json.loads(both(a, b)), indent=2).encode(),
    "a list": lambda a, b: b"[" + a + b", " + b + b"]",
    "a record a line": lambda a, b: a + b"\n" + b + b"\n",
    "a record a line, with empty lines": lambda a, b: b"\n" + a + b"\r\n\r\n" + b,
    "a document a line": lambda a, b: alone(a) + b"\n" + alone(b),
    "one document after the other": lambda a, b: alone(a) + alone(b),
    "what LookupEvents gives": lambda a, b: json.dumps(
        {"Events": [{"CloudTrailEvent": text.decode()} for text in (a, b)]}
    ).encode(),
    "events of EventBridge": lambda a, b: b"\n".join(b'{"detail-type":"x","detail":' + text + b"}" for text in (a, b)),
}

CUT_OFF = ("it is cut off: it cannot be unpacked to its end", 0)
DAMAGED = ("it is damaged: it cannot be unpacked to its end", 0)
BROKEN_RECORD = ("a record of it is broken, or cut off", 1)
NO_JSON = ("it is no JSON, and holds no record that can be read", 1)
NO_RECORDS = ("it has no `Records`, and is no record", 1)
EMPTY = ("it is empty", 0)

BROKEN: dict[str, tuple[Make, str, tuple[tuple[str, int], ...]]] = {
    "empty": (lambda a, b: b"", "", (EMPTY,)),
    "blank": (lambda a, b: b" \n\n", "", (EMPTY,)),
    "a gzip of nothing": (lambda a, b: gzip.compress(b""), "", (EMPTY,)),
    "no records": (lambda a, b: document(), "", ()),
    "a gzip cut off": (lambda a, b: packed(a, b)[:-12], "a", (BROKEN_RECORD, CUT_OFF)),
    "a gzip without its end": (lambda a, b: packed(a, b)[:-4], "ab", (CUT_OFF,)),
    "a gzip with a wrong sum": (lambda a, b: packed(a, b)[:-8] + b"good" + packed(a, b)[-4:], "ab", (DAMAGED,)),
    "something behind the gzip": (
        lambda a, b: packed(a, b) + b"more",
        "ab",
        (("something else follows what is gzipped in it", 0),),
    ),
    "cut off in a record": (lambda a, b: both(a, b)[:-40], "a", (BROKEN_RECORD,)),
    "cut off after a record": (
        lambda a, b: b'{"Records":[' + a + b", ",
        "a",
        (("it is cut off after a record", 0),),
    ),
    "a broken record in between": (
        lambda a, b: b'{"Records":[' + a + b',{"eventVersion": 1,,},' + b + b"]}",
        "ab",
        (BROKEN_RECORD,),
    ),
    "a broken line": (lambda a, b: a + b"\n{nonsense\n" + b, "ab", (("a line of it is broken JSON", 1),)),
    "a broken document in a line": (lambda a, b: both(a, b)[:-40] + b"\n" + alone(b), "ab", (BROKEN_RECORD,)),
    "no JSON": (lambda a, b: b"<html>Access denied</html>", "", (NO_JSON,)),
    "other JSON": (lambda a, b: b'{"hello": "world"}', "", (NO_RECORDS,)),
    "a number": (lambda a, b: b"42", "", (("it holds neither records nor a list of them", 1),)),
    "Records that are no list": (lambda a, b: b'{"Records": {"a": 1}}', "", (NO_RECORDS,)),
    "records that are no objects": (
        lambda a, b: b'{"Records":[' + a + b',null,"text",[],7,' + b + b"]}",
        "ab",
        (("a record of it is no JSON object", 4),),
    ),
    "a record that is not UTF-8": (
        lambda a, b: both(a.replace(b"aws-cli", b"aws\xffcli"), b),
        "b",
        (("a record of it is no valid JSON", 1),),
    ),
    "UTF-16": (lambda a, b: both(a, b).decode().encode("utf-16"), "", (NO_JSON,)),
    "a digest": (
        lambda a, b: b'{"digestS3Bucket": "logs", "logFiles": []}',
        "",
        (("it is a digest, and holds no records", 0),),
    ),
    "nested too deep": (lambda a, b: b'{"Records":' + b"[" * 100_000, "", (BROKEN_RECORD,)),
}


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """All those files, read by one run."""
    folder = tmp_path_factory.mktemp("odd")
    for name, make in (*WHOLE.items(), *((name, make) for name, (make, _, _) in BROKEN.items())):
        records = (json.dumps(event(f"{name}/{letter}", requestID=letter)).encode() for letter in "ab")
        write(folder / f"logs/{name}.json", make(*records))
    return read(folder / "dataset", folder / "logs", workers=2).dataset


def letters(dataset: Dataset, name: str) -> str:
    """Which of a file's two records have rows."""
    query = f"SELECT event_id[-1] FROM {dataset.sql} WHERE event_id[:-3] = ? ORDER BY 1"  # noqa: S608 - our own paths
    return "".join(str(letter) for (letter,) in asked(query, name))


def told(dataset: Dataset, name: str) -> tuple[tuple[str, int], ...]:
    """What is said to be wrong with a file, and how many records that cost."""
    return tuple((each.reason, each.lost) for each in dataset.troubles if each.path.endswith(f"/{name}.json"))


@pytest.mark.parametrize("name", WHOLE)
def test_forms_that_are_read(everything: Dataset, name: str) -> None:
    """Each form in which records are handed on gives all of them, without a complaint."""
    assert (letters(everything, name), told(everything, name)) == ("ab", ())


@pytest.mark.parametrize(("name", "left", "troubles"), [(name, *rest[1:]) for name, rest in BROKEN.items()])
def test_files_with_something_wrong(
    everything: Dataset, name: str, left: str, troubles: tuple[tuple[str, int], ...]
) -> None:
    """What can be read is read, and each thing that is wrong is told with how many records it cost."""
    assert (left, troubles) == (letters(everything, name), told(everything, name))


def test_the_sums_of_files_with_something_wrong(everything: Dataset) -> None:
    """Whatever is wrong with some files: each file counts, and so does each record, as a row or as not readable."""
    rows = 2 * len(WHOLE) + sum(len(left) for _, left, _ in BROKEN.values())
    lost = sum(cost for _, _, troubles in BROKEN.values() for _, cost in troubles)
    assert (rows + lost, rows, 0, lost) == sums(everything)
    assert len(WHOLE) + len(BROKEN) == everything.counts.files


def test_a_damaged_gzip_gives_what_comes_before_the_damage(tmp_path: Path) -> None:
    """Of many records, those before the damage are read, and it is said that there are more."""
    data = document(*(event(f"e{number:04}", userAgent=f"agent {number * 7919}") for number in range(2000)))
    damaged = bytearray(gzip.compress(data))
    place = len(damaged) * 2 // 3
    damaged[place : place + 8] = b"\xff" * 8
    found = read(tmp_path / "dataset", write(tmp_path / "damaged.json", bytes(damaged))).dataset
    assert 1000 < found.counts.distinct < 2000
    assert [BROKEN_RECORD[0], DAMAGED[0]] == [each.reason for each in found.troubles]


def test_a_file_that_went_away(tmp_path: Path) -> None:
    """A file that is there no more when its turn comes is named, and is read when it is there again."""
    _, gone = (write(tmp_path / f"logs/{name}.json", document(event(name))) for name in ("kept", "gone"))
    sources = find([str(tmp_path / "logs")]).sources
    gone.unlink()
    for _ in range(2):
        with ingested(sources, tmp_path / "dataset", workers=1) as done:
            found = done.dataset
        reasons = [(each.path, each.reason) for each in found.troubles]
        assert [(str(gone), "it cannot be read: no such file or directory")] == reasons
        assert (ids(found), found.counts.files) == (["kept"], 1)
    write(gone, document(event("gone")))
    again = read(tmp_path / "dataset", tmp_path / "logs").dataset
    assert (ids(again), again.counts.files, again.troubles) == (["gone", "kept"], 2, ())
