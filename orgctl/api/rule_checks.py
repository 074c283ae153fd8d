"""`rules check`: what the rules would say of templates, before anything is deployed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from orgctl.api.rules import chosen
from orgctl.errors import InvalidInputError
from orgctl.manifest import LoadedManifest, load
from orgctl.manifest.loaded import MANIFEST
from orgctl.manifest.nearest import did_you_mean
from orgctl.packs.source import load_packs
from orgctl.rules.rule import Rule
from orgctl.rules.template.checking import Use, check, undescribed
from orgctl.rules.template.finding import Checked
from orgctl.rules.template.reading import Template, read_template
from orgctl.rules.template.resolving import Deployment, Resolver
from orgctl.rules.template.sam import expanded

_PLACES = ("AWS::AccountId", "AWS::Region", "AWS::Partition", "AWS::StackName")
_DEFAULT_REGION = "us-east-1"


def check_templates(
    directory: Path, files: Sequence[Path], given: Mapping[str, str], region: str | None = None
) -> Checked:
    """What every rule says of every template, with the parameters of each pack that uses it, else with its defaults.

    `given` are values of the templates' parameters, and of `AWS::Region` and the like. Raises InvalidInputError for a
    template, rule, pack or manifest that cannot be used, and for a parameter that no template has.
    """
    rules = chosen(directory, ())
    loaded = load(directory) if (directory / MANIFEST).is_file() else None
    templates = [read_template(path) for path in files]
    _check_given(templates, given)
    uses = tuple(_uses(loaded, rules))
    deployment = _deployment(loaded, given, region)
    parts = [_checked(Resolver(expanded(each, given), deployment), uses) for each in templates]
    notes = (*_left_out(uses), *(note for part in parts for note in part.notes))
    return Checked(tuple(each for part in parts for each in part.findings), tuple(dict.fromkeys(notes)))


def _check_given(templates: Iterable[Template], given: Mapping[str, str]) -> None:
    known = {name for each in templates for name in each.value.get("Parameters") or {}} | set(_PLACES)
    for name in given:
        if name not in known:
            hint = did_you_mean(name, known, "see `Parameters` in the template")
            raise InvalidInputError(f"no template has a parameter `{name}`", hint=hint)


def _deployment(loaded: LoadedManifest | None, given: Mapping[str, str], region: str | None) -> Deployment:
    """Where the templates are taken to go: what nobody said is the manifest's home region, and nobody's account."""
    told = {**({"AWS::Region": region} if region else {}), **given}
    home = loaded.manifest.organization.home_region if loaded else _DEFAULT_REGION
    place = Deployment(told, region=told.get("AWS::Region", home), partition=told.get("AWS::Partition", "aws"))
    return replace(place, account=told.get("AWS::AccountId", place.account))


def _checked(resolver: Resolver, uses: Sequence[Use]) -> Checked:
    asked = [use for use in uses if not use.lacking or use.packs]
    file = resolver.template.file
    notes = [f"`{file}`: what `{each}` makes of it is not seen" for each in resolver.template.transforms]
    notes += [
        f"`{file}`: orgctl does not know what AWS Config records of `{kind}`, so no rule was asked about it"
        for kind in undescribed(resolver, asked)
    ]
    nested = sum(each.kind == "AWS::CloudFormation::Stack" for each in resolver.template.resources.values())
    notes += [f"`{file}`: nested stacks are not looked into; check their templates, too"] if nested else []
    return Checked(check(resolver, asked), tuple(notes))


def _uses(loaded: LoadedManifest | None, rules: Sequence[Rule]) -> Iterator[Use]:
    """Each rule with each set of parameters, once."""
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


def _left_out(uses: Iterable[Use]) -> Iterator[str]:
    for use in uses:
        if use.lacking and not use.packs:
            yield f"`{use.rule.name}` is in no pack, and {use.lacking}: it was not asked"
