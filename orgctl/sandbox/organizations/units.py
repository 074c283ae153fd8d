"""Roots, organizational units, and the shape of the tree."""

from __future__ import annotations

from orgctl.sandbox.messages import RefusalError, constraint, invalid_input
from orgctl.sandbox.operations import Access, Call, Members, Parameters
from orgctl.sandbox.organizations import find
from orgctl.sandbox.organizations.arns import root_view, unit_view
from orgctl.sandbox.organizations.pages import page
from orgctl.sandbox.organizations.policy_types import attach_defaults, settle_types
from orgctl.sandbox.organizations.registry import operation
from orgctl.sandbox.organizations.tags import checked_tags
from orgctl.sandbox.state import Unit


@operation("ListRoots", Access.DELEGATED)
def list_roots(call: Call, params: Parameters) -> Members:
    """The one root. Asking moves policy types on that are being enabled or disabled."""
    settle_types(call)
    return page(call, params, "Roots", [call.organization], root_view)


@operation("CreateOrganizationalUnit")
def create_unit(call: Call, params: Parameters) -> Members:
    """A new OU, with AWS's own policies attached for the types that are enabled."""
    organization, name = call.organization, params["Name"]
    parent = find.parent(call, params["ParentId"])
    _refuse_duplicate(call, parent, name)
    if len(organization.units) >= (call.quota("ous") or 2000):
        raise constraint("OU_NUMBER_LIMIT_EXCEEDED", "You have exceeded the number of OUs that you can have.")
    if len(organization.ancestry(parent)) > (call.quota("ou_depth") or 5):
        raise constraint("OU_DEPTH_LIMIT_EXCEEDED", "You attempted to create an OU tree that is too many levels deep.")
    unit = Unit(call.cloud.ids.unit(organization.root), name, parent, checked_tags(call, params.get("Tags")))
    organization.add_unit(unit)
    attach_defaults(organization, unit.id)
    return {"OrganizationalUnit": unit_view(call, unit)}


@operation("UpdateOrganizationalUnit")
def update_unit(call: Call, params: Parameters) -> Members:
    """A new name."""
    unit = find.unit(call, params["OrganizationalUnitId"])
    name = params.get("Name", unit.name)
    if name != unit.name:
        _refuse_duplicate(call, unit.parent, name)
        unit.name = name
    return {"OrganizationalUnit": unit_view(call, unit)}


def _refuse_duplicate(call: Call, parent: str, name: str) -> None:
    units = call.organization.units
    for child in call.organization.children.get(parent, {}):
        if child in units and units[child].name == name:
            raise RefusalError("DuplicateOrganizationalUnitException", "An OU with the same name already exists.")


@operation("DeleteOrganizationalUnit")
def delete_unit(call: Call, params: Parameters) -> None:
    """Gone, with its attachments; refused while anything is in it, closed accounts too."""
    unit = find.unit(call, params["OrganizationalUnitId"])
    if call.organization.children.get(unit.id):
        raise RefusalError(
            "OrganizationalUnitNotEmptyException",
            "The specified OU is not empty. Move all accounts to another root or to other OUs, remove all child OUs,"
            " and try the operation again.",
        )
    call.organization.remove(unit.id)


@operation("DescribeOrganizationalUnit", Access.DELEGATED)
def describe_unit(call: Call, params: Parameters) -> Members:
    """One OU."""
    return {"OrganizationalUnit": unit_view(call, find.unit(call, params["OrganizationalUnitId"]))}


@operation("ListOrganizationalUnitsForParent", Access.DELEGATED)
def list_units(call: Call, params: Parameters) -> Members:
    """The OUs directly under a root or OU."""
    organization, parent = call.organization, find.parent(call, params["ParentId"])
    units = [organization.units[c] for c in organization.children.get(parent, {}) if c in organization.units]
    return page(call, params, "OrganizationalUnits", units, lambda unit: unit_view(call, unit))


@operation("ListChildren", Access.DELEGATED)
def list_children(call: Call, params: Parameters) -> Members:
    """The ids of the OUs, or of the accounts, directly under a root or OU."""
    organization, kind = call.organization, params["ChildType"]
    parent = find.parent(call, params["ParentId"])
    inside = organization.accounts if kind == "ACCOUNT" else organization.units
    children = [child for child in organization.children.get(parent, {}) if child in inside]
    return page(call, params, "Children", children, lambda child: {"Id": child, "Type": kind})


@operation("ListParents", Access.DELEGATED)
def list_parents(call: Call, params: Parameters) -> Members:
    """The one parent of an OU or account."""
    organization, child = call.organization, params["ChildId"]
    if child.startswith("r-"):
        raise invalid_input("INVALID_PATTERN_TARGET_ID", "A root has no parent.")
    parent = organization.parent_of(child)
    if parent is None:
        raise RefusalError("ChildNotFoundException", "You specified a child that doesn't exist.")
    kind = "ROOT" if parent == organization.root else "ORGANIZATIONAL_UNIT"
    return page(call, params, "Parents", [parent], lambda found: {"Id": found, "Type": kind})
