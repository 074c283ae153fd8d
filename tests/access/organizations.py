"""Small organizations for the tests of access changes, written as few words."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from orgctl.model.address import unit_address
from orgctl.model.resources import Account, Attachment, Organization, Policy, PolicyTypeSwitch
from orgctl.model.state import State
from orgctl.simulator import Simulator

MANAGEMENT = "111111111111"
FULL = "scp/FullAWSAccess"
UNITS = ((), ("A",), ("A", "B"), ("C",))


def document(*statements: Mapping[str, object]) -> str:
    """A policy's text."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def deny(*actions: str, sid: str = "No", **more: object) -> str:
    """A policy with one Deny."""
    return document({"Sid": sid, "Effect": "Deny", "Action": list(actions), "Resource": "*", **more})


def organization(
    accounts: Mapping[str, tuple[str, ...]],
    policies: Mapping[str, str],
    attached: Iterable[tuple[str, str]],
    *,
    types: Iterable[str] = ("SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY"),
    bare: Iterable[str] = (),
) -> Simulator:
    """Accounts (by their ids, which are their keys too) with the OUs they are in, and policies on targets.

    AWS's FullAWSAccess is everywhere but on the `bare` targets.
    """
    members = [Account(key, id=key, parent=parent) for key, parent in {MANAGEMENT: (), **accounts}.items()]
    targets = [*map(unit_address, UNITS), *(account.address for account in members)]
    full = [Attachment(FULL, target) for target in targets if target not in set(bare)]
    return Simulator(
        State.of(
            [
                Organization(MANAGEMENT, id="o-exampleorg"),
                *map(PolicyTypeSwitch, types),
                *members,
                *(Policy(name, content) for name, content in policies.items()),
                *full,
                *(Attachment(policy, target) for policy, target in dict.fromkeys(attached)),
            ]
        )
    )
