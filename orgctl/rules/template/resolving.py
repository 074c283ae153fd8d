"""References and functions of a template, worked out as far as they can be before the deployment.

Source: "Intrinsic function reference", CloudFormation's template reference.
"""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from orgctl.rules.template.naming import attribute, reference
from orgctl.rules.template.reading import Template
from orgctl.rules.template.unknown import ABSENT, Assumed, Unknown, first_unknown

_VARIABLE = re.compile(r"\$\{(?P<literal>!)?(?P<name>[^}]+)\}")
_PSEUDO = ("AWS::AccountId", "AWS::Region", "AWS::Partition", "AWS::StackName", "AWS::URLSuffix")
_MAX_DEPTH = 50
"""Conditions and references that go round in a circle end here."""


@dataclass(frozen=True, slots=True)
class Deployment:
    """Where a template is taken to be deployed, and with which values of its parameters.

    A place that somebody said is among the parameters, too (`AWS::Region`): it is not merely assumed then.
    """

    parameters: Mapping[str, str]
    account: str = "111122223333"
    region: str = "us-east-1"
    partition: str = "aws"

    def pseudo(self, name: str) -> object:
        """The value of `AWS::Region` and the like; assumed, where nobody said it."""
        if name in self.parameters:
            return self.parameters[name]
        match name:
            case "AWS::AccountId":
                return Assumed(self.account)
            case "AWS::Region":
                return Assumed(self.region)
            case "AWS::Partition":
                return Assumed(self.partition)
            case "AWS::URLSuffix":
                return Assumed("amazonaws.com.cn" if self.partition == "aws-cn" else "amazonaws.com")
            case "AWS::StackName":
                return Assumed("stack")
            case "AWS::NoValue":
                return ABSENT
            case _:
                return Unknown(f"`{name}` is known after the deployment")


