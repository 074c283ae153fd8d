"""`Verdict`: what a change of policies means for one recorded call, and why. Values only."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from orgctl.source import Place


class Kind(Enum):
    """What becomes of a call. Each call has exactly one of these."""

    NEWLY_DENIED = "newly denied"
    DEPENDS = "depends"
    DENIED_ALREADY = "denied already"
    REFUSED_ALREADY = "refused already"
    ALLOWED = "allowed"
    EXEMPT = "exempt"
    UNDETERMINED = "undetermined"


@dataclass(frozen=True, slots=True)
class Cause:
    """What decides: a statement of a policy, or (with neither) the level at this address, on which nothing allows.

    `layer` is `scp` or `rcp`; `place` leads to the statement in its policy's document.
    """

    layer: str
    policy: str | None = None
    statement: str | None = None
    level: str | None = None
    place: Place = ()

    def __str__(self) -> str:
        if self.policy:
            return f"{self.policy}#{self.statement}"
        return f"nothing allows it in the {self.layer.upper()}s on {self.level}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of a call.

    `causes` deny it: newly, already, or (where it depends) perhaps. `keys` are the context keys that would settle what
    depends. `reason` says why a call is exempt, or why nothing can be told of it.
    """

    kind: Kind
    causes: tuple[Cause, ...] = ()
    keys: tuple[str, ...] = ()
    reason: str | None = None
