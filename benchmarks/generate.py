"""Writes organizations of any size, for benchmarks and large tests.

    python benchmarks/generate.py DIRECTORY [ACCOUNTS UNITS POLICIES]

The tree is the one that the sandbox seeds itself with for the same numbers (`orgctl/sandbox/seed.py`): a plan of this
manifest against that sandbox is empty.
"""

from __future__ import annotations

import json
import random
import sys
from collections import defaultdict
from pathlib import Path

MANAGEMENT = "111111111111"
_MAX_DEPTH = 5
_HEAD = f"""version: 1
organization:
  management_account: "{MANAGEMENT}"
  home_region: eu-west-1
  regions: [eu-west-1, us-east-1]
  policy_types: [service_control_policy]
root:
  accounts:
    management: {{id: "{MANAGEMENT}"}}
"""


def write_organization(
    directory: Path,
    *,
    accounts: int = 10_000,
    units: int = 500,
    policies: int = 200,
    attachments: int = 3,
    fan_out: int = 8,
    tagged: float = 0.0,
    seed: int = 0,
) -> None:
    """Write `organization.yaml`, a file of accounts for each OU, and the policies.

    Each policy is attached to `attachments` OUs. A share of `tagged` (0 to 1) of the accounts, drawn by `seed`,
    declares tags.
    """
    paths = _paths(units, fan_out)
    attached = _attached(policies, attachments, len(paths))
    holders = _write_accounts(directory, accounts, len(paths), tagged, random.Random(seed))  # noqa: S311 - not a secret
    lines = [_HEAD] if paths or accounts == 0 else [_HEAD, "  include: [accounts/root.yaml]\n"]
    lines += _unit_lines(paths, attached, holders)
    (directory / "organization.yaml").write_text("".join(lines), encoding="utf-8")
    _write_policies(directory, policies)


def _paths(units: int, fan_out: int) -> list[tuple[int, ...]]:
    """The path of each OU, as numbers of OUs: breadth first, at most five levels, `fan_out` children each."""
    made: list[tuple[int, ...]] = []
    parents: list[tuple[int, ...]] = [()]
    children: list[tuple[int, ...]] = []
    depth = 1
    for number in range(1, units + 1):
        if depth < _MAX_DEPTH and len(children) >= len(parents) * fan_out:
            parents, children, depth = children, [], depth + 1
        children.append((*parents[len(children) % len(parents)], number))
        made.append(children[-1])
    return made


def _attached(policies: int, attachments: int, targets: int) -> dict[int, list[str]]:
    """The policies of each OU, by its number; number 0 is the root, where there are no OUs."""
    attached: dict[int, list[str]] = defaultdict(list)
    for number in range(1, policies + 1):
        for step in range(min(attachments, targets) if targets else 1):
            target = (number * attachments + step) % targets + 1 if targets else 0
            attached[target].append(f"scp/policy-{number:03}")
    return attached


def _write_accounts(directory: Path, accounts: int, units: int, tagged: float, draw: random.Random) -> set[int]:
    """A file of accounts for each OU that has some; returns the numbers of these OUs."""
    (directory / "accounts").mkdir(parents=True, exist_ok=True)
    lines: dict[int, list[str]] = defaultdict(list)
    for number in range(1, accounts + 1):
        name, tags = f"account-{number:05}", ""
        if draw.random() < tagged:
            tags = f", tags: {{env: {draw.choice(['prod', 'dev'])}, owner: team-{draw.randrange(50)}}}"
        identity = f'id: "{200_000_000_000 + number}", email: aws+{name}@example.com'
        lines[number % units + 1 if units else 0].append(f"  {name}: {{{identity}{tags}}}\n")
    for unit, entries in lines.items():
        file = directory / "accounts" / (f"unit-{unit:04}.yaml" if unit else "root.yaml")
        file.write_text("accounts:\n" + "".join(entries), encoding="utf-8")
    return set(lines)


def _unit_lines(paths: list[tuple[int, ...]], attached: dict[int, list[str]], holders: set[int]) -> list[str]:
    """The tree of OUs, indented; a parent's children follow it."""
    lines = [f"  policies: [{', '.join(attached[0])}]\n"] if 0 in attached else []
    before: tuple[int, ...] = ()
    for path in sorted(paths):
        indent, number = "    " * len(path), path[-1]
        if len(path) > len(before):
            lines.append(f"{indent[2:]}units:\n")
        lines.append(f"{indent}unit-{number:04}:\n{indent}  adopt: false\n")
        if number in attached:
            lines.append(f"{indent}  policies: [{', '.join(attached[number])}]\n")
        if number in holders:
            lines.append(f"{indent}  include: [accounts/unit-{number:04}.yaml]\n")
        before = path
    return lines


def _write_policies(directory: Path, policies: int) -> None:
    folder = directory / "policies" / "scp"
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(1, policies + 1):
        statement = {"Sid": f"Deny{number}", "Effect": "Deny", "Action": f"service{number}:*", "Resource": "*"}
        document = {"Version": "2012-10-17", "Statement": [statement]}
        (folder / f"policy-{number:03}.json").write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    numbers = dict(zip(("accounts", "units", "policies"), map(int, sys.argv[2:]), strict=False))
    write_organization(Path(sys.argv[1]), **numbers)
