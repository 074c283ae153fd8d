"""What a plan without changes costs: calls, time at AWS's rates, CPU and memory. Run by hand:

    python -m benchmarks.plan calls        1,000 accounts / 100 OUs / 50 SCPs: the calls, against the least possible
    python -m benchmarks.plan throttled    the same against a sandbox with the published throttling: wall time
    python -m benchmarks.plan large        10,000 accounts / 500 OUs / 200 SCPs, unthrottled: CPU and memory
    python -m benchmarks.plan validate     `orgctl validate` on that organization
    python -m benchmarks.plan help         `orgctl --help`

The sandbox runs in a process of its own, so that the figures are orgctl's alone. The least possible number of calls
for A accounts in U OUs with P policies of ours and T targets of FullAWSAccess, at 20 a page:

    DescribeOrganization, ListRoots, ListAWSServiceAccess…, ListDelegatedAdministrators, DescribeResourcePolicy,
    ListHandshakes…, ListCreateAccountStatus, GetCallerIdentity          8
    ListAccounts                                                         ceil(A/20)
    ListOrganizationalUnitsForParent: the root and each OU               1 + U
    ListPolicies, of the one enabled type                                ceil((P+1)/20)
    DescribePolicy                                                       P
    ListTargetsForPolicy: one a policy, and FullAWSAccess's pages        P + ceil(T/20)
    ListTagsForResource: of OUs and policies, whose tag says whose       U + P
"""

from __future__ import annotations

import math
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.generate import write_organization
from orgctl.sandbox import process

MIDDLE = {"accounts": 1_000, "units": 100, "policies": 50}
LARGE = {"accounts": 10_000, "units": 500, "policies": 200}


def least_calls(accounts: int, units: int, policies: int) -> int:
    """The figure of the module's docstring."""
    targets = accounts + 1 + units + 1
    pages = math.ceil((accounts + 1) / 20) + math.ceil((policies + 1) / 20) + math.ceil(targets / 20)
    return 8 + pages + (1 + units) + policies + policies + (units + policies)


@contextmanager
def seeded(size: dict[str, int], **settings: Any) -> Iterator[process.Instance]:
    """A sandbox with an organization of this size, and nothing to do in it."""
    name = f"benchmark-{os.getpid()}"
    instance, _ = process.start(name, settings={"empty_page_every": 0, **settings})
    try:
        process.ask(instance, "POST", "seed", size)
        process.ask(instance, "DELETE", "calls")
        yield instance
    finally:
        process.stop(name)


def orgctl(directory: Path, *arguments: str, environment: dict[str, str] | None = None) -> tuple[float, float, int]:
    """Run orgctl; its wall seconds, CPU seconds and peak memory in MB. Raises if it fails or has anything to change."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    command = [sys.executable, "-m", "orgctl", "-C", str(directory), *arguments]
    subprocess.run(command, check=True, env={**os.environ, **(environment or {})}, stdout=subprocess.DEVNULL)
    wall = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall, cpu, after.ru_maxrss // 1024


def planned(size: dict[str, int], **settings: Any) -> tuple[tuple[float, float, int], dict[str, int]]:
    """Plan an organization that is as its manifest says; the cost, and the calls by name."""
    with tempfile.TemporaryDirectory() as directory, seeded(size, **settings) as instance:
        write_organization(Path(directory), **size)
        cost = orgctl(Path(directory), "plan", "--detailed-exitcode", environment=instance.environment())
        return cost, process.ask(instance, "GET", "calls")["counts"]


def calls() -> None:
    """The calls of a plan, by name."""
    _, counts = planned(MIDDLE)
    made = sum(counts.values())
    for name, count in sorted(counts.items(), key=lambda item: -item[1]):
        print(f"  {count:>5}  {name}")
    least = least_calls(**MIDDLE)
    print(f"calls: {made}, least possible: {least}, ratio {made / least:.3f}")


def throttled() -> None:
    """Wall time where every API is throttled at its published rate."""
    cost, counts = planned(MIDDLE, throttle=True)
    from orgctl.aws.pacing import estimate
    from orgctl.model.limits import Limits

    forced = estimate(counts, Limits())
    print(f"wall {cost[0]:.1f} s; the rates alone force {forced:.1f} s; ratio {cost[0] / forced:.2f}")


def large() -> None:
    """CPU and memory of orgctl's own process."""
    (wall, cpu, memory), counts = planned(LARGE)
    print(f"cpu {cpu:.1f} s, memory {memory} MB, wall {wall:.1f} s, {sum(counts.values())} calls")


def validate() -> None:
    """`orgctl validate`."""
    with tempfile.TemporaryDirectory() as directory:
        write_organization(Path(directory), **LARGE)
        wall, cpu, memory = orgctl(Path(directory), "validate")
    print(f"wall {wall:.2f} s, cpu {cpu:.2f} s, memory {memory} MB")


def help() -> None:  # noqa: A001 - named as what it measures
    """`orgctl --help`, the median of nine."""
    walls = sorted(orgctl(Path(), "--help")[0] for _ in range(9))
    print(f"wall {walls[4]:.3f} s (from {walls[0]:.3f} to {walls[-1]:.3f})")


if __name__ == "__main__":
    for name in sys.argv[1:] or ("help", "validate", "calls", "large", "throttled"):
        print(name)
        globals()[name]()
