"""Routes and authorizers of an HTTP API that is described by an OpenAPI document in the template (as SAM writes it).

Source: "Working with OpenAPI definitions for HTTP APIs", API Gateway Developer Guide.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_ANY = "x-amazon-apigateway-any-method"
_AUTHORIZER = "x-amazon-apigateway-authorizer"


def routes(document: Any) -> list[dict[str, Any]]:
    """As GetRoutes tells them: one for each path and method."""
    jwt = {each["AuthorizerId"] for each in authorizers(document) if each["AuthorizerType"] == "JWT"}
    return [_route(document, jwt, key, operation) for key, operation in _operations(document)]


def authorizers(document: Any) -> list[dict[str, Any]]:
    """As GetAuthorizers tells them: one for each security scheme with an authorizer."""
    schemes = (document.get("components") or {}).get("securitySchemes") or {}
    found = ((name, scheme[_AUTHORIZER]) for name, scheme in schemes.items() if _AUTHORIZER in scheme)
    return [
        {
            "AuthorizerId": name,
            "AuthorizerType": "JWT" if str(each.get("type", "")).lower() == "jwt" else "REQUEST",
            "JwtConfiguration": {
                key: value
                for key, value in (
                    ("Issuer", (each.get("jwtConfiguration") or {}).get("issuer")),
                    ("Audience", (each.get("jwtConfiguration") or {}).get("audience")),
                )
                if value is not None
            },
        }
        for name, each in found
    ]


def _operations(document: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for path, methods in (document.get("paths") or {}).items():
        for method, operation in (methods or {}).items():
            if method == _ANY:
                yield ("$default" if path.strip("/") == "$default" else f"ANY {path}"), operation or {}
            elif method.lower() in _METHODS:
                yield f"{method.upper()} {path}", operation or {}


def _route(document: Any, jwt: set[str], key: str, operation: Mapping[str, Any]) -> dict[str, Any]:
    security = operation.get("security", document.get("security")) or []
    names = [name for requirement in security for name in requirement]
    if not names:
        return {"RouteId": key, "RouteKey": key, "AuthorizationType": "NONE"}
    kind = "JWT" if names[0] in jwt else "CUSTOM"
    return {"RouteId": key, "RouteKey": key, "AuthorizationType": kind, "AuthorizerId": names[0]}
