"""Parts of configuration items that differ between old and new ones, and between events and the history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rdklib import Evaluation

from organization_rule.parameters import Parameters
from organization_rule.verdicts import not_applicable

Item = Mapping[str, object]
"""A configuration item, as in an event: `configuration` is an object."""


def section(item: Item, *path: str) -> Mapping[str, object]:
    """The object at a path of keys; empty where it, or something on the way, is missing, null or no object."""
    value: object = item
    for key in path:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value if isinstance(value, Mapping) else {}


def entries(value: object) -> tuple[Mapping[str, object], ...]:
    """A list's objects; empty where the list is missing or null."""
    if not isinstance(value, Sequence) or isinstance(value, str):
        return ()
    return tuple(each for each in value if isinstance(each, Mapping))


def text(value: object) -> str:
    """A text; empty where it is missing or null."""
    return value if isinstance(value, str) else ""


def tags_of(item: Item) -> dict[str, str]:
    """A resource's tags: the item's, which are an object or a list, or those of its configuration."""
    found = item.get("tags") or section(item, "configuration").get("Tags") or {}
    if isinstance(found, Mapping):
        return {str(key): text(value) for key, value in found.items()}
    pairs = ((each.get("key", each.get("Key")), each.get("value", each.get("Value"))) for each in entries(found))
    return {str(key): text(value) for key, value in pairs}


@dataclass(frozen=True, slots=True)
class Waiver:
    """Tags that take a resource out of a rule: `name` with any value, or `name=value`."""

    tags: tuple[str, ...] = ()

    @classmethod
    def read(cls, parameters: Parameters) -> Waiver:
        """The parameter that all rules have for it."""
        return cls(parameters.texts("WaivedByTag"))

    def verdict(self, tags: Mapping[str, str]) -> Evaluation | None:
        """NOT_APPLICABLE if one of the tags is there; None if the rule has to look further."""
        carried = {f"{name}={value}" for name, value in tags.items()} | set(tags)
        found = next((tag for tag in self.tags if tag in carried), None)
        return not_applicable(f"waived by the tag `{found}`") if found else None
