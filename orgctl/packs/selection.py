"""Which accounts a pack is for: OUs and accounts, and what is left out of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from orgctl.manifest import LoadedManifest
from orgctl.manifest.nearest import did_you_mean
from orgctl.model.address import UnitPath, account_address, parse_path, unit_address
from orgctl.packs import codes
from orgctl.packs.findings import Findings
from orgctl.packs.schema import PackFile
from orgctl.source import Place


@dataclass(frozen=True, slots=True)
class Selection:
    """`targets` and `exclude` are addresses (no target: all), `accounts` the names of what is left of them."""

    targets: tuple[str, ...]
    exclude: tuple[str, ...]
    accounts: tuple[str, ...]
    excluded: tuple[str, ...]


def select(loaded: LoadedManifest, file: PackFile, findings: Findings) -> Selection:
    """Resolve a pack's `targets` and `exclude`. Closed accounts are neither in nor out: AWS Config leaves them."""
    targets = addresses(loaded, file.targets or (), ("targets",), findings, codes.UNKNOWN_TARGET)
    exclude = addresses(loaded, file.exclude or (), ("exclude",), findings, codes.UNKNOWN_ACCOUNT)
    active = {entry.key: entry.parent for entry in loaded.accounts if entry.account.state == "active"}
    chosen = [
        key
        for key, parent in active.items()
        if (file.targets is None or _among(key, parent, targets)) and not _among(key, parent, exclude)
    ]
    if not chosen and not findings.failed:
        place: Place = ("targets",) if file.targets else ("exclude",)
        findings.add(codes.NOTHING_TARGETED, "the pack is for no account", place, "name an OU with accounts below it")
    return Selection(targets, exclude, tuple(chosen), tuple(key for key in active if key not in chosen))


def addresses(
    loaded: LoadedManifest, names: Sequence[str], place: Place, findings: Findings, code: str
) -> tuple[str, ...]:
    """The addresses of OUs and accounts; those that are not there are reported, one by one."""
    found = ((index, name, address_of(loaded, name)) for index, name in enumerate(names))
    known: list[str] = []
    for index, name, address in found:
        if address:
            known.append(address)
        else:
            findings.add(code, f"there is no {_kind(name)} `{name}`", (*place, index), nearest_name(loaded, name))
    return tuple(dict.fromkeys(known))


def address_of(loaded: LoadedManifest, name: str) -> str | None:
    """`ou:/Workloads` as it is, `account:shop-prod` for an account's name, None for anything else."""
    if not name.startswith("ou:"):
        return account_address(name) if name in loaded.account_by_key else None
    try:
        path = parse_path(name.removeprefix("ou:"))
    except ValueError:
        return None
    return unit_address(path) if path in loaded.unit_by_path else None


def nearest_name(loaded: LoadedManifest, name: str) -> str:
    """A hint for a name that there is not."""
    known = [entry.address for entry in loaded.units] if name.startswith("ou:") else loaded.account_by_key
    return did_you_mean(name, known, "write an account's name in the manifest, or an OU: `ou:/Workloads`")


def _kind(name: str) -> str:
    return "OU" if name.startswith("ou:") else "account"


def _among(key: str, parent: UnitPath, wanted: Sequence[str]) -> bool:
    return account_address(key) in wanted or any(address in wanted for address in _units_above(parent))


def _units_above(parent: UnitPath) -> Iterator[str]:
    yield from (unit_address(parent[:depth]) for depth in range(len(parent) + 1))


def covers(loaded: LoadedManifest, address: str, key: str) -> bool:
    """Whether the account `key` is the one at `address`, or below the OU there."""
    return _among(key, loaded.account_by_key[key].parent, (address,))
