"""`validate`: what is wrong with the manifest, the policies, the rules and the packs. Needs no AWS."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from orgctl.api.access import sentinel_problems
from orgctl.api.packs import packs_of
from orgctl.compliance.codes import TITLES as WAIVER_TITLES
from orgctl.compliance.waiver_file import FILE as WAIVERS
from orgctl.compliance.waiver_file import has_waivers, load_waivers
from orgctl.diagnostics import Diagnostic, Position, Severity, in_order
from orgctl.lint.checks import TITLES as LINT_TITLES
from orgctl.lint.linting import lint, lint_files
from orgctl.manifest import LoadedManifest, examine
from orgctl.manifest.codes import TITLES as MANIFEST_TITLES
from orgctl.manifest.loaded import MANIFEST
from orgctl.manifest.packs import FOLDER as PACKS
from orgctl.manifest.policies import policy_files
from orgctl.model.policy_types import BY_FOLDER
from orgctl.packs.codes import TITLES as PACK_TITLES
from orgctl.policy.codes import TITLES as LANGUAGE_TITLES
from orgctl.policytest.codes import TITLES as TEST_TITLES
from orgctl.rules.catalog import load_rules
from orgctl.rules.codes import TITLES as RULE_TITLES
from orgctl.rules.rule import FOLDER as RULES
from orgctl.source.codes import UNREADABLE

TITLES: Mapping[str, str] = {
    **MANIFEST_TITLES,
    **LANGUAGE_TITLES,
    **LINT_TITLES,
    **TEST_TITLES,
    **RULE_TITLES,
    **PACK_TITLES,
    **WAIVER_TITLES,
}
"""One line for each code."""


def validate(directory: Path, paths: Sequence[Path] = (), today: date | None = None) -> tuple[Diagnostic, ...]:
    """Every problem, by file and line: of the manifest in `directory` and all that goes with it, or only of `paths`.

    A path is a file or a directory, relative to the working directory. Policy files that belong to no manifest are
    looked at for themselves. Waivers expire by `today`, without it by the day that it is in UTC. Raises nothing.
    """
    base = directory.resolve()
    day = today or datetime.now(UTC).date()
    if not paths:
        return _organization(base, day)[0]
    whole, known = _organization(base, day) if (base / MANIFEST).is_file() else (load_rules(base)[1], set[str]())
    names = [_name(base, path) for path in paths]
    chosen = [problem for problem in whole if any(_is_below(problem.position.file, name) for name in names)]
    missing = [_missing(path) for path in paths if not path.exists()]
    alone = {
        name: file
        for path in paths
        for file, name in _policies(base, path)
        if name not in known and not _is_below(name, RULES) and not _is_below(name, PACKS)
    }
    return in_order([*chosen, *missing, *lint_files(alone)])


def _organization(base: Path, today: date) -> tuple[tuple[Diagnostic, ...], set[str]]:
    """The problems of the manifest and everything that belongs to it, and the names of the files that do."""
    loaded, found = examine(base)
    watching = _watching(loaded, today) if loaded else load_rules(base)[1]
    usable = loaded and not any(problem.severity is Severity.ERROR for problem in found)
    asked = sentinel_problems(loaded) if loaded and usable else ()
    problems = in_order([*found, *(lint(loaded) if loaded else ()), *watching, *asked])
    files = {problem.position.file for problem in problems if problem.code.startswith(("M", "S", "P0"))}
    return problems, files | (_files(loaded) if loaded else set())


def _watching(loaded: LoadedManifest, today: date) -> tuple[Diagnostic, ...]:
    """The problems of rules, packs and waivers. Waivers are of packs that are in order but for waivers of their own."""
    found = packs_of(loaded, today)[1]
    return (*found, *load_waivers(loaded, packs_of(loaded, None)[0], today)[1]) if has_waivers(loaded) else found


def _files(loaded: LoadedManifest) -> set[str]:
    delegation = (loaded.delegation_policy,) if loaded.delegation_policy else ()
    sources = [loaded.source, *(entry.source for entry in loaded.targets)]
    sources += [policy.source for policy in (*loaded.policies.values(), *delegation)]
    return {WAIVERS, *(source.file for source in sources)}


def _policies(base: Path, path: Path) -> Iterator[tuple[Path, str]]:
    """The policy files that a path means, each with the name that messages call it by."""
    if path.is_file() and not path.stem.endswith(".test"):
        yield path, _name(base, path)
    for file in policy_files(path, ".") if path.is_dir() else ():
        if _looks_like_policy(path / file):
            yield path / file, _name(base, path / file)


def _looks_like_policy(path: Path) -> bool:
    return path.resolve().parent.name in BY_FOLDER or b"Statement" in path.read_bytes()


def _name(base: Path, path: Path) -> str:
    """Relative to the manifest's directory where it is below, as the manifest's own problems are named."""
    resolved = path.resolve()
    return resolved.relative_to(base).as_posix() if resolved.is_relative_to(base) else str(path)


def _is_below(file: str, name: str) -> bool:
    return name == "." or file == name or file.startswith(f"{name}/")


def _missing(path: Path) -> Diagnostic:
    return Diagnostic(UNREADABLE, f"there is no file or directory `{path}`", Position(str(path)))
