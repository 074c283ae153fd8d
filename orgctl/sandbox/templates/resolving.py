"""A template's resources for one account and region: parameters, conditions and functions resolved.

There are Ref, Fn::Sub, Fn::If, Fn::Equals, Fn::Not, Fn::And, Fn::Or, Fn::Join, Fn::Select, Fn::Split and the pseudo
parameters; Fn::GetAtt only of a role's or policy's Arn, which the caller gives as `attributes`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from orgctl.errors import InvalidInputError
from orgctl.sandbox.templates.reading import Template

ABSENT: Any = object()
"""What AWS::NoValue becomes: its property is left out."""
_VARIABLE = re.compile(r"\$\{(!?[^}]*)\}")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a template is deployed. `attributes` are values by `Resource` (what Ref gives) and `Resource.Attribute`."""

    account: str
    region: str
    parameters: Mapping[str, str]
    stack: str = "stack"
    attributes: Mapping[str, str] = field(default_factory=dict)

    def pseudo(self) -> dict[str, Any]:
        """The pseudo parameters."""
        return {
            "AWS::AccountId": self.account,
            "AWS::Region": self.region,
            "AWS::Partition": "aws",
            "AWS::URLSuffix": "amazonaws.com",
            "AWS::StackName": self.stack,
            "AWS::StackId": f"arn:aws:cloudformation:{self.region}:{self.account}:stack/{self.stack}/sandbox",
            "AWS::NoValue": ABSENT,
        }


def parameters(template: Template, given: Mapping[str, str]) -> dict[str, str]:
    """The values of all parameters. Raises InvalidInputError for one that is missing, unknown or not allowed."""
    if unknown := sorted(set(given) - set(template.parameters)):
        raise InvalidInputError(f"Parameters: [{', '.join(unknown)}] do not exist in the template")
    values: dict[str, str] = {}
    for name, declared in template.parameters.items():
        value = given.get(name, declared.get("Default"))
        if value is None:
            raise InvalidInputError(f"Parameters: [{name}] must have values")
        allowed = declared.get("AllowedValues")
        if allowed and str(value) not in [str(one) for one in allowed]:
            raise InvalidInputError(f"Template error: the parameter {name} must be one of its AllowedValues")
        values[name] = str(value)
    return values


def resources(template: Template, place: Place) -> dict[str, tuple[str, dict[str, Any]]]:
    """Type and resolved properties of the resources whose conditions hold, by logical name."""
    found = {}
    for name, resource in template.resources.items():
        if _holds(template, place, resource.get("Condition")):
            value = resolved(template, place, resource.get("Properties", {}))
            found[name] = (str(resource["Type"]), value if isinstance(value, dict) else {})
    return found


def resolved(template: Template, place: Place, value: Any) -> Any:
    """A value with its functions resolved. Raises InvalidInputError for a name or function that there is not."""
    if isinstance(value, list):
        items = (resolved(template, place, item) for item in value)
        return [item for item in items if item is not ABSENT]
    if not isinstance(value, dict):
        return value
    if len(value) == 1 and (name := next(iter(value))) and (name == "Ref" or str(name).startswith("Fn::")):
        return _function(template, place, str(name), value[name])
    pairs = ((key, resolved(template, place, item)) for key, item in value.items())
    return {key: item for key, item in pairs if item is not ABSENT}


def _function(template: Template, place: Place, name: str, argument: Any) -> Any:
    match name, argument:
        case "Ref", str():
            return _named(template, place, argument)
        case "Fn::GetAtt", [str(), str()]:
            return _named(template, place, ".".join(argument))
        case "Fn::Sub", str():
            return _substituted(template, place, argument, {})
        case "Fn::Sub", [str(), dict()]:
            return _substituted(template, place, argument[0], resolved(template, place, argument[1]))
        case "Fn::If", [str(), _, _]:
            return resolved(template, place, argument[1 if _holds(template, place, argument[0]) else 2])
        case "Fn::Join", [str(), _]:
            return argument[0].join(str(item) for item in resolved(template, place, argument[1]))
        case "Fn::Split", [str(), _]:
            return str(resolved(template, place, argument[1])).split(argument[0])
        case "Fn::Select", [_, _]:
            return resolved(template, place, argument[1])[int(resolved(template, place, argument[0]))]
    raise InvalidInputError(f"Template error: {name} cannot be resolved here")


def _named(template: Template, place: Place, name: str) -> Any:
    known = {**place.pseudo(), **place.parameters, **place.attributes}
    if name in known:
        value = known[name]
        kind = template.parameters.get(name, {}).get("Type", "String")
        return str(value).split(",") if kind in ("CommaDelimitedList", "List<String>") else value
    if name in template.resources:
        return name
    raise InvalidInputError(f"Template error: unresolved resource dependency [{name}]")


def _substituted(template: Template, place: Place, text: str, local: Mapping[str, Any]) -> str:
    def replace(found: re.Match[str]) -> str:
        name = found[1]
        if name.startswith("!"):
            return f"${{{name[1:]}}}"
        return str(local[name] if name in local else _named(template, place, name))

    return _VARIABLE.sub(replace, text)


def _holds(template: Template, place: Place, condition: Any) -> bool:
    """Whether a condition holds: a name, or one of the functions of conditions. None holds always."""
    match condition:
        case None:
            return True
        case str():
            if condition not in template.conditions:
                raise InvalidInputError(f"Template error: unresolved condition dependency {condition}")
            return _holds(template, place, template.conditions[condition])
        case {"Condition": str(name)}:
            return _holds(template, place, name)
        case {"Fn::Equals": [first, second]}:
            return bool(resolved(template, place, first) == resolved(template, place, second))
        case {"Fn::Not": [inner]}:
            return not _holds(template, place, inner)
        case {"Fn::And": list(inner)}:
            return all(_holds(template, place, one) for one in inner)
        case {"Fn::Or": list(inner)}:
            return any(_holds(template, place, one) for one in inner)
    raise InvalidInputError("Template error: a condition cannot be resolved here")
