"""Faults on demand: which call, before or after its effect, and what the caller sees."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

_READS = ("Get", "List", "Describe", "Head", "Lookup", "Select")
_NO_WRITES = frozenset({"AssumeRole", "Decrypt", "GenerateDataKey"})


class When(StrEnum):
    """Before the call has its effect, or after it."""

    BEFORE = "before"
    AFTER = "after"


class Kind(StrEnum):
    """What the caller sees: a connection that breaks, an error code, a request for patience."""

    DROP = "drop"
    ERROR = "error"
    THROTTLE = "throttle"


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault. It comes at the `nth` call (from 1) that matches, and at the `times - 1` after it; 0: at all of them.

    `match` is `service:Operation`, `service:*`, `write` (any call that changes something) or `*`. `code` is the error
    code of an ERROR, answered with the HTTP `status`.
    """

    match: str = "write"
    nth: int = 1
    when: When = When.BEFORE
    kind: Kind = Kind.DROP
    times: int = 1
    code: str = "ServiceException"
    status: int = 400

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> Fault:
        """A fault as the control endpoint takes it. Raises ValueError or TypeError if it is none."""
        parsed = {**value, "when": When(value.get("when", "before")), "kind": Kind(value.get("kind", "drop"))}
        return cls(**parsed)

    def matches(self, service: str, operation: str) -> bool:
        """Whether a call counts for this fault."""
        if self.match == "write":
            return is_write(operation)
        return self.match in ("*", f"{service}:*", f"{service}:{operation}")

    def strikes(self, count: int) -> bool:
        """Whether the fault comes at the `count`th matching call."""
        return count >= self.nth and (self.times == 0 or count < self.nth + self.times)


class Faults:
    """The faults that are set, each with its count of matching calls."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._counts: list[int] = []

    def set(self, *faults: Fault) -> None:
        """Replace all faults; counting starts anew."""
        self._faults, self._counts = list(faults), [0] * len(faults)

    def next(self, service: str, operation: str) -> Fault | None:
        """Count a call; the first fault that strikes it, or None."""
        struck = None
        for index, fault in enumerate(self._faults):
            if fault.matches(service, operation):
                self._counts[index] += 1
                if struck is None and fault.strikes(self._counts[index]):
                    struck = fault
        return struck


def is_write(operation: str) -> bool:
    """Whether an operation changes something, by its name."""
    return not operation.startswith(_READS) and operation not in _NO_WRITES
