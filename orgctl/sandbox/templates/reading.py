"""A template's text, JSON or YAML with CloudFormation's short forms (`!Sub`), as a value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from orgctl.errors import InvalidInputError


@dataclass(frozen=True, slots=True)
class Template:
    """The parts of a template. Values are as they stand in it, functions in their long forms."""

    parameters: Mapping[str, Mapping[str, Any]]
    conditions: Mapping[str, Any]
    resources: Mapping[str, Mapping[str, Any]]


class _Loader(yaml.SafeLoader):
    """YAML with CloudFormation's tags; dates stay text."""


def _tagged(loader: yaml.SafeLoader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    value: Any
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)  # type: ignore[arg-type]
    if suffix == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}": value}


_Loader.add_multi_constructor("!", _tagged)
_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in found if tag != "tag:yaml.org,2002:timestamp"]
    for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def read(text: str) -> Template:
    """The template in a text. Raises InvalidInputError with what is wrong with its form."""
    try:
        found = yaml.load(text, Loader=_Loader)  # noqa: S506 (a SafeLoader)
    except yaml.YAMLError as error:
        raise InvalidInputError(f"the template is not valid YAML or JSON: {error}") from None
    if not isinstance(found, dict) or not isinstance(found.get("Resources"), dict) or not found["Resources"]:
        raise InvalidInputError("the template has no `Resources`")
    for name, resource in found["Resources"].items():
        if not isinstance(resource, dict) or not isinstance(resource.get("Type"), str):
            raise InvalidInputError(f"the resource `{name}` of the template has no `Type`")
    return Template(found.get("Parameters") or {}, found.get("Conditions") or {}, found["Resources"])
