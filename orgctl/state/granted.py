"""Quotas that AWS must have raised, as the organization is fuller than its defaults allow."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from orgctl.manifest import schema
from orgctl.manifest.insertion import insert
from orgctl.model.limits import QUOTAS
from orgctl.model.policy_types import RCP, SCP
from orgctl.policy.canonical import minify


def granted(
    manifest: schema.Manifest, policies: Mapping[str, object], delegation_policy: object | None
) -> dict[str, int]:
    """What is used of each quota, where it is more than the default: so much at least has been granted."""
    used: Counter[str] = Counter()
    for quota, amount in _used(manifest, policies, delegation_policy):
        used[quota] = max(used[quota], amount)
    return {quota: amount for quota, amount in sorted(used.items()) if amount > QUOTAS.get(quota, amount)}


def _used(
    manifest: schema.Manifest, policies: Mapping[str, object], delegation_policy: object | None
) -> Iterator[tuple[str, int]]:
    units = list(_units(manifest.root, 0))
    accounts = [account for _, unit in units for account in unit.accounts.values()]
    yield "ous", len(units) - 1
    yield "ou_depth", max(depth for depth, _ in units)
    yield "accounts", sum(account.state == "active" for account in accounts)
    for guarded in (*(unit for _, unit in units), *accounts):
        yield from _attached(guarded)
    for folder, count in Counter(name.partition("/")[0] for name in policies).items():
        yield f"{folder}_count", count
    for name, document in policies.items():
        yield f"{name.partition('/')[0]}_size", _size(document)
    if delegation_policy is not None:
        yield "delegation_policy_size", _size(delegation_policy)


def _units(unit: schema.Unit, depth: int) -> Iterator[tuple[int, schema.Unit]]:
    yield depth, unit
    for child in unit.units.values():
        yield from _units(child, depth + 1)


def _attached(guarded: schema.Guarded) -> Iterator[tuple[str, int]]:
    """How many policies of each type are on one target, AWS's own included."""
    counts = Counter(name.partition("/")[0] for name in guarded.policies)
    for folder, count in counts.items():
        own = (folder == SCP.folder and guarded.full_aws_access) or folder == RCP.folder
        yield f"{folder}_attached", count + own


def _size(document: object) -> int:
    return len(minify(insert(document, {"at": "@"})))
