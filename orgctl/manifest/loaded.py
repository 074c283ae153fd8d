"""`LoadedManifest`: the manifest with all its files merged, the policies it names, and where everything was written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from orgctl.diagnostics import Diagnostic, Position
from orgctl.manifest.schema import Account, Athena, Guarded, Manifest, Unit
from orgctl.model.address import UnitPath, account_address, attachment_address, policy_address, unit_address
from orgctl.model.limits import Limits
from orgctl.model.query_resources import database_address
from orgctl.model.trail_queries import copies_of
from orgctl.source import Place, Source

MANIFEST = "organization.yaml"


@dataclass(frozen=True, slots=True)
class UnitEntry:
    """An OU (or with the path `()` the root) where it is written. `unit` has the included accounts and OUs in it."""

    path: UnitPath
    unit: Unit
    source: Source
    place: Place

    @property
    def address(self) -> str:
        """`ou:/Workloads/Prod`."""
        return unit_address(self.path)

    @property
    def declared(self) -> Guarded:
        """What is declared for it as for any target."""
        return self.unit


@dataclass(frozen=True, slots=True)
class AccountEntry:
    """An account where it is written. `key` is its name in the manifest, `parent` the OU it is in."""

    key: str
    account: Account
    parent: UnitPath
    source: Source
    place: Place

    @property
    def address(self) -> str:
        """`account:shop-prod`."""
        return account_address(self.key)

    @property
    def declared(self) -> Guarded:
        """What is declared for it as for any target."""
        return self.account

    @property
    def position(self) -> Position:
        """Where its key stands."""
        return self.source.key_at(self.place)


@dataclass(frozen=True, slots=True)
class PolicyFile:
    """A policy file. `name` is `scp/region-lock`, `document` the object as written, placeholders still in it."""

    name: str
    path: Path
    source: Source
    document: dict[str, object]

    @property
    def folder(self) -> str:
        """The folder of its type: `scp`."""
        return self.name.partition("/")[0]


@dataclass(frozen=True)
class LoadedManifest:
    """Everything that the user's directory says.

    `manifest` is one tree, includes merged into it. `accounts` and `units` list the same tree flat, in the order in
    which it is written, parents first. `policies` are by name; `broken_policies` names those whose file cannot be used
    (never any in what `load` returns). `delegation_policy` is the file that
    `organization.delegation_policy` names. `warnings` are the problems that stop nothing.
    """

    directory: Path
    manifest: Manifest
    source: Source
    units: tuple[UnitEntry, ...]
    accounts: tuple[AccountEntry, ...]
    policies: Mapping[str, PolicyFile]
    broken_policies: frozenset[str]
    delegation_policy: PolicyFile | None
    limits: Limits
    warnings: tuple[Diagnostic, ...] = field(default=())

    @cached_property
    def targets(self) -> tuple[UnitEntry | AccountEntry, ...]:
        """Everything that policies are attached to."""
        return (*self.units, *self.accounts)

    @cached_property
    def account_by_key(self) -> Mapping[str, AccountEntry]:
        """Accounts by their name in the manifest; of two with one name, the first."""
        return {entry.key: entry for entry in reversed(self.accounts)}

    @cached_property
    def unit_by_path(self) -> Mapping[UnitPath, UnitEntry]:
        """OUs by path, the root at `()`."""
        return {entry.path: entry for entry in reversed(self.units)}

    def position_of(self, address: str) -> Position:
        """Where the thing at an address (`account:x`, `ou:/A`, `scp/x@ou:/A`, `trail:t`, …) is written.

        The manifest as a whole for what is written nowhere.
        """
        found = self._positions.get(address)
        if found is None:
            return Position(self.source.file)
        source, place = found
        return source.key_at(place) if place else source.at(place)

    @cached_property
    def _positions(self) -> Mapping[str, tuple[Source, Place]]:
        positions: dict[str, tuple[Source, Place]] = dict(self._single_positions())
        for policy in self.policies.values():
            positions[policy_address(policy.name)] = (policy.source, ())
        for entry in self.targets:
            positions[entry.address] = (entry.source, entry.place)
            for index, policy_name in enumerate(entry.declared.policies):
                address = attachment_address(policy_name, entry.address)
                positions[address] = (entry.source, (*entry.place, "policies", index))
        return positions

    def _single_positions(self) -> list[tuple[str, tuple[Source, Place]]]:
        organization, source = self.manifest.organization, self.source
        top: Place = ("organization",)
        found: list[tuple[str, Place]] = [("organization", top), ("delegation-policy", (*top, "delegation_policy"))]
        for index, name in enumerate(organization.policy_types):
            found.append((f"policy-type:{name}", (*top, "policy_types", index)))
        for index, service in enumerate(organization.trusted_access):
            found.append((f"trusted-access:{service}", (*top, "trusted_access", index)))
        for service, keys in organization.delegated_administrators.items():
            for index, key in enumerate(keys):
                place = (*top, "delegated_administrators", service, index)
                found.append((f"delegated-administrator:{service}@{account_address(key)}", place))
        if self.manifest.trail:
            found.append((f"trail:{self.manifest.trail.name}", ("trail",)))
            found.append((f"bucket:{self.manifest.trail.bucket.name}", ("trail", "bucket")))
        found += [(address, ("trail", "athena")) for address in self._queried()]
        return [(address, (source, place)) for address, place in found]

    def _queried(self) -> tuple[str, ...]:
        """The addresses of what the trail is queried by; none where Athena is not mentioned."""
        said = self.manifest.trail.athena if self.manifest.trail else None
        if said is None:
            return ()
        athena = Athena() if isinstance(said, bool) else said
        tables = (f"table:{athena.database}.{name}" for name in (athena.table, copies_of(athena.table)))
        return database_address(athena.database), *tables, f"workgroup:{athena.workgroup}"
