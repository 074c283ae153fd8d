"""An impact asked of the trail by Athena: as by files, whatever happens on the way."""

from __future__ import annotations

import re
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlglot

from orgctl.api.impact_asking import Asking, asking
from orgctl.api.impact_athena import estimated, explain_by_athena, impact_by_athena
from orgctl.api.impact_explaining import explain
from orgctl.errors import AwsError, InvalidInputError
from orgctl.replay.athena import groups
from orgctl.replay.athena.pieces import Piece, pieces
from orgctl.replay.athena.running import Query
from orgctl.replay.verdicts.verdict import Kind
from orgctl.sandbox.faults import Fault, When
from orgctl.sandbox.faults import Kind as Fails
from tests.functional.queried import NOW, WANTED, WHEN, Trail, command, queried, read, typed, verdicts
from tests.functional.small import write
from tests.functional.test_athena import BUCKET


@pytest.fixture(scope="module")
def trail(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trail]:
    with queried(tmp_path_factory.mktemp("organization")) as found:
        yield found


@pytest.fixture(autouse=True)
def anew(trail: Trail) -> Iterator[None]:
    """Nothing was asked before, and nothing goes wrong unless a test has it so."""
    trail.forget()
    yield
    trail.sandbox.fault()
    trail.sandbox.configure(athena_objects=0)


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
    trail.slow()
    before = trail.calls("StartQueryExecution")
    with subprocess.Popen(command(trail, "--athena", *WHEN), stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        while trail.calls("StartQueryExecution") == before and process.poll() is None:
            with suppress(subprocess.TimeoutExpired):
                process.wait(0.05)
        process.kill()
    trail.hurry()
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
    s3, [key, *_] = trail.s3, [each.name for each in trail.files.rglob("*_20261102T*")]
    [path] = trail.files.rglob(key)
    more = str(path.relative_to(trail.files)).replace("AAAABBBB", "BBBBAAAA")
    s3.put_object(Bucket=BUCKET, Key=more, Body=path.read_bytes())
    trail.sandbox.configure(athena_objects=1)
    with pytest.raises(AwsError, match="1 account on 2026-11-02 was failed") as caught:
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
