"""References to accounts: what is named is there, and fit for what it is named for."""

from __future__ import annotations

from collections.abc import Iterator

from orgctl.diagnostics import Diagnostic, Position
from orgctl.manifest import codes
from orgctl.manifest.loaded import LoadedManifest
from orgctl.manifest.nearest import did_you_mean
from orgctl.source import Place

_ACCOUNT = "account.amazonaws.com"


def account_references(loaded: LoadedManifest) -> Iterator[Diagnostic]:
    """Delegated administrators, the trail's bucket and AWS Config name accounts of the manifest that stay open."""
    for key, place in _references(loaded):
        entry = loaded.account_by_key.get(key)
        position = loaded.source.at(place)
        if entry is None:
            hint = did_you_mean(key, loaded.account_by_key, "accounts are named by their key in the manifest")
            yield Diagnostic(codes.UNKNOWN_ACCOUNT, f"there is no account `{key}`", position, hint)
        elif entry.account.state == "closed":
            hint = "name another account here before this one is closed"
            yield Diagnostic(codes.CLOSED_ACCOUNT_IN_USE, f"the account `{key}` is closed", position, hint)
        elif place[0] != "trail" and entry.account.id == loaded.manifest.organization.management_account:
            yield _management(key, position)


def _references(loaded: LoadedManifest) -> Iterator[tuple[str, Place]]:
    for service, keys in loaded.manifest.organization.delegated_administrators.items():
        for index, key in enumerate(keys):
            yield key, ("organization", "delegated_administrators", service, index)
    if loaded.manifest.trail:
        yield loaded.manifest.trail.bucket.account, ("trail", "bucket", "account")
    if loaded.manifest.config:
        yield loaded.manifest.config.administrator, ("config", "administrator")


def _management(key: str, position: Position) -> Diagnostic:
    message = f"the management account `{key}` cannot be a delegated administrator"
    return Diagnostic(codes.MANAGEMENT_IS_ADMINISTRATOR, message, position, "name a member account")


def contacts_trusted(loaded: LoadedManifest) -> Iterator[Diagnostic]:
    """Report the first member account whose contacts cannot be set for want of trusted access.

    Source: "Enabling trusted access for AWS Account Management" (AWS Account Management Reference Guide).
    """
    organization = loaded.manifest.organization
    members = (entry for entry in loaded.accounts if entry.account.id != organization.management_account)
    entry = next((entry for entry in members if entry.account.contacts), None)
    if entry and _ACCOUNT not in organization.trusted_access:
        message = f"contacts of member accounts need trusted access for `{_ACCOUNT}`"
        hint = f"add `{_ACCOUNT}` to `organization.trusted_access`"
        position = entry.source.key_at((*entry.place, "contacts"))
        yield Diagnostic(codes.TRUSTED_ACCESS_MISSING, message, position, hint)
