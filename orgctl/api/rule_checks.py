"""`rules check`: what the rules would say of templates, before anything is deployed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from orgctl.api.rule_uses import rule_uses
from orgctl.api.rules import chosen
from orgctl.errors import InvalidInputError
from orgctl.manifest import LoadedManifest, load
from orgctl.manifest.loaded import MANIFEST
from orgctl.manifest.nearest import did_you_mean
from orgctl.rules.template.checking import Use, undescribed
from orgctl.rules.template.finding import Checked
from orgctl.rules.template.places import check_anywhere
from orgctl.rules.template.reading import Template, read_template
from orgctl.rules.template.resolving import Deployment
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
    uses = rule_uses(loaded, rules)
    deployment = _deployment(loaded, given, region)
    parts = [_checked(expanded(each, given), deployment, uses) for each in templates]
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


def _checked(template: Template, deployment: Deployment, uses: Sequence[Use]) -> Checked:
    asked = [use for use in uses if not use.lacking or use.packs]
    file = template.file
    notes = [f"`{file}`: what `{each}` makes of it is not seen" for each in template.transforms]
    notes += [
        f"`{file}`: orgctl does not know what AWS Config records of `{kind}`, so no rule was asked about it"
        for kind in undescribed(template, asked)
    ]
    nested = sum(each.kind == "AWS::CloudFormation::Stack" for each in template.resources.values())
    notes += [f"`{file}`: nested stacks are not looked into; check their templates, too"] if nested else []
    return Checked(check_anywhere(template, deployment, asked), tuple(notes))


def _left_out(uses: Iterable[Use]) -> Iterator[str]:
    for use in uses:
        if use.lacking and not use.packs:
            yield f"`{use.rule.name}` is in no pack, and {use.lacking}: it was not asked"
