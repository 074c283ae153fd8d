"""Copies of the trail's days: made once, read in place of the log files, and never of less than these."""

from __future__ import annotations

import json
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import boto3
import pytest
import sqlglot

from orgctl.api.impact_asking import Asking
from orgctl.api.impact_athena import Copied, copied, copying, estimated, explain_by_athena
from orgctl.api.impact_explaining import explain
from orgctl.api.permissions import names_for
from orgctl.aws.permissions import Command, policies
from orgctl.errors import AccessDeniedError, AwsError
from orgctl.sandbox.faults import Fault
from tests.functional.queried import NOW, WANTED, WHEN, Trail, command, queried, read, typed, verdicts
from tests.functional.test_athena import BUCKET, client, holder, narrow
from tests.functional.test_least_privilege import become
from tests.functional.trails import account_id

COPIED = [date(2026, 11, 2), date(2026, 11, 3)]
"""The days that are over for long enough."""
ONE = replace(WANTED, accounts=("one",))


@pytest.fixture(scope="module")
def trail(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trail]:
    with queried(tmp_path_factory.mktemp("organization")) as found:
        yield found


@pytest.fixture(autouse=True)
def anew(trail: Trail) -> Iterator[None]:
    """Nothing was copied before, and nothing goes wrong unless a test has it so."""
    trail.forget()
    for key in keys(trail):
        trail.s3.delete_object(Bucket=BUCKET, Key=key)
    yield
    trail.sandbox.fault()
    trail.sandbox.configure(athena_objects=0)
    trail.hurry()


def keys(trail: Trail) -> list[str]:
    """The objects of all copies."""
    found = trail.s3.list_objects_v2(Bucket=BUCKET, Prefix="orgctl-athena/copies/")
    return [each["Key"] for each in found.get("Contents", ())]


def copy(trail: Trail, asked: Asking | None = None) -> Copied:
    asked = asked or trail.asked()
    return copied(asked, copying(asked, lambda: NOW), trail.connection)


@contextmanager
def without_logs(trail: Trail, *days: str) -> Iterator[None]:
    """The log files of some days are not there."""
    s3 = trail.s3
    gone: dict[str, Any] = {}
    for each in s3.list_objects_v2(Bucket=BUCKET, Prefix="AWSLogs/")["Contents"]:
        if any(f"/{day}/" in each["Key"] for day in days):
            gone[each["Key"]] = s3.get_object(Bucket=BUCKET, Key=each["Key"])["Body"].read()
            s3.delete_object(Bucket=BUCKET, Key=each["Key"])
    yield
    for key, body in gone.items():
        s3.put_object(Bucket=BUCKET, Key=key, Body=body)


def test_a_copy_says_what_log_files_say(trail: Trail) -> None:
    """Of days that are over nothing else is read; of the others the log files are. It is the same report."""
    found = copy(trail)
    assert [piece.first for piece in found.asked.pieces if piece.copies] == [COPIED[0]]
    expected, records = verdicts(trail.by_files()), read(trail.by_files())
    with without_logs(trail, "2026/11/02", "2026/11/03"):
        by_copies = trail.by_athena(trail.asked()).impact
    assert (verdicts(by_copies), read(by_copies)) == (expected, records)


def test_only_copies_of_the_days_that_are_asked_about_are_looked_at(trail: Trail) -> None:
    """However many there are of others."""
    copy(trail)
    asked = [trail.asked(replace(WANTED, since=since)) for since in (datetime(2026, 11, 3), datetime(2026, 11, 4))]
    assert [[each.day for each in one.copies] for one in asked] == [COPIED[1:], []]
    before = replace(WANTED, since=datetime(2026, 11, 1), until=datetime(2026, 11, 2))
    assert [each.day for each in trail.asked(before).copies] == COPIED[:1]


def test_nothing_is_copied_twice(trail: Trail) -> None:
    """What there is of copies is found by whoever asks, without what the first run has kept on its machine."""
    first = copy(trail)
    assert (first.queries, first.started) == (2, 2)
    trail.forget()
    assert copying(trail.asked(), lambda: NOW) == ()
    assert trail.asked().copies == tuple(sorted(first.asked.copies, key=lambda each: each.name))


def test_accounts_that_are_not_copied_are_read_from_log_files(trail: Trail) -> None:
    """A copy of one account's days serves a question about all: each account is read once."""
    copy(trail, trail.asked(ONE))
    asked = trail.asked()
    assert {piece.accounts for piece in asked.pieces if piece.copies} == {trail.asked(ONE).accounts}
    found = trail.by_athena(asked).impact
    assert (verdicts(found), read(found)) == (verdicts(trail.by_files()), read(trail.by_files()))


def test_a_copy_whose_files_are_gone_is_none(trail: Trail) -> None:
    """The log files are read, and copied again: the query of then, which went well, is no use any more."""
    copy(trail)
    gone = next(key for key in keys(trail) if not key.endswith(".json"))
    trail.s3.delete_object(Bucket=BUCKET, Key=gone)
    asked = trail.asked()
    assert len(asked.copies) == 1
    assert verdicts(trail.by_athena(asked).impact) == verdicts(trail.by_files())
    again = copy(trail, asked)
    assert (again.started, len(trail.asked().copies)) == (1, 2)


