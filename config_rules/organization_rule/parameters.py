"""A rule's parameters, read and checked. AWS Config hands all of them over as text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeVar

from rdklib import InvalidParametersError

from organization_rule.arns import Arn, unknown_placeholders

OF_THE_FRAME = frozenset({"ExecutionRoleName", "ExecutionRoleRegion", "AssumeRoleMode"})
"""Parameters that every rule may be given, and none looks at itself."""

_FLAGS = {"true": True, "false": False}
Choice = TypeVar("Choice")


class Parameters:
    """One rule's parameters. Problems are collected; `finish` raises them all at once.

    An empty text counts as not given: templates of conformance packs cannot leave a parameter out.
    """

    def __init__(self, given: Mapping[str, object]) -> None:
        self._given = {name: str(value).strip() for name, value in given.items() if value is not None}
        self._asked: set[str] = set()
        self._problems: list[str] = []

    def text(self, name: str, default: str = "") -> str:
        """One text."""
        self._asked.add(name)
        return self._given.get(name, "") or default

    def texts(self, name: str, *, required: bool = False) -> tuple[str, ...]:
        """Texts with commas between them, in the order given, each once."""
        parts = (part.strip() for part in self.text(name).replace("\n", ",").split(","))
        found = tuple(dict.fromkeys(part for part in parts if part))
        if required and not found:
            self.problem(name, "is missing")
        return found

    def patterns(self, name: str, *, required: bool = False) -> tuple[str, ...]:
        """Texts with wildcards and placeholders, with commas between them."""
        found = self.texts(name, required=required)
        for unknown in (each for pattern in found for each in unknown_placeholders(pattern)):
            self.problem(name, f"holds `{unknown}`; known are ${{partition}}, ${{region}} and ${{account}}")
        return found

    def arns(self, name: str, *, required: bool = False) -> tuple[str, ...]:
        """Patterns for ARNs with commas between them."""
        return tuple(pattern for pattern in self.patterns(name, required=required) if self._is_arn(name, pattern))

    def choice(self, name: str, choices: Mapping[str, Choice], default: str) -> Choice:
        """What one of a few words stands for; upper and lower case are the same."""
        word = self.text(name, default)
        known = {choice.lower(): value for choice, value in choices.items()}
        if word.lower() not in known:
            self.problem(name, f"is `{word}`, and has to be one of {', '.join(choices)}")
        return known.get(word.lower(), choices[default])

    def flag(self, name: str, *, default: bool = False) -> bool:
        """`true` or `false`."""
        return self.choice(name, _FLAGS, str(default).lower())

    def problem(self, name: str, what: str) -> None:
        """Add what is wrong with a parameter: "is missing"."""
        self._problems.append(f"the parameter `{name}` {what}")

    def finish(self) -> None:
        """Raises rdklib's InvalidParametersError with everything that is wrong, misspelt names included."""
        known = self._asked | OF_THE_FRAME
        for name in sorted(self._given.keys() - known):
            self.problem(name, f"is not known; known are {_listed(self._asked)}")
        if self._problems:
            raise InvalidParametersError("; ".join(self._problems))

    def _is_arn(self, name: str, pattern: str) -> bool:
        try:
            Arn.parse(pattern)
        except ValueError:
            self.problem(name, f"holds `{pattern}`, which is no ARN")
            return False
        return True


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or "none"
