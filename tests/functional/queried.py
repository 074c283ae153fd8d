"""An organization whose trail is queried by Athena, and the same log files in a folder."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from orgctl.api.applying import apply_manifest
from orgctl.api.connection import Connection
from orgctl.api.impact import Wanted, impact
from orgctl.api.impact_asking import Asking, asking
from orgctl.api.impact_athena import ByAthena, impact_by_athena
from orgctl.lint.catalogue import actions
from orgctl.replay.athena.kept import FOLDER
from orgctl.replay.verdicts.impact import Impact
from orgctl.sandbox.embedded import Sandbox, running
from tests.functional.conftest import TERMS, instant
from tests.functional.small import account, policy, write
from tests.functional.test_athena import BUCKET, client
from tests.functional.trails import account_id, call

NOW = datetime(2026, 11, 5, 12, tzinfo=UTC)
WHEN = ("--since", "2026-11-02", "--until", "2026-11-04")
WANTED = Wanted((), since=datetime(2026, 11, 2), until=datetime(2026, 11, 5))


@dataclass
class Trail:
    """An organization with a trail in its bucket, and the same log files in a folder."""

    sandbox: Sandbox
    directory: Path
    files: Path

    @property
    def connection(self) -> Connection:
        return Connection(paced=False, clock=instant())

    @cached_property
    def s3(self) -> Any:
        """A client, in the account of the bucket."""
        return client(self.sandbox, "s3")

    def asked(self, wanted: Wanted = WANTED) -> Asking:
        return asking(self.directory, self.connection, wanted, now=lambda: NOW)

    def by_athena(self, asked: Asking | None = None) -> ByAthena:
        return impact_by_athena(asked or self.asked(), self.connection, now=lambda: NOW)

    def by_files(self, wanted: Wanted = WANTED) -> Impact:
        return impact(self.directory, self.connection, replace(wanted, events=(str(self.files),)))

    def forget(self) -> None:
        """Leave nothing of what was asked before."""
        for path in (self.directory / FOLDER).glob("*"):
            path.unlink()

    def slow(self) -> None:
        """From now on queries take longer than anybody waits."""
        self.sandbox.configure(delays={"query": {"polls": 10_000}})

    def hurry(self) -> None:
        """Every query is over the next time that somebody asks."""
        self.sandbox.configure(delays={"query": {"polls": 1}})
        with self.sandbox.front.lock:
            for each in self.sandbox.cloud.athena.executions.values():
                each.pending.polls = 0

    def calls(self, operation: str) -> int:
        return self.sandbox.calls().get(f"athena:{operation}", 0)


def manifest(directory: Path, *, guarded: bool) -> Path:
    """A trail that is queried in two regions, and two accounts in an OU.

    If `guarded`, with a policy on that, and a long one on each account.
    """
    policy(directory, "scp/no-queues", "sqs:SendMessage", "s3:Delete*")
    shops: dict[str, object] = {"accounts": {**account("one"), **account("two")}}
    if guarded:
        accounts = {**account("one", policies=["scp/no-ec2"]), **account("two", policies=["scp/no-glue"])}
        shops = {"accounts": accounts, "policies": ["scp/no-queues"]}
        for service in ("ec2", "glue"):
            denied = {"Effect": "Deny", "Action": sorted(actions(service).values())[:150], "Resource": "*"}
            text = json.dumps({"Version": "2012-10-17", "Statement": denied})
            (directory / f"policies/scp/no-{service}.json").write_text(text)
    units = {"Security": {"accounts": account("log-archive")}, "Shops": shops}
    bucket = {"name": BUCKET, "account": "log-archive"}
    trail = {"name": "trail", "bucket": bucket, "athena": {"regions": ["eu-west-1", "us-east-1"]}}
    return write(directory, {"units": units}, trail=trail)


def days(one: str, two: str) -> dict[tuple[str, str], list[dict[str, object]]]:
    """What was done, by account and day: some of it is recorded twice, some by whom no SCP binds, some is odd."""
    bucket: dict[str, Any] = {
        "eventSource": "s3.amazonaws.com",
        "requestParameters": {"bucketName": "b", "key": "k", "versionId": "v"},
    }
    service = {"type": "AWSService", "invokedBy": "ec2.amazonaws.com"}
    return {
        (one, "2026/11/02"): [
            call(one, "a1", eventTime="2026-11-02T09:00:00Z"),
            call(one, "a2", eventTime="2026-11-02T10:00:00.250Z", role="Ops"),
            call(one, "a2", eventTime="2026-11-02T10:00:00.250Z", role="Ops"),
            call(one, "a3", eventName="ReceiveMessage", sourceIPAddress="2001:db8::1"),
            call(one, "a4", eventName="DeleteObject", **bucket),
        ],
        (one, "2026/11/03"): [
            call(one, "b1", eventTime="2026-11-03T09:00:00Z", userIdentity=service),
            call(one, "b2", eventTime="2026-11-03T09:30:00Z", errorCode="AccessDenied"),
            call(one, "b3", eventTime="2026-11-03T09:40:00Z", eventName="Ponder"),
            call(one, "b4", eventTime="2026-11-03T09:50:00Z", eventType="AwsServiceEvent", eventName="Rotate"),
        ],
        (two, "2026/11/04"): [
            call(two, "c1", eventTime="2026-11-04T09:00:00Z"),
            call(
                two,
                "c2",
                eventTime="2026-11-04T11:00:00Z",
                eventSource="rekognition.amazonaws.com",
                eventName="CreateUser",
            ),
        ],
        (two, "2026/11/05"): [
            call(two, "d1", eventTime="2026-11-04T23:59:00Z"),
            call(two, "d2", eventTime="2026-11-05T00:01:00Z"),
        ],
    }


@contextmanager
def queried(directory: Path) -> Iterator[Trail]:
    """A sandbox with that organization, whose trail has delivered; it is in the environment meanwhile."""
    with running(seed=7) as sandbox, pytest.MonkeyPatch.context() as patch:
        for name, value in {**sandbox.environment(), "AWS_EC2_METADATA_DISABLED": "true"}.items():
            patch.setenv(name, value)
        found = Trail(sandbox, directory, directory / "trail")
        apply_manifest(manifest(directory, guarded=False), found.connection, TERMS)
        deliver(found)
        manifest(directory, guarded=True)
        yield found


def deliver(trail: Trail) -> None:
    """Put the log files where CloudTrail puts them, and into the folder as well."""
    organization = trail.sandbox.organization.id
    for (here, day), found in days(account_id(trail.sandbox, "one"), account_id(trail.sandbox, "two")).items():
        name = f"{here}_CloudTrail_eu-west-1_{day.replace('/', '')}T2355Z_AAAABBBBCCCCDDDD.json.gz"
        key = f"AWSLogs/{organization}/{here}/CloudTrail/eu-west-1/{day}/{name}"
        body = gzip.compress(json.dumps({"Records": found}).encode(), mtime=0)
        trail.s3.put_object(Bucket=BUCKET, Key=key, Body=body)
        (trail.files / key).parent.mkdir(parents=True, exist_ok=True)
        (trail.files / key).write_bytes(body)


def verdicts(found: Impact) -> tuple[object, ...]:
    """All that a report tells of calls."""
    return (found.totals, found.groups, found.first, found.last, found.homes, found.baseline, found.change, found.notes)


def read(found: Impact) -> tuple[int, ...]:
    """All that it tells of records, but for the number of files."""
    return (found.reading.records, found.reading.duplicates, found.reading.unreadable, found.left_out)


def command(trail: Trail, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "orgctl", "-C", str(trail.directory), "impact", *arguments]


def typed(trail: Trail, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The command, as somebody types it."""
    return subprocess.run(
        command(trail, *arguments),
        env={**os.environ, "COLUMNS": "200"},
        capture_output=True,
        text=True,
        timeout=120,
    )
