"""Policies of IAM's language that resources have: what their statements say, in one form.

Source: "Grammar of the IAM JSON policy language" and "AWS JSON policy elements: Principal", IAM User Guide.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from organization_rule.arns import like

Principal = tuple[str, str]
"""A kind (`AWS`, `Service`, `Federated`, `CanonicalUser`) and a value; everybody is `("*", "*")`."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One operator with one key; both are in lower case."""

    operator: str
    key: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement. Where `spares` is true, the principals are those of NotPrincipal; likewise `spares_actions`.

    `name` is its Sid, or its place, counted from 1.
    """

    name: str
    allows: bool
    principals: tuple[Principal, ...]
    spares: bool
    actions: tuple[str, ...]
    spares_actions: bool
    conditions: tuple[Condition, ...]

    def is_about(self, action: str) -> bool:
        """Whether the action (`sts:AssumeRole`) is among those of the statement; IAM ignores their case."""
        named = any(like(pattern.lower(), action.lower()) for pattern in self.actions)
        return named is not self.spares_actions


def statements(document: object) -> tuple[Statement, ...]:
    """The statements of a policy, given as an object, as JSON, or as JSON that is encoded for URLs, as IAM does.

    Raises ValueError for what is no policy.
    """
    found = _parsed(document).get("Statement")
    every = found if isinstance(found, list) else [found]
    return tuple(_statement(each, place) for place, each in enumerate(every, start=1))


def _parsed(document: object) -> Mapping[str, object]:
    if isinstance(document, str):
        document = json.loads(document if document.lstrip().startswith("{") else unquote(document))
    if not isinstance(document, Mapping):
        message = "the policy is no JSON object"
        raise ValueError(message)  # as json.loads does
    return document


def _statement(found: object, place: int) -> Statement:
    if not isinstance(found, Mapping):
        message = "what should be a statement of the policy is none"
        raise ValueError(message)
    effect = found.get("Effect")
    if effect not in ("Allow", "Deny"):
        message = f"a statement's effect is `{effect}`"
        raise ValueError(message)
    return Statement(
        name=str(found.get("Sid") or place),
        allows=effect == "Allow",
        principals=_principals(found.get("Principal", found.get("NotPrincipal"))),
        spares="NotPrincipal" in found,
        actions=_texts(found.get("Action", found.get("NotAction"))),
        spares_actions="NotAction" in found,
        conditions=_conditions(found.get("Condition") or {}),
    )


def _principals(found: object) -> tuple[Principal, ...]:
    if isinstance(found, Mapping):
        return tuple((str(kind), value) for kind, values in found.items() for value in _texts(values))
    return tuple((value, value) for value in _texts(found))


def _conditions(found: object) -> tuple[Condition, ...]:
    if not isinstance(found, Mapping):
        message = "a statement's conditions are no JSON object"
        raise ValueError(message)  # as json.loads does
    return tuple(
        Condition(str(operator).lower(), str(key).lower(), _texts(values))
        for operator, keys in found.items()
        for key, values in (keys.items() if isinstance(keys, Mapping) else ())
    )


def _texts(found: object) -> tuple[str, ...]:
    """One value or a list of them, as texts. JSON's booleans are written as IAM compares them."""
    every = found if isinstance(found, list) else [] if found is None else [found]
    return tuple(str(each).lower() if isinstance(each, bool) else str(each) for each in every)
