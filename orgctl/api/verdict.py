"""`Verdict`: a decision with its reasons, made to be compared in tests.

assert organization.simulate("shop-prod", "cloudhsm:CreateCluster") == "EXPLICIT_DENY"
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from orgctl.policy.explanation import Decider, Decision
from orgctl.policy.ruling import Ruling

_DENIED = (Decision.EXPLICIT_DENY, Decision.IMPLICIT_DENY)
_WORDS = (*(decision.value for decision in Decision), "DENIED")


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Verdict:
    """What is decided on a request. It equals its decision's name (`DENIED` is either denial), and verdicts like it.

    It is neither true nor false, so that `assert organization.simulate(...)` cannot pass by accident. `ruling` is the
    whole answer.
    """

    ruling: Ruling

    @property
    def decision(self) -> str:
        """`ALLOWED`, `EXPLICIT_DENY`, `IMPLICIT_DENY` or `UNKNOWN`."""
        return self.ruling.answer.decision.value

    @property
    def allowed(self) -> bool:
        """Whether no policy of the organization stands in the way, whatever is not known."""
        return self.ruling.answer.decision is Decision.ALLOWED

    @property
    def denied(self) -> bool:
        """Whether the request is denied, whatever is not known."""
        return self.ruling.answer.decision in _DENIED

    @property
    def decided_by(self) -> tuple[str, ...]:
        """The statements that decided (`scp/NAME#SID`), or the levels (`ou:/Workloads`) on which nothing allows."""
        return tuple(dict.fromkeys(map(self._name, self.ruling.answer.decided_by)))

    @property
    def reasons(self) -> tuple[str, ...]:
        """What decided with file and line, exemptions, and where AWS does not say what it does."""
        answer = self.ruling.answer
        return (*dict.fromkeys(map(self._reason, answer.decided_by)), *answer.notes, *answer.reasons)

    @property
    def keys(self) -> tuple[str, ...]:
        """The context keys that could have mattered."""
        explanation = self.ruling.answer.explanation
        return explanation.keys if explanation else ()

    @property
    def unknown_keys(self) -> tuple[str, ...]:
        """The context keys on which the decision hangs, if it is UNKNOWN."""
        return self.ruling.answer.unknown_keys

    def __eq__(self, other: object) -> bool:
        """Compare with a decision, its name or another verdict. Raises ValueError for a text that names none."""
        match other:
            case str():
                return self._is(other)
            case Decision():
                return self.ruling.answer.decision is other
            case Verdict():
                return self.decision == other.decision
            case _:
                return NotImplemented

    __hash__ = None  # type: ignore[assignment]  # it equals `DENIED` and `EXPLICIT_DENY`, which have hashes of their own

    def __bool__(self) -> bool:
        """Refused. Raises TypeError."""
        raise TypeError('a verdict is neither true nor false: compare it, as in `== "ALLOWED"`, or ask for `.allowed`')

    def __repr__(self) -> str:
        return f"<{' '.join(self._short())}>"

    def _is(self, word: str) -> bool:
        if word not in _WORDS:
            raise ValueError(f"`{word}` is no decision; there are {', '.join(_WORDS)}")
        return self.denied if word == "DENIED" else self.decision == word

    def _short(self) -> Iterator[str]:
        yield self.decision
        if self.ruling.answer.decision is Decision.UNKNOWN:
            yield f"hangs on {', '.join(self.unknown_keys) or 'what AWS does not document'}"
        elif self.denied:
            yield f"by {', '.join(self.decided_by)}"

    def _name(self, by: Decider) -> str:
        return f"{by.policy}#{by.statement}" if by.policy else self.ruling.target(by) or by.layer.value

    def _reason(self, by: Decider) -> str:
        if by.policy is None:
            return f"nothing allows it on {self._name(by)}"
        position = self.ruling.position(by)
        return f"{self._name(by)} ({position})" if position else self._name(by)
