"""From a template's file to a `Template`: YAML with short forms (`!Sub`), JSON, and SAM."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from orgctl.diagnostics import Diagnostic, Position
from orgctl.errors import InvalidInputError
from orgctl.source import Source
from orgctl.source.codes import KEY_NOT_TEXT, LEADING_ZERO, NOT_A_NUMBER
from orgctl.source.from_json import parse_json
from orgctl.source.from_yaml import parse_yaml

_SHORT = (
    "And", "Base64", "Cidr", "Equals", "FindInMap", "GetAZs", "GetAtt", "If", "ImportValue", "Join", "Length", "Not",
    "Or", "Select", "Split", "Sub", "ToJsonString", "Transform",
)  # fmt: skip
FUNCTIONS: Mapping[str, str] = {
    "!Ref": "Ref",
    "!Condition": "Condition",
    **{f"!{name}": f"Fn::{name}" for name in _SHORT},
}
"""Source: "Intrinsic function reference", CloudFormation's template reference."""

SAM = "AWS::Serverless-2016-10-31"
_TOLERATED = (KEY_NOT_TEXT, LEADING_ZERO, NOT_A_NUMBER)
"""CloudFormation takes numbers such as account ids without quotes, as keys of mappings, too."""


@dataclass(frozen=True, slots=True)
class Resource:
    """One resource of a template, as it is written there. `position` is that of its logical id."""

    logical_id: str
    kind: str
    properties: Mapping[str, object]
    position: Position
    condition: str | None = None


@dataclass(frozen=True, slots=True)
class Template:
    """A template. `transforms` are those that only CloudFormation can do; what they change cannot be seen here."""

    file: str
    value: Mapping[str, Any]
    resources: Mapping[str, Resource]
    transforms: tuple[str, ...] = ()
    notes: tuple[Diagnostic, ...] = field(default=())


def read_template(path: Path, name: str | None = None) -> Template:
    """Read a template; SAM is not expanded yet. Raises InvalidInputError for a file that is no template."""
    file = name or str(path)
    source = _source(path, file)
    value = source.value
    resources = value.get("Resources") if isinstance(value, dict) else None
    if not isinstance(value, dict) or not isinstance(resources, dict):
        hint = "a template has a mapping `Resources`"
        raise InvalidInputError(f"`{file}` is no CloudFormation template", hint=hint)
    found = {name: _resource(source, name) for name in resources}
    declared = value.get("Transform") or []
    transforms = [str(each) for each in ([declared] if isinstance(declared, str | dict) else declared)]
    return Template(file, value, {name: each for name, each in found.items() if each}, tuple(transforms))


def _source(path: Path, file: str) -> Source:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        reason = (error.strerror or "it cannot be read").lower()
        raise InvalidInputError(f"`{file}` cannot be read: {reason}") from error
    except UnicodeDecodeError as error:
        raise InvalidInputError(f"`{file}` is not UTF-8 text") from error
    is_json = path.suffix == ".json" or text.lstrip().startswith("{")
    value, top, problems = parse_json(text, file) if is_json else parse_yaml(text, file, FUNCTIONS)
    found = tuple(each for each in problems if each.code not in _TOLERATED)
    if found:
        raise InvalidInputError(f"`{file}` cannot be used", diagnostics=found)
    if top is None:
        raise InvalidInputError(f"`{file}` is empty")
    return Source(file, _with_attributes(value), lambda: top)


def _with_attributes(value: object) -> object:
    """`!GetAtt A.B` means the same as `Fn::GetAtt: [A, B]`."""
    match value:
        case {"Fn::GetAtt": str() as text, **rest} if not rest:
            name, _, attribute = text.partition(".")
            return {"Fn::GetAtt": [name, attribute]}
        case dict():
            return {key: _with_attributes(each) for key, each in value.items()}
        case list():
            return [_with_attributes(each) for each in value]
        case _:
            return value


def _resource(source: Source, name: str) -> Resource | None:
    place = ("Resources", name)
    value: Any = source.get(place)
    kind = value.get("Type") if isinstance(value, dict) else None
    properties = (value.get("Properties") or {}) if isinstance(value, dict) else None
    if name.startswith("Fn::ForEach"):
        return None
    if not isinstance(kind, str) or not isinstance(properties, dict):
        message = f"the resource `{name}` has no `Type`, or its `Properties` are no mapping"
        raise InvalidInputError(f"{source.key_at(place)}: {message}")
    condition = value.get("Condition")
    return Resource(name, kind, properties, source.key_at(place), condition if isinstance(condition, str) else None)
