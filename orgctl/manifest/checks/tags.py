"""Tags: no reserved prefix, characters that AWS accepts, and not too many of them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import cache

from orgctl.diagnostics import Diagnostic
from orgctl.manifest import codes
from orgctl.manifest.loaded import LoadedManifest
from orgctl.manifest.schema import Tags
from orgctl.source import Place, Source

_RESERVED = {"aws:": "AWS keeps that prefix to itself", "orgctl:": "orgctl marks with it what it owns"}
_PUNCTUATION = frozenset("_.:/=+-@")


def tags(loaded: LoadedManifest) -> Iterator[Diagnostic]:
    """Check the tags of everything that has them. Our own ownership tag takes a slot too."""
    limit = loaded.limits.quota("tags")
    for declared, source, place in _tagged(loaded):
        if limit is not None and len(declared) + 1 > limit:
            message = f"there are {len(declared)} tags here, and orgctl's own; {limit} is the most"
            yield Diagnostic(codes.TOO_MANY_TAGS, message, source.key_at(place), "take some out")
        for key, value in declared.items():
            yield from _check(key, value, source, (*place, key))


def _tagged(loaded: LoadedManifest) -> Iterator[tuple[Tags, Source, Place]]:
    for unit in loaded.units:
        if unit.unit.tags:
            yield unit.unit.tags, unit.source, (*unit.place, "tags")
    for account in loaded.accounts:
        if account.account.tags:
            yield account.account.tags, account.source, (*account.place, "tags")
    for name, options in loaded.manifest.policies.items():
        if options.tags:
            yield options.tags, loaded.source, ("policies", name, "tags")
    trail = loaded.manifest.trail
    if trail and trail.tags:
        yield trail.tags, loaded.source, ("trail", "tags")
    if trail and trail.bucket.tags:
        yield trail.bucket.tags, loaded.source, ("trail", "bucket", "tags")


def _check(key: str, value: str, source: Source, place: Place) -> Iterator[Diagnostic]:
    for prefix, reason in _RESERVED.items():
        if key.lower().startswith(prefix):
            message = f"the tag `{key}` begins with `{prefix}`, which is reserved"
            yield Diagnostic(codes.RESERVED_TAG, message, source.key_at(place), reason)
    for text, position in ((key, source.key_at), (value, source.at)):
        refused = _refused(text)
        if refused:
            message = f"AWS does not accept `{refused}` in tags"
            hint = "letters, digits, spaces and `_.:/=+-@` are accepted"
            yield Diagnostic(codes.TAG_CHARACTERS, message, position(place), hint)


@cache
def _refused(text: str) -> str | None:
    r"""The first character outside of AWS's `[\p{L}\p{Z}\p{N}_.:/=+\-@]` (botocore, `TagKey`), or None."""
    allowed = (c in _PUNCTUATION or unicodedata.category(c)[0] in "LZN" for c in text)
    return next((c for c, fine in zip(text, allowed, strict=True) if not fine), None)
