"""The least IAM policies that `orgctl plan` and `orgctl apply` need, made from the tables of operations.

A call that stands in no table cannot be made, and a table's line says its permissions: so these policies can neither
lack what orgctl uses nor hold what it does not. They are identity policies for the management account's principal, and
for the role by which the account of the trail's bucket is entered.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from orgctl.aws.operations.entry import Entry, Reach, Where
from orgctl.aws.operations.reads import READS
from orgctl.aws.operations.writes import WRITES

MAX_SIZE = 6_144
"""Characters of a managed policy, without whitespace. Source: "IAM and AWS STS quotas" (IAM User Guide)."""

Document = Mapping[str, Any]
"""An IAM policy document."""


class Command(Enum):
    """The command that the permissions are for."""

    PLAN = "plan"
    APPLY = "apply"


@dataclass(frozen=True, slots=True)
class Names:
    """What the policies are narrowed to; `*` where any will do.

    `trail` and `bucket` None: there is no trail, and its permissions are left out; likewise `lock_bucket`.
    `bucket_account` equal to `management_account`: no other account is entered.
    """

    management_account: str
    partition: str = "aws"
    access_role: str = "OrganizationAccountAccessRole"
    trail: str | None = None
    bucket: str | None = None
    bucket_account: str = "*"
    lock_bucket: str | None = None
    lock_key: str = "orgctl.lock"


@dataclass(frozen=True, slots=True)
class Policies:
    """Three documents. The latter two are None where no other account is entered.

    `caller` is for whoever runs orgctl in the management account; `access_role` for the access role in the account of
    the trail's bucket, and `access_role_trust` is that role's trust policy.
    """

    caller: Document
    access_role: Document | None = None
    access_role_trust: Document | None = None


def policies(command: Command, names: Names) -> Policies:
    """The policies for a command."""
    entered = names.bucket is not None and names.bucket_account != names.management_account
    used = [entry for entry in _entries(command) if _is_used(entry, names, entered=entered)]
    inside = [entry for entry in used if entered and entry.where is Where.BUCKET]
    outside = [entry for entry in used if entry not in inside]
    return Policies(
        _document(outside, names),
        _document(inside, names) if entered else None,
        _trust(names) if entered else None,
    )


def size(document: Document) -> int:
    """The size of a document as IAM counts it, to be compared with `MAX_SIZE`."""
    return len(json.dumps(document, separators=(",", ":")))


def _entries(command: Command) -> Iterator[Entry]:
    match command:
        case Command.PLAN:
            yield from (read for read in READS.values() if not read.for_apply_only)
        case Command.APPLY:
            yield from READS.values()
            yield from WRITES.values()


def _is_used(entry: Entry, names: Names, *, entered: bool) -> bool:
    match entry.where:
        case Where.BUCKET:
            return names.bucket is not None
        case Where.LOCK:
            return names.lock_bucket is not None
        case Where.MANAGEMENT if entry.service == "cloudtrail":
            return names.trail is not None
        case Where.MANAGEMENT:
            return entered or entry.operation != "AssumeRole"


def _document(entries: Iterable[Entry], names: Names) -> Document:
    by_reach: defaultdict[Reach, set[str]] = defaultdict(set)
    for entry in entries:
        for permission in entry.permissions:
            by_reach[permission.reach].add(permission.action)
    statements = [_statement(reach, by_reach[reach], names) for reach in Reach if reach in by_reach]
    return {"Version": "2012-10-17", "Statement": statements}


def _statement(reach: Reach, actions: set[str], names: Names) -> Document:
    resources = _resources(reach, names)
    return {
        "Sid": "".join(word.capitalize() for word in reach.value.replace("-", " ").split()),
        "Effect": "Allow",
        "Action": sorted(actions),
        "Resource": resources[0] if len(resources) == 1 else list(resources),
    }


def _resources(reach: Reach, names: Names) -> tuple[str, ...]:
    arn, management = f"arn:{names.partition}", names.management_account
    match reach:
        case Reach.ANY:
            return ("*",)
        case Reach.ORGANIZATION:
            return f"{arn}:organizations::{management}:*/o-*", f"{arn}:organizations::aws:policy/*"
        case Reach.ORGANIZATIONS_ROLE:
            return (f"{arn}:iam::{management}:role/aws-service-role/*",)
        case Reach.ACCESS_ROLE:
            return (f"{arn}:iam::{names.bucket_account}:role/{names.access_role}",)
        case Reach.ACCOUNTS:
            return f"{arn}:account::{management}:account", f"{arn}:account::{management}:account/o-*"
        case Reach.TRAIL:
            return (f"{arn}:cloudtrail:*:{management}:trail/{names.trail}",)
        case Reach.BUCKET:
            return (f"{arn}:s3:::{names.bucket}",)
        case Reach.LOCK_BUCKET:
            return (f"{arn}:s3:::{names.lock_bucket}",)
        case Reach.LOCK_OBJECT:
            return (f"{arn}:s3:::{names.lock_bucket}/{names.lock_key}",)


def _trust(names: Names) -> Document:
    root = f"arn:{names.partition}:iam::{names.management_account}:root"
    statement = {"Effect": "Allow", "Principal": {"AWS": root}, "Action": "sts:AssumeRole"}
    return {"Version": "2012-10-17", "Statement": [statement]}


def actions_of(document: Document) -> frozenset[str]:
    """Every action that a document allows."""
    return frozenset(action for statement in document["Statement"] for action in statement["Action"])
