"""The question of `orgctl impact --athena`, made ready: where it is asked, in which pieces, and by which queries."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from orgctl.api.connection import Connection
from orgctl.api.impact import Question, Wanted, ready
from orgctl.api.impact_reading import require
from orgctl.aws.read.crew import Progress
from orgctl.errors import InvalidInputError
from orgctl.model.resources import Account, Organization
from orgctl.model.trail_copies import copies_location
from orgctl.model.trail_queries import TrailQueries
from orgctl.state.trail_queries import trail_queries

if TYPE_CHECKING:
    from orgctl.aws.athena import Workgroup
    from orgctl.aws.session import Aws
    from orgctl.replay.athena.copies import Copy
    from orgctl.replay.athena.groups import Groups
    from orgctl.replay.athena.pieces import Piece
    from orgctl.replay.athena.running import Query, Runner, Tell
    from orgctl.replay.athena.shelf import Shelf
    from orgctl.replay.sql.query import PolicyPiece
    from orgctl.simulator import Simulator

Clock = Callable[[], datetime]
"""The time, with its offset."""


def utc_now() -> datetime:
    """The time."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Asking:
    """A question made ready for Athena: where it is asked, in which pieces, and by which queries.

    It is about the folders of some accounts (ids) on the days between the first and the last of `days`; `copies` of
    some of these are read in place of the log files.
    """

    question: Question
    wanted: Wanted
    trail: TrailQueries
    account: str | None
    groups: Groups
    accounts: tuple[str, ...]
    days: tuple[date, date]
    directory: Path
    queries: tuple[Query, ...] = ()
    copies: tuple[Copy, ...] = ()

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """What each query reads."""
        return tuple(query.piece for query in self.queries)

    def over(self, copies: Iterable[Copy]) -> Asking:
        """The same question, which reads these copies as well."""
        both = (*self.copies, *copies)
        return replace(
            self, copies=both, queries=_queries(self.question, self.groups, self.trail, self.accounts, self.days, both)
        )

    def shelf(self, aws: Aws) -> Shelf:
        """Where copies are kept."""
        from orgctl.aws.objects import Bucket
        from orgctl.replay.athena.shelf import Shelf

        bucket, _, key = copies_location(self.trail).removeprefix("s3://").partition("/")
        return Shelf(Bucket(aws, bucket, self.account), key)

    def runner(self, aws: Aws, now: Clock | None, tell: Tell | None = None) -> Runner:
        """What runs queries, and keeps in the manifest's directory which were started."""
        from orgctl.replay.athena.kept import FOLDER, Kept
        from orgctl.replay.athena.running import Runner

        return Runner(
            self.workgroup(aws), Kept(self.directory / FOLDER), now or utc_now, tell or (lambda _done, _total: None)
        )

    def workgroup(self, aws: Aws) -> Workgroup:
        """The manifest's workgroup, in the account of the trail's bucket."""
        from orgctl.aws.athena import Workgroup

        return Workgroup(aws, self.trail.workgroup, self.trail.database, self.account, self.trail.region)

    def reach(self, connection: Connection) -> Aws:
        """AWS, with the access role of the manifest. Raises InvalidInputError for unusable settings."""
        loaded = self.question.loaded
        return connection.reach(loaded.manifest.organization.access_role, loaded.limits)


def asking(
    directory: Path,
    connection: Connection,
    wanted: Wanted,
    *,
    progress: Progress | None = None,
    now: Clock | None = None,
) -> Asking:
    """The question and its queries, of copies where there are any; Athena is not asked yet. Raises as `impact` does.

    InvalidInputError, too, where the manifest has no trail that is queried, and where no time is given to begin with.
    """
    require()
    from orgctl.replay.athena.groups import Groups
    from orgctl.replay.sql.query import compile_policies
    from orgctl.replay.verdicts.facts_in_sql import facts_of

    if wanted.since is None:
        raise InvalidInputError("Athena has to be told from when on", hint="give `--since`: a day, or `30d`")
    question = ready(directory, connection, wanted, progress)
    trail, account = _trail(question)
    judge, accounts = question.judge, _accounts(question)
    facts = facts_of(judge.before, judge.after, tagged=bool(judge.assumed.resources), doubtful=bool(judge.nameless))
    whole = compile_policies((judge.after,))
    groups = Groups(facts, whole, trail.qualified_table, question.selection.sql, trail.qualified_copies)
    days = first, last = _days(wanted.since, wanted.until, trail, (now or utc_now)())
    if not accounts or last < first:
        raise InvalidInputError(
            f"there is nothing to be read from {first} to {last}", hint="see `--since`, `--until`, `--account`, `--ou`"
        )
    asked = Asking(question, wanted, trail, account, groups, accounts, days, directory)
    return asked.over(asked.shelf(asked.reach(connection)).copies(*days))


