"""The sides of `impact` where one of them is what is in force in AWS."""

from __future__ import annotations

from collections.abc import Iterable

from orgctl.api.access import readable, unreadable
from orgctl.api.connection import Connection
from orgctl.api.impact_sides import Sides
from orgctl.api.planning import open_for, same_organization
from orgctl.aws.read.crew import Progress
from orgctl.aws.read.scope import Scope
from orgctl.aws.read.snapshot import read
from orgctl.manifest import LoadedManifest
from orgctl.model.resources import Unit
from orgctl.model.state import State
from orgctl.reconcile.comparison import Comparison
from orgctl.reconcile.diff import diff
from orgctl.reconcile.moves import apply_moves
from orgctl.reconcile.plan import Change
from orgctl.reconcile.resulting import resulting
from orgctl.state.actual import actual, ids
from orgctl.state.desired import desired
from orgctl.state.wanted import names_of


def against_aws(loaded: LoadedManifest, connection: Connection, progress: Progress | None) -> Sides:
    """What is in force, and what the manifest makes of it. Raises AwsError for what AWS says."""
    names = names_of(loaded)
    types = frozenset(name.upper() for name in loaded.manifest.organization.policy_types)
    snapshot = read(open_for(loaded, connection), Scope(policy_types=types), progress)
    same_organization(loaded, snapshot)
    moves = [(move.from_, move.to) for move in loaded.manifest.moved]
    present, renamed = apply_moves(actual(snapshot, names), moves)
    between = Comparison(
        desired=desired(loaded, ids(snapshot, names)),
        actual=present,
        renamed=renamed,
        limits=loaded.limits,
        access_role=loaded.manifest.organization.access_role,
        partition=snapshot.partition,
    )
    return between_sides(between, (difference.change for difference in diff(between)))


def between_sides(between: Comparison, changes: Iterable[Change]) -> Sides:
    """The sides of a comparison: what there is, and what there is once these changes of it are made."""
    return of_states(between.actual, resulting(between, changes))


def of_states(before: State, after: State) -> Sides:
    """What there is in AWS, and what there is to be, as sides; policies that nobody can read say nothing on them."""
    unread = unreadable(before, after)
    before, after = (_with_units(readable(state, unread), state) for state in (before, after))
    return Sides(before, after, "what is in force in AWS", unread=unread)


def _with_units(state: State, whole: State) -> State:
    return State({**state.resources, **{unit.address: unit for unit in whole.each(Unit)}})
