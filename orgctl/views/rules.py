"""Lists of rules and of built zips, as text and for programs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from rich.text import Text

from orgctl.rules.inventory import Built, Listed
from orgctl.rules.rule import Parameter, Rule, Scope

FORMAT_VERSION = 1

_OFTEN = {
    "One_Hour": "every hour",
    "Three_Hours": "every 3 hours",
    "Six_Hours": "every 6 hours",
    "Twelve_Hours": "every 12 hours",
    "TwentyFour_Hours": "every 24 hours",
}


def rules_text(listed: Listed) -> Iterator[Text]:
    """Each rule with what triggers it, its parameters, and the packs that use it."""
    for rule in listed.rules:
        yield Text.assemble((rule.name, "bold"), f"  {rule.summary}")
        yield Text(f"    triggers: {triggers(rule)}")
        if rule.parameters:
            yield Text(f"    parameters: {', '.join(_parameter(rule, each) for each in rule.parameters)}")
        packs = listed.packs.get(rule.name)
        yield Text(f"    packs: {', '.join(packs)}" if packs else "    in no pack", style="" if packs else "yellow")


def triggers(rule: Rule) -> str:
    """`changes of AWS::Lambda::Function, and every 24 hours (one region only)`."""
    found = [f"changes of {', '.join(rule.resource_types)}"] if rule.resource_types else []
    found += [_OFTEN[rule.periodic]] if rule.periodic else []
    where = [" (one region only)"] if rule.scope is Scope.GLOBAL else []
    where += [" (once in the organization)"] if rule.organization else []
    return ", and ".join(found) + "".join(where)


def _parameter(rule: Rule, parameter: Parameter) -> str:
    required = " (required)" if parameter in rule.required_parameters else ""
    return f"{parameter.name}{f'={parameter.default}' if parameter.default else ''}{required}"


def rules_json(listed: Listed) -> str:
    """`default` is empty where a pack has to give the value."""
    value = {
        "format_version": FORMAT_VERSION,
        "rules": [_rule(rule, listed.packs.get(rule.name, ())) for rule in listed.rules],
    }
    return json.dumps(value, indent=2, ensure_ascii=False)


def _rule(rule: Rule, packs: Iterable[str]) -> dict[str, object]:
    return {
        "name": rule.name,
        "kind": rule.kind.value,
        "summary": rule.summary,
        "resource_types": list(rule.resource_types),
        "periodic": rule.periodic,
        "parameters": [
            {
                "name": each.name,
                "required": each in rule.required_parameters,
                "default": each.default,
                "description": each.description,
            }
            for each in rule.parameters
        ],
        "permissions": list(rule.permissions),
        "scope": rule.scope.value,
        "organization": rule.organization,
        "packs": list(packs),
    }


def built_text(built: Iterable[Built]) -> Iterator[Text]:
    """A line for each zip: where it is, its size, its hash."""
    for each in built:
        yield Text(f"{each.path}  {each.size:,} bytes  sha256:{each.sha256}")


def built_json(built: Iterable[Built]) -> str:
    """`size` in bytes; `sha256` in hexadecimal digits."""
    zips = [
        {
            "rule": each.rule.name,
            "file": str(each.path),
            "handler": each.rule.handler,
            "runtime": each.rule.runtime,
            "size": each.size,
            "sha256": each.sha256,
        }
        for each in built
    ]
    return json.dumps({"format_version": FORMAT_VERSION, "zips": zips}, indent=2, ensure_ascii=False)
