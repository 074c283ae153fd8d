"""Values of parameters, from what the file says to the text that AWS Config takes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from orgctl.manifest.insertion import insert, placeholders
from orgctl.manifest.nearest import did_you_mean
from orgctl.packs import codes
from orgctl.packs.findings import Findings
from orgctl.packs.managed import ManagedParameter, ManagedRule
from orgctl.packs.pack import EXECUTION_ROLE
from orgctl.packs.schema import RuleUse, Scalar
from orgctl.packs.setting import Setting
from orgctl.rules.rule import Rule
from orgctl.source import Place

_OWN = {
    EXECUTION_ROLE: "it is `config.evaluation_role` of the manifest",
    "AssumeRoleMode": "rules enter the account that they look at",
    "ExecutionRoleRegion": "rules run in the region that they look at",
}
"""rdklib's own parameters."""


def values(
    setting: Setting, declared: Mapping[str, list[Scalar] | Scalar], place: Place, findings: Findings
) -> dict[str, tuple[str, ...]]:
    """Each parameter's values as text, placeholders filled; what names nothing is reported and left out."""
    found: dict[str, tuple[str, ...]] = {}
    for name, value in declared.items():
        if placeholders_known(setting, value, (*place, name), findings):
            inserted = insert(value, setting.values)
            items = inserted if isinstance(inserted, list) else [inserted]
            found[name] = tuple(map(_text, items))
    return found


def joined(found: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """Lists as AWS Config's rules take them: joined by commas."""
    return {name: ",".join(items) for name, items in found.items()}


def placeholders_known(setting: Setting, value: object, place: Place, findings: Findings) -> bool:
    """Whether every placeholder in a value can be filled; each that cannot is reported."""
    good = True
    for found in placeholders(value):
        where = (*place, *found.place)
        known = setting.sized.get(found.name)
        if known is None:
            hint = did_you_mean(found.name, setting.sized, "placeholders are those of policies")
            findings.add(codes.UNKNOWN_PLACEHOLDER, f"`@{{{found.name}}}` names nothing in the manifest", where, hint)
        elif not isinstance(known, str) and not found.whole:
            message = f"`@{{{found.name}}}` is a list, and stands within longer text"
            findings.add(codes.LIST_IN_TEXT, message, where, "write it as the whole value")
        else:
            continue
        good = False
    return good


def check_custom(rule: Rule, use: RuleUse, place: Place, findings: Findings) -> None:
    """The parameters of a custom rule are those of its `parameters.json`, and the required ones are there."""
    known = [each.name for each in rule.parameters]
    for name in use.parameters:
        where = (*place, "parameters", name)
        if name in _OWN:
            message = f"the parameter `{name}` is set by orgctl: {_OWN[name]}"
            findings.add(codes.OWN_PARAMETER, message, where, "take it out", key=True)
        elif name not in known:
            hint = did_you_mean(name, known, _those(known))
            findings.add(codes.UNKNOWN_PARAMETER, f"`{rule.name}` has no parameter `{name}`", where, hint, key=True)
    missing = [each.name for each in rule.required_parameters if each.name not in use.parameters and not each.default]
    for name in missing:
        hint = f"write `parameters: {{{name}: …}}`; the rule's `README.md` says what it means"
        findings.add(codes.MISSING_PARAMETER, f"`{rule.name}` needs the parameter `{name}`", place, hint)


def defaults(rule: Rule) -> dict[str, str]:
    """The values in `parameters.json`: a pack need not repeat them, but the function has to be told."""
    return {each.name: each.default for each in rule.parameters if each.default}


def check_managed(
    rule: ManagedRule, use: RuleUse, found: Mapping[str, tuple[str, ...]], place: Place, findings: Findings
) -> None:
    """Warn of parameters that AWS does not document, that it asks for, and of values that are not of their type."""
    for name in use.parameters:
        where, known = (*place, "parameters", name), rule.parameters.get(name)
        if known is None:
            hint = did_you_mean(name, rule.parameters, _those(rule.parameters))
            findings.warn(
                codes.UNKNOWN_PARAMETER, f"`{rule.identifier}` has no parameter `{name}`", where, hint, key=True
            )
        elif name in found and (wanted := _unfit(known, found[name])):
            message = f"the parameter `{name}` of `{rule.identifier}` has to be {wanted}"
            findings.warn(codes.PARAMETER_TYPE, message, where)
    for parameter in rule.parameters.values():
        if parameter.required and parameter.name not in use.parameters:
            message = f"`{rule.identifier}` needs the parameter `{parameter.name}`"
            findings.warn(codes.MISSING_PARAMETER, message, place, f"write `parameters: {{{parameter.name}: …}}`")


def _unfit(parameter: ManagedParameter, found: tuple[str, ...]) -> str | None:
    """What the value should have been; None if it will do, or waits for an id."""
    if any("@{" in item for item in found):
        return None
    alone = found[0] if len(found) == 1 else ""
    match parameter.kind:
        case "int":
            return None if alone.lstrip("-").isdigit() else "a whole number"
        case "double":
            return None if alone.replace(".", "", 1).isdigit() else "a number"
        case "boolean":
            return None if alone.lower() in ("true", "false") else "true or false"
        case _:
            return None


def _those(known: Iterable[str]) -> str:
    names = [f"`{name}`" for name in known]
    return f"it has {', '.join(names)}" if names else "it has none"


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
