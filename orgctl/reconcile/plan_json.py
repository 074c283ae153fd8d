"""Plans as JSON: what `plan --format json` prints, and what a saved plan holds. `FORMAT_VERSION` is a contract."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import asdict, is_dataclass
from typing import Any

from orgctl.access import access_json
from orgctl.model.state import Finding
from orgctl.reconcile import replayed_json
from orgctl.reconcile.plan import (
    Action,
    AttributeChange,
    Change,
    FailedCase,
    Join,
    Moment,
    Operation,
    Plan,
    Reach,
    Ref,
    Tested,
    Usage,
    Value,
    Wait,
)
from orgctl.reconcile.rollout import rollout_json

FORMAT_VERSION = 1

Json = dict[str, Any]


def to_json(plan: Plan) -> Json:
    """The plan in JSON's types. References become `{"$ref": "address#attribute"}`, texts with them `{"$join": […]}`.

    Bytes (a function's zip) become `{"$base64": "…"}`, the time of the call `{"$now": true}`.
    """
    return {
        "format_version": FORMAT_VERSION,
        "organization": plan.organization,
        "management_account": plan.management_account,
        "summary": summary(plan),
        "changes": [_change(change) for change in plan.changes],
        "operations": [_operation(operation) for operation in plan.operations],
        "usage": [asdict(usage) for usage in plan.usage],
        "unmanaged": list(plan.unmanaged),
        "findings": [asdict(finding) for finding in plan.findings],
        "seconds": plan.seconds,
        "access": plan.access and access_json.to_json(plan.access),
        "policy_tests": plan.tested and asdict(plan.tested),
        "rollouts": [rollout_json.to_json(step) for step in plan.rollouts],
        "impact": plan.replayed and replayed_json.to_json(plan.replayed),
    }


def summary(plan: Plan) -> dict[str, int]:
    """How many resources each action befalls."""
    counts = {action.value: 0 for action in Action}
    for change in plan.changes:
        counts[change.action.value] += 1
    return counts


def from_json(value: Json) -> Plan:
    """Read what `to_json` wrote. Raises KeyError, TypeError or ValueError for anything else."""
    if value["format_version"] != FORMAT_VERSION:
        raise ValueError(f"format version {value['format_version']} is not {FORMAT_VERSION}")
    return Plan(
        organization=value["organization"],
        management_account=value["management_account"],
        changes=tuple(_read_change(change) for change in value["changes"]),
        operations=tuple(_read_operation(operation) for operation in value["operations"]),
        usage=tuple(Usage(**usage) for usage in value["usage"]),
        unmanaged=tuple(value["unmanaged"]),
        findings=tuple(Finding(**finding) for finding in value["findings"]),
        seconds=value["seconds"],
        access=value.get("access") and access_json.from_json(value["access"]),
        tested=value.get("policy_tests") and _read_tested(value["policy_tests"]),
        rollouts=tuple(map(rollout_json.from_json, value.get("rollouts", ()))),
        replayed=value.get("impact") and replayed_json.from_json(value["impact"]),
    )


def _read_tested(value: Json) -> Tested:
    return Tested(value["passed"], tuple(FailedCase(**case) for case in value["failed"]), value["skipped"])


def _change(change: Change) -> Json:
    return {
        "action": change.action.value,
        "kind": change.kind,
        "address": change.address,
        "attributes": [
            {"name": a.name, "before": _plain(a.before), "after": _plain(a.after), "known": a.known}
            for a in change.attributes
        ],
        "notes": list(change.notes),
        "irreversible": change.irreversible,
        "destructive": change.destructive,
        "problem": change.problem,
        "hint": change.hint,
        "reach": change.reach and {"count": change.reach.count, "sample": list(change.reach.sample)},
    }


def _read_change(value: Json) -> Change:
    reach = value["reach"]
    return Change(
        Action(value["action"]),
        value["kind"],
        value["address"],
        tuple(AttributeChange(**attribute) for attribute in value["attributes"]),
        tuple(value["notes"]),
        value["irreversible"],
        value["destructive"],
        value["problem"],
        value["hint"],
        reach and Reach(reach["count"], tuple(reach["sample"])),
    )


def _operation(operation: Operation) -> Json:
    return {
        "number": operation.number,
        "address": operation.address,
        "service": operation.service,
        "action": operation.action,
        "parameters": _plain(operation.parameters),
        "after": list(operation.after),
        "account": _plain(operation.account),
        "region": operation.region,
        "yields": dict(operation.yields),
        "wait": operation.wait and operation.wait.value,
        "guardrail_gap": operation.guardrail_gap,
    }


def _read_operation(value: Json) -> Operation:
    return Operation(
        number=value["number"],
        address=value["address"],
        service=value["service"],
        action=value["action"],
        parameters={key: _revived(inner) for key, inner in value["parameters"].items()},
        after=tuple(value["after"]),
        account=_account(_revived(value["account"])),
        region=value["region"],
        yields=value["yields"],
        wait=value["wait"] and Wait(value["wait"]),
        guardrail_gap=value["guardrail_gap"],
    )


def _account(value: Value) -> str | Ref | None:
    if value is None or isinstance(value, str | Ref):
        return value
    raise ValueError("an operation's account is neither an id nor a reference")


def _plain(value: Value) -> Any:
    match value:
        case Ref():
            return {"$ref": f"{value.address}#{value.attribute}"}
        case Join():
            return {"$join": [_plain(part) for part in value.parts]}
        case Moment():
            return {"$now": True}
        case bytes():
            return {"$base64": b64encode(value).decode("ascii")}
        case Mapping():
            return {key: _plain(inner) for key, inner in value.items()}
        case list() | tuple():
            return [_plain(inner) for inner in value]
        case _ if is_dataclass(value) and not isinstance(value, type):
            return asdict(value)
        case _:
            return value


def _revived(value: Any) -> Value:
    match value:
        case {"$ref": str(text), **rest} if not rest:
            address, _, attribute = text.rpartition("#")
            return Ref(address, attribute)
        case {"$join": list(parts), **rest} if not rest:
            return Join(tuple(part if isinstance(part, str) else _ref(part) for part in parts))
        case {"$now": True, **rest} if not rest:
            return Moment()
        case {"$base64": str(text), **rest} if not rest:
            return b64decode(text, validate=True)
        case dict():
            return {key: _revived(inner) for key, inner in value.items()}
        case list():
            return [_revived(inner) for inner in value]
        case _:
            return value


def _ref(value: Any) -> Ref:
    revived = _revived(value)
    if not isinstance(revived, Ref):
        raise TypeError("a part of a text is neither text nor a reference")
    return revived