NOTES = [b"", b"{", b"[]", b'{"day": "x"}', b'{"day": "2026-11-02", "files": [1]}', b"\xff"]


def test_what_is_no_note_is_passed_over(trail: Trail) -> None:
    """Whatever somebody has put there, or was written by another version."""
    for number, note in enumerate(NOTES):
        key = f"orgctl-athena/copies/1/2026-11-02-{number}.json"
        trail.s3.put_object(Bucket=BUCKET, Key=key, Body=note)
    assert trail.asked().copies == ()


def test_a_copy_that_was_not_noted_is_noted_by_the_next_run(trail: Trail) -> None:
    """Killed between the query's end and the note: nothing is started again."""
    trail.sandbox.fault(Fault("s3:PutObject", times=0))
    with pytest.raises(AwsError, match="PutObject"):
        copy(trail)
    trail.sandbox.fault()
    assert trail.asked().copies == ()
    before = trail.calls("StartQueryExecution")
    assert copy(trail).started == trail.calls("StartQueryExecution") - before <= 1
    assert len(trail.asked().copies) == 2


def test_a_command_that_is_killed_while_it_copies_is_gone_on_with(trail: Trail) -> None:
    """By a signal that nobody can catch: what it started at Athena is taken by the next one, and never by two."""
    trail.slow()
    before = trail.calls("StartQueryExecution")
    with subprocess.Popen(command(trail, "--athena", "--copy", *WHEN), stderr=subprocess.PIPE) as process:
        while trail.calls("StartQueryExecution") < before + 2 and process.poll() is None:
            with suppress(subprocess.TimeoutExpired):
                process.wait(0.05)
        process.kill()
    trail.hurry()
    done = typed(trail, "--athena", "--copy", *WHEN)
    assert (process.returncode, done.returncode) == (-signal.SIGKILL, 0), done.stderr
    folders = {key.split("/")[3] for key in keys(trail) if not key.endswith(".json")}
    assert folders == {each.name for each in trail.asked().copies}


def test_a_query_that_fails_leaves_no_copy(trail: Trail) -> None:
    """What it has written lies in a folder that nobody reads, and the next one writes into another."""
    with trail.sandbox.front.lock:
        group = next(each for each in trail.sandbox.cloud.athena.workgroups.values() if each.name == "orgctl")
    limit = group.configuration["BytesScannedCutoffPerQuery"]
    group.configuration["BytesScannedCutoffPerQuery"] = 1
    with pytest.raises(AwsError, match="Bytes scanned limit was exceeded"):
        copy(trail)
    group.configuration["BytesScannedCutoffPerQuery"] = limit
    orphan = "orgctl-athena/copies/1/2026-11-02-aaaaaaaaaaaa/part"
    trail.s3.put_object(Bucket=BUCKET, Key=orphan, Body=b"half of a file")
    assert trail.asked().copies == ()
    copy(trail)
    assert verdicts(trail.by_athena(trail.asked()).impact) == verdicts(trail.by_files())


def test_what_is_too_much_is_copied_in_halves(trail: Trail) -> None:
    """Each half of the accounts is a copy of its own."""
    s3, later = trail.s3, []
    for each in s3.list_objects_v2(Bucket=BUCKET, Prefix="AWSLogs/")["Contents"]:
        if "/2026/11/04/" in each["Key"]:
            later.append(each["Key"].replace("2026/11/04", "2026/11/03"))
            s3.copy_object(Bucket=BUCKET, Key=later[-1], CopySource={"Bucket": BUCKET, "Key": each["Key"]})
    trail.sandbox.configure(athena_objects=1)
    found = copy(trail)
    s3.delete_object(Bucket=BUCKET, Key=later[0])
    assert found.queries > 2
    assert sorted({each.day for each in found.asked.copies}) == COPIED
    assert sum(len(each.accounts) for each in found.asked.copies) == 2 * len(found.asked.accounts)


def test_what_copies_hold_is_foretold(trail: Trail) -> None:
    """Their sizes are known, and are the most that is read of them."""
    found = copy(trail)
    scan = estimated(found.asked, trail.connection)
    assert scan.is_exact
    assert 0 < scan.copied < scan.bytes == trail.by_athena(found.asked).scanned > 0


@pytest.mark.parametrize("event", ["a2", "b4"])
def test_one_event_of_a_copy_is_explained(trail: Trail, event: str) -> None:
    """As by the record in a log file."""
    asked = copy(trail).asked
    expected = explain(trail.directory, trail.connection, replace(WANTED, events=(str(trail.files),)), event)
    with without_logs(trail, "2026/11/02", "2026/11/03"):
        found = explain_by_athena(asked, trail.connection, event, now=lambda: NOW)
    assert (expected.verdict, expected.call) == (found.verdict, found.call)


