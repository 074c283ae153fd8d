"""OUs: the names below one parent differ."""

from __future__ import annotations

from collections.abc import Iterator

from orgctl.diagnostics import Diagnostic
from orgctl.manifest import codes
from orgctl.manifest.loaded import LoadedManifest, UnitEntry
from orgctl.model.address import UnitPath


def unique_units(loaded: LoadedManifest) -> Iterator[Diagnostic]:
    """No two OUs of one parent have one name; in one file YAML sees to it, across files this does."""
    first: dict[UnitPath, UnitEntry] = {}
    for entry in loaded.units:
        if first.setdefault(entry.path, entry) is not entry:
            there = first[entry.path].source.key_at(first[entry.path].place)
            hint = f"it is first declared at {there}; put what belongs to it there, or under `include` of it"
            message = f"the OU `{entry.path[-1]}` is declared twice below one parent"
            yield Diagnostic(codes.DUPLICATE_UNIT, message, entry.source.key_at(entry.place), hint)