class Resolver:
    """Works out values of one template."""

    def __init__(self, template: Template, deployment: Deployment) -> None:
        self.template = template
        self.deployment = deployment
        self._depth = 0

    def properties(self, logical_id: str) -> dict[str, Any]:
        """The properties of a resource, worked out."""
        found = self.value(self.template.resources[logical_id].properties)
        return found if isinstance(found, dict) else {}

    def exists(self, logical_id: str) -> bool | Unknown:
        """Whether the resource's condition lets it be made."""
        name = self.template.resources[logical_id].condition
        return True if name is None else self.condition({"Condition": name})

    def value(self, node: object) -> object:
        """The value of a part of the template: JSON, with `Unknown`s in it."""
        self._depth += 1
        try:
            if self._depth > _MAX_DEPTH:
                return Unknown("it refers to itself")
            return self._value(node)
        finally:
            self._depth -= 1

    def _value(self, node: object) -> object:
        match node:
            case dict() if len(node) == 1 and (name := next(iter(node))) in self._functions:
                return self._functions[name](node[name])
            case dict() if len(node) == 1 and str(next(iter(node))).startswith("Fn::"):
                return Unknown(f"`{next(iter(node))}` is worked out by CloudFormation")
            case dict():
                values = {str(key): self.value(each) for key, each in node.items()}
                return {key: each for key, each in values.items() if each is not ABSENT}
            case list():
                return [each for each in map(self.value, node) if each is not ABSENT]
            case _:
                return node

    @cached_property
    def _functions(self) -> Mapping[str, Callable[[Any], object]]:
        return {
            "Ref": self._ref,
            "Fn::GetAtt": self._get_att,
            "Fn::Sub": self._sub,
            "Fn::Join": self._join,
            "Fn::If": self._if,
            "Fn::Select": self._select,
            "Fn::Split": self._split,
            "Fn::FindInMap": self._find_in_map,
            "Fn::Base64": self._base64,
            "Fn::ToJsonString": self._to_json,
        }

    def _ref(self, name: object) -> object:
        if not isinstance(name, str):
            return Unknown("a `Ref` names nothing")
        if name.startswith("AWS::"):
            return self.deployment.pseudo(name)
        if name in self.template.resources:
            return reference(self, name)
        return self._parameter(name)

    def _parameter(self, name: str) -> object:
        declared = (self.template.value.get("Parameters") or {}).get(name)
        if not isinstance(declared, dict):
            return Unknown(f"there is no `{name}` in the template")
        kind = str(declared.get("Type", "String"))
        value = self.deployment.parameters.get(name, declared.get("Default"))
        if value is None or (kind.startswith("AWS::SSM::Parameter::Value") and name not in self.deployment.parameters):
            return Unknown(f"the parameter `{name}` has no value here")
        return [part.strip() for part in str(value).split(",")] if _is_list(kind) else _text(value)

    def _get_att(self, node: Any) -> object:
        match node:
            case [str() as name, str() as key] if name in self.template.resources:
                return attribute(self, name, key)
            case _:
                return Unknown("a `Fn::GetAtt` is known after the deployment")

    def _sub(self, node: Any) -> object:
        text, given = (node[0], node[1]) if isinstance(node, list) and len(node) == 2 else (node, {})
        if not isinstance(text, str) or not isinstance(given, dict):
            return Unknown("a `Fn::Sub` is not understood")
        parts: list[object] = []
        end = 0
        for found in _VARIABLE.finditer(text):
            parts += [text[end : found.start()], self._variable(found, given)]
            end = found.end()
        return _joined("", [*parts, text[end:]])

    def _variable(self, found: re.Match[str], given: Mapping[str, object]) -> object:
        name = found["name"].strip()
        if found["literal"]:
            return f"${{{found['name']}}}"
        if name in given:
            return self.value(given[name])
        head, dot, tail = name.partition(".")
        return self._get_att([head, tail]) if dot else self._ref(name)

    def _join(self, node: Any) -> object:
        match node:
            case [str() as separator, parts]:
                values = self.value(parts)
                return _joined(separator, values) if isinstance(values, list) else _not_a_list(values)
            case _:
                return Unknown("a `Fn::Join` is not understood")

    def _if(self, node: Any) -> object:
        match node:
            case [str() as name, yes, no]:
                found = self.condition({"Condition": name})
                if isinstance(found, Unknown):
                    return Unknown(found.reason, optional="AWS::NoValue" in json.dumps([yes, no]))
                return self.value(yes if found else no)
            case _:
                return Unknown("a `Fn::If` is not understood")

    def _select(self, node: Any) -> object:
        match self.value(node):
            case [int() | str() as index, list() as values] if str(index).isdigit() and int(index) < len(values):
                return values[int(index)]
            case other:
                return first_unknown(other) or Unknown("a `Fn::Select` is not understood")

    def _split(self, node: Any) -> object:
        match self.value(node):
            case [str() as separator, Assumed() as text]:
                return [Assumed(part) for part in text.split(separator)]
            case [str() as separator, str() as text] if separator:
                return list(text.split(separator))
            case other:
                return first_unknown(other) or Unknown("a `Fn::Split` is not understood")

    def _find_in_map(self, node: Any) -> object:
        match self.value(node):
            case [str() as name, str() | int() as top, str() | int() as second, *_]:
                for key in (name, top, second):
                    if isinstance(key, Assumed):
                        return Unknown("a `Fn::FindInMap` depends on where the template is deployed")
                found = (self.template.value.get("Mappings") or {}).get(name, {})
                entry = found.get(str(top), {}) if isinstance(found, dict) else {}
                value = entry.get(str(second)) if isinstance(entry, dict) else None
                return Unknown(f"the mapping `{name}` has no such entry") if value is None else value
            case other:
                return first_unknown(other) or Unknown("a `Fn::FindInMap` is not understood")

    def _base64(self, node: Any) -> object:
        match self.value(node):
            case str() as text:
                return b64encode(text.encode()).decode()
            case other:
                return _not_text(other)

    def _to_json(self, node: Any) -> object:
        value = self.value(node)
        return first_unknown(value) or json.dumps(value, separators=(",", ":"))

    def condition(self, node: object) -> bool | Unknown:
        """Whether a condition holds."""
        self._depth += 1
        try:
            return self._condition(node) if self._depth <= _MAX_DEPTH else Unknown("it refers to itself")
        finally:
            self._depth -= 1

    def _condition(self, node: object) -> bool | Unknown:
        match node:
            case {"Condition": str() as name}:
                declared = (self.template.value.get("Conditions") or {}).get(name)
                return Unknown(f"there is no condition `{name}`") if declared is None else self.condition(declared)
            case {"Fn::Equals": [one, other]}:
                return _equal(self.value(one), self.value(other))
            case {"Fn::Not": [inner]}:
                found = self.condition(inner)
                return found if isinstance(found, Unknown) else not found
            case {"Fn::And": list() as inner}:
                return _decided([self.condition(each) for each in inner], ending=False)
            case {"Fn::Or": list() as inner}:
                return _decided([self.condition(each) for each in inner], ending=True)
            case _:
                return Unknown("a condition is not understood")


def _decided(found: list[bool | Unknown], *, ending: bool) -> bool | Unknown:
    """One `ending` decides, whatever the others are; else one unknown leaves it open."""
    if ending in found:
        return ending
    return next((each for each in found if isinstance(each, Unknown)), not ending)


def _equal(one: object, other: object) -> bool | Unknown:
    unknown = first_unknown([one, other])
    if unknown:
        return unknown
    if isinstance(one, Assumed) or isinstance(other, Assumed):
        return Unknown("it depends on where the template is deployed")
    return _text(one) == _text(other)


def _joined(separator: str, parts: list[object]) -> object:
    unknown = first_unknown(parts)
    if unknown:
        return unknown
    text = separator.join(_text(part) for part in parts)
    return Assumed(text) if any(isinstance(part, Assumed) for part in parts) else text


def _text(value: object) -> str:
    """A value as CloudFormation writes it: `true`, `3`."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else str(value)


def _not_a_list(value: object) -> Unknown:
    return value if isinstance(value, Unknown) else Unknown("a list is expected, and it is none")


def _not_text(value: object) -> Unknown:
    return value if isinstance(value, Unknown) else Unknown("a text is expected, and it is none")


def _is_list(kind: str) -> bool:
    return kind == "CommaDelimitedList" or kind.startswith(("List<", "AWS::SSM::Parameter::Value<List<"))