def test_days_that_are_not_over_are_not_copied(trail: Trail) -> None:
    """Nor what is asked of them alone."""
    assert [query.piece.first for query in copying(trail.asked(), lambda: NOW)] == COPIED
    assert copying(trail.asked(replace(WANTED, since=datetime(2026, 11, 4))), lambda: NOW) == ()


def test_the_command(trail: Trail) -> None:
    """It says what copying takes, then what the question does; the next question reads the copies by itself."""
    done = typed(trail, "--athena", "--copy", *WHEN)
    assert done.returncode == 0, done.stderr
    by_files = typed(trail, "--events", str(trail.files), *WHEN).stdout
    assert done.stdout == by_files.replace("of 13 records in 4 files", "of 13 records that Athena read")
    said = [line for line in done.stderr.splitlines() if line.startswith("copying: ")]
    assert ["will read" in line for line in said] == [True, False]
    assert "1 query will read at most" in done.stderr
    again = typed(trail, "--athena", *WHEN)
    assert (again.stdout, "copying" in again.stderr) == (done.stdout, False)


def test_a_dry_run_shows_how_copies_are_made_and_read(trail: Trail) -> None:
    """UNLOAD for each day, and then the queries that would read them; nothing is run."""
    before = trail.calls("StartQueryExecution")
    done = typed(trail, "--athena", "--copy", "--dry-run", *WHEN)
    assert (done.returncode, trail.calls("StartQueryExecution")) == (0, before), done.stderr
    unloads, [question, *_] = done.stdout.split("-- a copy of ")[1:], done.stdout.split(", copied\n")[1:]
    folders = [each.partition("/copies/1/")[2].partition("/'")[0] for each in unloads]
    assert [folder[:10] for folder in folders] == ["2026-11-02", "2026-11-03", "2026-11-04", "2026-11-05"]
    assert all(f"'{folder}'" in question for folder in folders)
    assert len(sqlglot.parse(question, read="athena")) == 1


def test_copies_are_of_athena(trail: Trail) -> None:
    """Of files there is a dataset."""
    done = typed(trail, "--copy", "--events", "x")
    assert (done.returncode, "`--copy` copies what `--athena` reads" in done.stderr) == (3, True), done.stderr


def test_the_least_permissions_are_enough(trail: Trail, monkeypatch: pytest.MonkeyPatch) -> None:
    """The whole command, under what `orgctl permissions impact` prints and no more."""
    names = replace(names_for(trail.directory), bucket_account=holder(trail.sandbox))
    made = policies(Command.IMPACT, names)
    assert made.access_role
    become(monkeypatch, trail.sandbox, "asker", made.caller)
    narrow(trail.sandbox, made.access_role)
    trail.sandbox.configure(enforce_iam=True)
    done = typed(trail, "--athena", "--copy", *WHEN)
    trail.sandbox.configure(enforce_iam=False)
    assert done.returncode == 0, done.stderr
    assert len(keys(trail)) >= 4


def test_a_table_of_copies_that_is_not_there_is_told(trail: Trail) -> None:
    """Of an organization that was applied before there were copies: the error says what to do."""
    glue = client(trail.sandbox, "glue")
    table = glue.get_table(DatabaseName="orgctl", Name="cloudtrail_copies")["Table"]
    glue.delete_table(DatabaseName="orgctl", Name="cloudtrail_copies")
    asked = copy(trail).asked
    with pytest.raises(AwsError, match="cloudtrail_copies") as caught:
        trail.by_athena(asked)
    kept = {key: table[key] for key in ("Name", "PartitionKeys", "StorageDescriptor", "TableType", "Parameters")}
    glue.create_table(DatabaseName="orgctl", TableInput=kept)
    assert "`orgctl plan`" in str(caught.value.hint)


def test_copies_in_somebody_elses_bucket_are_refused(trail: Trail) -> None:
    """UNLOAD writes wherever it may; a bucket of that name that another account has taken is not looked into."""
    asked, other = trail.asked(), trail.sandbox.credentials(account_id(trail.sandbox, "one"), region="us-east-1")
    s3: Any = boto3.session.Session().client("s3", endpoint_url=trail.sandbox.endpoint_url, **other)
    s3.create_bucket(Bucket="somebody-elses")
    everybody = {"Effect": "Allow", "Principal": "*", "Action": "s3:*"}
    everything = {**everybody, "Resource": ["arn:aws:s3:::somebody-elses", "arn:aws:s3:::somebody-elses/*"]}
    s3.put_bucket_policy(Bucket="somebody-elses", Policy=json.dumps({"Version": "2012-10-17", "Statement": everything}))
    results = replace(asked, trail=replace(asked.trail, results="s3://somebody-elses/results/"))
    shelf = results.shelf(results.reach(trail.connection))
    with pytest.raises(AccessDeniedError, match="Access Denied"):
        shelf.copies(*asked.days)
    with pytest.raises(AccessDeniedError, match="Access Denied"):
        shelf.bucket.put("x", b"")
    s3.put_object(Bucket="somebody-elses", Key="x", Body=b"")
    with pytest.raises(AccessDeniedError, match="Access Denied"), shelf.bucket.opened("x"):
        pass
