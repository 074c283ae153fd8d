"""Regions: known, of one partition, and the home region among them."""

from __future__ import annotations

from collections.abc import Iterator

from orgctl.diagnostics import Diagnostic, Severity
from orgctl.manifest import codes
from orgctl.manifest.loaded import LoadedManifest
from orgctl.manifest.nearest import did_you_mean
from orgctl.manifest.schema import Athena
from orgctl.model.partitions import KNOWN_REGIONS, partition_of
from orgctl.source import Place


def regions(loaded: LoadedManifest) -> Iterator[Diagnostic]:
    """Warn of regions that orgctl does not know; refuse regions of two partitions."""
    organization = loaded.manifest.organization
    places: list[tuple[str, Place]] = [(organization.home_region, ("organization", "home_region"))]
    places += [(name, ("organization", "regions", index)) for index, name in enumerate(organization.regions)]
    if loaded.manifest.lock and loaded.manifest.lock.region:
        places.append((loaded.manifest.lock.region, ("lock", "region")))
    athena = loaded.manifest.trail and loaded.manifest.trail.athena
    if isinstance(athena, Athena):
        places += [(name, ("trail", "athena", "regions", index)) for index, name in enumerate(athena.regions or ())]
    partition = partition_of(organization.home_region)
    for name, place in places:
        position = loaded.source.at(place)
        if name not in KNOWN_REGIONS:
            hint = did_you_mean(name, KNOWN_REGIONS, "if AWS has opened it lately, all is well")
            message = f"the region `{name}` is not known to orgctl"
            yield Diagnostic(codes.UNKNOWN_REGION, message, position, hint, Severity.WARNING)
        elif partition_of(name) is not partition:
            message = f"the region `{name}` is not in the home region's partition `{partition.name}`"
            yield Diagnostic(codes.MIXED_PARTITIONS, message, position, "an organization lives in one partition")
    yield from _home(loaded)


def _home(loaded: LoadedManifest) -> Iterator[Diagnostic]:
    organization = loaded.manifest.organization
    written = loaded.source.get(("organization", "regions"))
    if isinstance(written, list) and written and organization.home_region not in written:
        message = f"the home region `{organization.home_region}` is not among the `regions`"
        hint = "a policy that allows only @{regions} would deny work in it; add it to the list"
        position = loaded.source.at(("organization", "home_region"))
        yield Diagnostic(codes.HOME_REGION_UNUSED, message, position, hint, Severity.WARNING)
