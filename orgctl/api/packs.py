"""`packs list` and `packs build`: the conformance packs of a directory, and their templates."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from orgctl.diagnostics import Diagnostic, Severity, in_order
from orgctl.errors import InvalidInputError, OrgctlError
from orgctl.manifest import LoadedManifest, load
from orgctl.manifest.nearest import did_you_mean
from orgctl.manifest.packs import FOLDER, pack_names
from orgctl.packs import linting
from orgctl.packs.building import build_packs
from orgctl.packs.built import BuiltPack
from orgctl.packs.inventory import ListedPacks, WrittenPack
from orgctl.packs.limits import check_limits
from orgctl.packs.pack import Pack
from orgctl.packs.source import load_packs
from orgctl.rules.catalog import load_rules


def list_packs(directory: Path, today: date) -> ListedPacks:
    """Every pack of a directory. Raises InvalidInputError for a manifest that cannot be used."""
    loaded = load(directory)
    packs, problems = packs_of(loaded, today)
    return ListedPacks(packs, frozenset((loaded.manifest.config and loaded.manifest.config.packs) or ()), problems)


def packs_of(loaded: LoadedManifest, today: date | None) -> tuple[tuple[Pack, ...], tuple[Diagnostic, ...]]:
    """The packs that are in order, and every problem of packs, documents and rules. `today` as in `load_packs`."""
    rules, broken = load_rules(loaded.directory)
    packs, problems = load_packs(loaded, rules, today)
    return packs, in_order([*broken, *problems, *check_limits(loaded, packs)])


def write_packs(directory: Path, names: Sequence[str], out: Path, today: date) -> tuple[WrittenPack, ...]:
    """Write `NAME.REGION.json` for each pack (or those called `names`) into the folder `out`, which is made.

    Where cfn-lint is installed, it is asked too. Raises InvalidInputError for a pack that there is not, and for errors;
    OrgctlError if `out` cannot be written.
    """
    loaded = load(directory)
    there = pack_names(loaded.directory)
    for name in names:
        if name not in there:
            hint = did_you_mean(name, there, f"packs are written as `{FOLDER}/NAME.yaml`")
            raise InvalidInputError(f"there is no pack `{name}`", hint=hint)
    packs, problems = packs_of(loaded, today)
    _refuse(problems)
    chosen = {pack.name: pack for pack in packs if not names or pack.name in names}
    built = build_packs(chosen.values())
    _refuse(lint_packs(chosen.values(), built))
    return tuple(_write(chosen[each.name], each, out) for each in built)


def lint_packs(packs: Iterable[Pack], built: Iterable[BuiltPack]) -> tuple[Diagnostic, ...]:
    """What cfn-lint objects to; nothing where it is not installed. What two regions have in common is said once."""
    by_name = {pack.name: pack for pack in packs}
    found = (problem for each in built for problem in linting.lint(by_name[each.name], each))
    return in_order(list(found)) if linting.installed() else ()


def _refuse(problems: Iterable[Diagnostic]) -> None:
    errors = tuple(problem for problem in problems if problem.severity is Severity.ERROR)
    if errors:
        what = "1 problem" if len(errors) == 1 else f"{len(errors)} problems"
        raise InvalidInputError(f"the packs have {what}", diagnostics=errors)


def _write(pack: Pack, built: BuiltPack, out: Path) -> WrittenPack:
    """Write one template beside its place, then move it there: nobody reads half of one."""
    path, data = out / f"{built.name}.{built.region}.json", built.template.encode()
    try:
        out.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=out, prefix=f".{path.name}.")
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except OSError as error:
        reason = (error.strerror or "it cannot be written").lower()
        raise OrgctlError(f"`{path}` cannot be written: {reason}", hint="name another folder with `--out`") from error
    return WrittenPack(pack, built, path, len(data))
