"""Everything that could come of a request, put into one answer.

For unknown keys, each case is weighed for itself, so that the answer is UNKNOWN only if the possible values really
lead to different decisions: two statements that between them deny every region deny, whatever the region is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from orgctl.policy.compiler import Group, Plan
from orgctl.policy.evaluator import Rule
from orgctl.policy.explanation import Answer, Decider, Decision, Outcome
from orgctl.policy.request import Request
from orgctl.policy.unknowns import Case, cases, getter
from orgctl.policy.weighing import Weighed, settle, weigh

_ORDER = (Decision.EXPLICIT_DENY, Decision.IMPLICIT_DENY, Decision.ALLOWED)


@dataclass(frozen=True, slots=True)
class Found:
    """What each case of the unknown keys brings; `beyond` is set where the cases could not be listed completely."""

    cases: tuple[tuple[Case, Weighed], ...]
    beyond: Weighed | None = None
    keys: tuple[str, ...] = ()


def found(plan: Plan, request: Request) -> Found:
    """Weigh every case of the unknown keys that the plan looks at."""
    keys = tuple(sorted(plan.keys & request.unknown.keys()))
    listed = cases(plan, request)
    weighed = tuple((case, settle(plan, getter(request, case), request)) for case in listed.cases)
    beyond = None if listed.complete else weigh(plan, request.context.get, request, frozenset(keys))
    return Found(weighed, beyond, keys)


def join(
    all_found: Iterable[Found], request: Request, decider: Callable[[Rule | Group], Decider], notes: tuple[str, ...]
) -> Answer:
    """One answer for all that was found."""
    every_found = list(all_found)
    weighed = [w for f in every_found for w in (*(w for _, w in f.cases), *([f.beyond] if f.beyond else []))]
    possible = frozenset().union(*(w.possible for w in weighed))
    reasons = tuple(dict.fromkeys(reason for w in weighed for reason in w.reasons))
    if len(possible) == 1:
        by = dict.fromkeys(one for w in weighed for one in w.by)
        return Answer(next(iter(possible)), tuple(map(decider, by)), notes=notes)
    hanging = tuple(dict.fromkeys(key for f in every_found for key in _deciding(f, possible)))
    by = dict.fromkeys(one for w in weighed if w.possible != {Decision.ALLOWED} for one in w.by)
    return Answer(
        Decision.UNKNOWN,
        tuple(map(decider, by)),
        tuple(request.unknown[key] for key in hanging),
        tuple(_outcome(decision, every_found, hanging, request) for decision in _ORDER if decision in possible),
        reasons,
        notes,
    )


def _deciding(one: Found, possible: frozenset[Decision]) -> list[str]:
    """The unknown keys on which the decision hangs: those whose value alone changes it in some case."""
    within = frozenset().union(*(w.possible for _, w in one.cases))
    if one.beyond and not one.beyond.possible <= within:
        return list(one.keys)
    return [key for key in one.keys if _matters(key, one)]


def _matters(key: str, one: Found) -> bool:
    outcomes: dict[tuple[object, ...], frozenset[Decision]] = {}
    for case, weighed in one.cases:
        others = tuple(value for name, value in case.items() if name != key)
        if outcomes.setdefault(others, weighed.possible) != weighed.possible:
            return True
    return False


def _outcome(decision: Decision, every_found: list[Found], hanging: tuple[str, ...], request: Request) -> Outcome:
    """A case in which the decision comes about: with certainty if there is such a case."""
    listed = [(case, weighed) for one in every_found for case, weighed in one.cases if decision in weighed.possible]
    listed.sort(key=lambda pair: len(pair[1].possible))
    case: Case = listed[0][0] if listed else {}
    return Outcome(decision, tuple((request.unknown[key], case[key]) for key in hanging if key in case))
