"""Where conformance packs are written: `conformance_packs/<pack>.yaml`. What stands in them is for `orgctl.packs`."""

from __future__ import annotations

from pathlib import Path

FOLDER = "conformance_packs"


def pack_file(name: str) -> str:
    """The file of a pack, relative to the manifest's directory."""
    return f"{FOLDER}/{name}.yaml"


def pack_names(directory: Path) -> tuple[str, ...]:
    """The names of all packs that have a file in a manifest's directory, in order. Files below folders are no packs."""
    found = (directory / FOLDER).glob("*.yaml")
    return tuple(sorted(path.stem for path in found if not path.name.startswith(".") and path.is_file()))
