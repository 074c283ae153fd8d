"""What follows the organization: packs and stacks come into accounts that join, and leave with those that go."""

from __future__ import annotations

from orgctl.sandbox.config import fanout
from orgctl.sandbox.stacksets import targets
from orgctl.sandbox.state import Cloud


def is_behind(cloud: Cloud) -> bool:
    """Whether the organization changed since it was last followed, and anything follows it."""
    organization = cloud.organization
    if organization is None or organization.version == cloud.followed:
        return False
    return bool(cloud.stack_sets) or fanout.has_packs(cloud.config)


def follow(cloud: Cloud) -> None:
    """Bring everything in line with the accounts there are."""
    if cloud.organization is not None:
        cloud.followed = cloud.organization.version
        targets.follow(cloud)
        fanout.follow(cloud)
