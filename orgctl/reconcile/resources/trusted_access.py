"""Trusted access: switched on for the services that the manifest names; other services are left alone."""

from __future__ import annotations

from collections.abc import Iterator

from orgctl.model.resources import TrustedAccess
from orgctl.reconcile.comparison import Comparison, Draft
from orgctl.reconcile.plan import Action, AttributeChange, Change

KIND = "trusted-access"
RESOURCE = TrustedAccess

STACK_SETS = "member.org.stacksets.cloudformation.amazonaws.com"
"""Source: "AWS CloudFormation StackSets and AWS Organizations" (AWS Organizations User Guide)."""


def compare(before: TrustedAccess | None, after: TrustedAccess | None, between: Comparison) -> Change | None:
    """Whether one service's access has to be switched on."""
    if after is None:
        return None
    if before is not None:
        return Change(Action.NO_OP, KIND, after.address)
    return Change(Action.CREATE, KIND, after.address, (AttributeChange("enabled", False, True),))


def lower(
    change: Change, before: TrustedAccess | None, after: TrustedAccess | None, between: Comparison
) -> Iterator[Draft]:
    """EnableAWSServiceAccess; but stack sets have to be told themselves, and enable their access then."""
    if after is None:
        return
    if after.service == STACK_SETS:
        yield Draft(after.address, "cloudformation", "ActivateOrganizationsAccess", {}, requires=("organization",))
        return
    enabling = {"ServicePrincipal": after.service}
    yield Draft(after.address, "organizations", "EnableAWSServiceAccess", enabling, requires=("organization",))
