"""A request as a value: who wants to do what to which resource, and what is known of the circumstances.

A context key is present (in `context`), absent (in neither), or not known (in `unknown`): the three are different.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from orgctl.policy.principal import Principal
from orgctl.policy.template import Value

Given = str | bool | int | float | Iterable[str | bool | int | float]
"""What a context value may be given as."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request. Use `Request.of`, which brings everything into this shape.

    `action` and all key names are in lower case. A context value is text, or a tuple of two or more texts.
    `resource` is an ARN, `*`, or empty where nobody knows it. `resource_account` is the account that owns the resource;
    None: not said. `unknown` maps the keys that nobody knows to their spelling in the request.
    """

    action: str
    resource: str
    principal: Principal
    resource_account: str | None = None
    context: Mapping[str, Value] = field(default_factory=dict)
    unknown: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        action: str,
        resource: str,
        principal: Principal | str,
        context: Mapping[str, Given] | None = None,
        *,
        unknown: Iterable[str] = (),
        resource_account: str | None = None,
    ) -> Request:
        """A request from plain values.

        A key with one value in a list is the same as with that value; a key with an empty list is absent. A key that
        is given both in `context` and as unknown is known.
        """
        values = {key.lower(): _value(given) for key, given in (context or {}).items()}
        present = {key: value for key, value in values.items() if value is not None}
        hidden = {key.lower(): key for key in unknown if key.lower() not in values}
        caller = Principal.parse(principal) if isinstance(principal, str) else principal
        return cls(action.lower(), resource, caller, resource_account, present, hidden)

    @property
    def service(self) -> str:
        """The action's prefix: `s3`."""
        return self.action.partition(":")[0]

    @property
    def owner(self) -> str:
        """The account that owns the resource: as said, else as in its ARN, else the caller's own."""
        if self.resource_account is not None:
            return self.resource_account
        fields = self.resource.split(":", 5)
        return fields[4] if len(fields) == 6 and fields[4].isdigit() else self.principal.account


def text_of(value: str | bool | int | float) -> str:
    """A context value as AWS has it: as text, numbers in decimal and booleans in lower case."""
    return value if isinstance(value, str) else json.dumps(value)


def _value(given: Given) -> Value | None:
    if isinstance(given, str):
        return given
    if isinstance(given, bool | int | float):
        return text_of(given)
    texts = tuple(map(text_of, given))
    if len(texts) > 1:
        return texts
    return texts[0] if texts else None
