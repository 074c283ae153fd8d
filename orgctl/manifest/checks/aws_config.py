"""AWS Config: its administrator is registered as one, it runs where the organization is, and its packs are written."""

from __future__ import annotations

from collections.abc import Iterator

from orgctl.diagnostics import Diagnostic
from orgctl.manifest import codes
from orgctl.manifest.loaded import LoadedManifest
from orgctl.manifest.nearest import did_you_mean
from orgctl.manifest.packs import FOLDER, pack_file, pack_names
from orgctl.model.partitions import KNOWN_REGIONS

SERVICES = ("config-multiaccountsetup.amazonaws.com", "config.amazonaws.com")
"""The first lets an account deploy organization conformance packs, the second have the organization's aggregator.

Source: "Organization-wide conformance packs" and "Register a delegated administrator" (AWS Config Developer Guide).
"""


def config_administrator(loaded: LoadedManifest) -> Iterator[Diagnostic]:
    """The administrator is registered for both service principals, and both are trusted."""
    config, organization = loaded.manifest.config, loaded.manifest.organization
    entry = loaded.account_by_key.get(config.administrator) if config else None
    if config is None or entry is None or entry.account.id == organization.management_account:
        return
    position = loaded.source.at(("config", "administrator"))
    untrusted = [service for service in SERVICES if service not in organization.trusted_access]
    if untrusted:
        message = f"AWS Config across the organization needs trusted access for {_and(untrusted)}"
        hint = f"add {_and(untrusted)} to `organization.trusted_access`"
        yield Diagnostic(codes.TRUSTED_ACCESS_MISSING, message, position, hint)
    key, delegated = config.administrator, organization.delegated_administrators
    missing = [service for service in SERVICES if key not in delegated.get(service, ())]
    if missing:
        message = f"the account `{key}` is not a delegated administrator for {_and(missing)}"
        lines = " and ".join(f"`{service}: {_list([*delegated.get(service, ()), key])}`" for service in missing)
        hint = f"write {lines} in `organization.delegated_administrators`"
        yield Diagnostic(codes.NOT_DELEGATED, message, position, hint)


def config_regions(loaded: LoadedManifest) -> Iterator[Diagnostic]:
    """AWS Config runs in regions of the organization's, and global resources are looked at in one of them."""
    config, organization = loaded.manifest.config, loaded.manifest.organization
    if config is None:
        return
    for index, region in enumerate(config.regions or ()):
        if region not in organization.regions:
            message = f"the region `{region}` is not among the organization's `regions`"
            otherwise = "add it to `organization.regions`, or take it out here"
            hint = otherwise if region in KNOWN_REGIONS else did_you_mean(region, organization.regions, otherwise)
            yield Diagnostic(codes.CONFIG_REGION, message, loaded.source.at(("config", "regions", index)), hint)
    chosen = config.global_region or organization.home_region
    if chosen not in (config.regions or organization.regions):
        what = "" if config.global_region else "the home region "
        message = f"rules on global resources are to run in {what}`{chosen}`, where AWS Config does not run"
        hint = f"add it to the regions, or write `global_region: {(config.regions or organization.regions)[0]}`"
        yield Diagnostic(codes.GLOBAL_REGION, message, loaded.source.at(("config", "global_region")), hint)


def packs_written(loaded: LoadedManifest) -> Iterator[Diagnostic]:
    """Every pack that is named has a file."""
    config = loaded.manifest.config
    known = pack_names(loaded.directory) if config and config.packs else ()
    for index, name in enumerate((config and config.packs) or ()):
        if name not in known:
            hint = did_you_mean(name, known, f"packs are written as `{FOLDER}/NAME.yaml`")
            message = f"there is no `{pack_file(name)}`"
            yield Diagnostic(codes.UNKNOWN_PACK, message, loaded.source.at(("config", "packs", index)), hint)


def _and(services: list[str]) -> str:
    return " and ".join(f"`{service}`" for service in services)


def _list(keys: list[str]) -> str:
    return f"[{', '.join(dict.fromkeys(keys))}]"
