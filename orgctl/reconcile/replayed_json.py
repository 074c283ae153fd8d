"""`Replayed` as JSON, for `plan --format json` and saved plans."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from orgctl.access.access_json import cause_from_json, cause_to_json
from orgctl.reconcile.replayed import Caller, Reason, Replayed
from orgctl.replay.verdicts.impact import Reading, Trouble
from orgctl.replay.verdicts.verdict import Kind

Json = dict[str, Any]


def to_json(replayed: Replayed) -> Json:
    """The value in JSON's types; times are in UTC, by ISO 8601."""
    reading = replayed.reading
    return {
        "fail_on": replayed.fail_on,
        "fails": replayed.fails,
        "events": replayed.events,
        "first": _time(replayed.first),
        "last": _time(replayed.last),
        "totals": {_name(kind): replayed.count(kind) for kind in Kind},
        "reading": {
            "files": reading.files,
            "records": reading.records,
            "duplicates": reading.duplicates,
            "unreadable": reading.unreadable,
            "left_out": replayed.left_out,
            "troubles": [{"file": each.file, "reason": each.reason, "lost": each.lost} for each in reading.troubles],
        },
        "reasons": [_reason(reason) for reason in replayed.reasons],
        "notes": list(replayed.notes),
        "skipped": replayed.skipped,
    }


def from_json(value: Json) -> Replayed:
    """Read what `to_json` wrote. Raises KeyError, TypeError or ValueError for anything else."""
    reading = value["reading"]
    return Replayed(
        value["fail_on"],
        {_kind(name): count for name, count in value["totals"].items() if count},
        _read_reading(reading),
        reading["left_out"],
        _read_time(value["first"]),
        _read_time(value["last"]),
        tuple(map(_read_reason, value["reasons"])),
        tuple(value["notes"]),
        skipped=value["skipped"],
    )


def _read_reading(value: Json) -> Reading:
    troubles = tuple(Trouble(each["file"], each["reason"], each["lost"]) for each in value["troubles"])
    return Reading(value["files"], value["records"], value["duplicates"], value["unreadable"], troubles)


def _reason(reason: Reason) -> Json:
    return {
        "verdict": _name(reason.kind),
        "causes": [cause_to_json(cause) for cause in reason.causes],
        "keys": list(reason.keys),
        "count": reason.count,
        "callers": reason.callers,
        "accounts": reason.accounts,
        "first": _time(reason.first),
        "last": _time(reason.last),
        "samples": list(reason.samples),
        "top": [
            {
                "principal": caller.who,
                "count": caller.count,
                "actions": list(caller.actions),
                "places": list(caller.places),
            }
            for caller in reason.top
        ],
    }


def _read_reason(value: Json) -> Reason:
    return Reason(
        _kind(value["verdict"]),
        tuple(map(cause_from_json, value["causes"])),
        tuple(value["keys"]),
        value["count"],
        value["callers"],
        value["accounts"],
        _read_time(value["first"]),
        _read_time(value["last"]),
        tuple(value["samples"]),
        tuple(
            Caller(each["principal"], each["count"], tuple(each["actions"]), tuple(each["places"]))
            for each in value["top"]
        ),
    )


def _name(kind: Kind) -> str:
    return kind.name.lower()


def _kind(name: str) -> Kind:
    return Kind[name.upper()]


def _time(time: datetime | None) -> str | None:
    return f"{time.replace(tzinfo=None).isoformat(timespec='seconds')}Z" if time else None


def _read_time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text).astimezone(UTC).replace(tzinfo=None) if text else None
