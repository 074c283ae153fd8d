"""Instances of a StackSet: created in OUs, deployed again, deleted."""

from __future__ import annotations

from orgctl.sandbox.messages import RefusalError
from orgctl.sandbox.operations import Access, Call, Members, Parameters
from orgctl.sandbox.stack_state import Instance, StackSet
from orgctl.sandbox.stacksets import find, targets
from orgctl.sandbox.stacksets.registry import operation
from orgctl.sandbox.stacksets.sets import begun


def _meant(call: Call, params: Parameters) -> tuple[StackSet, dict[str, str]]:
    """The StackSet, not busy, and the OU by instance (`account/region`) that a request is about."""
    found = find.stack_set(call, params)
    targets.refuse_busy(found)
    if params.get("OperationId") in found.operations:
        raise RefusalError("OperationIdAlreadyExistsException", "The operation id exists already.")
    organization = find.organization(call, params)
    accounts = targets.accounts(organization, params.get("DeploymentTargets") or {})
    keys = {f"{account}/{region}": unit for account, unit in accounts.items() for region in params["Regions"]}
    return found, keys


@operation("CreateStackInstances", Access.ANYBODY)
def create(call: Call, params: Parameters) -> Members:
    """Instances in all accounts of OUs; accounts that come into them later follow by themselves."""
    found, keys = _meant(call, params)
    for unit in params["DeploymentTargets"]["OrganizationalUnitIds"]:
        found.targets[unit] = sorted({*found.targets.get(unit, ()), *params["Regions"]})
    for key, unit in keys.items():
        account, _, region = key.partition("/")
        found.instances.setdefault(key, Instance(account, region, unit))
    return {"OperationId": begun(call, found, "CREATE", list(keys), params).id}


@operation("UpdateStackInstances", Access.ANYBODY)
def update(call: Call, params: Parameters) -> Members:
    """Deploy again what is there."""
    found, keys = _meant(call, params)
    there = [key for key in keys if key in found.instances]
    return {"OperationId": begun(call, found, "UPDATE", there, params).id}


@operation("DeleteStackInstances", Access.ANYBODY)
def delete(call: Call, params: Parameters) -> Members:
    """Take instances away, their resources with them unless they are to be retained."""
    found, keys = _meant(call, params)
    for unit in params["DeploymentTargets"]["OrganizationalUnitIds"]:
        left = [region for region in found.targets.pop(unit, []) if region not in params["Regions"]]
        if left:
            found.targets[unit] = left
    there = [key for key in keys if key in found.instances]
    return {"OperationId": begun(call, found, "DELETE", there, params).id}
