"""What was read, as one short digest a thing: so that an apply can say what has changed since the plan."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum

from orgctl.aws.read.config_shapes import ConfigInfo
from orgctl.aws.read.shapes import Snapshot

Fingerprints = Mapping[str, str]
"""By the name by which people would call the thing: `OU Workloads (ou-…)`."""


def fingerprints(snapshot: Snapshot) -> Fingerprints:
    """A digest for everything in the snapshot but its findings."""
    return {name: _digest(value) for name, value in _things(snapshot)}


def changed_since(before: Fingerprints, now: Fingerprints) -> tuple[str, ...]:
    """What is new, gone or different, in words and in order."""
    words = (
        *(f"{name} is new" for name in now if name not in before),
        *(f"{name} is gone" for name in before if name not in now),
        *(f"{name} is different" for name in before if name in now and before[name] != now[name]),
    )
    return tuple(sorted(words))


def _things(snapshot: Snapshot) -> Iterator[tuple[str, object]]:
    yield "the organization", snapshot.organization
    yield "the root", snapshot.root
    yield "trusted access", snapshot.trusted_access
    yield "the delegation policy", snapshot.resource_policy
    yield "the trail", snapshot.trail
    yield "the trail's bucket", snapshot.bucket
    yield from _config(snapshot.config) if snapshot.config else ()
    yield "what the trail is queried by", snapshot.queries
    yield from ((f"handshake {h.id}", h) for h in snapshot.handshakes)
    yield from ((f"OU {u.name} ({u.id})", u) for u in snapshot.units)
    yield from ((f"account {a.name} ({a.id})", a) for a in snapshot.accounts)
    yield from ((f"the creation of account {c.account_name} ({c.request_id})", c) for c in snapshot.creations)
    yield from ((f"policy {p.name} ({p.id})", p) for p in snapshot.policies)
    yield from ((f"policy {a.policy_id} on {a.target_id}", None) for a in snapshot.attachments)
    yield from ((f"delegated administrator {d.account_id}", d) for d in snapshot.delegated_administrators)


def _config(config: ConfigInfo) -> Iterator[tuple[str, object]]:
    yield "the stack set of the evaluation role", config.stack_set
    yield from ((f"role {r.name} in {r.account}", r) for r in config.roles)
    yield from ((f"function {f.name} in {f.region}", f) for f in config.functions)
    yield from ((f"aggregator {a.name}", a) for a in config.aggregators)
    yield from ((f"document {d.name} in {d.region}", d) for d in config.documents)
    yield from ((f"conformance pack {p.name} in {p.region}", p) for p in config.packs)


def _digest(value: object) -> str:
    text = json.dumps(_plain(value), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _plain(value: object) -> object:
    """The value in JSON's types, the same for equal values."""
    match value:
        case Enum():
            return value.value
        case Mapping():
            return {str(_plain(key)): _plain(inner) for key, inner in value.items()}
        case frozenset():
            return sorted(map(str, value))
        case tuple() | list():
            return [_plain(inner) for inner in value]
        case _ if is_dataclass(value):
            return {f.name: _plain(getattr(value, f.name)) for f in fields(value)}
        case str() | int() | float() | bool() | None:
            return value
        case _:
            return str(value)
