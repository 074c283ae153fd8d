"""What it costs a plan to say what it does to access. Run by hand:

    python -m benchmarks.access

10,000 accounts / 500 OUs / 200 SCPs, of which each OU has its own; the default sentinels, in two regions. The time is
the processor's for the comparison alone, from two states; reading and planning are in `benchmarks.plan`.
"""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

from benchmarks.generate import write_organization
from orgctl.access import sets
from orgctl.access.comparing import compare
from orgctl.access.folding import folded
from orgctl.api.access import surroundings
from orgctl.manifest import load
from orgctl.model.resources import Attachment, Policy
from orgctl.model.state import State
from orgctl.simulator import Simulator
from orgctl.state.offline import offline

LARGE = {"accounts": 10_000, "units": 500, "policies": 200}
OUTSIDE = {"StringNotEquals": {"aws:RequestedRegion": ["eu-west-1"]}}
ONE_ID = {"StringLike": {"aws:PrincipalArn": "arn:aws:iam::2*:role/OrganizationMember"}}


def policy(name: str, **statement: object) -> Policy:
    """An SCP with one Deny."""
    said = {"Sid": "Lock", "Effect": "Deny", "Resource": "*", **statement}
    return Policy(f"scp/{name}", json.dumps({"Version": "2012-10-17", "Statement": [said]}))


def with_more(state: State, added: Policy, targets: Iterable[str]) -> State:
    """The state with one more policy on these targets."""
    attached = [Attachment(added.name, target) for target in targets]
    return State.of([*state.resources.values(), added, *attached])


def main() -> None:
    """Print a line for each change."""
    with tempfile.TemporaryDirectory() as directory:
        write_organization(Path(directory), **LARGE)
        loaded = load(Path(directory))
    state = offline(loaded)
    sentinels = sets.named("defaults", surroundings(loaded))
    lock = policy("lock", NotAction=["iam:*", "sts:*", "support:*"], Condition=OUTSIDE)
    apart = policy("apart", Action="s3:*", Condition=ONE_ID)
    first = next(unit for unit in state.resources if unit.startswith("ou:/unit"))
    each = [a.address for a in state.resources.values() if a.address.startswith("account:")][:5_000]
    for title, after in (
        ("nothing changes", state),
        ("a policy about other services", with_more(state, policy("other", Action="cloudhsm:*"), ["ou:/"])),
        ("a region lock on the root", with_more(state, lock, ["ou:/"])),
        ("a region lock on one OU", with_more(state, lock, [first])),
        ("a region lock on every second account", with_more(state, lock, each)),
        ("a policy that tells all accounts apart", with_more(state, apart, ["ou:/"])),
    ):
        start = time.process_time()
        access = compare(Simulator(state), Simulator(after), sentinels)
        groups = folded(access.changes)
        cpu = time.process_time() - start
        print(f"{title}: {cpu:.2f} s, {access.requests} requests, {len(access.changes)} changes, {len(groups)} groups")


if __name__ == "__main__":
    main()
