"""(desired, actual) → changes, those that change nothing included. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from orgctl.model.resources import Account, FeatureSet, Organization, Policy, Unit, is_owned
from orgctl.model.state import State
from orgctl.reconcile.comparison import Comparison
from orgctl.reconcile.plan import Change
from orgctl.reconcile.resources import RESOURCE_TYPES
from orgctl.reconcile.resources.attachment import granted_by_aws


@dataclass(frozen=True, slots=True)
class Difference:
    """A change with the resource on both sides. `resource_type` is the module that compares and lowers it."""

    change: Change
    before: Any
    after: Any
    resource_type: Any


def expected(between: Comparison) -> Comparison:
    """The comparison with what AWS will make by itself counted as there already."""
    resources = dict(between.actual.resources)
    if "organization" not in resources:
        resources |= {resource.address: resource for resource in _born_with_the_organization(between)}
        between = replace(between, actual=State(resources, between.actual.findings))
    for attachment in granted_by_aws(between):
        resources.setdefault(attachment.address, attachment)
    return replace(between, actual=State(resources, between.actual.findings))


def _born_with_the_organization(between: Comparison) -> Iterator[Unit | Account]:
    """A new organization has a root, with the management account in it."""
    yield Unit((), {})
    for account in between.desired.each(Account):
        if account.id == between.management_account:
            yield replace(account, parent=(), tags=None if account.tags is None else {}, contacts=None)


def diff(between: Comparison) -> tuple[Difference, ...]:
    """Every change, in the order of the resource types and, within one, of the manifest."""
    return tuple(_differences(between))


def _differences(between: Comparison) -> Iterator[Difference]:
    usable = _usable(between)
    for resource_type in RESOURCE_TYPES:
        kind: Any = resource_type.RESOURCE
        if resource_type.KIND != "organization" and not usable:
            return
        wanted = {resource.address: resource for resource in between.desired.each(kind)}
        present = {resource.address: resource for resource in between.actual.each(kind)}
        for address in (*wanted, *(a for a in present if a not in wanted)):
            before, after = present.get(address), wanted.get(address)
            module: Any = resource_type
            change = module.compare(before, after, between)
            if change is not None:
                yield Difference(change, before, after, resource_type)


def _usable(between: Comparison) -> bool:
    """Whether policies can be planned at all: an organization for billing alone has to get all features first."""
    organization = between.actual.get(Organization, "organization")
    return organization is None or organization.features is FeatureSet.ALL


def unmanaged(between: Comparison) -> tuple[str, ...]:
    """What AWS has and the manifest does not name, and orgctl does not own: reported, never changed."""
    return tuple(
        resource.address
        for address, resource in between.actual.resources.items()
        if address not in between.desired.resources
        and (
            isinstance(resource, Account)
            or (isinstance(resource, Unit) and not is_owned(resource.tags))
            or (isinstance(resource, Policy) and not resource.aws_managed and not is_owned(resource.tags))
        )
    )
