"""`plan`: read the manifest and AWS, and work out what is to be done."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from orgctl.api.access import access_of, matters
from orgctl.api.connection import Connection
from orgctl.api.recorded_events import RecordedEvents
from orgctl.api.replaying import Replaying, fail_on
from orgctl.api.rollouts import with_rollouts
from orgctl.api.tested import tested
from orgctl.api.watching import watch_of
from orgctl.aws.pacing import estimate
from orgctl.aws.read.crew import Progress
from orgctl.aws.read.shapes import Snapshot
from orgctl.aws.read.snapshot import read
from orgctl.aws.session import Aws
from orgctl.errors import RefusedError
from orgctl.manifest import LoadedManifest, load
from orgctl.reconcile.comparison import Comparison
from orgctl.reconcile.fingerprint import fingerprints
from orgctl.reconcile.moves import apply_moves
from orgctl.reconcile.plan import Action, Plan, Tested
from orgctl.reconcile.plan_file import LockSettings, SavedPlan
from orgctl.reconcile.planner import call_counts, make_plan
from orgctl.reconcile.replayed import Replayed
from orgctl.state.actual import actual, ids
from orgctl.state.desired import desired
from orgctl.state.wanted import names_of, scope_of
from orgctl.state.watched import Watch


def plan(
    directory: Path,
    connection: Connection,
    *,
    adopt: bool = False,
    skip_tests: bool = False,
    replaying: Replaying | None = None,
    progress: Progress | None = None,
) -> SavedPlan:
    """Work out what would change, and run the policy tests. Writes nothing in AWS.

    `adopt` takes over whatever the manifest names and orgctl does not own yet. `replaying` says which recorded events
    it is held against; None: those that the manifest names. Raises InvalidInputError for the manifest, its tests or
    events, RefusedError for credentials of another organization, AwsError for what AWS says.
    """
    loaded = load(directory)
    found = tested(directory, skip=skip_tests)
    aws = open_for(loaded, connection)
    return plan_loaded(loaded, aws, adopt=adopt, tests=found, replaying=replaying, progress=progress)


def open_for(loaded: LoadedManifest, connection: Connection) -> Aws:
    """AWS, with the role, the rates and the account that the manifest names."""
    organization = loaded.manifest.organization
    return connection.open(organization.management_account, organization.access_role, loaded.limits)


def plan_loaded(
    loaded: LoadedManifest,
    aws: Aws,
    *,
    adopt: bool = False,
    tests: Tested | None = None,
    replaying: Replaying | None = None,
    progress: Progress | None = None,
) -> SavedPlan:
    """The same for a manifest that is loaded, an AWS that is open, and tests that have been run."""
    watch = watch_of(loaded)
    scope = scope_of(loaded, watch)
    snapshot = read(aws, scope, progress)
    same_organization(loaded, snapshot)
    with RecordedEvents.of(loaded, replaying or Replaying(), aws, snapshot) as events:
        between, steps = with_rollouts(loaded, compared(loaded, snapshot, watch, adopt=adopt), events)
        made = worked_out(loaded, between)
        replayed = _replayed(loaded, between, made, events)
    return SavedPlan(
        plan=replace(made, tested=tests, replayed=replayed, rollouts=steps),
        scope=scope,
        fingerprints=fingerprints(snapshot),
        access_role=aws.access_role,
        lock=lock_settings(loaded),
        limits=loaded.limits,
    )


def work_out(loaded: LoadedManifest, snapshot: Snapshot, watch: Watch | None = None, *, adopt: bool = False) -> Plan:
    """The plan for a manifest and a snapshot of AWS, of what is wanted in the end. Pure.

    `watch` is what the manifest's conformance packs need. Where AWS Config could not be read, it is left alone.
    """
    return worked_out(loaded, compared(loaded, snapshot, watch, adopt=adopt))


def compared(
    loaded: LoadedManifest, snapshot: Snapshot, watch: Watch | None = None, *, adopt: bool = False
) -> Comparison:
    """What is wanted beside what there is. Pure."""
    names = names_of(loaded)
    moves = [(move.from_, move.to) for move in loaded.manifest.moved]
    present, renamed = apply_moves(actual(snapshot, names), moves)
    return Comparison(
        desired=desired(
            loaded,
            ids(snapshot, names),
            watch if snapshot.config else None,
            with_queries=snapshot.queries is not None,
        ),
        actual=present,
        renamed=renamed,
        limits=loaded.limits,
        adopt=adopt,
        access_role=loaded.manifest.organization.access_role,
        partition=snapshot.partition,
    )


def worked_out(loaded: LoadedManifest, between: Comparison) -> Plan:
    """The plan that leads from what there is to what is wanted. Pure."""
    made = make_plan(between)
    access = access_of(loaded, between, made)
    return replace(made, seconds=estimate(call_counts(made), loaded.limits), access=access)


def _replayed(loaded: LoadedManifest, between: Comparison, made: Plan, events: RecordedEvents) -> Replayed | None:
    """What the plan would have denied of what was done. None if nobody asks, or if nothing changes that matters."""
    if made.problems or not any(map(matters, made.changes)):
        return None
    if events.wanted is None:
        return Replayed(fail_on(loaded), skipped=True) if events.replaying.skip and loaded.manifest.replay else None
    if events.wanted.places <= {change.address for change in made.changes if change.action is Action.CREATE}:
        note = "nothing has been recorded yet: the trail's bucket is made by this plan"
        return Replayed(fail_on(loaded), notes=(note,))
    from orgctl.api.plan_impact import replayed_of  # brings what only those need who ask

    return replayed_of(loaded, between, made.changes, events.wanted, events)


def lock_settings(loaded: LoadedManifest) -> LockSettings | None:
    """The manifest's lock, its region filled in."""
    lock = loaded.manifest.lock
    if lock is None:
        return None
    return LockSettings(lock.bucket, lock.key, lock.region or loaded.manifest.organization.home_region)


def same_organization(loaded: LoadedManifest, snapshot: Snapshot) -> None:
    """Raises RefusedError if the snapshot is of another organization than the manifest."""
    wanted = loaded.manifest.organization
    found = snapshot.organization
    if found is None:
        return
    if found.management_account != wanted.management_account:
        raise RefusedError(
            f"the account `{snapshot.account}` is a member of the organization `{found.id}`, whose management account"
            f" is `{found.management_account}`",
            hint="correct `organization.management_account`, or use other credentials",
        )
    if wanted.id and wanted.id != found.id:
        raise RefusedError(
            f"the manifest is of the organization `{wanted.id}`, and the credentials lead to `{found.id}`",
            hint="correct `organization.id`, or use other credentials",
        )
