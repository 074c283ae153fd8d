"""A small organization whose root carries the policies at hand; the OU `Labs` has levels of its own."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from orgctl.model.resources import Account, Attachment, Organization, Policy, PolicyTypeSwitch, Unit
from orgctl.model.state import State
from orgctl.replay.columns import Row
from orgctl.simulator import Simulator
from tests.replay.drawn import LABS, MANAGEMENT, SHOP

ID = "o-exampleorgid"
FULL_ACCESS = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}


def concerns(row: Row) -> bool:
    """Whether an account of the organization called, or recorded the call: others are in nobody's trail."""
    return not {row.principal_account, row.recipient}.isdisjoint((MANAGEMENT, SHOP, LABS))


def simulator(
    *scps: dict[str, Any], rcps: Iterable[dict[str, Any]] = (), labs: Iterable[dict[str, Any]] = ()
) -> Simulator:
    """SCPs and RCPs on the root, beside FullAWSAccess; and SCPs on `Labs`, where nothing else then allows."""
    resources: list[Any] = [
        Organization(MANAGEMENT, id=ID),
        PolicyTypeSwitch("SERVICE_CONTROL_POLICY"),
        PolicyTypeSwitch("RESOURCE_CONTROL_POLICY"),
        Unit(()),
        Unit(("Labs",)),
        Account("management", id=MANAGEMENT),
        Account("shop", id=SHOP),
        Account("labs", id=LABS, parent=("Labs",)),
    ]
    allows = ["ou:/", "ou:/Labs", *(f"account:{name}" for name in ("management", "shop", "labs"))]
    placed = [("scp", "ou:/", policy) for policy in scps]
    placed += [("rcp", "ou:/", policy) for policy in rcps]
    own = [("scp", "ou:/Labs", policy) for policy in labs]
    resources.append(Policy("scp/FullAWSAccess", json.dumps(FULL_ACCESS)))
    resources += [Attachment("scp/FullAWSAccess", target) for target in allows if not own or target != "ou:/Labs"]
    for number, (folder, target, policy) in enumerate([*placed, *own]):
        name = f"{folder}/p{number}"
        resources += [Policy(name, json.dumps(policy)), Attachment(name, target)]
    return Simulator(State.of(resources))
