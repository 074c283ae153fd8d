"""`Ruling`: an answer with all that people need to follow it: the request, what was assumed, and where policies stand.

It is a value for views and for programs; nothing here evaluates.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from orgctl.diagnostics import Position
from orgctl.policy.explanation import Answer, Decider, Decision
from orgctl.policy.layers import Layer
from orgctl.policy.request import Request
from orgctl.policy.template import Value
from orgctl.source import Place

Locate = Callable[[str, Place], Position | None]
"""Where in the user's files a place of a policy's document stands; None for a policy that has no file."""


def nowhere(_policy: str, _place: Place) -> None:
    """For policies that are in no file."""
    return


@dataclass(frozen=True, slots=True)
class Assumed:
    """What was not said and taken for granted: `principal`, `resource`, or a context key.

    `value` is what was taken; None: the key was taken for absent. `why` is a clause. `certain`: it follows from the
    rest of the request, so that no other value comes into question.
    """

    what: str
    value: Value | None
    why: str
    certain: bool = False


@dataclass(frozen=True, slots=True)
class Reported:
    """What AWS itself said of the request, in an access-denied message.

    `layer` is the kind of policy by AWS's name (`service control policy`), `explicit` whether a Deny matched (else:
    nothing allowed), `policy` the ARN of the policy that denied, where the message has it. `allowed` is set for an
    event that is no denial at all.
    """

    layer: str | None = None
    explicit: bool = False
    policy: str | None = None
    allowed: bool = False


@dataclass(frozen=True, slots=True)
class Ruling:
    """An answer with its request and surroundings.

    `action` and the values of `spelled` (by the keys in lower case) are in the spelling that people know. `account` is
    the key of the account that was asked about. `targets` names the levels by address (`ou:/Workloads`), `attached`
    the policies on them; `unasked` says of a layer why no policy of it was looked at. `rests_on` is the answer if all
    that was assumed of context keys, and is not certain, were unknown instead: UNKNOWN where the decision hangs on an
    assumption; None where it was not asked. `missing` are keys that the record which the request comes from does not
    hold.
    """

    request: Request
    answer: Answer
    action: str
    account: str | None = None
    spelled: Mapping[str, str] = field(default_factory=dict)
    assumed: tuple[Assumed, ...] = ()
    remarks: tuple[str, ...] = ()
    targets: Mapping[tuple[Layer, int], str] = field(default_factory=dict)
    attached: Mapping[tuple[Layer, int], tuple[str, ...]] = field(default_factory=dict)
    unasked: Mapping[Layer, str] = field(default_factory=dict)
    locate: Locate = nowhere
    rests_on: Answer | None = None
    missing: tuple[str, ...] = ()
    reported: Reported | None = None

    @property
    def context(self) -> dict[str, Value]:
        """The request's context, its keys as people spell them."""
        return {self.spelled.get(key, key): value for key, value in self.request.context.items()}

    @property
    def looked_at(self) -> frozenset[str]:
        """The keys (in lower case) that could have mattered."""
        explanation = self.answer.explanation
        return frozenset(key.lower() for key in explanation.keys) if explanation else frozenset()

    @property
    def hangs_on(self) -> tuple[str, ...]:
        """The assumed context keys that the decision hangs on."""
        answer = self.rests_on
        return answer.unknown_keys if answer and answer.decision is Decision.UNKNOWN else ()

    def target(self, by: Decider) -> str | None:
        """The address of the level that decided."""
        return self.targets.get((by.layer, by.level))

    def position(self, by: Decider) -> Position | None:
        """Where the statement that decided is written."""
        return self.locate(by.policy, by.place) if by.policy else None
