"""An impact for programs: the same as the text, as data, and all groups of it."""

from __future__ import annotations

import json
from datetime import datetime

from orgctl.replay.verdicts.folding import to_settle
from orgctl.replay.verdicts.impact import Impact
from orgctl.replay.verdicts.tally import Group
from orgctl.replay.verdicts.verdict import Cause, Kind

FORMAT_VERSION = 1

Data = dict[str, object]


def impact_json(impact: Impact) -> str:
    """The impact as JSON text."""
    return json.dumps(impact_data(impact), indent=2, ensure_ascii=False) + "\n"


def impact_data(impact: Impact) -> Data:
    """The impact as plain data. Times are in UTC, by ISO 8601."""
    reading = impact.reading
    return {
        "format_version": FORMAT_VERSION,
        "change": impact.change,
        "baseline": impact.baseline,
        "events": impact.events,
        "first": timestamp(impact.first),
        "last": timestamp(impact.last),
        "totals": {kind_name(kind): impact.count(kind) for kind in Kind},
        "reading": {
            "files": reading.files,
            "records": reading.records,
            "distinct": reading.distinct,
            "duplicates": reading.duplicates,
            "unreadable": reading.unreadable,
            "passed_over": reading.passed_over,
            "left_out": impact.left_out,
            "troubles": [{"file": each.file, "reason": each.reason, "lost": each.lost} for each in reading.troubles],
        },
        "to_settle": [{"key": key, "events": events} for key, events in to_settle(impact.of(Kind.DEPENDS))],
        "groups": [_group(group, impact) for group in impact.groups],
        "accounts_without_id": list(impact.nameless),
        "unread_policies": list(impact.unread),
        "notes": list(impact.notes),
    }


def kind_name(kind: Kind) -> str:
    """`newly_denied`."""
    return kind.name.lower()


def timestamp(time: datetime | None) -> str | None:
    """`2026-11-01T08:00:00Z`; None without a time."""
    return f"{time.replace(tzinfo=None).isoformat(timespec='seconds')}Z" if time else None


def _group(group: Group, impact: Impact) -> Data:
    home = impact.homes.get(group.account)
    return {
        "verdict": kind_name(group.verdict.kind),
        "causes": [_cause(each, impact) for each in group.verdict.causes],
        "keys": list(group.verdict.keys),
        "reason": group.verdict.reason,
        "principal": group.who,
        "action": group.action,
        "account": group.account or None,
        "account_name": home.name if home else None,
        "ou": home.unit if home else None,
        "count": group.count,
        "first": timestamp(group.first),
        "last": timestamp(group.last),
        "samples": list(group.samples),
    }


def _cause(by: Cause, impact: Impact) -> Data:
    position = impact.locate(by.policy, by.place) if by.policy else None
    return {
        "layer": by.layer,
        "policy": by.policy,
        "statement": by.statement,
        "level": by.level,
        "file": position.file if position else None,
        "line": position.line if position else None,
    }
