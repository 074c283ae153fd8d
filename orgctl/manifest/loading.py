"""From a directory to a `LoadedManifest`, with every problem of its files at once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from orgctl.diagnostics import Diagnostic, Position, Severity, in_order
from orgctl.errors import InvalidInputError
from orgctl.manifest import codes
from orgctl.manifest.checks import CHECKS
from orgctl.manifest.loaded import MANIFEST, LoadedManifest, PolicyFile
from orgctl.manifest.policies import read_document, read_policies
from orgctl.manifest.schema import Manifest
from orgctl.manifest.shape import fit
from orgctl.manifest.tree import gather
from orgctl.model import limits
from orgctl.source import Source, read_parsed
from orgctl.source.codes import UNREADABLE


def load(directory: Path) -> LoadedManifest:
    """Read `organization.yaml` in `directory`, what it includes, and the policies.

    Raises InvalidInputError, with every problem of all the files, if there is one that is not merely a warning.
    """
    loaded, found = examine(directory)
    errors = [d for d in found if d.severity is Severity.ERROR]
    if errors or loaded is None:
        what = "1 problem" if len(errors) == 1 else f"{len(errors)} problems"
        raise InvalidInputError(f"the manifest in `{directory}` has {what}", diagnostics=found)
    return replace(loaded, warnings=found)


def problems(directory: Path) -> tuple[Diagnostic, ...]:
    """Every problem of the manifest and the policies in `directory`, warnings too, by file and line. Raises nothing."""
    return examine(directory)[1]


def examine(directory: Path) -> tuple[LoadedManifest | None, tuple[Diagnostic, ...]]:
    """What can be made of the files in spite of their problems (None: nothing), and the problems. Raises nothing."""
    directory = directory.resolve()
    if not (directory / MANIFEST).exists():
        hint = "write one, have `orgctl import` write it, or name its directory with `-C DIR`"
        message = f"there is no `{MANIFEST}` in `{directory}`"
        return None, (Diagnostic(UNREADABLE, message, Position(MANIFEST), hint),)
    parsed = read_parsed(directory / MANIFEST, name=MANIFEST)
    if parsed.source is None:
        return None, parsed.problems
    loaded, found = _assemble(directory, parsed.source)
    checked = [problem for check in CHECKS for problem in check(loaded)]
    return loaded, _without_echoes([*parsed.problems, *found, *checked])


def _assemble(directory: Path, source: Source) -> tuple[LoadedManifest, list[Diagnostic]]:
    """Everything read and put together, and what was wrong with single files."""
    manifest, found = fit(source, Manifest)
    tree = gather(directory, source, manifest)
    files = read_policies(directory)
    found = [*found, *tree.problems, *files.problems]
    loaded = LoadedManifest(
        directory=directory,
        manifest=manifest.model_copy(update={"root": tree.root}),
        source=source,
        units=tree.units,
        accounts=tree.accounts,
        policies=files.found,
        broken_policies=frozenset(files.broken),
        delegation_policy=_delegation_policy(directory, source, manifest, found),
        limits=_limits(manifest),
    )
    return loaded, found


def _delegation_policy(
    directory: Path, source: Source, manifest: Manifest, found: list[Diagnostic]
) -> PolicyFile | None:
    file = manifest.organization.delegation_policy
    if file is None:
        return None
    path = (directory / file).resolve()
    position = source.at(("organization", "delegation_policy"))
    if not path.is_relative_to(directory):
        found.append(Diagnostic(codes.INCLUDE_OUTSIDE, f"`{file}` leads out of the manifest's directory", position))
        return None
    if not path.is_file():
        hint = f"paths are relative to `{MANIFEST}`"
        found.append(Diagnostic(codes.INCLUDE_MISSING, f"there is no file `{file}`", position, hint))
        return None
    return read_document(path, "delegation-policy", path.relative_to(directory).as_posix(), found)


def _limits(manifest: Manifest) -> limits.Limits:
    rates = {name: limits.Rate(rate.per_second, rate.burst) for name, rate in manifest.limits.rates.items()}
    return limits.Limits().overridden(manifest.limits.quotas, rates)


def _without_echoes(found: list[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Of several problems at one place, those that were found first on the way from text to meaning.

    What could not be read (an alias, a number like `0123`) is of the wrong type as well, and what is of the wrong type
    names nothing that exists: true, but no help.
    """
    first: dict[Position, int] = {}
    for problem in found:
        if problem.position.line:
            first[problem.position] = min(_stage(problem), first.get(problem.position, 9))
    return in_order([p for p in found if _stage(p) == first.get(p.position, _stage(p))])


def _stage(problem: Diagnostic) -> int:
    return 0 if problem.code.startswith("S") else 1 if problem.code.startswith("M00") else 2
