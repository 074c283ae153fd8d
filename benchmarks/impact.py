"""Measures `orgctl impact`.

    python -m benchmarks.impact [--events N] [--cold N] [--accounts N] [--per-file N] [--runs N] [--keep FOLDER]

    parquet     five SCPs of the example's, over a dataset that was read before: from opening it to the verdicts
    cold        one of them, over gzipped log files: the whole process, start to end

Both over trails of `benchmarks.trails`. Seconds are the best of the runs, of wall time and of CPU time (user and
system, of all processes). `--keep FOLDER` keeps what was generated, or takes it from there.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import yaml

from benchmarks.trails import MANAGEMENT, ORGANIZATION, Kind, write_trail
from orgctl.api.connection import Connection
from orgctl.api.impact import Wanted, impact

TOP = Path(__file__).resolve().parent.parent
FIVE = ("deny-root-user", "region-lock", "protect-cloudtrail", "protect-orgctl-roles", "require-ebs-encryption")
_PER_UNIT = 50


@dataclass(frozen=True, slots=True)
class Figure:
    """What was measured of some events: the best of the runs, in seconds."""

    events: int
    wall: float
    cpu: float

    def told(self) -> dict[str, float]:
        """As people read it."""
        return {
            "events": self.events,
            "wall_s": round(self.wall, 2),
            "cpu_s": round(self.cpu, 2),
            "events_per_s": round(self.events / self.wall),
        }


def lay_down(directory: Path, accounts: int, policies: tuple[str, ...]) -> Path:
    """An organization of the trails' accounts in OUs, with SCPs of the example's on the root."""
    example = yaml.safe_load((TOP / "organization.yaml").read_text(encoding="utf-8"))
    units: dict[str, dict[str, object]] = {}
    for number in range(1, accounts):
        unit = units.setdefault(f"Unit{number // _PER_UNIT}", {"accounts": {}})
        held = unit["accounts"]
        assert isinstance(held, dict)
        held[f"a{number}"] = {"id": str(200_000_000_000 + number), "email": f"a{number}@example.com"}
    manifest = {
        "version": 1,
        "organization": {
            "management_account": MANAGEMENT,
            "id": ORGANIZATION,
            "home_region": "eu-west-1",
            "regions": ["eu-west-1", "us-east-1", "eu-central-1"],
            "policy_types": ["service_control_policy"],
        },
        "parameters": example["parameters"],
        "root": {
            "policies": [f"scp/{name}" for name in policies],
            "accounts": {"management": {"id": MANAGEMENT, "email": "aws@example.com"}},
            "units": units,
        },
    }
    folder = directory / "policies/scp"
    folder.mkdir(parents=True)
    (directory / "organization.yaml").write_text(yaml.safe_dump(manifest, sort_keys=False), encoding="utf-8")
    for name in policies:
        text = (TOP / f"policies/scp/{name}.yaml").read_text(encoding="utf-8")
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return directory


def trail(folder: Path, kind: Kind) -> Path:
    """The log files of a trail, generated unless they are there."""
    if not folder.exists():
        write_trail(folder, replace(kind, days=max(1, kind.events // 500_000)))
    return folder


def best(runs: int, work: Callable[[], int]) -> Figure:
    """Repeat some work, which tells how many events it was about."""
    found = [_timed(work) for _ in range(runs)]
    return Figure(found[0].events, min(each.wall for each in found), min(each.cpu for each in found))


def _timed(work: Callable[[], int]) -> Figure:
    began, before = time.perf_counter(), os.times()
    events = work()
    wall, after = time.perf_counter() - began, os.times()
    return Figure(events, wall, sum(after[:4]) - sum(before[:4]))


def from_parquet(place: Path, kind: Kind, runs: int) -> Figure:
    """Five SCPs over a dataset; reading what the files hold is done before, and not measured."""
    organization = lay_down(place / "five", kind.accounts, FIVE)
    dataset = place / "dataset"
    if not dataset.exists():
        logs = trail(place / "many", kind)
        impact(organization, Connection(), Wanted((str(logs),), "none", dataset=dataset))
    return best(runs, lambda: impact(organization, Connection(), Wanted((), "none", dataset=dataset)).events)


def cold(place: Path, kind: Kind, runs: int) -> Figure:
    """One SCP over log files, by the command."""
    organization = lay_down(place / "one", kind.accounts, FIVE[1:2])
    logs = trail(place / "few", kind)
    options = ("--events", str(logs), "--baseline", "none", "--format", "json")
    command = [sys.executable, "-m", "orgctl", "-C", str(organization), "impact", *options]

    def work() -> int:
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE)
        found: int = json.loads(done.stdout)["events"]
        return found

    return best(runs, work)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in (("events", 5_000_000), ("cold", 200_000), ("accounts", 300), ("per-file", 20), ("runs", 3)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--keep", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        kept = given.keep or Path(name)
        kept.mkdir(parents=True, exist_ok=True)
        for folder in ("five", "one"):
            shutil.rmtree(kept / folder, ignore_errors=True)
        figures = {
            "cold": cold(kept, Kind(given.cold, given.accounts, per_file=given.per_file), given.runs).told(),
            "parquet": from_parquet(kept, Kind(given.events, given.accounts), given.runs).told(),
        }
    print(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()
