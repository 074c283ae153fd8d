"""One request before a change of policies and after it: which pairs of answers are possible.

What the request does not know is the same before and after. So each value that an unknown key could have is put to both
sides at once: a condition on a tag that nobody recorded, and that the change does not touch, takes nothing away.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from orgctl.model.policy_types import RCP, SCP
from orgctl.policy.authorizer import Authorizer
from orgctl.policy.compiler import Compiled
from orgctl.policy.evaluator import Rule
from orgctl.policy.explanation import Answer, Decider, Decision
from orgctl.policy.layers import Layers
from orgctl.policy.request import Request
from orgctl.policy.unknowns import Case, cases
from orgctl.simulator import Simulator

Way = tuple[bool, bool]
"""Whether the request is denied before the change, and after it."""

_DENIALS = frozenset((Decision.EXPLICIT_DENY, Decision.IMPLICIT_DENY))


@dataclass(frozen=True, slots=True)
class Compared:
    """All that may be. `keys` are the unknown keys that make the difference.

    `newly` denies after the change in some way in which nothing does before; `formerly` denies before it. `reasons`
    say what AWS does not document, where that leaves something open.
    """

    ways: frozenset[Way]
    keys: tuple[str, ...] = ()
    newly: tuple[Decider, ...] = ()
    formerly: tuple[Decider, ...] = ()
    reasons: tuple[str, ...] = ()


class Comparer:
    """Two organizations' policies, ready to be compared. Make it once for many requests."""

    def __init__(self, before: Simulator, after: Simulator) -> None:
        self.before = before
        self.after = after
        self._joint: dict[tuple[Authorizer, Authorizer], Compiled] = {}
        self._looked_at: dict[tuple[str, str, str], Mapping[str, str]] = {}
        self._alike: dict[tuple[int, int], tuple[bool, object]] = {}

    def looked_at(self, caller: str, owner: str, action: str) -> Mapping[str, str]:
        """The context keys (in lower case, and as policies spell them) that matter to an action on either side."""
        asked = (caller, owner, action)
        found = self._looked_at.get(asked)
        if found is None:
            sides = (side.authorizer(caller, owner).keys(action) for side in (self.before, self.after))
            found = self._looked_at[asked] = {key: spelled for keys in sides for key, spelled in keys.items()}
        return found

    def compare(self, request: Request) -> Compared:
        """What may become of a request."""
        pair = self._answers(request)
        if Decision.UNKNOWN not in (pair[0].decision, pair[1].decision):
            return _joined([({}, pair)], request)
        if self._is_untouched(request):
            return _untouched(pair)
        return self._by_cases(request, pair)

    def _answers(self, request: Request) -> tuple[Answer, Answer]:
        return self.before.answer(request), self.after.answer(request)

    def _is_untouched(self, request: Request) -> bool:
        """Whether the same statements speak of the action on both sides, so that the answers are the same, too."""
        caller, owner = request.principal.account, request.owner
        sides = [(side.authorizer(caller, owner).rules(request), side) for side in (self.before, self.after)]
        (before, _), (after, _) = sides
        found = self._alike.get((id(before), id(after)))
        if found is None:
            heights = {len(side.levels(caller, SCP.folder) or ()) for _, side in sides}
            alike = len(heights) == 1 and set(map(_meaning, before)) == set(map(_meaning, after))
            found = self._alike[id(before), id(after)] = (alike, (before, after))  # kept, so that ids stay theirs
        return found[0]

    def _by_cases(self, request: Request, pair: tuple[Answer, Answer]) -> Compared:
        plan = self._compiled(request.principal.account, request.owner).plan(request.action)
        listed = cases(plan, request)
        asked = [(case, self._answers(_settled(request, case))) for case in listed.cases]
        found = _joined(asked, request)
        if listed.complete:
            return found
        keys = tuple(dict.fromkeys((*found.keys, *pair[0].unknown_keys, *pair[1].unknown_keys)))
        whole = _joined([({}, pair)], request)
        return replace(whole, keys=keys, newly=_distinct([*found.newly, *whole.newly]))

    def _compiled(self, caller: str, owner: str) -> Compiled:
        """All statements of both sides, to find out what unknown keys could hold."""
        sides = (self.before, self.after)
        both = (self.before.authorizer(caller, owner), self.after.authorizer(caller, owner))
        known = self._joint.get(both)
        if known is None:
            layers = Layers(
                scp=tuple(level for side in sides for level in side.levels(caller, SCP.folder) or ()),
                rcp=tuple(level for side in sides for level in side.levels(owner, RCP.folder) or ()),
            )
            known = self._joint[both] = Compiled(layers)
        return known


