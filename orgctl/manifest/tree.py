"""Merges a manifest and the files it includes into one tree, and lists it flat with the place of everything."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from orgctl.diagnostics import Diagnostic
from orgctl.manifest.includes import Includes
from orgctl.manifest.loaded import AccountEntry, UnitEntry
from orgctl.manifest.schema import Account, Manifest, Part, Root, Unit
from orgctl.manifest.shape import fit
from orgctl.model.address import ROOT, UnitPath
from orgctl.source import Place, Source, read_parsed


@dataclass(frozen=True, slots=True)
class Tree:
    """The merged root, the same flat, and what is wrong with the included files."""

    root: Root
    units: tuple[UnitEntry, ...]
    accounts: tuple[AccountEntry, ...]
    problems: tuple[Diagnostic, ...]


def gather(directory: Path, source: Source, manifest: Manifest) -> Tree:
    """The tree of `manifest`, which was read from `source`. `directory` is resolved, without symbolic links."""
    gatherer = _Gatherer(directory, Includes(directory))
    root = gatherer.unit(manifest.root, ROOT, source, ("root",))
    units = sorted(gatherer.units, key=lambda numbered: numbered[0])
    return Tree(
        root if isinstance(root, Root) else manifest.root,
        tuple(entry for _, entry in units),
        tuple(gatherer.accounts),
        (*gatherer.problems, *gatherer.includes.problems),
    )


@dataclass(slots=True)
class _Gatherer:
    directory: Path
    includes: Includes
    units: list[tuple[int, UnitEntry]] = field(default_factory=list)
    accounts: list[AccountEntry] = field(default_factory=list)
    problems: list[Diagnostic] = field(default_factory=list)
    _count: int = 0

    def unit(self, unit: Unit, path: UnitPath, source: Source, place: Place) -> Unit:
        """Note the unit and all below it; returns it with what its includes bring merged in."""
        self._count += 1
        number = self._count
        accounts: dict[str, Account] = {}
        units: dict[str, Unit] = {}
        self._contents(unit, (path, source, place), accounts, units)
        merged = unit.model_copy(update={"accounts": accounts, "units": units, "include": []})
        self.units.append((number, UnitEntry(path, merged, source, place)))
        return merged

    def _contents(
        self,
        holder: Unit | Part,
        at: tuple[UnitPath, Source, Place],
        accounts: dict[str, Account],
        units: dict[str, Unit],
    ) -> None:
        """Add what one file says about a unit. Of two of one name the first stays; the checks report the second."""
        path, source, place = at
        for key, account in holder.accounts.items():
            self.accounts.append(AccountEntry(key, account, path, source, (*place, "accounts", key)))
            accounts.setdefault(key, account)
        for name, child in holder.units.items():
            units.setdefault(name, self.unit(child, (*path, name), source, (*place, "units", name)))
        for index, pattern in enumerate(holder.include):
            position = source.at((*place, "include", index))
            for file in self.includes.files(pattern, source.file, position):
                self._include(file, path, accounts, units)

    def _include(self, file: str, path: UnitPath, accounts: dict[str, Account], units: dict[str, Unit]) -> None:
        parsed = read_parsed(self.directory / file, name=file)
        self.problems.extend(parsed.problems)
        if parsed.source is None:
            return
        part, problems = fit(parsed.source, Part)
        self.problems.extend(problems)
        self.includes.enter(file)
        self._contents(part, (path, parsed.source, ()), accounts, units)
        self.includes.leave()
