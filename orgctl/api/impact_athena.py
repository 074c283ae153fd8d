"""`orgctl impact --athena`: the same question, asked of the organization trail where it lies.

    asked = asking(directory, connection, wanted)     the question, and the queries that it makes
    made = copied(asked, copying(asked), connection)  first copies of days that are over, if somebody wants them
    found = impact_by_athena(asked, connection)       groups of calls, fetched and judged

Nothing of the trail is read here: Amazon Athena counts calls that are alike, and says what of them it can decide.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from orgctl.api.connection import Connection
from orgctl.api.impact import told
from orgctl.api.impact_asking import Asking, Clock, utc_now
from orgctl.api.impact_explaining import Explained, explained
from orgctl.errors import InvalidInputError
from orgctl.model.trail_copies import copies_location
from orgctl.replay.verdicts.impact import Impact, Reading

if TYPE_CHECKING:
    from orgctl.replay.athena.copies import CopyQuery
    from orgctl.replay.athena.estimating import Estimate
    from orgctl.replay.athena.pieces import Piece
    from orgctl.replay.athena.running import Tell


@dataclass(frozen=True, slots=True)
class Copied:
    """A question that reads copies, and what it took to make them: as in `ByAthena`."""

    asked: Asking
    scanned: int
    queries: int
    started: int


@dataclass(frozen=True, slots=True)
class ByAthena:
    """An impact, and what it took: `scanned` bytes were read by `queries`, of which `started` were begun now."""

    impact: Impact
    scanned: int
    queries: int
    started: int


def copying(asked: Asking, now: Clock | None = None) -> tuple[CopyQuery, ...]:
    """The queries that copy what the question reads of log files, of days that are over: one for each day."""
    from orgctl.replay.athena.copies import CopyQuery, arranged, to_copy
    from orgctl.replay.athena.flattening import copied

    def write(piece: Piece) -> str:
        return copied(asked.trail.qualified_table, piece.where)

    read = arranged(asked.accounts, asked.trail.regions, *asked.days, asked.copies)
    location = copies_location(asked.trail)
    return tuple(CopyQuery(piece, write, location) for piece in to_copy(read, (now or utc_now)()))


def copied(
    asked: Asking,
    queries: Sequence[CopyQuery],
    connection: Connection,
    *,
    tell: Tell | None = None,
    now: Clock | None = None,
) -> Copied:
    """Make copies, and give the question as it reads them. Raises as `impact_by_athena` does."""
    aws = asked.reach(connection)
    runner = asked.runner(aws, now, tell)
    made = asked.shelf(aws).make(queries, runner)
    return Copied(asked.over(made), runner.scanned, runner.asked, runner.started)


def estimated(asked: Asking, connection: Connection) -> Estimate:
    """How much the queries will read, by the sizes of some folders of the trail, and of copies. Raises AwsError."""
    from orgctl.aws.objects import Bucket
    from orgctl.replay.athena.estimating import estimate

    trail = asked.trail
    bucket = Bucket(asked.reach(connection), trail.bucket, asked.account)

    def measure(account: str, region: str, day: date) -> int:
        key = trail.folder(account, region, day).removeprefix(f"s3://{trail.bucket}/")
        return sum(each.size for each in bucket.below(f"{key}/"))

    sizes = {each.name: each.size for each in asked.copies}
    of_copies = sum(sizes[name] for piece in asked.pieces for name in piece.copies)
    return estimate([piece for piece in asked.pieces if not piece.copies], measure).with_copies(of_copies)


def impact_by_athena(
    asked: Asking, connection: Connection, *, tell: Tell | None = None, now: Clock | None = None
) -> ByAthena:
    """Ask, and judge what is answered. `tell` is told how many queries are over.

    Raises AwsError for what AWS says, and for a query that fails; InvalidInputError where there is no event.
    """
    import duckdb

    from orgctl.replay.athena.counting import Counting
    from orgctl.replay.athena.selecting import Selects

    groups, question = asked.groups, asked.question
    runner = asked.runner(asked.reach(connection), now, tell)
    with duckdb.connect() as duck:
        counting = Counting(groups, question.judge, Selects(duck, groups.selection))
        for rows in runner.run(asked.queries):
            counting.add(map(groups.read, rows))
    if not counting.tally.all.count:
        raise _nothing(asked, counting.records)
    reading = Reading(0, counting.records, counting.duplicates)
    found = told(question, asked.wanted, reading, counting.tally, counting.actions)
    return ByAthena(found, runner.scanned, runner.asked, runner.started)


def explain_by_athena(asked: Asking, connection: Connection, event_id: str, *, now: Clock | None = None) -> Explained:
    """Explain one event, fetched by its id. Raises InvalidInputError if there is none, else as `impact_by_athena`."""
    from orgctl.replay.athena.records import event_of_answer, query_of_event
    from orgctl.replay.athena.running import Query
    from orgctl.replay.facts import row_of

    trail = asked.trail

    def write(piece: Piece) -> str:
        table = trail.qualified_copies if piece.copies else trail.qualified_table
        return query_of_event(table, piece.where, event_id, of_copies=bool(piece.copies))

    runner = asked.runner(asked.reach(connection), now)
    for rows in runner.run([Query(piece, write) for piece in asked.pieces]):
        for row in rows:
            return explained(asked.question, row_of(event_of_answer(row)))
    raise InvalidInputError(
        f"there is no event `{event_id}` in the trail from {asked.days[0]} to {asked.days[1]}",
        hint="a report names events of each group: copy an id from there, and give the same `--since` and `--until`",
    )


def _nothing(asked: Asking, records: int) -> InvalidInputError:
    first, last = asked.days
    if records:
        return InvalidInputError(
            f"none of the {records:,} records is in the range that was asked for",
            hint="see `--since`, `--until`, `--account`, `--ou` and `--exclude-principal`",
        )
    return InvalidInputError(
        f"there is no CloudTrail event below `{asked.trail.location}` from {first} to {last}",
        hint="`orgctl plan` shows whether the trail delivers, and `aws s3 ls` what lies there",
    )
