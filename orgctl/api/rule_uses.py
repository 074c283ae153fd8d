"""With which parameters rules are asked here: those that the packs give them, as after the deployment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from orgctl.manifest import LoadedManifest, examine
from orgctl.manifest.loaded import MANIFEST
from orgctl.packs.source import load_packs
from orgctl.rules.catalog import load_rules
from orgctl.rules.rule import Rule
from orgctl.rules.template.checking import Use


def rule_uses(loaded: LoadedManifest | None, rules: Sequence[Rule]) -> tuple[Use, ...]:
    """Each rule with each set of parameters that packs give it, once; a rule in no pack with its defaults."""
    return tuple(_uses(loaded, rules))


def parameters(directory: Path) -> dict[str, dict[str, str]]:
    """What each rule gets to be tried with, by its name: what the first pack gives it, else its defaults.

    Values that only AWS knows are left out; so is what a broken manifest or pack says. Raises nothing.
    """
    directory = directory.resolve()
    loaded = examine(directory)[0] if (directory / MANIFEST).is_file() else None
    found: dict[str, dict[str, str]] = {}
    for use in rule_uses(loaded, load_rules(directory)[0]):
        known = {name: value for name, value in use.parameters.items() if "@{" not in value}
        found.setdefault(use.rule.name, known)
    return found


def _uses(loaded: LoadedManifest | None, rules: Sequence[Rule]) -> Iterator[Use]:
    by_parameters: dict[tuple[str, tuple[tuple[str, str], ...]], list[str]] = {}
    for pack in load_packs(loaded, rules)[0] if loaded else ():
        for entry in pack.rules:
            if entry.custom:
                key = (entry.custom.name, tuple(sorted(entry.parameters.items())))
                by_parameters.setdefault(key, []).append(pack.name)
    used = {name for name, _ in by_parameters}
    for (name, parameters), packs in by_parameters.items():
        rule = next(each for each in rules if each.name == name)
        yield _use(rule, {**_defaults(rule), **dict(parameters)}, tuple(packs))
    for rule in rules:
        if rule.name not in used:
            yield _use(rule, _defaults(rule), ())


def _defaults(rule: Rule) -> dict[str, str]:
    return {each.name: each.default for each in rule.parameters if each.default}


def _use(rule: Rule, parameters: Mapping[str, str], packs: tuple[str, ...]) -> Use:
    missing = [each.name for each in rule.required_parameters if not parameters.get(each.name)]
    open_ = [name for name, value in parameters.items() if "@{" in value]
    lacking = f"its parameter `{missing[0]}` has no value" if missing else ""
    lacking = lacking or (f"its parameter `{open_[0]}` holds what only AWS knows" if open_ else "")
    return Use(rule, parameters, packs, lacking)
