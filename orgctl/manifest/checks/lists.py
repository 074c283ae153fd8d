"""Lists that are sets: nothing stands in them twice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from orgctl.diagnostics import Diagnostic
from orgctl.manifest import codes
from orgctl.manifest.loaded import LoadedManifest
from orgctl.source import Place, Source


def listed_twice(loaded: LoadedManifest) -> Iterator[Diagnostic]:
    """Policies of a target, regions, policy types, services, administrators and packs are listed once."""
    organization = loaded.manifest.organization
    top: Place = ("organization",)
    for key in ("regions", "policy_types", "disabled_policy_types", "trusted_access"):
        yield from _twice(getattr(organization, key), loaded.source, (*top, key))
    for service, keys in organization.delegated_administrators.items():
        yield from _twice(keys, loaded.source, (*top, "delegated_administrators", service))
    config = loaded.manifest.config
    yield from _twice((config and config.regions) or (), loaded.source, ("config", "regions"))
    yield from _twice((config and config.packs) or (), loaded.source, ("config", "packs"))
    for unit in loaded.units:
        yield from _twice(unit.unit.policies, unit.source, (*unit.place, "policies"))
    for account in loaded.accounts:
        yield from _twice(account.account.policies, account.source, (*account.place, "policies"))


def _twice(items: Sequence[str], source: Source, place: Place) -> Iterator[Diagnostic]:
    if len(items) == len(set(items)):
        return
    seen: set[str] = set()
    for index, item in enumerate(items):
        if item in seen:
            message = f"`{item}` is listed twice in `{place[-1]}`"
            yield Diagnostic(codes.LISTED_TWICE, message, source.at((*place, index)), "take one of the two out")
        seen.add(item)