def _meaning(rule: Rule) -> tuple[object, ...]:
    """What a statement says, and where that matters; not how it is called."""
    statement = rule.statement
    conditions = frozenset((each.operator, each.key, each.values) for each in statement.conditions)
    level = None if rule.denies else rule.level
    elements = (statement.actions, statement.resources, statement.principals)
    return (rule.layer, level, rule.denies, *elements, conditions, rule.policy.document.has_variables)


def _settled(request: Request, case: Case) -> Request:
    context = {**request.context, **{key: value for key, value in case.items() if value is not None}}
    return replace(request, context=context, unknown={k: v for k, v in request.unknown.items() if k not in case})


def _untouched(pair: tuple[Answer, Answer]) -> Compared:
    before, after = pair
    ways = frozenset((denied, denied) for denied in _denied(before))
    return Compared(ways, after.unknown_keys, (), before.decided_by, after.reasons)


def _joined(asked: Iterable[tuple[Case, tuple[Answer, Answer]]], request: Request) -> Compared:
    """The ways of all cases, and what decides in them."""
    ways_of = [(case, frozenset(_ways(*pair)), pair) for case, pair in asked]
    newly = [by for _, ways, (_, after) in ways_of if (False, True) in ways for by in _denying(after)]
    formerly = [by for _, ways, (before, _) in ways_of if any(was for was, _ in ways) for by in _denying(before)]
    reasons = dict.fromkeys(r for _, ways, pair in ways_of if len(ways) > 1 for answer in pair for r in answer.reasons)
    return Compared(
        frozenset().union(*(ways for _, ways, _ in ways_of)),
        tuple(request.unknown[key] for key in _mattering([(case, ways) for case, ways, _ in ways_of])),
        _distinct(newly),
        _distinct(formerly),
        tuple(reasons),
    )


def _ways(before: Answer, after: Answer) -> Iterator[Way]:
    return ((was, is_) for was in _denied(before) for is_ in _denied(after))


def _denied(answer: Answer) -> frozenset[bool]:
    """Whether it is denied; both, where that is open."""
    if answer.decision is Decision.UNKNOWN:
        return frozenset(outcome.decision in _DENIALS for outcome in answer.outcomes)
    return frozenset((answer.decision in _DENIALS,))


def _denying(answer: Answer) -> tuple[Decider, ...]:
    return () if answer.decision is Decision.ALLOWED else answer.decided_by


def _mattering(found: list[tuple[Case, frozenset[Way]]]) -> Iterator[str]:
    """The keys of which another value alone leads to another way, somewhere."""
    keys = found[0][0] if found else {}
    return (key for key in keys if _matters(key, found))


def _matters(key: str, found: list[tuple[Case, frozenset[Way]]]) -> bool:
    seen: dict[tuple[object, ...], frozenset[Way]] = {}
    for case, ways in found:
        others = tuple(value for name, value in case.items() if name != key)
        if seen.setdefault(others, ways) != ways:
            return True
    return False


def _distinct(deciders: Iterable[Decider]) -> tuple[Decider, ...]:
    return tuple(dict.fromkeys(deciders))
