"""One line of a batch, read and checked."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import NamedTuple, cast

from orgctl.api.request_syntax import check_action, check_key
from orgctl.errors import InvalidInputError
from orgctl.manifest.nearest import did_you_mean
from orgctl.policy.request import text_of
from orgctl.policy.template import Value

FIELDS = ("id", "account", "policies", "principal", "action", "resource", "resource_account", "context", "unknown")
_FIELDS = frozenset(FIELDS)
_TEXTS = ("account", "principal", "resource", "resource_account")


class Line(NamedTuple):
    """A request as the line gives it; None: not said.

    `context` is by key in lower case, a key with None is absent; `unknown` maps keys in lower case to their spelling.
    """

    action: str
    account: str | None
    policies: object
    principal: str | None
    resource: str | None
    resource_account: str | None
    context: dict[str, Value | None]
    unknown: dict[str, str]


def decoded(line: bytes) -> dict[str, object]:
    """The JSON object of a line. Raises InvalidInputError."""
    try:
        data = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise InvalidInputError(f"the line is not UTF-8 text: {error.reason} at byte {error.start + 1}") from error
    except RecursionError as error:
        raise InvalidInputError("the line is nested too deeply") from error
    except ValueError as error:
        raise InvalidInputError(f"the line is not JSON: {error}") from error
    if not isinstance(data, dict):
        raise InvalidInputError("a request is a JSON object")
    return data


def checked(data: dict[str, object]) -> Line:
    """The line as a request. Raises InvalidInputError for what is not of the form."""
    if not data.keys() <= _FIELDS:
        unknown = min(data.keys() - _FIELDS)
        hint = did_you_mean(unknown, FIELDS, f"there are {', '.join(FIELDS)}")
        raise InvalidInputError(f"`{unknown}` is not a field of a request", hint=hint)
    account, principal, resource, owner = (_text(name, data.get(name)) for name in _TEXTS)
    action = data.get("action")
    if action is None:
        raise InvalidInputError("a request names its `action`")
    context = data.get("context")
    return Line(
        _action(cast(str, _text("action", action))),
        account,
        data.get("policies"),
        principal,
        resource,
        owner,
        _context(context) if context else {},
        _unknown(data.get("unknown")),
    )


@lru_cache(maxsize=4096)
def _action(action: str) -> str:
    return check_action(action)


def _text(name: str, value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    raise InvalidInputError(f"`{name}` is text, not `{json.dumps(value)}`")


def _context(value: object) -> dict[str, Value | None]:
    if not isinstance(value, dict):
        raise InvalidInputError("`context` is a mapping of keys to values")
    found: dict[str, Value | None] = {}
    for key, one in value.items():
        if ":" not in key:
            check_key(key)
        found[key.lower()] = one if isinstance(one, str) else _value(key, one)
    return found


def _value(key: str, value: object) -> Value | None:
    """The texts of a key that is given as something else than text."""
    items = value if isinstance(value, list) else [] if value is None else [value]
    if not all(isinstance(item, str | bool | int | float) for item in items):
        raise InvalidInputError(f"`context.{key}` is text, a number, true, false or a list of them")
    texts = tuple(map(text_of, items))
    return texts if len(texts) > 1 else texts[0] if texts else None


def _unknown(value: object) -> dict[str, str]:
    if not value:
        return {}
    if not isinstance(value, list) or not all(isinstance(key, str) for key in value):
        raise InvalidInputError("`unknown` is a list of context keys")
    return {key.lower(): check_key(key) for key in value}
