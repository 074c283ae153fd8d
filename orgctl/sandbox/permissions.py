"""Who may do what: the identity policies of the caller, and what AWS asks beyond them of roles and buckets.

Evaluated are Effect, Action and NotAction, Resource and NotResource, and conditions on the few keys that the sandbox
knows (`context`). A condition on any other key makes an Allow not apply and a Deny apply: nothing is let through that
is not understood. Permissions boundaries, session policies, SCPs and RCPs are not evaluated.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from typing import Any
from urllib.parse import unquote

from orgctl.sandbox import moto_services
from orgctl.sandbox.bucket_policy import texts
from orgctl.sandbox.credentials import Principal

ANY = ("*",)


def denial(principal: Principal, action: str, resources: Iterable[str], context: Mapping[str, str]) -> str | None:
    """AWS's message if the caller's policies do not allow an action on all the resources; None if they do.

    `context` maps condition keys in lower case to their values.
    """
    if principal.kind == "administrator" or action == "sts:GetCallerIdentity":
        return None
    statements = list(_statements(principal))
    for resource in resources:
        effects = {s.get("Effect") for s in statements if _applies(s, action, resource, context)}
        if effects != {"Allow"}:
            because = (
                "with an explicit deny in an identity-based policy"
                if "Deny" in effects
                else f"because no identity-based policy allows the {action} action"
            )
            return f"User: {principal.arn} is not authorized to perform: {action} on resource: {resource} {because}"
    return None


def _statements(principal: Principal) -> Iterable[dict[str, Any]]:
    for document in _documents(principal):
        parsed = json.loads(unquote(document) if document.lstrip().startswith("%") else document)
        found = parsed.get("Statement", [])
        yield from [found] if isinstance(found, dict) else found


def _documents(principal: Principal) -> Iterable[str]:
    """The policy documents of an IAM user or role; none if it is gone."""
    backend = moto_services.iam(principal.account)
    owners: list[Any] = []
    if principal.kind == "role":
        owners = [role for role in backend.get_roles() if role.name == principal.name]
    else:
        owners = [user for user in backend.list_users("/", None, None) if user.name == principal.name]
        owners += [group for group in backend.groups.values() if principal.name in {u.name for u in group.users}]
    for owner in owners:
        yield from owner.policies.values()
        for policy in owner.managed_policies.values():
            yield next(version.document for version in policy.versions if version.is_default)


def _applies(statement: dict[str, Any], action: str, resource: str, context: Mapping[str, str]) -> bool:
    return (
        _matches(statement, "Action", action.lower(), lower=True)
        and _matches(statement, "Resource", resource, lower=False)
        and _met(statement, context)
    )


def _matches(statement: dict[str, Any], element: str, value: str, *, lower: bool) -> bool:
    def hit(patterns: list[str]) -> bool:
        return any(fnmatchcase(value, p.lower() if lower else p) for p in patterns)

    if f"Not{element}" in statement:
        return not hit(texts(statement[f"Not{element}"]))
    return hit(texts(statement.get(element)))


def _met(statement: dict[str, Any], context: Mapping[str, str]) -> bool:
    for operator, test in statement.get("Condition", {}).items():
        for key, wanted in test.items():
            value = context.get(key.lower())
            base = operator.removesuffix("IfExists")
            if value is None and operator.endswith("IfExists"):
                continue
            if value is None or not base.startswith(("String", "Arn")):
                return bool(statement.get("Effect") == "Deny")
            if any(fnmatchcase(value, pattern) for pattern in texts(wanted)) == ("Not" in base):
                return False
    return True


def trusts(trust: str, principal: Principal) -> bool:
    """Whether a role's trust policy lets the caller assume it."""
    document = json.loads(unquote(trust) if trust.lstrip().startswith("%") else trust)
    found = document.get("Statement", [])
    names = {"*", principal.account, f"arn:aws:iam::{principal.account}:root", principal.arn}
    if principal.kind == "role":
        names.add(f"arn:aws:iam::{principal.account}:role/{principal.name}")
    for statement in [found] if isinstance(found, dict) else found:
        who = statement.get("Principal")
        trusted = texts(who.get("AWS")) if isinstance(who, dict) else texts(who)
        if statement.get("Effect") == "Allow" and names & set(trusted):
            return True
    return False


def trusts_service(trust: str, service: str) -> bool:
    """Whether a role's trust policy lets an AWS service assume it. Conditions count as met."""
    document = json.loads(unquote(trust) if trust.lstrip().startswith("%") else trust)
    found = document.get("Statement", [])
    for statement in [found] if isinstance(found, dict) else found:
        who = statement.get("Principal")
        if statement.get("Effect") == "Allow" and isinstance(who, dict) and service in texts(who.get("Service")):
            return True
    return False


def bucket_admits(policy: str | None, principal: Principal, action: str, resource: str) -> bool:
    """Whether a bucket's policy lets a caller of another account in. Conditions count as not met."""
    found = json.loads(policy).get("Statement", []) if policy else []
    names = {"*", principal.account, f"arn:aws:iam::{principal.account}:root", principal.arn}
    for statement in [found] if isinstance(found, dict) else found:
        who = statement.get("Principal")
        admitted = texts(who.get("AWS")) if isinstance(who, dict) else texts(who)
        fits = names & set(admitted) and statement.get("Effect") == "Allow" and "Condition" not in statement
        if fits and _applies(statement, action, resource, {}):
            return True
    return False
