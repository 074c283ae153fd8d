"""How many and how deep: OUs, accounts, policies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from orgctl.diagnostics import Diagnostic, Position
from orgctl.manifest import codes
from orgctl.manifest.loaded import LoadedManifest


def unit_depth(loaded: LoadedManifest) -> Iterator[Diagnostic]:
    """No OU is deeper than AWS accepts; only the first that is too deep is reported on each path."""
    limit = loaded.limits.quota("ou_depth")
    if limit is None:
        return
    for entry in loaded.units:
        if len(entry.path) == limit + 1:
            message = f"the OU `{entry.path[-1]}` is at depth {len(entry.path)}; {limit} below the root is the most"
            yield Diagnostic(codes.TOO_DEEP, message, entry.source.key_at(entry.place), "move it further up")


def counts(loaded: LoadedManifest) -> Iterator[Diagnostic]:
    """There are no more OUs, open accounts and policies of a type than AWS accepts."""
    accounts = sum(entry.account.state != "closed" for entry in loaded.accounts)
    top = loaded.source.key_at(("root",))
    yield from _more(loaded, "ous", len(loaded.units) - 1, "OUs", top)
    yield from _more(loaded, "accounts", accounts, "accounts", top)
    for folder, count in Counter(policy.folder for policy in loaded.policies.values()).items():
        place = Position(f"policies/{folder}")
        yield from _more(loaded, f"{folder}_count", count, f"`{folder}` policies", place)


def _more(loaded: LoadedManifest, quota: str, count: int, what: str, position: Position) -> Iterator[Diagnostic]:
    limit = loaded.limits.quota(quota)
    if limit is not None and count > limit:
        message = f"there are {count} {what}; {limit} is the most"
        hint = f"if AWS allows you more, set `limits.quotas.{quota}`"
        yield Diagnostic(codes.TOO_MANY, message, position, hint)
