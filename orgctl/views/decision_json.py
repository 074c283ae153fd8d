"""A ruling for programs: the same as the text, as data."""

from __future__ import annotations

import json
from collections.abc import Iterable

from orgctl.policy.explanation import Answer, Decider, ElementTrace, LevelTrace, Outcome, StatementTrace
from orgctl.policy.ruling import Reported, Ruling

FORMAT_VERSION = 1

Data = dict[str, object]


def decision_json(ruling: Ruling) -> str:
    """The ruling as JSON text."""
    return json.dumps(decision_data(ruling), indent=2, ensure_ascii=False)


def decisions_json(rulings: Iterable[Ruling]) -> str:
    """Several rulings as one JSON text."""
    value = {"format_version": FORMAT_VERSION, "decisions": [decision_data(ruling) for ruling in rulings]}
    return json.dumps(value, indent=2, ensure_ascii=False)


def decision_data(ruling: Ruling) -> Data:
    """The ruling as plain data. A context key whose value is null is absent."""
    answer = ruling.answer
    return {
        "format_version": FORMAT_VERSION,
        "decision": answer.decision.value,
        "decided_by": [_decider(by, ruling) for by in answer.decided_by],
        "unknown_keys": list(answer.unknown_keys),
        "outcomes": _outcomes(answer.outcomes),
        "reasons": list(answer.reasons),
        "notes": list(answer.notes),
        "request": _request(ruling),
        "assumed": [
            {"what": each.what, "value": each.value, "why": each.why, "certain": each.certain}
            for each in ruling.assumed
        ],
        "remarks": list(ruling.remarks),
        "rests_on": _rests_on(ruling, ruling.rests_on),
        "reported": _reported(ruling.reported),
        "not_looked_at": {layer.value: why for layer, why in ruling.unasked.items()},
        "levels": [_level(level, ruling) for level in answer.explanation.levels] if answer.explanation else [],
        "keys": list(answer.explanation.keys) if answer.explanation else [],
    }


def _request(ruling: Ruling) -> Data:
    request = ruling.request
    return {
        "account": ruling.account,
        "principal": request.principal.text,
        "action": ruling.action,
        "resource": request.resource,
        "resource_account": request.owner or None,
        "context": ruling.context,
        "unknown": list(request.unknown.values()),
        "missing_in_record": list(ruling.missing),
    }


def _decider(by: Decider, ruling: Ruling) -> Data:
    position = ruling.position(by)
    return {
        "layer": by.layer.value,
        "level": by.level,
        "target": ruling.target(by),
        "policy": by.policy,
        "statement": by.statement,
        "file": position.file if position else None,
        "line": position.line if position else None,
        "column": position.column if position else None,
    }


def _outcomes(outcomes: Iterable[Outcome]) -> list[Data]:
    return [{"decision": outcome.decision.value, "when": dict(outcome.when)} for outcome in outcomes]


def _rests_on(ruling: Ruling, without: Answer | None) -> Data | None:
    if without is None or not ruling.hangs_on:
        return None
    return {"keys": list(ruling.hangs_on), "outcomes": _outcomes(without.outcomes)}


def _reported(reported: Reported | None) -> Data | None:
    if reported is None:
        return None
    return {
        "allowed": reported.allowed,
        "layer": reported.layer,
        "explicit": reported.explicit,
        "policy": reported.policy,
    }


def _level(level: LevelTrace, ruling: Ruling) -> Data:
    return {
        "layer": level.layer.value,
        "level": level.level,
        "target": ruling.targets.get((level.layer, level.level)),
        "policies": list(ruling.attached.get((level.layer, level.level), ())),
        "verdict": level.verdict.value,
        "binds": level.note is None,
        "note": level.note,
        "statements": [_statement(trace, ruling) for trace in level.statements],
        "others": level.others,
    }


def _statement(trace: StatementTrace, ruling: Ruling) -> Data:
    position = ruling.locate(trace.policy, trace.statement.place)
    return {
        "policy": trace.policy,
        "statement": trace.statement.name,
        "effect": trace.effect.value,
        "file": position.file if position else None,
        "line": position.line if position else None,
        "standing": trace.standing.value,
        "elements": [_element(element) for element in trace.elements],
    }


def _element(element: ElementTrace) -> Data:
    return {
        "element": element.element,
        "standing": element.standing.value,
        "policy": list(element.expected),
        "request": element.actual,
        "unknown": element.unknown,
        "reason": element.reason,
    }
