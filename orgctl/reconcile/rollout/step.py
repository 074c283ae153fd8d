"""`Step`: what the next apply does about a rollout, and why. Pure: the standing, the evidence and the time come in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from orgctl.reconcile.rollout.evidence import Evidence
from orgctl.reconcile.rollout.standing import Standing

SLACK = timedelta(hours=1)
"""By how much records may begin later than the stage: the call that began it is recorded itself."""


class Progress(Enum):
    """What becomes of a rollout."""

    BEGINS = "begins"
    BAKES = "bakes"
    ADVANCES = "advances"
    STAYS = "stays"
    BEGINS_ANEW = "begins the stage anew"
    GOES_BACK = "goes back"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Step:
    """From `standing.stage` to `stage`. `since` is None where it is to be the time of the apply.

    `until` is when the stage has baked, None where that is not known yet or does not matter. `why` are clauses on what
    keeps it. `evidence` is what was looked at, if anything was.
    """

    standing: Standing
    progress: Progress
    stage: int
    since: datetime | None = None
    until: datetime | None = None
    why: tuple[str, ...] = ()
    evidence: Evidence | None = None


def is_due(standing: Standing, now: datetime) -> bool:
    """Whether the time of the stage is over, so that only what is recorded may keep it. `now` is in UTC, no offset."""
    return (
        standing.stage > 0
        and not standing.is_done
        and standing.since is not None
        and standing.since + standing.rollout.bake <= now
        and not _is_back(standing)
        and not _kept(standing)
    )


def needs_evidence(standing: Standing, now: datetime) -> bool:
    """Whether it has to be looked at what was denied."""
    return is_due(standing, now) and standing.rollout.max_newly_denied is not None


def step_of(standing: Standing, evidence: Evidence | None, now: datetime) -> Step:
    """What is to be done: at most one stage on, never before the stage has baked, never over the limit."""
    rollout, stage = standing.rollout, standing.stage
    if _is_back(standing) and rollout.up_to is not None:
        return Step(standing, Progress.GOES_BACK, rollout.up_to, why=("the manifest says `up_to`",))
    if standing.is_done:
        return Step(standing, Progress.DONE, stage, standing.since)
    kept = _kept(standing)
    if stage == 0:
        return Step(standing, Progress.STAYS, 0, why=kept) if kept else Step(standing, Progress.BEGINS, 1)
    if standing.since is None:
        return Step(standing, Progress.BEGINS_ANEW, stage, why=(standing.anew,) if standing.anew else ())
    until = standing.since + rollout.bake
    if now < until:
        return Step(standing, Progress.BAKES, stage, standing.since, until, kept)
    why = kept or _against(standing, evidence, until)
    if why:
        return Step(standing, Progress.STAYS, stage, standing.since, until, why, evidence)
    return Step(standing, Progress.ADVANCES, stage + 1, evidence=evidence)


def _is_back(standing: Standing) -> bool:
    return standing.rollout.up_to is not None and standing.stage > standing.rollout.up_to


def _kept(standing: Standing) -> tuple[str, ...]:
    """Why somebody wants it to stay."""
    if standing.rollout.hold:
        return ("it is held",)
    return ("the manifest says `up_to`",) if standing.stage == standing.rollout.up_to else ()


def _against(standing: Standing, evidence: Evidence | None, until: datetime) -> tuple[str, ...]:
    """What speaks against the next stage."""
    most = standing.rollout.max_newly_denied
    if most is None:
        return ()
    if evidence is None:
        return ("no recorded events were looked at: see `--events`, and `replay` in the manifest",)
    gaps = _gaps(standing, evidence, until)
    denied, expected = evidence.denied_count, evidence.expected_count
    met = [f"it denied {_calls(denied)}; the limit is {most:,}"] if denied > most else []
    ahead = [f"on the next stage it would deny {_calls(expected)}; the limit is {most:,}"] if expected > most else []
    return (*gaps, *met, *ahead)


def _gaps(standing: Standing, evidence: Evidence, until: datetime) -> tuple[str, ...]:
    """Which part of the stage's time is not in the records: what they do not show counts for nothing."""
    since = standing.since
    if evidence.first is None or evidence.last is None or since is None:
        return ("there is no recorded event",)
    return (
        *([f"the records begin at {_moment(evidence.first)} only"] if evidence.first > since + SLACK else []),
        *([f"the records end at {_moment(evidence.last)} already"] if evidence.last < until else []),
    )


def _calls(count: int) -> str:
    return f"{count:,} call" if count == 1 else f"{count:,} calls"


def _moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"
