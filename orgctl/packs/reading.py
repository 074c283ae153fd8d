"""One pack: from its file's value to a `Pack`, with every problem of the file at once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

from pydantic import ValidationError

from orgctl.diagnostics import Diagnostic
from orgctl.manifest import codes as manifest_codes
from orgctl.manifest import patterns
from orgctl.manifest.nearest import did_you_mean
from orgctl.manifest.schema import Model
from orgctl.manifest.shape import fit
from orgctl.packs import codes
from orgctl.packs.findings import Findings
from orgctl.packs.pack import Pack, PackRule
from orgctl.packs.schema import PackFile, RuleUse, Waiver
from orgctl.packs.selection import select
from orgctl.packs.setting import Setting
from orgctl.packs.using import RuleReader
from orgctl.packs.waivers import waiver
from orgctl.source import Place, Source

M = TypeVar("M", bound=Model)

_CODES = {
    manifest_codes.UNKNOWN_KEY: codes.UNKNOWN_KEY,
    manifest_codes.MISSING_KEY: codes.MISSING_KEY,
    manifest_codes.WRONG_TYPE: codes.WRONG_TYPE,
    manifest_codes.MALFORMED: codes.MALFORMED,
}


def read_pack(setting: Setting, name: str, source: Source) -> tuple[Pack | None, list[Diagnostic]]:
    """The pack called `name`; None if there is an error in it; and its problems."""
    file, unfit = fit(source, PackFile)
    findings = Findings(source, [replace(problem, code=_CODES[problem.code]) for problem in unfit])
    _check_name(name, findings)
    selection = select(setting.loaded, file, findings)
    regions = _regions(setting, file, findings)
    reader = RuleReader(setting, findings, regions, selection.accounts)
    rules = [rule for place, use in _each(source, "rules", RuleUse) if (rule := reader.rule(use, place)) is not None]
    _check_any(source, findings)
    _check_twice(rules, findings)
    waivers = [
        waiver(setting, declared, place, (rules, selection), findings)
        for place, declared in _each(source, "waivers", Waiver)
    ]
    pack = Pack(
        name=name,
        description=file.description,
        source=source,
        management=setting.loaded.manifest.organization.management_account,
        targets=selection.targets,
        exclude=selection.exclude,
        accounts=selection.accounts,
        excluded=selection.excluded,
        regions=regions,
        rules=tuple(rules),
        waivers=tuple(each for each in waivers if each),
    )
    return (None if findings.failed else pack), findings.problems


def _each(source: Source, key: str, model: type[M]) -> Iterator[tuple[Place, M]]:
    """The items of a list that fit their model, with their places. What does not fit has been reported."""
    items = source.get((key,))
    for index, item in enumerate(items if isinstance(items, list) else ()):
        try:
            yield (key, index), model.model_validate(item)
        except ValidationError:
            continue


def _check_name(name: str, findings: Findings) -> None:
    if not re.match(patterns.PACK, name):
        message = f"AWS Config does not accept the pack name `{name}`"
        findings.add(codes.PACK_NAME, message, (), f"rename the file: {patterns.MEANING[patterns.PACK]}")


def _regions(setting: Setting, file: PackFile, findings: Findings) -> tuple[str, ...]:
    for index, region in enumerate(file.regions or ()):
        if region not in setting.regions:
            hint = did_you_mean(region, setting.regions, f"it runs in {', '.join(setting.regions)}")
            findings.add(codes.REGION, f"AWS Config does not run in `{region}`", ("regions", index), hint)
    return tuple(region for region in setting.regions if file.regions is None or region in file.regions)


def _check_any(source: Source, findings: Findings) -> None:
    written = source.get(("rules",))
    if not written and (written is None or isinstance(written, list)):
        hint = "write `rules:`, with a list of `rule: NAME` and `managed: IDENTIFIER`"
        findings.add(codes.NO_RULES, "the pack has no rules", ("rules",), hint)


def _check_twice(rules: Sequence[PackRule], findings: Findings) -> None:
    first: dict[str, PackRule] = {}
    for rule in rules:
        other = first.setdefault(rule.name.lower(), rule)
        if other is not rule:
            line = findings.source.at(other.place).line
            hint = f"the first is at line {line}; take one out, or give one another `name`"
            findings.add(codes.RULE_TWICE, f"a second rule is called `{rule.name}`", rule.place, hint)
