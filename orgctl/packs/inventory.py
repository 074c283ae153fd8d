"""What the commands say of packs: `ListedPacks` of those that are written, `WrittenPack` of a template."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from orgctl.diagnostics import Diagnostic
from orgctl.packs.built import BuiltPack
from orgctl.packs.pack import Pack


@dataclass(frozen=True, slots=True)
class ListedPacks:
    """The packs that are in order, which of them the manifest deploys, and what is wrong with all."""

    packs: tuple[Pack, ...]
    deployed: frozenset[str]
    problems: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class WrittenPack:
    """A pack's template in one region, and the file that it was written to. `size` is in bytes."""

    pack: Pack
    built: BuiltPack
    file: Path
    size: int
