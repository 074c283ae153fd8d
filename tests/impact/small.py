"""A small organization with policies to be tried, and trails for it."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import yaml

from benchmarks.trails import Kind as Trail
from benchmarks.trails import Written, write_trail

MANAGEMENT, SHOP, DATA, LAB = "111111111111", "222222222222", "333333333333", "444444444444"
OUTSIDE = "999999999999"

Statement = dict[str, object]

REGIONS: Statement = {
    "Sid": "Regions",
    "Effect": "Deny",
    "NotAction": ["iam:*", "sts:*", "organizations:*"],
    "Resource": "*",
    "Condition": {
        "StringNotEquals": {"aws:RequestedRegion": ["eu-west-1", "us-east-1"]},
        "ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/path/BreakGlass"},
    },
}
TEAMS: Statement = {
    "Sid": "Teams",
    "Effect": "Deny",
    "Action": "sqs:DeleteQueue",
    "Resource": "*",
    "Condition": {"StringNotEquals": {"aws:PrincipalTag/team": "shop"}},
}


def write_organization(
    directory: Path,
    *statements: Statement,
    on: str = "Workloads",
    rcps: tuple[Statement, ...] = (),
    name: str = "tried",
    accounts: dict[str, str] | None = None,
) -> Path:
    """A manifest whose policies `scp/NAME` (of these statements) and `rcp/ours` are on an OU of it, or on the root."""
    shops = accounts or {"shop": SHOP, "data": DATA}
    below = {key: {"id": id_, "email": f"{key}@example.com"} for key, id_ in shops.items()}
    units: dict[str, dict[str, object]] = {
        "Workloads": {"accounts": below},
        "Lab": {"accounts": {"lab": {"id": LAB, "email": "lab@example.com"}}},
    }
    root: dict[str, object] = {
        "accounts": {"management": {"id": MANAGEMENT, "email": "aws@example.com"}},
        "units": units,
    }
    place = root if on == "root" else units[on]
    place["policies"] = [*([f"scp/{name}"] if statements else []), *(["rcp/ours"] if rcps else [])]
    manifest = {
        "version": 1,
        "organization": {
            "management_account": MANAGEMENT,
            "home_region": "eu-west-1",
            "id": "o-exampleorg",
            "regions": ["eu-west-1", "us-east-1"],
            "policy_types": ["service_control_policy", *(["resource_control_policy"] if rcps else [])],
        },
        "root": root,
    }
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "organization.yaml").write_text(yaml.safe_dump(manifest, sort_keys=False))
    if statements:
        write_policy(directory / f"policies/scp/{name}.json", *statements)
    if rcps:
        write_policy(directory / "policies/rcp/ours.json", *rcps)
    return directory


def write_policy(path: Path, *statements: Statement) -> Path:
    """A policy file, a line for each part, so that lines differ."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"Version": "2012-10-17", "Statement": list(statements)}, indent=1))
    return path


def write_records(path: Path, *records: object) -> Path:
    """A log file of CloudTrail's, gzipped if its name says so."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"Records": list(records)}).encode()
    path.write_bytes(gzip.compress(text) if path.suffix == ".gz" else text)
    return path


def write_generated(folder: Path, events: int = 400, accounts: int = 4) -> tuple[Written, dict[str, str]]:
    """A generated trail, and the accounts that call in it, by name."""
    written = write_trail(folder, Trail(events=events, accounts=accounts, per_file=10))
    return written, {f"a{number}": str(200_000_000_000 + number) for number in range(1, accounts + 1)}
