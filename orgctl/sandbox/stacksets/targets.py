"""Which accounts a StackSet is for, and what follows when accounts join and leave."""

from __future__ import annotations

from typing import Any

from orgctl.sandbox.messages import RefusalError
from orgctl.sandbox.stack_state import Instance, Operation, StackSet
from orgctl.sandbox.stacksets import deployment
from orgctl.sandbox.stacksets.find import invalid
from orgctl.sandbox.state import Cloud, Organization, State


def accounts(organization: Organization, targets: dict[str, Any]) -> dict[str, str]:
    """The OU (or root) through which each account is meant, by account; never the management account."""
    units = targets.get("OrganizationalUnitIds") or []
    if not units:
        raise invalid("You must specify OrganizationalUnitIds for a service managed stack set")
    for unit in units:
        if unit != organization.root and unit not in organization.units:
            raise invalid(f"Organizational unit {unit} does not exist")
    named, kind = set(targets.get("Accounts") or ()), targets.get("AccountFilterType", "NONE")
    found = {account: unit for unit in units for account in under(organization, unit)}
    match kind:
        case "INTERSECTION":
            return {account: unit for account, unit in found.items() if account in named}
        case "DIFFERENCE":
            return {account: unit for account, unit in found.items() if account not in named}
        case "UNION":
            return {**dict.fromkeys(sorted(named), units[0]), **found}
    return found


def under(organization: Organization, unit: str) -> list[str]:
    """The active member accounts in a root or OU, at any depth."""
    return [
        account.id
        for account in organization.accounts.values()
        if account.state is State.ACTIVE
        and account.id != organization.management
        and unit in organization.ancestry(account.id)
    ]


def follow(cloud: Cloud) -> None:
    """Deploy into accounts that came into a target, remove from those that left it, where deployment is automatic."""
    organization = cloud.organization
    if organization is None:
        return
    for stack_set in list(cloud.stack_sets.values()):
        if stack_set.automatic.get("Enabled"):
            _enter(cloud, organization, stack_set)
            _leave(cloud, organization, stack_set)


def _enter(cloud: Cloud, organization: Organization, stack_set: StackSet) -> None:
    missing: list[str] = []
    for unit, regions in stack_set.targets.items():
        for account in under(organization, unit) if unit in {organization.root, *organization.units} else ():
            for region in regions:
                key = f"{account}/{region}"
                if key not in stack_set.instances:
                    stack_set.instances[key] = Instance(account, region, unit)
                    missing.append(key)
    if missing:
        _run(cloud, stack_set, "CREATE", missing, retain=False)


def _leave(cloud: Cloud, organization: Organization, stack_set: StackSet) -> None:
    meant = {account for unit in stack_set.targets for account in under(organization, unit)}
    gone = [key for key, instance in stack_set.instances.items() if instance.account not in meant]
    if gone:
        retain = bool(stack_set.automatic.get("RetainStacksOnAccountRemoval"))
        _run(cloud, stack_set, "DELETE", gone, retain=retain)


def _run(cloud: Cloud, stack_set: StackSet, action: str, keys: list[str], *, retain: bool) -> None:
    operation = Operation(cloud.ids.uuid(), action, cloud.clock.now(), keys, retain=retain)
    stack_set.operations[operation.id] = operation
    deployment.run(cloud, stack_set, operation)


def settle(cloud: Cloud, stack_set: StackSet) -> None:
    """Do the operation that is due; asking is a poll."""
    for operation in stack_set.operations.values():
        if operation.pending is not None and operation.pending.poll(cloud.clock):
            deployment.run(cloud, stack_set, operation)


def refuse_busy(stack_set: StackSet) -> None:
    """Raise OperationInProgressException while an operation runs."""
    if running := [operation.id for operation in stack_set.operations.values() if operation.status == "RUNNING"]:
        message = f"Another Operation on StackSet {stack_set.arn} is in progress: {running[0]}"
        raise RefusalError("OperationInProgressException", message)
