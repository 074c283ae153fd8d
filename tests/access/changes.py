"""Access changes for the tests of how they are told."""

from __future__ import annotations

from collections.abc import Sequence

from orgctl.access.change import AccessChange, AccessKind, Cause, Concern
from orgctl.diagnostics import Position
from orgctl.policy.explanation import Decision

LOCK = Cause("scp", "scp/region-lock", "OnlyTheseRegions", position=Position("policies/scp/region-lock.yaml", 7, 5))
FULL = Cause("scp", "scp/FullAWSAccess", "statement 1")


def denied(
    action: str = "ec2:RunInstances",
    region: str | None = "us-east-1",
    where: Sequence[str] = ("ou:/Workloads",),
    accounts: int = 412,
    concern: Concern = Concern.EVERYDAY,
    principal: str = "role/OrganizationMember",
    before: Decision | None = Decision.ALLOWED,
    sentinel: str = "start a new instance",
    by: tuple[Cause, ...] = (LOCK,),
) -> AccessChange:
    """What a region lock newly denies."""
    return AccessChange(
        AccessKind.NEWLY_DENIED,
        sentinel,
        concern,
        concern not in (Concern.EVERYDAY, Concern.DECLARED),
        principal,
        action,
        "*",
        (("aws:RequestedRegion", region),) if region else (),
        tuple(where),
        accounts,
        before,
        Decision.EXPLICIT_DENY if by[0].policy else Decision.IMPLICIT_DENY,
        by,
        (FULL,) if before else (),
    )
