"""`Step` as JSON, for plans, saved plans and `orgctl rollout status --format json`."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from orgctl.reconcile.rollout.evidence import Denied, Evidence
from orgctl.reconcile.rollout.rollout import Rollout
from orgctl.reconcile.rollout.standing import Standing
from orgctl.reconcile.rollout.step import Progress, Step

Json = dict[str, Any]


def to_json(step: Step) -> Json:
    """The value in JSON's types; times are in UTC, by ISO 8601."""
    standing = step.standing
    rollout = standing.rollout
    return {
        "policy": rollout.policy,
        "new_version": standing.is_new_version,
        "stages": [list(targets) for targets in rollout.stages],
        "bake_seconds": int(rollout.bake.total_seconds()),
        "max_newly_denied": rollout.max_newly_denied,
        "hold": rollout.hold,
        "up_to": rollout.up_to,
        "stage": standing.stage,
        "since": _time(standing.since),
        "anew": standing.anew,
        "progress": step.progress.value,
        "next_stage": step.stage,
        "until": _time(step.until),
        "why": list(step.why),
        "evidence": step.evidence and _evidence(step.evidence),
    }


def from_json(value: Json) -> Step:
    """Read what `to_json` wrote. Raises KeyError, TypeError or ValueError for anything else."""
    rollout = Rollout(
        value["policy"],
        tuple(map(tuple, value["stages"])),
        timedelta(seconds=value["bake_seconds"]),
        value["max_newly_denied"],
        value["hold"],
        value["up_to"],
    )
    subject = rollout.candidate if value["new_version"] else rollout.policy
    standing = Standing(rollout, subject, value["stage"], _read_time(value["since"]), value["anew"])
    progress = Progress(value["progress"])
    since = standing.since if progress in (Progress.BAKES, Progress.STAYS, Progress.DONE) else None
    evidence = value["evidence"] and _read_evidence(value["evidence"])
    until = _read_time(value["until"])
    return Step(standing, progress, value["next_stage"], since, until, tuple(value["why"]), evidence)


def _evidence(evidence: Evidence) -> Json:
    return {
        "events": evidence.events,
        "first": _time(evidence.first),
        "last": _time(evidence.last),
        "denied_count": evidence.denied_count,
        "denied": [_denied(each) for each in evidence.denied],
        "expected_count": evidence.expected_count,
        "expected": [_denied(each) for each in evidence.expected],
    }


def _read_evidence(value: Json) -> Evidence:
    denied, expected = (tuple(map(_read_denied, value[name])) for name in ("denied", "expected"))
    return Evidence(value["events"], _read_time(value["first"]), _read_time(value["last"]), denied, expected)


def _denied(each: Denied) -> Json:
    return {
        "principal": each.who,
        "action": each.action,
        "place": each.place,
        "count": each.count,
        "first": _time(each.first),
        "last": _time(each.last),
        "sample": each.sample,
    }


def _read_denied(value: Json) -> Denied:
    first, last = _read_time(value["first"]), _read_time(value["last"])
    return Denied(value["principal"], value["action"], value["place"], value["count"], first, last, value["sample"])


def _time(time: datetime | None) -> str | None:
    return f"{time.replace(tzinfo=None).isoformat(timespec='seconds')}Z" if time else None


def _read_time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text).astimezone(UTC).replace(tzinfo=None) if text else None
