"""Effective policies of the management policy types: inheritance from the root down, by AWS's operators.

`@@assign` replaces, `@@append` adds, `@@remove` takes away; `@@operators_allowed_for_child_policies` is honoured for
`@@none`. Several policies on one target are merged in the order of their ids, as AWS merges them in an order of its
own. Source: "Inheritance for management policy types" (AWS Organizations User Guide).
"""

from __future__ import annotations

import json
from typing import Any

from orgctl.sandbox.messages import RefusalError
from orgctl.sandbox.operations import Access, Call, Members, Parameters
from orgctl.sandbox.organizations import find
from orgctl.sandbox.organizations.pages import page
from orgctl.sandbox.organizations.registry import operation

_ALLOWED = "@@operators_allowed_for_child_policies"


@operation("DescribeEffectivePolicy", Access.MEMBER)
def describe_effective_policy(call: Call, params: Parameters) -> Members:
    """The policy that results for an account (default: the caller's)."""
    organization, kind = call.organization, params["PolicyType"]
    target = find.target(call, params.get("TargetId", call.caller))
    call.admit(Access.MEMBER if target == call.caller else Access.DELEGATED)
    policies = [
        organization.policies[policy]
        for node in organization.ancestry(target)
        for policy in sorted(organization.attached.get(node, {}))
        if organization.policies[policy].type == kind
    ]
    if not policies:
        raise RefusalError("EffectivePolicyNotFoundException", "There is no effective policy of this type.")
    merged: dict[str, Any] = {}
    for policy in policies:
        merge(merged, json.loads(policy.content))
    return {
        "EffectivePolicy": {
            "PolicyContent": json.dumps(plain(merged), separators=(",", ":")),
            "LastUpdatedTimestamp": max(policy.updated for policy in policies),
            "TargetId": target,
            "PolicyType": kind,
        }
    }


@operation("ListAccountsWithInvalidEffectivePolicy", Access.DELEGATED)
def list_invalid(call: Call, params: Parameters) -> Members:
    """No account: what CreatePolicy takes is valid here."""
    nothing: list[str] = []
    return page(call, params, "Accounts", nothing, str) | {"PolicyType": params["PolicyType"]}


@operation("ListEffectivePolicyValidationErrors", Access.DELEGATED)
def list_errors(call: Call, params: Parameters) -> Members:
    """No error, for the same reason."""
    account, nothing = find.account(call, params["AccountId"]), list[str]()
    return page(call, params, "EffectivePolicyValidationErrors", nothing, str) | {
        "AccountId": account.id,
        "PolicyType": params["PolicyType"],
        "Path": call.organization.path(account.id),
        "EvaluationTimestamp": call.now,
    }


def merge(into: dict[str, Any], child: dict[str, Any]) -> None:
    """Lay a child's policy over what its ancestors give, in place. Keys are told apart without regard to case."""
    names = {name.lower(): name for name in into}
    locked = "@@none" in into.get(_ALLOWED, ())
    for name, value in child.items():
        if name == _ALLOWED:
            into.setdefault(name, value)
        elif name.startswith("@@"):
            if not locked:
                _operate(into, name, value)
        elif isinstance(value, dict):
            merge(into.setdefault(names.get(name.lower(), name), {}), value)


def _operate(into: dict[str, Any], operator: str, value: Any) -> None:
    now = into.get("@@assign", [])
    values = value if isinstance(value, list) else [value]
    match operator:
        case "@@assign":
            into["@@assign"] = value
        case "@@append":
            into["@@assign"] = [*now, *(v for v in values if v not in now)]
        case "@@remove":
            into["@@assign"] = [v for v in now if v not in values]
        case _:
            return


def plain(tree: dict[str, Any]) -> Any:
    """The merged tree without its operators, as the effective policy is written."""
    if "@@assign" in tree:
        return tree["@@assign"]
    return {name: plain(value) for name, value in tree.items() if isinstance(value, dict)}
