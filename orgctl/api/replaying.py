"""How a plan looks at recorded events: which, since when, and whether at all.

The manifest's `replay` says so for every plan; `--events` names other ones for a single plan. Nothing is imported here
that only those need who look.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from orgctl.errors import RefusedError
from orgctl.manifest import LoadedManifest
from orgctl.manifest.schema import Replay
from orgctl.reconcile.replayed import Replayed
from orgctl.replay.ingest.sources import SCHEME
from orgctl.replay.verdicts.verdict import Kind

Tell = Callable[[int, int], None]
"""Told how many bytes of events were read, and of how many."""

HINT = "make it again without `--skip-replay`, or say `--skip-replay` to apply it all the same"


def utc_now() -> datetime:
    """The time."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Replaying:
    """What somebody says of it for one plan: `events` instead of the manifest's, `skip` not to look at any.

    `reading` opens what is told how far the reading is, `now` says what time it is. `hold`: no staged policy goes on to
    its next stage.
    """

    events: tuple[str, ...] = ()
    skip: bool = False
    reading: Callable[[], AbstractContextManager[Tell | None]] = nullcontext
    now: Callable[[], datetime] = field(default=utc_now)
    hold: bool = False


@dataclass(frozen=True, slots=True)
class Sought:
    """The events that a plan is held against: where they are, and which of them count; as `impact` takes it."""

    events: tuple[str, ...]
    dataset: Path | None
    since: str | None
    exclude: tuple[str, ...]
    assume: tuple[str, ...]
    tags: Path | None

    @property
    def places(self) -> frozenset[str]:
        """Where events are: the addresses of buckets (`bucket:example-org-trail`), and paths of what is not in S3."""
        kept = {str(self.dataset)} if self.dataset and self.dataset.exists() else set()
        return frozenset(kept | {_place(each) for each in self.events})


def _place(event: str) -> str:
    return f"bucket:{event.removeprefix(SCHEME).partition('/')[0]}" if event.startswith(SCHEME) else event


def sought(loaded: LoadedManifest, replaying: Replaying) -> Sought | None:
    """What is to be looked at; None if there is nothing. Paths in the manifest are relative to it."""
    said = loaded.manifest.replay or Replay()
    events = replaying.events or tuple(_placed(loaded.directory, path) for path in said.events)
    dataset = loaded.directory / said.dataset if said.dataset else None
    if replaying.skip or not (events or dataset):
        return None
    return Sought(
        events,
        dataset,
        said.since,
        tuple(said.exclude_principals),
        tuple(_pairs(said)),
        loaded.directory / said.tags if said.tags else None,
    )


def fail_on(loaded: LoadedManifest) -> str | None:
    """What the manifest does not want to be applied."""
    return loaded.manifest.replay.fail_on if loaded.manifest.replay else None


def _placed(directory: Path, path: str) -> str:
    return path if "://" in path else str(directory / path)


def _pairs(said: Replay) -> Iterator[str]:
    for key, value in said.assume.items():
        for each in [value or ""] if isinstance(value, str | None) else value:
            yield f"{key}={each}"


def refuse_replayed(found: Replayed | None) -> None:
    """Raise RefusedError if a plan does what `replay.fail_on` forbids, or if that was not looked at."""
    if found is None:
        return
    if found.skipped and found.fail_on:
        raise RefusedError("the plan was made without looking at recorded activity", hint=HINT)
    if found.fails:
        denied, depends = found.count(Kind.NEWLY_DENIED), found.count(Kind.DEPENDS)
        number, verb = (denied, "would") if denied else (depends, "may")
        calls = "1 recorded call" if number == 1 else f"{number:,} recorded calls"
        raise RefusedError(
            f"{calls} {verb} newly be denied, and `replay.fail_on` forbids it",
            hint="the plan shows them; `--skip-replay` applies it all the same",
        )


def passed_over_replay(found: Replayed | None) -> str | None:
    """A sentence on what `--skip-replay` has passed over, for the log; None if it was nothing."""
    if found is None or not found.fail_on:
        return None
    if found.skipped:
        return "recorded activity was not looked at (`--skip-replay`)"
    if found.fails:
        return "recorded calls would newly be denied, and that is passed over (`--skip-replay`)"
    return None
