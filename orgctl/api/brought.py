"""Policies that a batch line brings along, instead of the manifest's: read, named by where they stand, kept ready.

    {"scp": [[document, …], …], "rcp": [[…], …], "identity": [document, …], "boundary": [document, …],
     "session": [document, …], "resource": document}

`scp` and `rcp` are one list for each level, from the root to the account. A layer that is not there restricts nothing.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Mapping
from typing import cast

from orgctl.errors import InvalidInputError
from orgctl.manifest.nearest import did_you_mean
from orgctl.policy.authorizer import Authorizer
from orgctl.policy.layers import Layers, Level, NamedPolicy, Organization
from orgctl.policy.parser import parse_with_problems
from orgctl.source import Place

_LEVELLED = ("scp", "rcp")
_LISTED = ("identity", "boundary", "session")
_LAYERS = (*_LEVELLED, *_LISTED, "resource")

KEPT = 256
"""How many different sets of policies are kept ready at once."""


class BroughtPolicies:
    """Authorizers for policies by their JSON text; those that were used last are kept."""

    def __init__(self) -> None:
        self._ready: OrderedDict[tuple[str, str | None], Authorizer] = OrderedDict()

    def authorizer(self, policies: object, management_account: str | None = None) -> Authorizer:
        """The authorizer for a line's `policies`. Raises InvalidInputError saying what is wrong and where."""
        key = json.dumps(policies), management_account
        found = self._ready.get(key)
        if found is None:
            found = self._ready[key] = Authorizer(layers_of(policies), Organization(management_account))
            if len(self._ready) > KEPT:
                self._ready.popitem(last=False)
        else:
            self._ready.move_to_end(key)
        return found


def layers_of(policies: object) -> Layers:
    """The layers that a line brings. Raises InvalidInputError."""
    if not isinstance(policies, dict):
        raise InvalidInputError("`policies` is a mapping of layers")
    given = {name: value for name, value in policies.items() if value is not None}
    for name in given:
        if name not in _LAYERS:
            hint = did_you_mean(name, _LAYERS, f"there are {', '.join(_LAYERS)}")
            raise InvalidInputError(f"`policies.{name}` is not a layer", hint=hint)
    levelled = {name: _levels(given[name], name) for name in _LEVELLED if name in given}
    listed = {name: _level(given[name], name) for name in _LISTED if name in given}
    resource = _policy(given["resource"], "resource") if "resource" in given else None
    return _layers(levelled, listed, resource)


def _layers(
    levelled: Mapping[str, tuple[Level, ...]], listed: Mapping[str, Level], resource: NamedPolicy | None
) -> Layers:
    return Layers(
        levelled.get("scp"),
        levelled.get("rcp"),
        resource,
        listed.get("identity"),
        listed.get("boundary"),
        listed.get("session"),
    )


def _levels(value: object, name: str) -> tuple[Level, ...]:
    if not isinstance(value, list) or not all(isinstance(level, list) for level in value):
        raise InvalidInputError(f"`policies.{name}` is a list of lists: one for each level from root to account")
    return tuple(_level(level, f"{name}[{number}]") for number, level in enumerate(value))


def _level(value: object, name: str) -> Level:
    if not isinstance(value, list):
        raise InvalidInputError(f"`policies.{name}` is a list of policies")
    return tuple(_policy(document, f"{name}[{number}]") for number, document in enumerate(value))


def _policy(value: object, name: str) -> NamedPolicy:
    """A policy, or its JSON text; its name is where it stands: `scp[0][1]`."""
    if isinstance(value, str):
        try:
            value = cast(object, json.loads(value))
        except ValueError as error:
            raise InvalidInputError(f"`policies.{name}` is not JSON: {error}") from error
    document, problems = parse_with_problems(value)
    if problems:
        first = problems[0]
        raise InvalidInputError(f"`policies.{name}{_path(first.place)}`: {first.message}", hint=first.hint)
    return NamedPolicy(name, document)


def _path(place: Place) -> str:
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in place)
