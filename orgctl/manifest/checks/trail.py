"""The trail and its bucket: the rules that are too much for a pattern."""

from __future__ import annotations

import re
from collections.abc import Iterator

from orgctl.diagnostics import Diagnostic
from orgctl.manifest import codes
from orgctl.manifest.loaded import LoadedManifest
from orgctl.source import Place

_ADDRESS = re.compile(r"\d+\.\d+\.\d+\.\d+\Z", re.ASCII)
_PREFIXES = ("xn--", "sthree-", "amzn-s3-demo-")
_SUFFIXES = ("-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3")


def trail(loaded: LoadedManifest) -> Iterator[Diagnostic]:
    """Names that S3 and CloudTrail accept, and a lifecycle that is in order."""
    for name, place in _buckets(loaded):
        reason = _refused_bucket(name)
        if reason:
            message, position = f"S3 does not accept the bucket name `{name}`: {reason}", loaded.source.at(place)
            yield Diagnostic(codes.BUCKET_NAME, message, position, "choose another name")
    declared = loaded.manifest.trail
    if declared is None:
        return
    if re.search(r"[._-]{2}", declared.name) or _ADDRESS.match(declared.name):
        message = f"CloudTrail does not accept the trail name `{declared.name}`"
        hint = "no two dots, hyphens or underscores in a row, and not the form of an IP address"
        yield Diagnostic(codes.TRAIL_NAME, message, loaded.source.at(("trail", "name")), hint)
    yield from _lifecycle(loaded)


def _buckets(loaded: LoadedManifest) -> Iterator[tuple[str, Place]]:
    if loaded.manifest.trail:
        yield loaded.manifest.trail.bucket.name, ("trail", "bucket", "name")
    if loaded.manifest.lock:
        yield loaded.manifest.lock.bucket, ("lock", "bucket")
    if loaded.manifest.config and loaded.manifest.config.bucket:
        yield loaded.manifest.config.bucket, ("config", "bucket")


def _refused_bucket(name: str) -> str | None:
    """Why S3 refuses the name ("General purpose buckets naming rules", Amazon S3 User Guide), or None."""
    if ".." in name:
        return "two dots in a row"
    if _ADDRESS.match(name):
        return "it has the form of an IP address"
    affix = next((p for p in _PREFIXES if name.startswith(p)), None) or next(
        (s for s in _SUFFIXES if name.endswith(s)), None
    )
    return f"`{affix}` is reserved" if affix else None


def _lifecycle(loaded: LoadedManifest) -> Iterator[Diagnostic]:
    lifecycle = loaded.manifest.trail.bucket.lifecycle if loaded.manifest.trail else None
    if not lifecycle or lifecycle.glacier_after_days is None or lifecycle.expire_after_days is None:
        return
    if lifecycle.expire_after_days <= lifecycle.glacier_after_days:
        message = f"objects would expire after {lifecycle.expire_after_days} days, before they move to Glacier"
        hint = f"let them expire after more than {lifecycle.glacier_after_days} days, or take one of the two out"
        position = loaded.source.at(("trail", "bucket", "lifecycle", "expire_after_days"))
        yield Diagnostic(codes.LIFECYCLE_ORDER, message, position, hint)
