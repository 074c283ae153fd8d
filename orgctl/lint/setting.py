"""`Setting`: the organization that a policy is linted in, as far as the manifest tells."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from orgctl.diagnostics import Position
from orgctl.manifest import AccountEntry, LoadedManifest, UnitEntry
from orgctl.model.limits import Limits


@dataclass(frozen=True, slots=True)
class Target:
    """Where a policy is attached.

    `position` is its line in the manifest. `only_management`: the management account is the only account there.
    `with_full_access`: AWS's own FullAWSAccess stays attached beside it.
    """

    name: str
    position: Position
    only_management: bool
    with_full_access: bool


@dataclass(frozen=True, slots=True)
class Setting:
    """What checks may ask about the organization; without a manifest, nothing is known.

    `protected_roles` are ARN patterns of the roles that must go on working. `accounts` are the ids that the manifest
    declares, `targets` the places where policies are attached, by the policy's name.
    """

    has_manifest: bool = False
    management_account: str | None = None
    accounts: frozenset[str] = frozenset()
    protected_roles: tuple[str, ...] = ()
    limits: Limits = field(default_factory=Limits)
    targets: Mapping[str, tuple[Target, ...]] = field(default_factory=dict)


def setting_of(loaded: LoadedManifest) -> Setting:
    """What a manifest tells."""
    organization = loaded.manifest.organization
    return Setting(
        has_manifest=True,
        management_account=organization.management_account,
        accounts=frozenset(entry.account.id for entry in loaded.accounts if entry.account.id),
        protected_roles=(f"arn:*:iam::*:role/{organization.access_role}", *organization.protected_roles),
        limits=loaded.limits,
        targets=_targets(loaded),
    )


def _targets(loaded: LoadedManifest) -> Mapping[str, tuple[Target, ...]]:
    alone = _units_of_management_alone(loaded)
    targets: dict[str, list[Target]] = defaultdict(list)
    for entry in loaded.targets:
        for index, policy in enumerate(entry.declared.policies):
            position = entry.source.at((*entry.place, "policies", index))
            only = _is_management(loaded, entry) or (isinstance(entry, UnitEntry) and entry.path in alone)
            targets[policy].append(Target(_name(entry), position, only, entry.declared.full_aws_access))
    return {policy: tuple(found) for policy, found in targets.items()}


def _name(entry: UnitEntry | AccountEntry) -> str:
    if isinstance(entry, AccountEntry):
        return entry.key
    return f"/{'/'.join(entry.path)}" if entry.path else "the root"


def _is_management(loaded: LoadedManifest, entry: UnitEntry | AccountEntry) -> bool:
    return isinstance(entry, AccountEntry) and entry.account.id == loaded.manifest.organization.management_account


def _units_of_management_alone(loaded: LoadedManifest) -> frozenset[tuple[str, ...]]:
    """The OUs below which there is one account, the management account."""
    management = next((entry for entry in loaded.accounts if _is_management(loaded, entry)), None)
    if management is None:
        return frozenset()
    others = {path for entry in loaded.accounts if entry is not management for path in _above(entry.parent)}
    return frozenset(_above(management.parent)) - others


def _above(path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    yield from (path[:length] for length in range(len(path) + 1))
