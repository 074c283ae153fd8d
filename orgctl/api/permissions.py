"""`permissions`: what the IAM policies of a manifest's organization are narrowed to."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from orgctl.aws.permissions import Names
from orgctl.manifest import LoadedManifest, load
from orgctl.manifest.schema import Trail
from orgctl.model.partitions import partition_of
from orgctl.replay.ingest.sources import SCHEME
from orgctl.state.trail_queries import named_queries


def names_for(directory: Path) -> Names:
    """The names in the manifest of `directory`; the account of the bucket is `*` while only AWS knows its id.

    Raises InvalidInputError if the manifest cannot be used.
    """
    return names_of(load(directory))


def names_of(loaded: LoadedManifest) -> Names:
    """The names in a manifest that is loaded."""
    organization, trail, lock = loaded.manifest.organization, loaded.manifest.trail, loaded.manifest.lock
    replayed = loaded.manifest.replay.events if loaded.manifest.replay else ()
    names = Names(
        organization.management_account,
        partition_of(organization.home_region).name,
        organization.access_role,
        trail=trail.name if trail else None,
        bucket=trail.bucket.name if trail else None,
        bucket_account=(loaded.account_by_key[trail.bucket.account].account.id or "*") if trail else "*",
    )
    names = replace(
        names,
        queries=named_queries(loaded, {}),
        events=tuple(place.removeprefix(SCHEME) for place in replayed if place.startswith(SCHEME)),
        log_files=_log_files(trail) if trail else None,
        log_key=trail.kms_key if trail else None,
    )
    if loaded.manifest.config:
        config = loaded.manifest.config
        names = replace(
            names,
            config_account=loaded.account_by_key[config.administrator].account.id or "*",
            evaluation_role=config.evaluation_role,
            template_bucket=config.bucket,
            recorders=config.check_recorders and bool(config.packs),
        )
    return replace(names, lock_bucket=lock.bucket, lock_key=lock.key) if lock else names


def _log_files(trail: Trail) -> str:
    return "/".join(filter(None, (trail.bucket.name, trail.prefix, "AWSLogs/")))
