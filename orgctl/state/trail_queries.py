"""How the manifest has its trail queried: `trail.athena`, with a value for everything that it does not say."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from orgctl.manifest import schema
from orgctl.manifest.insertion import insert
from orgctl.manifest.loaded import LoadedManifest
from orgctl.manifest.values import known_values
from orgctl.model.address import account_address
from orgctl.model.partitions import Partition, partition_of
from orgctl.model.trail_queries import FIRST_DAY, GIGABYTE, RESULTS_DAYS, RESULTS_PREFIX, TrailQueries


def trail_queries(loaded: LoadedManifest, ids: Mapping[str, str]) -> TrailQueries | None:
    """Where and how the manifest's trail is queried; None if it has no trail, or none that is to be queried.

    `ids` is that of `desired`; it gives `organization.id`, where the manifest does not.
    """
    athena = athena_of(loaded.manifest)
    return named_queries(loaded, ids) if athena and athena.enabled else None


def named_queries(loaded: LoadedManifest, ids: Mapping[str, str]) -> TrailQueries | None:
    """The same where it is to be taken away, too; None only where Athena is left alone."""
    trail, athena = loaded.manifest.trail, athena_of(loaded.manifest)
    if trail is None or athena is None:
        return None
    home_region = loaded.manifest.organization.home_region
    partition = partition_of(home_region)
    return TrailQueries(
        account=account_address(trail.bucket.account),
        region=home_region,
        partition=partition.name,
        database=athena.database,
        table=athena.table,
        workgroup=athena.workgroup,
        results=_folder(athena.results or f"s3://{trail.bucket.name}/{RESULTS_PREFIX}"),
        scan_limit=athena.scan_limit_gb * GIGABYTE,
        bucket=trail.bucket.name,
        organization=str(insert("@{organization.id}", {**known_values(loaded), **ids})),
        regions=_regions(athena, partition, loaded.manifest.organization.regions),
        prefix=trail.prefix,
        since=date.fromisoformat(athena.since) if athena.since else FIRST_DAY,
        results_key=athena.kms_key,
        trail_key=trail.kms_key,
    )


def athena_of(manifest: schema.Manifest) -> schema.Athena | None:
    """What the manifest says of Athena, `true` and `false` written out; None: it is to be left alone."""
    said = manifest.trail.athena if manifest.trail else None
    return schema.Athena(enabled=said) if isinstance(said, bool) else said


def results_lifecycle(manifest: schema.Manifest) -> dict[str, int]:
    """When results go from the trail's bucket, if that is where they are put, or were until Athena was switched off."""
    athena = athena_of(manifest)
    return {"results": RESULTS_DAYS} if athena is not None and athena.results is None else {}


def _folder(place: str) -> str:
    return place if place.endswith("/") else f"{place}/"


def _regions(athena: schema.Athena, partition: Partition, used: list[str]) -> tuple[str, ...]:
    """Those declared, or all of the partition: what is done outside of the regions in use is worth knowing above all.

    A region in use that orgctl does not know yet is among them.
    """
    return tuple(sorted(set(athena.regions or (*partition.regions, *used))))
