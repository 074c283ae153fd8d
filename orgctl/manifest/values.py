"""The values that a manifest offers to its policies, by the names that `insertion` knows them by."""

from __future__ import annotations

from orgctl.manifest.insertion import Values
from orgctl.manifest.loaded import LoadedManifest
from orgctl.model.partitions import partition_of

_LONGEST_ORGANIZATION_ID = "o-" + "x" * 32
_ACCOUNT_ID = "0" * 12


def known_values(loaded: LoadedManifest) -> Values:
    """What the manifest says itself: ids of accounts that declare one, and everything else but undeclared ids."""
    organization = loaded.manifest.organization
    values: dict[str, str | list[str]] = {
        "organization.management_account": organization.management_account,
        "regions": organization.regions,
        "home_region": organization.home_region,
        "partition": partition_of(organization.home_region).name,
        "at": "@",
    }
    if organization.id:
        values["organization.id"] = organization.id
    values |= {f"parameters.{name}": value for name, value in loaded.manifest.parameters.items()}
    values |= {f"accounts.{entry.key}": entry.account.id for entry in loaded.accounts if entry.account.id}
    return values


def sized_values(loaded: LoadedManifest) -> Values:
    """A value for every name, of the right length: for counting characters before AWS has given the ids."""
    unknown: dict[str, str | list[str]] = {f"accounts.{entry.key}": _ACCOUNT_ID for entry in loaded.accounts}
    return {**unknown, "organization.id": _LONGEST_ORGANIZATION_ID, **known_values(loaded)}
