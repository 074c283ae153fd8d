"""Reads the packs of a manifest's directory, with every problem of their files and documents at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from orgctl.diagnostics import Diagnostic, Position, Severity, in_order
from orgctl.manifest import LoadedManifest
from orgctl.manifest.packs import FOLDER, pack_file, pack_names
from orgctl.packs import codes
from orgctl.packs.documents import load_documents
from orgctl.packs.pack import Pack
from orgctl.packs.reading import read_pack
from orgctl.packs.setting import setting_of
from orgctl.rules.rule import Rule
from orgctl.source import read_parsed


def load_packs(
    loaded: LoadedManifest, rules: Sequence[Rule], today: date | None = None
) -> tuple[tuple[Pack, ...], tuple[Diagnostic, ...]]:
    """The packs that have a file, by name, without those with an error in them, and the problems of all.

    With `today`, waivers whose last day is before it are errors. Raises nothing.
    """
    documents = load_documents(loaded.directory)
    setting = setting_of(loaded, tuple(rules), documents.found, documents.broken, today)
    packs: list[Pack] = []
    found = [*documents.problems, *_other_files(loaded.directory)]
    for name in pack_names(loaded.directory):
        parsed = read_parsed(loaded.directory / pack_file(name), name=pack_file(name))
        found += parsed.problems
        if parsed.source:
            pack, problems = read_pack(setting, name, parsed.source)
            found += [*problems, *_unused(loaded, name)]
            packs += [pack] if pack and not parsed.problems else []
    return tuple(packs), in_order(found)


def _other_files(directory: Path) -> Iterator[Diagnostic]:
    for path in sorted((directory / FOLDER).glob("*")):
        if path.suffix in (".yml", ".json") and not path.name.startswith("."):
            file = f"{FOLDER}/{path.name}"
            hint = f"rename it to `{path.stem}.yaml`"
            yield Diagnostic(codes.SUFFIX, f"`{file}` is not taken for a pack", Position(file), hint, Severity.WARNING)


def _unused(loaded: LoadedManifest, name: str) -> Iterator[Diagnostic]:
    config = loaded.manifest.config
    if config and config.packs is not None and name not in config.packs:
        message = f"the pack `{name}` is deployed nowhere"
        hint = "add it to `config.packs` of the manifest, or delete the file"
        yield Diagnostic(codes.NOT_DEPLOYED, message, Position(pack_file(name)), hint, Severity.WARNING)