def _trail(question: Question) -> tuple[TrailQueries, str | None]:
    """How the trail is queried, and the id of the account in which."""
    after = question.sides.after
    organization = after.get(Organization, "organization")
    known = {"organization.id": organization.id} if organization and organization.id else {}
    found = trail_queries(question.loaded, known)
    if found is None:
        raise InvalidInputError(
            "the manifest has no trail that is queried by Athena",
            hint="write `athena: true` under `trail`, and apply; or give files by `--events`",
        )
    if "@{" in found.organization:
        raise InvalidInputError(
            "nobody knows the organization's id, under which its trail lies",
            hint="leave out `--baseline`, so that AWS is asked, or write `id` under `organization`",
        )
    trail = question.loaded.manifest.trail
    owner = question.sides.id_of(trail.bucket.account) if trail else None
    if not owner:
        raise InvalidInputError(
            f"nobody knows the id of `{found.account}`, in which the trail's bucket is",
            hint="leave out `--baseline`, so that AWS is asked, or write the account's `id`",
        )
    return found, owner


def _accounts(question: Question) -> tuple[str, ...]:
    """Those that were asked for, else all of the organization, by id."""
    sides, chosen = question.sides, question.selection.accounts
    known = {each.id for each in sides.after.each(Account) if each.id and each.key not in sides.nameless}
    return tuple(sorted(known if chosen is None else known & chosen))


def _days(since: datetime, until: datetime | None, trail: TrailQueries, now: datetime) -> tuple[date, date]:
    """The first and the last day's folders; in those of a day are events of the evening before, too."""
    today = now.astimezone(UTC).date()
    last = (until - timedelta(microseconds=1)).date() + timedelta(days=1) if until else today
    return max(since.date(), trail.since), min(last, today)


def _queries(
    question: Question,
    groups: Groups,
    trail: TrailQueries,
    accounts: tuple[str, ...],
    days: tuple[date, date],
    copies: tuple[Copy, ...] = (),
) -> tuple[Query, ...]:
    """The queries of a question, in pieces that read the copies that there are."""
    from orgctl.replay.athena.copies import arranged
    from orgctl.replay.athena.running import Query
    from orgctl.replay.sql.query import PolicyPiece

    def asked_of(part: PolicyPiece) -> tuple[Query, ...]:
        write = replace(groups, compiled=part.compiled).written
        return tuple(Query(piece, write) for piece in arranged(part.accounts, trail.regions, *days, copies))

    return _cut(PolicyPiece(accounts, groups.compiled), question.judge.after, asked_of)


def _cut(
    whole: PolicyPiece, after: Simulator, asked_of: Callable[[PolicyPiece], tuple[Query, ...]]
) -> tuple[Query, ...]:
    """The queries about all policies at once; where these are too long for one, about those of some accounts each."""
    from orgctl.replay.sql.query import in_pieces

    def fits(part: PolicyPiece) -> bool:
        try:
            return all(query.sql for query in asked_of(part))
        except ValueError:
            return False

    if fits(whole):
        return asked_of(whole)
    try:
        return tuple(query for part in in_pieces((after,), whole.accounts, fits) for query in asked_of(part))
    except ValueError as error:
        raise InvalidInputError(
            f"the policies make a query that Athena does not take: {error}",
            hint="try one policy by `--policy FILE --target ou:/…`, or read files by `--events`",
        ) from error
