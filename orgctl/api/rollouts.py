"""Staged rollouts in a plan: where each is, what it does next, and what is wanted therefore."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

from orgctl.api.recorded_events import RecordedEvents
from orgctl.manifest import LoadedManifest
from orgctl.reconcile.comparison import Comparison
from orgctl.reconcile.rollout.evidence import Evidence
from orgctl.reconcile.rollout.rollout import rollouts_of
from orgctl.reconcile.rollout.staging import staged
from orgctl.reconcile.rollout.standing import Standing, standing_of
from orgctl.reconcile.rollout.step import Step, needs_evidence, step_of


def with_rollouts(
    loaded: LoadedManifest, between: Comparison, events: RecordedEvents
) -> tuple[Comparison, tuple[Step, ...]]:
    """The comparison with what is wanted now in place of what is wanted in the end, and how that came about."""
    steps = steps_of(loaded, between, events)
    return replace(between, desired=staged(between.desired, between.actual, steps)), steps


def steps_of(loaded: LoadedManifest, between: Comparison, events: RecordedEvents) -> tuple[Step, ...]:
    """What the next apply does about each rollout of the manifest. Events are read only where they decide.

    Raises InvalidInputError for events that cannot be read.
    """
    now = events.replaying.now().astimezone(UTC).replace(tzinfo=None)
    found = (
        standing_of(rollout, between.desired, between.actual, adopt=between.adopt)
        for rollout in rollouts_of(loaded, hold=events.replaying.hold)
    )
    standings = tuple(standing for standing in found if standing)
    evidence = _evidence(loaded, between, events, standings, now)
    return tuple(step_of(standing, evidence.get(standing.subject), now) for standing in standings)


def _evidence(
    loaded: LoadedManifest,
    between: Comparison,
    events: RecordedEvents,
    standings: tuple[Standing, ...],
    now: datetime,
) -> Mapping[str, Evidence]:
    asking = [standing for standing in standings if needs_evidence(standing, now)]
    if not asking or events.wanted is None:
        return {}
    from orgctl.api.rollout_evidence import Witness  # brings what only those need who ask

    earliest = min((standing.since for standing in asking if standing.since), default=None)
    witness = Witness(between, events.wanted, events.opened(events.wanted, earliest), now)
    return {standing.subject: witness.evidence(standing) for standing in asking}
