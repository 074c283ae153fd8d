"""Values that a template does not say: they are never guessed.

`Unknown` is a value that only the deployment shows: a parameter without a value, an import, an id. A rule that looks at
one cannot decide. `Assumed` is text that stands for such a value where any will do: the account, the region, a name
that CloudFormation makes up. A condition that depends on it is unknown all the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

MARK = "orgctl::unknown"
"""The key by which an unknown value is told to a rule's process."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value that is not known before the deployment. `reason` is a half-sentence: "`Stage` has no value".

    `optional`: not even whether there is one.
    """

    reason: str
    optional: bool = False


class Assumed(str):
    """Text that stands for what is not known, where it does not matter what it is."""

    __slots__ = ()


class Absent:
    """What `AWS::NoValue` stands for: the property is not there."""


ABSENT = Absent()


def first_unknown(value: object) -> Unknown | None:
    """The first unknown within a value; None if everything is known."""
    match value:
        case Unknown():
            return value
        case Mapping():
            return next((found for each in value.values() if (found := first_unknown(each))), None)
        case list() | tuple():
            return next((found for each in value if (found := first_unknown(each))), None)
        case _:
            return None


def optional_unknown(value: object) -> Unknown | None:
    """The first unknown within a value that may be no value at all; None if there is none."""
    match value:
        case Unknown():
            return value if value.optional else None
        case Mapping():
            return next((found for each in value.values() if (found := optional_unknown(each))), None)
        case list() | tuple():
            return next((found for each in value if (found := optional_unknown(each))), None)
        case _:
            return None


def wired(value: object) -> object:
    """A value for a rule's process: unknowns become marks."""
    match value:
        case Unknown():
            return {MARK: value.reason}
        case Mapping():
            return {str(key): wired(each) for key, each in value.items()}
        case list() | tuple():
            return [wired(each) for each in value]
        case _:
            return value
