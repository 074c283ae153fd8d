"""`orgctl rollout status`: how far staged policies have got."""

from __future__ import annotations

from pathlib import Path

from orgctl.api.connection import Connection
from orgctl.api.planning import compared, open_for, same_organization
from orgctl.api.recorded_events import RecordedEvents
from orgctl.api.replaying import Replaying
from orgctl.api.rollouts import steps_of
from orgctl.aws.read.crew import Progress
from orgctl.aws.read.scope import Scope
from orgctl.aws.read.snapshot import read
from orgctl.manifest import load
from orgctl.reconcile.rollout.step import Step


def rollout_status(
    directory: Path, connection: Connection, replaying: Replaying, progress: Progress | None = None
) -> tuple[Step, ...]:
    """Where each rollout of the manifest is, and what the next apply would do about it; AWS is asked only if needed.

    Raises InvalidInputError for the manifest or events, RefusedError for credentials of another organization, AwsError
    for what AWS says.
    """
    loaded = load(directory)
    if not any(options.rollout for options in loaded.manifest.policies.values()):
        return ()
    types = frozenset(name.upper() for name in loaded.manifest.organization.policy_types)
    aws = open_for(loaded, connection)
    snapshot = read(aws, Scope(policy_types=types), progress)
    same_organization(loaded, snapshot)
    with RecordedEvents.of(loaded, replaying, aws, snapshot) as events:
        return steps_of(loaded, compared(loaded, snapshot), events)
