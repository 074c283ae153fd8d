"""ARNs field by field, and patterns for them: wildcards within a field, placeholders for where the resource is.

Source: "Identify AWS resources with Amazon Resource Names (ARNs)", IAM User Guide.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Self

_FIELDS = 6
_PLACEHOLDER = re.compile(r"\$\{([^}]*)\}")
PLACEHOLDERS = ("partition", "region", "account")
"""What patterns may hold as `${…}`: it stands for where the evaluated resource is."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the evaluated resource is. `region` is `global` for resources of no region."""

    partition: str
    region: str
    account: str


@dataclass(frozen=True, slots=True)
class Arn:
    """`arn:partition:service:region:account:resource`; region and account may be empty, resource may hold colons."""

    partition: str
    service: str
    region: str
    account: str
    resource: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raises ValueError for what is no ARN, or no pattern for one."""
        fields = text.split(":", _FIELDS - 1)
        if len(fields) != _FIELDS or fields[0] != "arn" or not all((fields[1], fields[2], fields[5])):
            message = f"`{text}` is no ARN"
            raise ValueError(message)
        return cls(*fields[1:])


def filled(pattern: str, place: Place) -> str:
    """The pattern with its placeholders replaced. Unknown ones, which `unknown_placeholders` finds, are left."""
    values = {"partition": place.partition, "region": place.region, "account": place.account}
    return _PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), pattern)


def unknown_placeholders(pattern: str) -> tuple[str, ...]:
    """Placeholders of the pattern that nothing is known to stand for."""
    return tuple(f"${{{name}}}" for name in _PLACEHOLDER.findall(pattern) if name not in PLACEHOLDERS)


def like(pattern: str, text: str) -> bool:
    """Whether `*` (any characters, also none) and `?` (one) make the pattern the text. Case counts."""
    return _expression(pattern).fullmatch(text) is not None


def arn_like(pattern: str, text: str, place: Place) -> bool:
    """Whether the text is an ARN that fits the pattern, field by field: no wildcard reaches beyond its field.

    The last field holds colons and slashes of its own, over which wildcards do reach. Raises ValueError if the pattern
    is none for an ARN.
    """
    wanted = Arn.parse(filled(pattern, place))
    try:
        found = Arn.parse(text)
    except ValueError:
        return False
    pairs = (
        (wanted.partition, found.partition),
        (wanted.service, found.service),
        (wanted.region, found.region),
        (wanted.account, found.account),
        (wanted.resource, found.resource),
    )
    return all(like(part, value) for part, value in pairs)


@lru_cache(maxsize=1024)
def _expression(pattern: str) -> re.Pattern[str]:
    translated = "".join({"*": ".*", "?": "."}.get(character) or re.escape(character) for character in pattern)
    return re.compile(translated, re.DOTALL)
