"""An impact asked of the trail by Athena: as by files, whatever happens on the way."""

from __future__ import annotations

import gzip
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlglot

from orgctl.api.applying import apply_manifest
from orgctl.api.connection import Connection
from orgctl.api.impact import Wanted, impact
from orgctl.api.impact_athena import Asking, ByAthena, asking, estimated, explain_by_athena, impact_by_athena
from orgctl.api.impact_explaining import explain
from orgctl.errors import AwsError, InvalidInputError
from orgctl.lint.catalogue import actions
from orgctl.replay.athena import groups
from orgctl.replay.athena.kept import FOLDER
from orgctl.replay.athena.pieces import Piece, pieces
from orgctl.replay.athena.running import Query
from orgctl.replay.verdicts.impact import Impact
from orgctl.replay.verdicts.verdict import Kind
from orgctl.sandbox.embedded import Sandbox, running
from orgctl.sandbox.faults import Fault, When
from orgctl.sandbox.faults import Kind as Fails
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


@pytest.fixture(scope="module")
def trail(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trail]:
    directory = tmp_path_factory.mktemp("organization")
    with running(seed=7) as sandbox, pytest.MonkeyPatch.context() as patch:
        for name, value in {**sandbox.environment(), "AWS_EC2_METADATA_DISABLED": "true"}.items():
            patch.setenv(name, value)
        found = Trail(sandbox, directory, directory / "trail")
        apply_manifest(manifest(directory, guarded=False), found.connection, TERMS)
        deliver(found)
        manifest(directory, guarded=True)
        yield found


@pytest.fixture(autouse=True)
def anew(trail: Trail) -> Iterator[None]:
    """Nothing was asked before, and nothing goes wrong unless a test has it so."""
    trail.forget()
    yield
    trail.sandbox.fault()
    trail.sandbox.configure(athena_objects=0)


def deliver(trail: Trail) -> None:
    """Put the log files where CloudTrail puts them, and into the folder as well."""
    s3, organization = client(trail.sandbox, "s3"), trail.sandbox.organization.id
    for (here, day), found in days(account_id(trail.sandbox, "one"), account_id(trail.sandbox, "two")).items():
        name = f"{here}_CloudTrail_eu-west-1_{day.replace('/', '')}T2355Z_AAAABBBBCCCCDDDD.json.gz"
        key = f"AWSLogs/{organization}/{here}/CloudTrail/eu-west-1/{day}/{name}"
        body = gzip.compress(json.dumps({"Records": found}).encode(), mtime=0)
        s3.put_object(Bucket=BUCKET, Key=key, Body=body)
        (trail.files / key).parent.mkdir(parents=True, exist_ok=True)
        (trail.files / key).write_bytes(body)


def verdicts(found: Impact) -> tuple[object, ...]:
    """All that a report tells of calls."""
    return (found.totals, found.groups, found.first, found.last, found.homes, found.baseline, found.change, found.notes)


def read(found: Impact) -> tuple[int, ...]:
    """All that it tells of records, but for the number of files."""
    return (found.reading.records, found.reading.duplicates, found.reading.unreadable, found.left_out)


MORE: dict[str, dict[str, Any]] = {
    "everything": {},
    "one account": {"accounts": ("one",)},
    "from a day on, without a role": {"since": datetime(2026, 11, 3), "exclude": ("role/Ops",)},
}


@pytest.mark.parametrize("more", MORE.values(), ids=MORE)
def test_athena_says_what_files_say(trail: Trail, more: dict[str, Any]) -> None:
    """The report on the trail is that on the same files, whatever part of it is asked for."""
    wanted = replace(WANTED, **more)
    by_files, by_athena = trail.by_files(wanted), trail.by_athena(trail.asked(wanted)).impact
    assert by_files.count(Kind.NEWLY_DENIED)
    assert verdicts(by_files) == verdicts(by_athena)


def test_all_records_are_counted(trail: Trail) -> None:
    """What was read, what of it repeats an event, and what nobody asked for."""
    assert read(trail.by_files()) == read(trail.by_athena().impact) == (13, 1, 0, 1)


def test_the_scan_is_foretold(trail: Trail) -> None:
    """The sizes of folders say what queries will read; of a small trail, to the byte."""
    asked = trail.asked()
    found = estimated(asked, trail.connection)
    assert found.is_exact
    assert found.bytes == trail.by_athena(asked).scanned > 0


def by_day(asked: Asking) -> Asking:
    """The same in pieces of a day each."""
    [whole] = asked.pieces
    each = [piece for day in whole.days for piece in pieces(whole.accounts, whole.regions, day, day)]
    return replace(asked, queries=tuple(Query(piece, asked.groups.written) for piece in each))


def test_a_run_that_was_killed_is_gone_on_with(trail: Trail) -> None:
    """What it had started is not started again; its answers are fetched, and day by day come to the same."""

    def killed(done: int, _total: int) -> None:
        raise KeyboardInterrupt(done)

    asked = by_day(trail.asked())
    with pytest.raises(KeyboardInterrupt):
        impact_by_athena(asked, trail.connection, tell=killed, now=lambda: NOW)
    before = trail.calls("StartQueryExecution")
    found = trail.by_athena(asked)
    assert (found.started, trail.calls("StartQueryExecution")) == (0, before)
    assert verdicts(trail.by_files()) == verdicts(found.impact)


