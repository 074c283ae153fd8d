"""Values in a document: `{{ Parameter }}`, `{{ step.Output }}`, `{{ global:REGION }}`."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

import jmespath

from orgctl.errors import InvalidInputError

_PLACEHOLDER = re.compile(r"\{\{\s*([\w:.\-]+)\s*\}\}")


def filled(value: Any, known: Mapping[str, Any]) -> Any:
    """A value with its placeholders filled; one that is nothing but a placeholder keeps the type of what it names.

    Raises InvalidInputError for a name that there is not.
    """
    if isinstance(value, dict):
        return {key: filled(item, known) for key, item in value.items()}
    if isinstance(value, list):
        return [filled(item, known) for item in value]
    if not isinstance(value, str):
        return value
    whole = _PLACEHOLDER.fullmatch(value.strip())
    if whole:
        return _known(whole[1], known)
    return _PLACEHOLDER.sub(lambda found: text(_known(found[1], known)), value)


def text(value: Any) -> str:
    """A value as part of a text."""
    return value if isinstance(value, str) else json.dumps(value)


def _known(name: str, known: Mapping[str, Any]) -> Any:
    if name not in known:
        raise InvalidInputError(f"the variable {name} cannot be resolved")
    return known[name]


def parameters(declared: Mapping[str, Mapping[str, Any]], given: Mapping[str, list[str]]) -> dict[str, Any]:
    """The values of a document's parameters, of their types. Raises InvalidInputError for what does not fit."""
    if unknown := sorted(set(given) - set(declared)):
        raise InvalidInputError(f"the parameter {unknown[0]} is not declared by the document")
    return {name: _parameter(name, declaration, given.get(name)) for name, declaration in declared.items()}


def _parameter(name: str, declaration: Mapping[str, Any], given: list[str] | None) -> Any:
    if given is None:
        if "default" not in declaration:
            raise InvalidInputError(f"the parameter {name} has no value")
        return declaration["default"]
    kind, value = str(declaration.get("type", "String")), given[0] if given else ""
    allowed, pattern = declaration.get("allowedValues"), declaration.get("allowedPattern")
    if allowed and value not in [text(one) for one in allowed]:
        raise InvalidInputError(f"the parameter {name} must be one of {', '.join(map(text, allowed))}")
    if pattern and not all(re.search(pattern, one) for one in given):
        raise InvalidInputError(f"the parameter {name} does not fit {pattern}")
    match kind:
        case "StringList":
            return list(given)
        case "Boolean":
            return value.lower() == "true"
        case "Integer":
            return int(value)
        case "StringMap" | "MapList":
            return json.loads(value)
        case _:
            return value


def selected(answer: Any, selector: str) -> Any:
    """What a JSONPath (`$.Configuration.Layers[0].Arn`) leads to in an answer; None if to nothing."""
    path = selector.removeprefix("$").removeprefix(".")
    return jmespath.search(path, answer) if path else answer


def output(value: Any, kind: str) -> Any:
    """A selected value as an output of a type. Raises InvalidInputError if it has none."""
    if value is None:
        if kind in ("StringList", "MapList"):
            return []
        raise InvalidInputError("the selector leads to nothing")
    if kind == "String":
        return text(value)
    if kind in ("StringList", "MapList"):
        found = value if isinstance(value, list) else [value]
        return [text(item) for item in found] if kind == "StringList" else found
    return value
