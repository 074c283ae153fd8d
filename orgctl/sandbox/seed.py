"""Organizations of any size, made in memory without a call: for benchmarks and large tests."""

from __future__ import annotations

import json
from dataclasses import dataclass

from orgctl.model.resources import OWNER_TAG
from orgctl.sandbox.organizations.lifecycle import found
from orgctl.sandbox.organizations.policy_types import attach_defaults
from orgctl.sandbox.state import Account, Cloud, EnabledType, Organization, Policy, Unit


@dataclass(frozen=True, slots=True)
class Seeding:
    """What to make: OUs `unit-0001` in a tree of `fan_out` children each, at most five levels deep; accounts
    `account-00001` dealt to the OUs in turn; SCPs `policy-001`, each attached to `attachments` OUs in turn. `owned`
    puts orgctl's tag on OUs, accounts and policies.
    """

    accounts: int = 100
    units: int = 10
    policies: int = 5
    attachments: int = 3
    fan_out: int = 8
    owned: bool = True


def seeded(cloud: Cloud, seeding: Seeding) -> Organization:
    """Replace the cloud's organization with one of this size, and give it back. Ids follow the settings' seed."""
    management = cloud.account(cloud.settings.management_account) or cloud.outsider(cloud.settings.management_account)
    management.tags = {}
    organization = found(cloud, management)
    organization.types["SERVICE_CONTROL_POLICY"] = EnabledType("ENABLED", None)
    for target in (organization.root, management.id):
        attach_defaults(organization, target)
    tags = {OWNER_TAG: "true"} if seeding.owned else {}
    units = _units(cloud, organization, seeding, tags)
    _accounts(cloud, organization, seeding, tags, units)
    _policies(cloud, organization, seeding, tags, units)
    return organization


def _units(cloud: Cloud, organization: Organization, seeding: Seeding, tags: dict[str, str]) -> list[str]:
    """Breadth first: the tree is as shallow as `fan_out` allows, and the fifth level takes what is left."""
    made: list[str] = []
    parents, depth = [organization.root], 1
    next_parents: list[str] = []
    for number in range(1, seeding.units + 1):
        if depth < 5 and len(next_parents) >= len(parents) * seeding.fan_out:
            parents, next_parents, depth = next_parents, [], depth + 1
        parent = parents[len(next_parents) % len(parents)]
        unit = Unit(cloud.ids.unit(organization.root), f"unit-{number:04}", parent, dict(tags))
        organization.add_unit(unit)
        attach_defaults(organization, unit.id)
        next_parents.append(unit.id)
        made.append(unit.id)
    return made


def _accounts(
    cloud: Cloud, organization: Organization, seeding: Seeding, tags: dict[str, str], units: list[str]
) -> None:
    now, parents = cloud.clock.now(), units or [organization.root]
    for number in range(1, seeding.accounts + 1):
        identity, name = f"{200_000_000_000 + number}", f"account-{number:05}"
        account = Account(
            id=identity,
            email=f"aws+{name}@example.com",
            name=name,
            created=now,
            joined=now,
            role="OrganizationAccountAccessRole",
            tags=dict(tags),
        )
        organization.add_account(account, parents[number % len(parents)])
        attach_defaults(organization, identity)


def _policies(
    cloud: Cloud, organization: Organization, seeding: Seeding, tags: dict[str, str], units: list[str]
) -> None:
    targets = units or [organization.root]
    for number in range(1, seeding.policies + 1):
        policy = Policy(
            id=cloud.ids.prefixed("p", 10),
            name=f"policy-{number:03}",
            type="SERVICE_CONTROL_POLICY",
            description="",
            content=content(number),
            tags=dict(tags),
            updated=cloud.clock.now(),
        )
        organization.policies[policy.id] = policy
        for step in range(seeding.attachments):
            organization.attach(policy.id, targets[(number * seeding.attachments + step) % len(targets)])


def content(number: int) -> str:
    """The document of `policy-<number>`, minified: no two are alike."""
    statement = {"Sid": f"Deny{number}", "Effect": "Deny", "Action": f"service{number}:*", "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]}, separators=(",", ":"))
