"""The rest-json protocol: operation and parameters from method, path, query and body; and an answer's HTTP form."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, unquote

from botocore.model import ListShape, OperationModel, Shape, StructureShape

from orgctl.sandbox.messages import Answer, Request
from orgctl.sandbox.models import service_model

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Route:
    """One operation's method and path. `query` is what the path itself wants in the query (`find=LayerVersion`)."""

    operation: OperationModel
    method: str
    path: re.Pattern[str]
    query: frozenset[tuple[str, str]]


def routed(service: str, request: Request) -> tuple[str, Values]:
    """The name of the operation, and its parameters; ("", {}) if no operation has this path.

    Raises ValueError if the body is not JSON.
    """
    path, _, query = request.target.partition("?")
    pairs = parse_qsl(query, keep_blank_values=True)
    for route in _routes(service):
        found = route.path.fullmatch(path.rstrip("/"))
        if route.method == request.method and found and route.query <= set(pairs):
            names = {_name(key): unquote(value) for key, value in found.groupdict().items()}
            return route.operation.name, _parameters(route.operation, request, names, pairs)
    return "", {}


@cache
def _routes(service: str) -> tuple[Route, ...]:
    """All operations, the most particular paths first."""
    model = service_model(service)
    routes = [_route(model.operation_model(name)) for name in model.operation_names]
    return tuple(sorted(routes, key=lambda route: (-len(route.query), route.path.pattern.count("(?P<"))))


def _route(operation: OperationModel) -> Route:
    path, _, query = operation.http["requestUri"].partition("?")
    pieces = re.split(r"\{(\w+)(\+?)\}", path.rstrip("/"))
    pattern = re.escape(pieces[0])
    for name, greedy, rest in zip(pieces[1::3], pieces[2::3], pieces[3::3], strict=True):
        pattern += f"(?P<p_{name}>{'.+' if greedy else '[^/]+'}){re.escape(rest)}"
    return Route(operation, operation.http["method"], re.compile(pattern), frozenset(parse_qsl(query)))


def _name(group: str) -> str:
    return group.removeprefix("p_")


def _parameters(operation: OperationModel, request: Request, path: Values, query: list[tuple[str, str]]) -> Values:
    shape = operation.input_shape
    if not isinstance(shape, StructureShape):
        return {}
    payload = shape.serialization.get("payload")
    found: Values = {} if payload else dict(json.loads(request.body or b"{}"))
    for name, member in shape.members.items():
        where, wire = member.serialization.get("location"), member.serialization.get("name", name)
        if where == "uri":
            found[name] = _typed(member, path[wire])
        elif where == "querystring" and (given := [value for key, value in query if key == wire]):
            found[name] = given if isinstance(member, ListShape) else _typed(member, given[0])
        elif where == "header" and wire.lower() in request.headers:
            found[name] = _typed(member, request.headers[wire.lower()])
        elif name == payload and request.body:
            found[name] = request.body if member.type_name == "blob" else json.loads(request.body)
    return found


def _typed(shape: Shape, text: str) -> Any:
    if shape.type_name in ("integer", "long"):
        return int(text) if re.fullmatch(r"-?\d+", text) else text
    return text == "true" if shape.type_name == "boolean" else text


def answered(operation: OperationModel, members: Mapping[str, Any]) -> Answer:
    """The HTTP form of an answer: members that the model puts into headers and the status, the rest as JSON."""
    status, headers, body = operation.http.get("responseCode", 200), [], dict(members)
    shape = operation.output_shape
    if not isinstance(shape, StructureShape):
        return Answer(status, b"" if status == 204 else b"{}", (("Content-Type", "application/json"),))
    for name, member in shape.members.items():
        match member.serialization.get("location"):
            case "statusCode":
                status = body.pop(name, status)
            case "header" if name in body:
                headers.append((member.serialization["name"], str(body.pop(name))))
    payload = shape.serialization.get("payload")
    content = body.get(payload, b"") if payload else json.dumps(body)
    encoded = content if isinstance(content, bytes) else str(content).encode()
    return Answer(status, encoded, (("Content-Type", "application/json"), *headers))
