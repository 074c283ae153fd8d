"""Judges hand-written records in a small organization, whose policies are given as statements."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from orgctl.model.resources import Account, Attachment, Organization, Policy, PolicyTypeSwitch, Unit
from orgctl.model.state import State
from orgctl.replay.event import event_of
from orgctl.replay.facts import row_of
from orgctl.replay.verdicts.assumptions import Assumptions
from orgctl.replay.verdicts.call import Call
from orgctl.replay.verdicts.judge import Judge
from orgctl.replay.verdicts.verdict import Verdict
from orgctl.simulator import Simulator
from tests.impact.small import DATA, LAB, MANAGEMENT, SHOP, Statement
from tests.replay.records import record

WORKLOADS = "ou:/Workloads"
Policies = Mapping[str, Sequence[Statement]]
"""Statements by where they stand: `scp@ou:/Workloads`, `rcp@ou:/`."""

ACCOUNTS = (
    Account("management", id=MANAGEMENT),
    Account("shop", id=SHOP, parent=("Workloads",)),
    Account("data", id=DATA, parent=("Workloads",)),
    Account("lab", id=LAB, parent=("Lab",)),
)
UNITS = (Unit((), id="r-ab12"), Unit(("Workloads",), id="ou-ab12-11111111"), Unit(("Lab",)))


def simulator(policies: Policies) -> Simulator:
    """The organization with FullAWSAccess everywhere it is not taken away by `-@TARGET`, and these policies."""
    targets = [each.address for each in (*UNITS, *ACCOUNTS) if f"-@{each.address}" not in policies]
    named = {place: f"{place.partition('@')[0]}/p{n}" for n, place in enumerate(policies) if place[0] != "-"}
    contents = {place: {"Version": "2012-10-17", "Statement": list(policies[place])} for place in named}
    return Simulator(
        State.of(
            [
                Organization(MANAGEMENT, id="o-exampleorg"),
                *map(PolicyTypeSwitch, ("SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY")),
                *UNITS,
                *ACCOUNTS,
                *(Attachment("scp/FullAWSAccess", target) for target in targets),
                *(Policy(name, json.dumps(contents[place])) for place, name in named.items()),
                *(Attachment(name, place.partition("@")[2]) for place, name in named.items()),
            ]
        )
    )


def judge(
    more: Mapping[str, object], after: Policies, before: Policies | None = None, assumed: Assumptions | None = None
) -> Verdict:
    """The verdict on one record, varied by `more`."""
    judging = Judge(simulator(before or {}), simulator(after), assumed or Assumptions())
    return judging.judge(Call(row_of(event_of(record(**more)))))
