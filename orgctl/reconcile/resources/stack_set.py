"""The stack set of the evaluation role: made, then deployed to the root, so that AWS takes it to every account."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from orgctl.model.config_resources import ConformancePack, Role, RoleStackSet
from orgctl.model.resources import TrustedAccess
from orgctl.policy.canonical import same
from orgctl.reconcile.comparison import ROOT_ADDRESS, Comparison, Draft
from orgctl.reconcile.ownership import change_existing, delete_ours
from orgctl.reconcile.plan import Action, AttributeChange, Change, Value, Wait
from orgctl.reconcile.resources.trusted_access import STACK_SETS
from orgctl.reconcile.tags import as_list, owned

KIND = "stack-set"
RESOURCE = RoleStackSet

_ALL_AT_ONCE: Value = {
    "RegionConcurrencyType": "PARALLEL",
    "MaxConcurrentPercentage": 100,
    "FailureTolerancePercentage": 100,
    "ConcurrencyMode": "SOFT_FAILURE_TOLERANCE",
}
"""An account that refuses does not keep the others waiting; it is named when all are done."""


def compare(before: RoleStackSet | None, after: RoleStackSet | None, between: Comparison) -> Change | None:
    """What differs in template and reach. It goes when no custom rule is left, after the packs."""
    if after is None:
        return delete_ours(KIND, before.address, before.tags) if before else None
    if before is None:
        absent = RoleStackSet(after.name, after.region, "{}", everywhere=False, automatic=False)
        return Change(Action.CREATE, KIND, after.address, _differences(absent, after))
    return change_existing(
        KIND,
        after.address,
        _differences(before, after),
        tags=before.tags,
        adopt=between.adopt,
        how="run with `--adopt`",
    )


def _differences(before: RoleStackSet, after: RoleStackSet) -> tuple[AttributeChange, ...]:
    changes = [
        AttributeChange(name, getattr(before, name), getattr(after, name))
        for name in ("automatic", "everywhere")
        if getattr(before, name) != getattr(after, name)
    ]
    if not same(before.template, after.template):
        known = None if before.template == "{}" else before.template
        changes.insert(0, AttributeChange("template", known, after.template))
    return tuple(changes)


def lower(
    change: Change, before: RoleStackSet | None, after: RoleStackSet | None, between: Comparison
) -> Iterator[Draft]:
    """The calls, each waited for: a stack set does one operation at a time."""
    if after is None:
        if before is not None:
            yield from _delete(before, between)
        return
    changed = {attribute.name for attribute in change.attributes}
    tags = as_list(owned({**(before.tags or {}), **(after.tags or {})} if before else after.tags))
    if before is None:
        yield _draft(
            after, between, "CreateStackSet", **_body(after, between), PermissionModel="SERVICE_MANAGED", Tags=tags
        )
    elif changed & {"template", "automatic"} or change.action is Action.ADOPT:
        update = _draft(
            after, between, "UpdateStackSet", **_body(after, between), Tags=tags, OperationPreferences=_ALL_AT_ONCE
        )
        yield replace(update, wait=Wait.STACK_SET_OPERATION)
    if "everywhere" in changed:
        yield _instances(after, between, "CreateStackInstances")


def _body(stack_set: RoleStackSet, between: Comparison) -> dict[str, Value]:
    return {
        "TemplateBody": between.text(stack_set.template),
        "Capabilities": ["CAPABILITY_NAMED_IAM"],
        "AutoDeployment": {"Enabled": True, "RetainStacksOnAccountRemoval": False},
    }


def _instances(stack_set: RoleStackSet, between: Comparison, action: str, **parameters: Value) -> Draft:
    draft = _draft(
        stack_set,
        between,
        action,
        DeploymentTargets={"OrganizationalUnitIds": [between.id_of(ROOT_ADDRESS)]},
        Regions=[stack_set.region],
        OperationPreferences=_ALL_AT_ONCE,
        **parameters,
    )
    return replace(draft, wait=Wait.STACK_SET_OPERATION)


def _delete(stack_set: RoleStackSet, between: Comparison) -> Iterator[Draft]:
    if stack_set.everywhere:
        yield _instances(stack_set, between, "DeleteStackInstances", RetainStacks=False)
    yield _draft(stack_set, between, "DeleteStackSet")


def _draft(stack_set: RoleStackSet, between: Comparison, action: str, **parameters: Value) -> Draft:
    """The roles that its template trusts come first; packs that are removed, before it."""
    trusted = tuple(role.address for role in between.desired.each(Role) if role.name in stack_set.template)
    leaving = tuple(
        pack.address for pack in between.actual.each(ConformancePack) if pack.address not in between.desired.resources
    )
    return Draft(
        stack_set.address,
        "cloudformation",
        action,
        {"StackSetName": stack_set.name, **parameters},
        requires=("organization", TrustedAccess(STACK_SETS).address, *trusted, *leaving),
        region=stack_set.region,
    )
