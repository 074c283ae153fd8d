"""A policy of the IAM language as a value: what was written, with one shape for what may be written two ways.

`parse` accepts scalars or lists, one statement or many, element names in any case; it refuses what has no meaning in
any policy type. What one type forbids and another allows (a Principal in an SCP) is left to the checks of that type.
Grammar: "Grammar of the IAM JSON policy language", IAM User Guide.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from orgctl.source import Place

VARIABLES_VERSION = "2012-10-17"
"""The language version in which `${…}` is a variable; in the older one it is plain text."""

DEFAULT_VERSION = "2008-10-17"
"""What AWS takes a policy without `Version` for."""


class Effect(Enum):
    """What a matching statement does."""

    ALLOW = "Allow"
    DENY = "Deny"


@dataclass(frozen=True, slots=True)
class Pattern:
    """An element that comes plain or negated: `Action` or `NotAction`, `Resource` or `NotResource`."""

    values: tuple[str, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Principals:
    """`Principal` or `NotPrincipal`: pairs of a kind (`AWS`, `Service`, `Federated`, `CanonicalUser`) and a value.

    `"*"` alone is the pair `("AWS", "*")`, which AWS documents as the same.
    """

    members: tuple[tuple[str, str], ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Condition:
    """One line of a Condition block: an operator as written, a context key as written, and its values as text."""

    operator: str
    key: str
    values: tuple[str, ...]
    place: Place = ()


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement. `index` counts from 0 in the document, `place` leads to it; an absent element is None."""

    effect: Effect
    actions: Pattern | None = None
    resources: Pattern | None = None
    principals: Principals | None = None
    conditions: tuple[Condition, ...] = ()
    sid: str | None = None
    index: int = 0
    place: Place = ()

    @property
    def name(self) -> str:
        """The Sid, or `statement 3` (counting from 1) where there is none."""
        return self.sid or f"statement {self.index + 1}"


@dataclass(frozen=True, slots=True)
class Document:
    """A whole policy. `version` is the language version in force, so never absent."""

    statements: tuple[Statement, ...]
    version: str = DEFAULT_VERSION
    id: str | None = None

    @property
    def has_variables(self) -> bool:
        """Whether `${…}` means something here."""
        return self.version == VARIABLES_VERSION


def is_iam_language(value: object) -> bool:
    """Whether a decoded policy is of the IAM language at all: the tag, backup and other types are not."""
    return isinstance(value, dict) and any(str(key).lower() == "statement" for key in value)
