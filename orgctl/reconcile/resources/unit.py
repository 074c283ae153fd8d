"""Organizational units: created, renamed in place, tagged, adopted, and deleted once they are ours and empty."""

from __future__ import annotations

from collections.abc import Iterator

from orgctl.model.address import parse_path, unit_address
from orgctl.model.resources import Account, AccountState, Unit, is_owned
from orgctl.reconcile.comparison import Comparison, Draft
from orgctl.reconcile.ownership import change_existing
from orgctl.reconcile.plan import Action, AttributeChange, Change
from orgctl.reconcile.tags import as_list, compare_tags, owned, tag_drafts

KIND = "ou"
RESOURCE = Unit

_NEW_ID = (
    "an OU cannot be moved in AWS: it is made anew with another id, which StackSet targets, RAM shares and "
    "`aws:PrincipalOrgPaths` conditions that name the old id do not follow"
)


def compare(before: Unit | None, after: Unit | None, between: Comparison) -> Change | None:
    """What has to happen to one OU (or the root, which is only ever tagged)."""
    if after is None:
        return _removed(before, between) if before and is_owned(before.tags) else None
    if before is None:
        return _created(after, between)
    attributes = _differences(before, after, between)
    if not after.path:
        return Change(Action.UPDATE if attributes else Action.NO_OP, KIND, after.address, attributes)
    return change_existing(
        KIND,
        after.address,
        attributes,
        tags=before.tags,
        adopt=after.adopt or between.adopt,
        how="say `adopt: true` in the OU, or run with `--adopt`",
    )


def _differences(before: Unit, after: Unit, between: Comparison) -> tuple[AttributeChange, ...]:
    old = between.renamed.get(after.address)
    name = (AttributeChange("name", parse_path(old.removeprefix("ou:"))[-1], after.path[-1]),) if old else ()
    return name + compare_tags(before.tags, after.tags)


def _created(after: Unit, between: Comparison) -> Change:
    attributes = (AttributeChange("name", None, after.path[-1]), *compare_tags({}, after.tags))
    old = between.renamed.get(after.address)
    if old:
        return Change(
            Action.REPLACE, KIND, after.address, (AttributeChange("path", old, after.address), *attributes), (_NEW_ID,)
        )
    return Change(Action.CREATE, KIND, after.address, attributes)


def _removed(before: Unit, between: Comparison) -> Change:
    inside = _stays_inside(before, between)
    if inside:
        note = f"kept, because it is not empty: it holds {inside}"
        return Change(Action.NO_OP, KIND, before.address, notes=(note,))
    gone = (AttributeChange("name", before.path[-1], None), *compare_tags(before.tags, {}))
    return Change(Action.DELETE, KIND, before.address, gone, destructive=True)


def _stays_inside(unit: Unit, between: Comparison) -> str | None:
    """What will still be below the OU after the plan, in words; None if nothing will."""
    depth = len(unit.path)
    accounts = [a for a in between.actual.each(Account) if a.parent[:depth] == unit.path and _stays(a, between)]
    units = [u for u in between.actual.each(Unit) if u.path[:-1] == unit.path and u.path and not is_owned(u.tags)]
    if accounts:
        more = f" and {len(accounts) - 1} more" if len(accounts) > 1 else ""
        return f"`{accounts[0].address}`{more}"
    return f"`{units[0].address}`, which orgctl does not manage" if units else None


def _stays(account: Account, between: Comparison) -> bool:
    wanted = between.desired.get(Account, account.address)
    movable = wanted is not None and wanted.state is AccountState.ACTIVE and account.state is AccountState.ACTIVE
    return not (movable and wanted is not None and wanted.parent != account.parent)


def lower(change: Change, before: Unit | None, after: Unit | None, between: Comparison) -> Iterator[Draft]:
    """The calls for one OU."""
    if after is None:
        if before is not None and change.action is Action.DELETE:
            yield _delete(before, between)
    elif before is None:
        yield Draft(
            after.address,
            "organizations",
            "CreateOrganizationalUnit",
            {
                "ParentId": between.id_of(unit_address(after.path[:-1])),
                "Name": after.path[-1],
                "Tags": as_list(owned(after.tags)),
            },
            yields={f"{after.address}#id": "OrganizationalUnit.Id"},
        )
    else:
        if any(attribute.name == "name" for attribute in change.attributes):
            yield Draft(
                after.address,
                "organizations",
                "UpdateOrganizationalUnit",
                {"OrganizationalUnitId": between.id_of(after.address), "Name": after.path[-1]},
            )
        yield from tag_drafts(
            after.address, between.id_of(after.address), change.attributes, adopt=change.action is Action.ADOPT
        )


def _delete(unit: Unit, between: Comparison) -> Draft:
    """Deleting waits for everything below the OU to be gone or moved."""
    depth = len(unit.path)
    below = [u.address for u in between.actual.each(Unit) if u.path[:-1] == unit.path and u.path]
    leaving = [a.address for a in between.actual.each(Account) if a.parent[:depth] == unit.path]
    return Draft(
        unit.address,
        "organizations",
        "DeleteOrganizationalUnit",
        {"OrganizationalUnitId": between.id_of(unit.address)},
        requires=(*below, *leaving),
    )
