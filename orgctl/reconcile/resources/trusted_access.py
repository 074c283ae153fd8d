"""Trusted access: switched on for the services that the manifest names; other services are left alone."""

from __future__ import annotations

from collections.abc import Iterator

from orgctl.model.resources import TrustedAccess
from orgctl.reconcile.comparison import Comparison, Draft
from orgctl.reconcile.plan import Action, AttributeChange, Change

KIND = "trusted-access"
RESOURCE = TrustedAccess


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
    """EnableAWSServiceAccess."""
    if after is not None:
        yield Draft(
            after.address,
            "organizations",
            "EnableAWSServiceAccess",
            {"ServicePrincipal": after.service},
            requires=("organization",),
        )
