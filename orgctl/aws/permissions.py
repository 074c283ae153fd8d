"""The least IAM policies that `orgctl plan` and `orgctl apply` need, made from the tables of operations.

A call that stands in no table cannot be made, and a table's line says its permissions: so these policies can neither
lack what orgctl uses nor hold what it does not. They are identity policies for the management account's principal, and
for the role by which the accounts of the trail's bucket and of AWS Config's administrator are entered.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

from orgctl.aws.operations.athena_writes import PUT_OBJECT
from orgctl.aws.operations.compliance_reads import TREE_READS
from orgctl.aws.operations.entry import Entry, Reach, Read, Where
from orgctl.aws.operations.event_reads import EVENT_READS
from orgctl.aws.operations.reads import READS
from orgctl.aws.operations.writes import WRITES
from orgctl.model.config_resources import AGGREGATOR_ROLE, FUNCTION_PREFIX, RULES_ROLE
from orgctl.model.trail_queries import TrailQueries, copies_of

MAX_SIZE = 6_144
"""Characters of a managed policy, without whitespace. Source: "IAM and AWS STS quotas" (IAM User Guide)."""

Document = Mapping[str, Any]
"""An IAM policy document."""


class Command(Enum):
    """The command that the permissions are for."""

    PLAN = "plan"
    APPLY = "apply"
    COMPLIANCE = "compliance"
    """It reads the tree of accounts, and the aggregator."""
    IMPACT = "impact"
    """It reads the tree of accounts and the policies on it, and queries the trail."""

    @property
    def command_line(self) -> str:
        """What is typed after `orgctl`."""
        return "compliance report" if self is Command.COMPLIANCE else self.value


@dataclass(frozen=True, slots=True)
class Names:
    """What the policies are narrowed to; `*` where any will do.

    `trail` and `bucket` None: there is no trail, and its permissions are left out; likewise `lock_bucket`.
    `bucket_account` equal to `management_account`: it is not entered. `config_account` None: AWS Config is left alone.
    `recorders`: every account is entered, to see whether AWS Config records there. `queries` None: the trail is not
    queried with Athena; else it says by what, in the account of the bucket. `events` are the places in S3
    (`bucket/prefix`) of recorded events that every plan is held against. `log_files` is where the trail's lie,
    `log_key` the ARN of the KMS key that encrypts them.
    """

    management_account: str
    partition: str = "aws"
    access_role: str = "OrganizationAccountAccessRole"
    trail: str | None = None
    bucket: str | None = None
    bucket_account: str = "*"
    lock_bucket: str | None = None
    lock_key: str = "orgctl.lock"
    config_account: str | None = None
    evaluation_role: str = "orgctl-config-evaluation"
    template_bucket: str | None = None
    recorders: bool = False
    queries: TrailQueries | None = None
    events: tuple[str, ...] = ()
    log_files: str | None = None
    log_key: str | None = None


@dataclass(frozen=True, slots=True)
class Policies:
    """Five documents; those but the first are None where the account is not entered.

    `caller` is for whoever runs orgctl in the management account; `access_role` for the access role in the account of
    the trail's bucket, `administrator` for it in the account that administers AWS Config, `member` for it in every
    account, and `access_role_trust` is that role's trust policy in all of them.
    """

    caller: Document
    access_role: Document | None = None
    administrator: Document | None = None
    member: Document | None = None
    access_role_trust: Document | None = None


def policies(command: Command, names: Names) -> Policies:
    """The policies for a command."""
    names = _needed(command, names)
    bucket, config = _enters_bucket(names), names.config_account is not None
    used = [entry for entry in _entries(command) if _is_used(entry, names)]
    elsewhere = {Where.CONFIG, Where.MEMBERS, *(_LOG_ACCOUNT if bucket else ())}
    own, logs = _events(names)
    return Policies(
        _document([entry for entry in used if entry.where not in elsewhere], own),
        _document([entry for entry in used if entry.where in (*_LOG_ACCOUNT, Where.EVENTS)], logs) if bucket else None,
        _document([entry for entry in used if entry.where in _ADMINISTRATOR], names) if config else None,
        _document([entry for entry in used if entry.where is Where.MEMBERS], names) if names.recorders else None,
        _trust(names) if bucket or config else None,
    )


_ADMINISTRATOR = frozenset({Where.CONFIG, Where.ROLES})
_LOG_ACCOUNT = frozenset({Where.BUCKET, Where.QUERIES})


def _needed(command: Command, names: Names) -> Names:
    """The names without what the command has nothing to do with."""
    match command:
        case Command.COMPLIANCE:
            return replace(names, trail=None, bucket=None, lock_bucket=None, recorders=False, queries=None, events=())
        case Command.IMPACT:
            events = dict.fromkeys((*names.events, *([names.log_files] if names.log_files else ())))
            names = replace(names, events=tuple(events), trail=None, lock_bucket=None)
            return replace(names, config_account=None, recorders=False)
        case Command.PLAN | Command.APPLY:
            return names


def _events(names: Names) -> tuple[Names, Names]:
    """The names for whoever runs orgctl, and for the access role: each with the recorded events that it reads."""
    if not _enters_bucket(names):
        return names, replace(names, events=())
    logs = tuple(place for place in names.events if place.partition("/")[0] == names.bucket)
    return replace(names, events=tuple(each for each in names.events if each not in logs)), replace(names, events=logs)


def _enters_bucket(names: Names) -> bool:
    return names.bucket is not None and names.bucket_account != names.management_account


def size(document: Document) -> int:
    """The size of a document as IAM counts it, to be compared with `MAX_SIZE`."""
    return len(json.dumps(document, separators=(",", ":")))


def _entries(command: Command) -> Iterator[Entry]:
    match command:
        case Command.PLAN:
            yield from (read for read in _general() if not read.for_apply_only)
            yield from EVENT_READS
        case Command.APPLY:
            yield from _general()
            yield from EVENT_READS
            yield from (write for write in WRITES.values() if not write.for_impact_only)
        case Command.IMPACT:
            yield from (read for read in _general() if not (read.for_apply_only or read.where is Where.BUCKET))
            yield from (read for read in READS.values() if read.for_impact_only)
            yield from EVENT_READS
            yield from (write for write in WRITES.values() if write.for_impact_only)
            yield PUT_OBJECT
        case Command.COMPLIANCE:
            yield from (read for read in READS.values() if read.for_compliance_only or read.title in TREE_READS)


def _general() -> Iterator[Read]:
    """The reads that are not made by one command alone."""
    return (read for read in READS.values() if not (read.for_compliance_only or read.for_impact_only))


def _is_used(entry: Entry, names: Names) -> bool:
    match entry.where:
        case Where.MEMBERS:
            return names.recorders
        case Where.CONFIG | Where.ROLES | Where.STACK_SETS:
            return names.config_account is not None
        case Where.BUCKET:
            return names.bucket is not None
        case Where.QUERIES:
            return names.queries is not None
        case Where.EVENTS:
            return bool(names.events)
        case Where.LOCK:
            return names.lock_bucket is not None
        case Where.MANAGEMENT if entry.service == "cloudtrail":
            return names.trail is not None
        case Where.MANAGEMENT:
            enters = _enters_bucket(names) or names.config_account is not None
            return enters or entry.operation != "AssumeRole"


def _document(entries: Iterable[Entry], names: Names) -> Document:
    by_reach: defaultdict[Reach, set[str]] = defaultdict(set)
    for entry in entries:
        for permission in entry.permissions:
            by_reach[permission.reach].add(permission.action)
    statements = [
        _statement(reach, by_reach[reach], names) for reach in Reach if reach in by_reach and _resources(reach, names)
    ]
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
    """The ARNs of a reach; none where the manifest has no such thing, and its permissions are left out then."""
    entered = [names.bucket_account] if _enters_bucket(names) else []
    entered += [names.config_account] if names.config_account else []
    entered = ["*"] if names.recorders else entered
    roles = (names.evaluation_role, RULES_ROLE, AGGREGATOR_ROLE)
    management, config, stack_set = names.management_account, names.config_account, names.evaluation_role
    tails: Mapping[Reach, tuple[str, ...]] = {
        Reach.ORGANIZATION: (f"organizations::{management}:*/o-*", "organizations::aws:policy/*"),
        Reach.ORGANIZATIONS_ROLE: (f"iam::{management}:role/aws-service-role/*",),
        Reach.LINKED_ROLE: ("iam::*:role/aws-service-role/*",),
        Reach.ACCESS_ROLE: tuple(f"iam::{account}:role/{names.access_role}" for account in dict.fromkeys(entered)),
        Reach.ACCOUNTS: (f"account::{management}:account", f"account::{management}:account/o-*"),
        Reach.TRAIL: (f"cloudtrail:*:{management}:trail/{names.trail}",),
        Reach.BUCKET: (f"s3:::{names.bucket}",),
        Reach.ROLES: tuple(f"iam::*:role/{role}" for role in roles),
        Reach.FUNCTIONS: (f"lambda:*:{config}:function:{FUNCTION_PREFIX}*",),
        Reach.DOCUMENTS: (f"ssm:*:{config}:document/*",),
        Reach.AGGREGATOR: (f"config:*:{config}:config-aggregator/*",),
        Reach.PACKS: (f"config:*:{config}:organization-conformance-pack/*",),
        Reach.TEMPLATES: (f"s3:::{names.template_bucket}/orgctl/*",) if names.template_bucket else (),
        Reach.STACK_SET: (
            f"cloudformation:*:{management}:stackset/{stack_set}:*",
            f"cloudformation:*:{management}:stackset-target/{stack_set}:*",
            "cloudformation:*::type/resource/*",
        ),
        **_queried(names),
        **_replayed(names),
        Reach.LOCK_BUCKET: (f"s3:::{names.lock_bucket}",),
        Reach.LOCK_OBJECT: (f"s3:::{names.lock_bucket}/{names.lock_key}",),
    }
    return ("*",) if reach is Reach.ANY else tuple(f"arn:{names.partition}:{tail}" for tail in tails[reach])


def _queried(names: Names) -> Mapping[Reach, tuple[str, ...]]:
    """The ARNs by which the trail is queried, without `arn:` and the partition."""
    queries = names.queries
    if queries is None:
        nothing = (Reach.CATALOG, Reach.CATALOG_CONTENTS, Reach.WORKGROUP, Reach.LOG_FILES, Reach.RESULTS)
        return dict.fromkeys((*nothing, Reach.QUERIED_BUCKETS, Reach.QUERY_KEYS), ())
    catalog, workgroups = (f"{service}:{queries.region}:{names.bucket_account}" for service in ("glue", "athena"))
    results = queries.results.removeprefix("s3://")
    buckets = dict.fromkeys((queries.bucket, results.partition("/")[0]))
    keys = dict.fromkeys(key for key in (queries.trail_key, queries.results_key) if key)
    return {
        Reach.CATALOG: (
            f"{catalog}:catalog",
            f"{catalog}:database/{queries.database}",
            f"{catalog}:table/{queries.database}/{queries.table}",
            f"{catalog}:table/{queries.database}/{copies_of(queries.table)}",
        ),
        Reach.CATALOG_CONTENTS: (
            f"{catalog}:table/{queries.database}/*",
            f"{catalog}:userDefinedFunction/{queries.database}/*",
        ),
        Reach.WORKGROUP: (f"{workgroups}:workgroup/{queries.workgroup}",),
        Reach.LOG_FILES: (f"s3:::{queries.log_prefix}*",),
        Reach.RESULTS: (f"s3:::{results}*",),
        Reach.QUERIED_BUCKETS: tuple(f"s3:::{bucket}" for bucket in buckets),
        Reach.QUERY_KEYS: tuple(_key(key) for key in keys),
    }


def _replayed(names: Names) -> Mapping[Reach, tuple[str, ...]]:
    """The ARNs of recorded events, likewise."""
    buckets = dict.fromkeys(place.partition("/")[0] for place in names.events)
    return {
        Reach.EVENT_BUCKETS: tuple(f"s3:::{bucket}" for bucket in buckets),
        Reach.EVENT_FILES: tuple(f"s3:::{place}{'' if '/' in place else '/'}*" for place in names.events),
        Reach.EVENT_KEYS: (_key(names.log_key),) if names.log_key and names.bucket in buckets else (),
    }


def _key(arn: str) -> str:
    """The key without `arn:` and the partition. IAM knows keys by their ids alone, so an alias may mean any."""
    place, _, name = arn.split(":", 2)[2].rpartition(":")
    return f"{place}:key/*" if name.startswith("alias/") else f"{place}:{name}"


def _trust(names: Names) -> Document:
    root = f"arn:{names.partition}:iam::{names.management_account}:root"
    statement = {"Effect": "Allow", "Principal": {"AWS": root}, "Action": "sts:AssumeRole"}
    return {"Version": "2012-10-17", "Statement": [statement]}


def actions_of(document: Document) -> frozenset[str]:
    """Every action that a document allows."""
    return frozenset(action for statement in document["Statement"] for action in statement["Action"])
