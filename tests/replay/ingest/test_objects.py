"""Trails in S3 are read like those in files; of large ones, only what is asked for is listed."""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any

import boto3
import pytest

from benchmarks.trails import ORGANIZATION, Kind, document, files
from orgctl.api.connection import Connection
from orgctl.api.impact_objects import Objects
from orgctl.api.impact_reading import located, opened
from orgctl.api.impact_selection import Selection
from orgctl.aws.objects import Bucket as Listed
from orgctl.aws.session import connect
from orgctl.errors import AccessDeniedError, AwsError, InvalidInputError
from orgctl.manifest import load
from orgctl.replay.ingest.run import Ingested, ingested
from orgctl.replay.ingest.sources import Source
from orgctl.sandbox.embedded import Sandbox, running
from orgctl.sandbox.faults import Fault
from orgctl.sandbox.faults import Kind as Failure
from tests.impact.small import write_organization
from tests.replay.ingest.datasets import document as written
from tests.replay.ingest.datasets import event, ids, read, rows, sums, write

KIND = Kind(events=400, accounts=3, per_file=12, days=3, seed=7, twice=0.1)


@pytest.fixture(scope="module")
def started() -> Iterator[Sandbox]:
    with running(seed=3) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(started: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Sandbox:
    started.fault()
    for name, value in started.environment().items():
        monkeypatch.setenv(name, value)
    return started


@pytest.fixture(scope="module")
def client(started: Sandbox) -> Any:
    """A client of the sandbox's S3."""
    made: Any = boto3.client  # its types know each service's arguments by name alone
    return made("s3", endpoint_url=started.endpoint_url, **started.credentials())


@dataclass(frozen=True)
class Bucket:
    """A bucket to put objects into."""

    client: Any
    name: str

    def put(self, key: str, data: bytes = b"{}") -> None:
        self.client.put_object(Bucket=self.name, Key=key, Body=gzip.compress(data, 1) if key.endswith(".gz") else data)

    def delete(self, key: str) -> None:
        self.client.delete_object(Bucket=self.name, Key=key)

    def at(self, prefix: str = "") -> str:
        return f"s3://{self.name}/{prefix}"


_numbers = count()


@pytest.fixture
def bucket(client: Any) -> Bucket:
    """A new one."""
    name = f"example-logs-{next(_numbers)}"
    client.create_bucket(Bucket=name)
    return Bucket(client, name)


@pytest.fixture
def objects(sandbox: Sandbox, tmp_path: Path) -> Objects:
    """The buckets, as an `impact` without further options sees them."""
    loaded = load(write_organization(tmp_path / "governance"))
    return Objects.of(loaded, Connection(endpoint_url=sandbox.endpoint_url), Selection())


def fetch(folder: Path, objects: Objects, bucket: Bucket) -> Ingested:
    return taken(objects.find(bucket.at()).sources, folder, objects)


def taken(sources: Iterable[Source], folder: Path, objects: Objects) -> Ingested:
    with ingested(sources, folder, workers=1, opened=objects.opened) as done:
        return done


def keys(objects: Objects, address: str) -> list[str]:
    """The names of the files that are found, without their folders."""
    return sorted(source.path.rpartition("/")[2] for source in objects.find(address).sources)


def test_rows_are_those_of_files(tmp_path: Path, bucket: Bucket, objects: Objects) -> None:
    """A trail in S3 gives the rows of the same trail in files, and is read once; what is put later is read then."""
    for file in files(KIND):
        bucket.put(file.path, document(file.records))
        write(tmp_path / "trail" / file.path, document(file.records))
    here = read(tmp_path / "here", tmp_path / "trail").dataset
    there = fetch(tmp_path / "there", objects, bucket)
    assert (rows(here), sums(here)) == (rows(there.dataset), sums(there.dataset))
    bucket.put("AWSLogs/222222222222/CloudTrail/eu-west-1/2026/11/09/new.json.gz", written(event("new")))
    again = fetch(tmp_path / "there", objects, bucket)
    assert (again.fresh, again.changed, again.same) == (1, 0, there.fresh)


def test_an_object_that_changed(tmp_path: Path, bucket: Bucket, objects: Objects) -> None:
    """Its old rows go, for its ETag is another one."""
    bucket.put("a.json", written(event("a")))
    bucket.put("b.json", written(event("b")))
    fetch(tmp_path / "dataset", objects, bucket)
    bucket.put("a.json", written(event("c")))
    found = fetch(tmp_path / "dataset", objects, bucket)
    assert ((found.fresh, found.changed, found.same), ids(found.dataset)) == ((0, 1, 1), ["b", "c"])


DAYS = ("2026/11/01", "2026/11/02", "2026/11/03")


@pytest.fixture(scope="module")
def tree(client: Any) -> Bucket:
    """Files of two accounts, two regions and three days, named after them, with what lies beside."""
    client.create_bucket(Bucket="example-tree")
    bucket = Bucket(client, "example-tree")
    for account in ("222222222222", "333333333333"):
        top = f"trail/AWSLogs/{ORGANIZATION}/{account}"
        for region in ("eu-west-1", "us-east-1"):
            for day in DAYS:
                name = f"{account[0]}-{region[:2]}-{day[-2:]}.json"
                bucket.put(f"{top}/CloudTrail/{region}/{day}/{name}")
        bucket.put(f"{top}/CloudTrail-Digest/eu-west-1/2026/11/02/digest.json")
        bucket.put(f"{top}/CloudTrail-Insight/eu-west-1/2026/11/02/insight.json")
        bucket.put(f"{top}/elasticloadbalancing/eu-west-1/2026/11/02/elb.json")
    return bucket


ALL = [f"{account}-{region}-{day}.json" for account in "23" for region in ("eu", "us") for day in ("01", "02", "03")]
ONE = [name for name in ALL if name.startswith("2-eu")]

PREFIXES = [
    ("", ALL),
    ("trail", ALL),
    ("trail/", ALL),
    ("trail/AWSLogs", ALL),
    (f"trail/AWSLogs/{ORGANIZATION}/", ALL),
    (f"trail/AWSLogs/{ORGANIZATION}/222222222222", [name for name in ALL if name.startswith("2")]),
    (f"trail/AWSLogs/{ORGANIZATION}/222222222222/CloudTrail/", [name for name in ALL if name.startswith("2")]),
    (f"trail/AWSLogs/{ORGANIZATION}/222222222222/CloudTrail/eu-west-1", ONE),
    (f"trail/AWSLogs/{ORGANIZATION}/222222222222/CloudTrail/eu-west-1/2026/11/02/", ["2-eu-02.json"]),
    (f"trail/AWSLogs/{ORGANIZATION}/222222222222/CloudTrail/eu-west-1/2026/11/02/2-eu-02.json", ["2-eu-02.json"]),
]


@pytest.mark.parametrize(("prefix", "expected"), PREFIXES)
def test_a_trail_is_found_from_everywhere(tree: Bucket, objects: Objects, prefix: str, expected: list[str]) -> None:
    """From the bucket's top down to a single object, the files below are found, and no other service's."""
    assert keys(objects, tree.at(prefix)) == sorted(expected)


def chosen(since: int | None = None, until: int | None = None, *accounts: str) -> Selection:
    """Events of these days of November 2026, until the end of the last one, and of these accounts."""
    begin, end = (datetime(2026, 11, day) if day else None for day in (since, until and until + 1))
    return Selection(begin, end, frozenset(accounts) if accounts else None)


CHOICES = [
    (chosen(), ALL),
    (chosen(2), [name for name in ALL if "-01" not in name]),
    (chosen(None, 1), [name for name in ALL if "-03" not in name]),
    (chosen(2, 2), [name for name in ALL if "-01" not in name]),
    (chosen(9), []),
    (chosen(None, None, "222222222222"), [name for name in ALL if name.startswith("2")]),
    (chosen(3, 3, "333333333333", "444444444444"), ["3-eu-03.json", "3-us-03.json"]),
]


@pytest.mark.parametrize(("selection", "expected"), CHOICES)
@pytest.mark.parametrize("prefix", ["", f"trail/AWSLogs/{ORGANIZATION}"])
def test_only_what_is_wanted_is_found(
    tree: Bucket, objects: Objects, selection: Selection, expected: list[str], prefix: str
) -> None:
    """Days of delivery are those of the events, and the day after; other accounts are left alone."""
    objects.selection = selection
    assert keys(objects, tree.at(prefix)) == sorted(expected)


def test_few_lists_for_few_days(tree: Bucket, objects: Objects, sandbox: Sandbox) -> None:
    """For a day of one account, its regions are listed from that day on, and nothing of other accounts."""
    objects.selection = chosen(2, 2, "222222222222")
    before = sandbox.calls().get("s3:ListObjectsV2", 0)
    assert len(keys(objects, tree.at())) == 4
    top, trail, layout, organization, account, regions = 1, 1, 1, 1, 1, 2
    lists = sandbox.calls()["s3:ListObjectsV2"] - before
    assert lists == top + trail + layout + organization + account + regions


@pytest.mark.parametrize("most", [1, 2, 3, 1000])
def test_lists_are_gone_through_to_their_end(bucket: Bucket, sandbox: Sandbox, most: int) -> None:
    """However few objects or folders AWS gives in one answer, all are found, from where it was asked for on."""
    for key in ("a/1", "a/2", "a/3", "b/1", "b/2", "c"):
        bucket.put(key)
    found = Listed(connect(endpoint_url=sandbox.endpoint_url), bucket.name, most=most)
    assert [each.key for each in found.below("a/")] == ["a/1", "a/2", "a/3"]
    assert [each.key for each in found.below("", after="a/2")] == ["a/3", "b/1", "b/2", "c"]
    folders, objects = found.children("")
    assert (folders, [each.key for each in objects]) == (["a/", "b/"], ["c"])


def test_other_files_are_counted(bucket: Bucket, objects: Objects) -> None:
    """What is no log by its name is passed over, and counted."""
    for name in ("a.json", "b.parquet", "folder/"):
        bucket.put(f"mixed/{name}")
    found = objects.find(bucket.at("mixed/"))
    assert (len(found.sources), found.passed_over) == (1, 1)


NOTHING = [
    ("s3://", "`s3://` names no bucket"),
    ("s3://example-tree/nowhere", "there is nothing at `s3://example-tree/nowhere`"),
    ("s3://example-tree/trai", "there is nothing at `s3://example-tree/trai`"),
]


@pytest.mark.parametrize(("address", "said"), NOTHING)
def test_places_where_nothing_is(tree: Bucket, objects: Objects, address: str, said: str) -> None:
    """It is told, and what is near is named."""
    with pytest.raises(InvalidInputError) as told:
        objects.find(address)
    assert told.value.message == said
    assert told.value.hint
    assert ("`s3://example-tree/trail/`" in told.value.hint) is address.endswith("trai")


def test_a_bucket_that_is_not_there(objects: Objects) -> None:
    """What AWS says is told, with a way out."""
    with pytest.raises(AwsError, match=r"`s3:ListObjectsV2` failed: .*NoSuchBucket") as told:
        objects.find("s3://no-such-bucket-here/x")
    assert told.value.hint == "create the bucket, or correct its name and region"


def test_what_is_not_allowed(bucket: Bucket, objects: Objects, sandbox: Sandbox) -> None:
    """Who may not list is told which permission is wanting."""
    sandbox.fault(Fault("s3:ListObjectsV2", kind=Failure.ERROR, code="AccessDenied", status=403, times=0))
    with pytest.raises(AccessDeniedError, match=r"is not allowed `s3:ListBucket`") as told:
        objects.find(bucket.at())
    assert told.value.hint
    assert told.value.hint.startswith("allow it on the bucket with the log files")


def test_an_object_that_went_away(tmp_path: Path, bucket: Bucket, objects: Objects) -> None:
    """An object that is gone when its turn comes is named like a file, and the others are read."""
    bucket.put("kept.json", written(event("kept")))
    bucket.put("gone.json", written(event("gone")))
    found = objects.find(bucket.at())
    bucket.delete("gone.json")
    dataset = taken(found.sources, tmp_path / "dataset", objects).dataset
    told = [(each.path, each.reason) for each in dataset.troubles]
    assert told == [(bucket.at("gone.json"), "it cannot be read: no such file or directory")]
    assert ids(dataset) == ["kept"]


def test_a_get_that_fails_at_first(tmp_path: Path, bucket: Bucket, objects: Objects, sandbox: Sandbox) -> None:
    """A throttled GET is made again."""
    bucket.put("a.json", written(event("a")))
    found = objects.find(bucket.at())
    sandbox.fault(Fault("s3:GetObject", kind=Failure.ERROR, code="SlowDown", status=503))
    assert ids(taken(found.sources, tmp_path / "dataset", objects).dataset) == ["a"]


def test_a_large_object_is_read_in_pieces(tmp_path: Path, bucket: Bucket, objects: Objects) -> None:
    """An object of many megabytes has all its rows."""
    records = [event(f"e{number:03}", responseElements={"data": "x" * 200_000}) for number in range(150)]
    bucket.put("large.json", written(*records))
    found = fetch(tmp_path / "dataset", objects, bucket).dataset
    assert (found.counts.distinct, found.troubles) == (150, ())
    assert len(found.parts) > 1


def test_events_from_s3_are_opened(tmp_path: Path, bucket: Bucket, objects: Objects) -> None:
    """What a command opens is what is in S3 and in files, together."""
    bucket.put("x/a.json", written(event("a")))
    local = write(tmp_path / "b.json", written(event("b")))
    here = located([bucket.at("x"), str(local)])
    with opened(here.including(objects), None) as events:
        assert (events.reading.files, events.reading.distinct) == (2, 2)