def test_a_command_that_is_killed_is_gone_on_with(trail: Trail) -> None:
    """By a signal that nobody can catch: the query goes on at Athena, and the next command takes its answer."""
    trail.sandbox.configure(delays={"query": {"polls": 10_000}})
    before = trail.calls("StartQueryExecution")
    with subprocess.Popen(command(trail, "--athena", *WHEN), stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        while trail.calls("StartQueryExecution") == before and process.poll() is None:
            with suppress(subprocess.TimeoutExpired):
                process.wait(0.05)
        process.kill()
    trail.sandbox.configure(delays={"query": {"polls": 1}})
    again = typed(trail, "--athena", *WHEN)
    assert (process.returncode, again.returncode) == (-signal.SIGKILL, 0), again.stderr
    assert "1 query had been started before" in again.stderr
    assert trail.calls("StartQueryExecution") == before + 1


def test_what_is_too_much_at_once_is_asked_in_halves(trail: Trail) -> None:
    """Athena runs out of resources over more than one object here; the next run knows, and asks in halves at once."""
    trail.sandbox.configure(athena_objects=1)
    wanted = replace(WANTED, exclude=("role/Halves",))  # which makes it another query, that Athena does not know yet
    found = trail.by_athena(trail.asked(wanted))
    assert found.queries > 3
    assert verdicts(trail.by_files(wanted)) == verdicts(found.impact)
    again = trail.by_athena(trail.asked(wanted))
    assert (again.started, again.queries) == (0, found.queries)
    assert verdicts(found.impact) == verdicts(again.impact)


def test_what_is_too_much_even_so_is_told(trail: Trail) -> None:
    """One account's day cannot be cut any more."""
    s3, [key, *_] = client(trail.sandbox, "s3"), [each.name for each in trail.files.rglob("*_20261102T*")]
    [path] = trail.files.rglob(key)
    more = str(path.relative_to(trail.files)).replace("AAAABBBB", "BBBBAAAA")
    s3.put_object(Bucket=BUCKET, Key=more, Body=path.read_bytes())
    trail.sandbox.configure(athena_objects=1)
    with pytest.raises(AwsError, match="1 account from 2026-11-02 to 2026-11-02 was failed") as caught:
        trail.by_athena(trail.asked(replace(WANTED, exclude=("role/TooMuch",))))
    s3.delete_object(Bucket=BUCKET, Key=more)
    assert "one account's day already" in str(caught.value.hint)


def test_policies_that_are_too_long_are_cut_by_accounts(trail: Trail, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each account's query has the policies that bear on it; what they come to together is the same."""
    [whole] = trail.asked().queries
    monkeypatch.setattr(groups, "LONGEST", shortest(trail.asked().groups, whole.piece) - 1)
    asked = trail.asked()
    accounts = [query.piece.accounts for query in asked.queries]
    assert len(accounts) > 1
    assert sorted(each for some in accounts for each in some) == sorted(whole.piece.accounts)
    assert verdicts(trail.by_files()) == verdicts(trail.by_athena(asked).impact)


def test_policies_that_are_too_long_for_any_query_are_told(trail: Trail, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where not even the question without policies fits, there is another way."""
    monkeypatch.setattr(groups, "LONGEST", 1_000)
    with pytest.raises(InvalidInputError, match="a query that Athena does not take") as caught:
        trail.asked()
    assert "`--events`" in str(caught.value.hint)


def shortest(asked: groups.Groups, piece: Piece) -> int:
    """How long the query is at least, in bytes: with the actions of no service."""
    low, high = 1, len(asked.written(piece).encode())
    while low < high:
        middle = (low + high) // 2
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(groups, "LONGEST", middle)
            try:
                asked.written(piece)
                high = middle
            except ValueError:
                low = middle + 1
    return low


def test_a_lost_answer_starts_no_second_query(trail: Trail) -> None:
    """Killed between the call and its answer, a query runs once: the next run finds it by its token."""
    trail.sandbox.fault(Fault("athena:StartQueryExecution", times=0, when=When.AFTER))
    with pytest.raises(AwsError):
        trail.by_athena()
    known = len(trail.sandbox.cloud.athena.executions)
    trail.sandbox.fault()
    assert trail.by_athena().started == 1
    assert len(trail.sandbox.cloud.athena.executions) == known


def test_throttling_is_waited_out(trail: Trail) -> None:
    """Athena asks for patience at each of its calls; the answer is the same."""
    trail.sandbox.fault(
        *(Fault(f"athena:{each}", kind=Fails.THROTTLE, times=3) for each in ("StartQueryExecution", "GetQueryResults"))
    )
    assert verdicts(trail.by_files()) == verdicts(trail.by_athena().impact)


def test_an_answer_of_old_is_taken_only_where_nothing_can_have_changed(trail: Trail) -> None:
    """Of days that were not over then it is asked anew, once an hour has passed."""
    ended = datetime.now(UTC)
    asked = by_day(trail.asked())
    last = max(piece.last for piece in asked.pieces)
    trail.by_athena(asked)
    later = ended + timedelta(hours=3)
    assert last < ended.date()
    assert impact_by_athena(asked, trail.connection, now=lambda: later).started == 0
    today = replace(asked.pieces[0], last=ended.date())
    for started in (1, 1):
        again = replace(asked, queries=(Query(today, asked.groups.written),))
        assert impact_by_athena(again, trail.connection, now=lambda: later).started == started


def test_a_query_that_reads_too_much_is_cancelled(trail: Trail) -> None:
    """By the workgroup's limit; the error says so, and what to do."""
    with trail.sandbox.front.lock:
        found = next(each for each in trail.sandbox.cloud.athena.workgroups.values() if each.name == "orgctl")
    limit = found.configuration["BytesScannedCutoffPerQuery"]
    found.configuration["BytesScannedCutoffPerQuery"] = 1
    asked = trail.asked(replace(WANTED, exclude=("role/Nobody",)))
    with pytest.raises(AwsError, match="Bytes scanned limit was exceeded") as caught:
        trail.by_athena(asked)
    found.configuration["BytesScannedCutoffPerQuery"] = limit
    assert "scan_limit_gb" in str(caught.value.hint)
    assert trail.by_athena(asked).started == 1


@pytest.mark.parametrize("event", ["a2", "b4"])
def test_one_event_is_explained(trail: Trail, event: str) -> None:
    """The decision on an event is the same, whichever way its record was had."""
    wanted = replace(WANTED, events=(str(trail.files),))
    by_files = explain(trail.directory, trail.connection, wanted, event)
    by_athena = explain_by_athena(trail.asked(), trail.connection, event, now=lambda: NOW)
    assert (by_files.verdict, by_files.call) == (by_athena.verdict, by_athena.call)
    assert [each.answer for each in by_files.after] == [each.answer for each in by_athena.after]


def test_what_cannot_be_asked_is_said(trail: Trail, tmp_path: Path) -> None:
    """No beginning, no such event, nothing there, no table: each is one sentence with a way out."""
    early = replace(WANTED, since=datetime(2026, 10, 30), until=datetime(2026, 11, 1))
    cases: list[tuple[Callable[[], object], str]] = [
        (lambda: trail.asked(replace(WANTED, since=None)), "from when on"),
        (lambda: explain_by_athena(trail.asked(), trail.connection, "x", now=lambda: NOW), "no event `x` in the trail"),
        (lambda: trail.asked(replace(WANTED, since=datetime(2026, 11, 6))), "nothing to be read"),
        (lambda: trail.by_athena(trail.asked(early)), "no CloudTrail event"),
        (lambda: trail.asked(replace(WANTED, baseline="none")), "nobody knows the id of `account:log-archive`"),
        (lambda: asking(write(tmp_path, {}), trail.connection, WANTED, now=lambda: NOW), "no trail that is queried"),
    ]
    for case, words in cases:
        with pytest.raises(InvalidInputError, match=words) as caught:
            case()
        assert caught.value.hint


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


def test_the_command(trail: Trail) -> None:
    """It says what will be read, what was, and the report that files give; again, nothing is started anew."""
    when = ("--since", "2026-11-02", "--until", "2026-11-04", "--fail-on", "denied")
    done = typed(trail, "--athena", *when)
    assert done.returncode == 1, done.stderr
    assert "1 query will read" in done.stderr
    assert re.search(r"1 query read \d", done.stderr)
    by_files = typed(trail, "--events", str(trail.files), *when).stdout
    assert done.stdout == by_files.replace("of 13 records in 4 files", "of 13 records that Athena read")
    assert "1 query had been started before" in typed(trail, "--athena", *when).stderr


def test_a_dry_run_shows_the_queries(trail: Trail) -> None:
    """They are complete SQL statements, each with what it reads, and none is run."""
    before = trail.calls("StartQueryExecution")
    done = typed(trail, "--athena", "--dry-run", "--since", "2026-11-02", "--until", "2026-11-04")
    assert (done.returncode, trail.calls("StartQueryExecution")) == (0, before), done.stderr
    assert done.stdout.startswith("-- 4 accounts from 2026-11-02 to 2026-11-05\nSELECT ")
    assert len(sqlglot.parse(done.stdout, read="athena")) == 1


USAGE = [
    (("--dry-run", "--events", "x"), "`--dry-run` shows the queries of `--athena`"),
    (("--athena", "--events", "x"), "leave out `--events` and `--dataset`"),
    (("--athena", "--coverage"), "`--coverage` reads files"),
    (("--athena",), "give `--since`"),
]


@pytest.mark.parametrize(("arguments", "said"), USAGE)
def test_what_does_not_go_together_is_refused(trail: Trail, arguments: tuple[str, ...], said: str) -> None:
    """Before anything is asked."""
    done = typed(trail, *arguments)
    assert (done.returncode, said in done.stderr) == (3, True), done.stderr
