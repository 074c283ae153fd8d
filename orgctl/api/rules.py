"""`rules list` and `rules build`: the rules of a directory, what uses them, and their zips."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from orgctl.diagnostics import Diagnostic, Severity
from orgctl.errors import InvalidInputError, OrgctlError
from orgctl.manifest.nearest import did_you_mean
from orgctl.rules.building import build, sha256
from orgctl.rules.catalog import load_rules, rule_folders
from orgctl.rules.inventory import Built, Listed
from orgctl.rules.rule import FOLDER, Kind, Rule
from orgctl.source import read_parsed

PACKS = "conformance_packs"


def list_rules(directory: Path) -> Listed:
    """Every rule of a directory, broken ones as problems only. Raises nothing."""
    rules, problems = load_rules(directory.resolve())
    return Listed(rules, uses(directory), problems)


def chosen(directory: Path, names: Sequence[str]) -> tuple[Rule, ...]:
    """The rules of these names, or all. Raises InvalidInputError for a name that is no rule's, and for broken rules."""
    directory = directory.resolve()
    there = [folder.name for folder in rule_folders(directory)]
    if not there:
        hint = "`orgctl rules new NAME --resource-types TYPE` writes one"
        raise InvalidInputError(f"there are no rules in `{directory / FOLDER}`", hint=hint)
    for name in names:
        if name not in there:
            hint = did_you_mean(name, there, f"there are {', '.join(f'`{each}`' for each in there)}")
            raise InvalidInputError(f"there is no rule `{name}`", hint=hint)
    rules, problems = load_rules(directory)
    wanted = set(names or there)
    errors = tuple(each for each in problems if each.severity is Severity.ERROR and _folder(each) in wanted)
    if errors:
        what = "1 problem" if len(errors) == 1 else f"{len(errors)} problems"
        raise InvalidInputError(f"the rules have {what}", diagnostics=errors)
    return tuple(rule for rule in rules if rule.name in wanted)


def build_rules(directory: Path, names: Sequence[str], out: Path) -> tuple[Built, ...]:
    """Write `NAME.zip` for each Lambda rule into the folder `out`, which is made.

    Raises InvalidInputError as `chosen`, and if a rule imports what is not there; OrgctlError if `out` cannot be
    written, or rdklib is not installed.
    """
    rules = [rule for rule in chosen(directory, names) if names or rule.kind is Kind.LAMBDA]
    zips = [(rule, build(rule)) for rule in rules]
    try:
        out.mkdir(parents=True, exist_ok=True)
        return tuple(_written(rule, data, out / f"{rule.name}.zip") for rule, data in zips)
    except OSError as error:
        reason = (error.strerror or "it cannot be written").lower()
        raise OrgctlError(f"`{out}` cannot be written: {reason}", hint="name another folder with `--out`") from error


def _written(rule: Rule, data: bytes, path: Path) -> Built:
    path.write_bytes(data)
    return Built(rule, path, len(data), sha256(data))


def uses(directory: Path) -> dict[str, tuple[str, ...]]:
    """The names of the packs that use each rule. Packs are read lightly: what is wrong in them is not said here."""
    found: dict[str, list[str]] = {}
    for path in sorted((directory / PACKS).glob("*.yaml")):
        for name in _rules_of(path):
            found.setdefault(name, []).append(path.stem)
    return {name: tuple(packs) for name, packs in found.items()}


def _rules_of(path: Path) -> Iterable[str]:
    return dict.fromkeys(name for entry in _entries(path) if isinstance(name := entry.get("rule"), str))


def _entries(path: Path) -> list[dict[str, object]]:
    source = read_parsed(path).source
    entries = source.get(("rules",)) if source else None
    return [entry for entry in entries if isinstance(entry, dict)] if isinstance(entries, list) else []


def _folder(problem: Diagnostic) -> str:
    return problem.position.file.removeprefix(f"{FOLDER}/").partition("/")[0]
