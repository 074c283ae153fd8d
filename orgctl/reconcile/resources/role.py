"""IAM roles that AWS Config needs: one inline policy each, nothing attached."""

from __future__ import annotations

from collections.abc import Iterator

from orgctl.model.config_resources import Aggregator, Role, RoleStackSet, RuleFunction
from orgctl.policy.canonical import same
from orgctl.reconcile.comparison import Comparison, Draft
from orgctl.reconcile.ownership import change_existing, delete_ours
from orgctl.reconcile.plan import Action, AttributeChange, Change, Value
from orgctl.reconcile.tags import OWNER, as_list, owned

KIND = "role"
RESOURCE = Role


def compare(before: Role | None, after: Role | None, between: Comparison) -> Change | None:
    """What differs in its two documents. A role of ours that nothing needs any more goes, after what used it."""
    if after is None:
        return delete_ours(KIND, before.address, before.tags) if before else None
    if before is None:
        return Change(Action.CREATE, KIND, after.address, _differences(Role(after.name, after.account, "{}"), after))
    return change_existing(
        KIND,
        after.address,
        _differences(before, after),
        tags=before.tags,
        adopt=between.adopt,
        how="run with `--adopt`",
    )


def _differences(before: Role, after: Role) -> tuple[AttributeChange, ...]:
    changes = [] if same(before.trust, after.trust) else [AttributeChange("trust", _known(before.trust), after.trust)]
    for name in sorted(before.permissions.keys() | after.permissions.keys()):
        had, wants = before.permissions.get(name), after.permissions.get(name)
        if had is None or wants is None or not same(had, wants):
            changes.append(AttributeChange(f"permissions.{name}", had, wants))
    return tuple(changes)


def _known(trust: str) -> str | None:
    return None if trust == "{}" else trust


def lower(change: Change, before: Role | None, after: Role | None, between: Comparison) -> Iterator[Draft]:
    """The calls. A trust policy names principals that have to exist: those roles are made first."""
    if after is None:
        if before is not None:
            yield from _delete(before, between)
        return
    changed = {attribute.name: attribute for attribute in change.attributes}
    if before is None:
        trust = between.text(after.trust)
        yield _draft(after, between, "CreateRole", AssumeRolePolicyDocument=trust, Tags=as_list(owned(after.tags)))
    elif "trust" in changed:
        yield _draft(after, between, "UpdateAssumeRolePolicy", PolicyDocument=between.text(after.trust))
    for name, attribute in changed.items():
        policy = name.removeprefix("permissions.")
        if policy != name and attribute.after is None:
            yield _draft(after, between, "DeleteRolePolicy", PolicyName=policy)
        elif policy != name:
            text = between.text(after.permissions[policy])
            yield _draft(after, between, "PutRolePolicy", PolicyName=policy, PolicyDocument=text)
    if change.action is Action.ADOPT:
        yield _draft(after, between, "TagRole", Tags=as_list(OWNER))


def _delete(role: Role, between: Comparison) -> Iterator[Draft]:
    """Policies first, as IAM demands; and only once nothing is left that runs with it."""
    users = tuple(
        resource.address for kind in (RuleFunction, RoleStackSet, Aggregator) for resource in between.actual.each(kind)
    )
    for name in role.permissions:
        yield _draft(role, between, "DeleteRolePolicy", requires=users, PolicyName=name)
    yield _draft(role, between, "DeleteRole", requires=users)


def _draft(
    role: Role, between: Comparison, action: str, *, requires: tuple[str, ...] | None = None, **parameters: Value
) -> Draft:
    if requires is None:
        requires = tuple(r.address for r in between.desired.each(Role) if r.name != role.name and r.name in role.trust)
    return Draft(
        role.address,
        "iam",
        action,
        {"RoleName": role.name, **parameters},
        requires=("organization", role.account, *requires),
        account=between.account_of(role.account),
    )
