"""What can come of a request once its context is settled: one decision, or several where AWS leaves something open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from orgctl.policy.compiler import Group, Plan, walk
from orgctl.policy.conditions.condition import why_open
from orgctl.policy.evaluator import Rule, Test
from orgctl.policy.explanation import Decision
from orgctl.policy.grants import Allowances, granted, named_by
from orgctl.policy.layers import Layer
from orgctl.policy.principal import PrincipalKind
from orgctl.policy.request import Request
from orgctl.policy.template import Getter
from orgctl.policy.truth import Truth, some

_NO_KEYS: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Weighed:
    """The decisions that are possible (mostly one), the rules and groups that brought it, and what is open.

    `by` holds the denying rules, or the groups on which nothing allows, or the allowing rules; `open_rules` those
    whose match cannot be told.
    """

    possible: frozenset[Decision]
    by: tuple[Rule | Group, ...] = ()
    open_rules: tuple[Rule, ...] = ()
    reasons: tuple[str, ...] = ()


_ONLY = {decision: frozenset((decision,)) for decision in Decision}


Settled = tuple[Decision, tuple[Rule | Group, ...]]
"""A decision about which nothing is open, and what brought it."""


def quick(plan: Plan, get: Getter, request: Request) -> Settled | None:
    """Decide by the plan's trees; None if a test is open, or if the layers have to be weighed against each other."""
    found: list[Rule] = []
    if not walk(plan.denies, get, request, found):
        return None
    if found:
        return Decision.EXPLICIT_DENY, tuple(sorted(found, key=_number))
    if not plan.simple or (request.principal.kind is PrincipalKind.ROOT and not plan.organizational):
        return None
    return _allowed(plan, get, request)


def _allowed(plan: Plan, get: Getter, request: Request) -> Settled | None:
    if plan.always is not None:
        return Decision.ALLOWED, plan.always
    by: list[Rule] = []
    missing: list[Group] = []
    for group, always, possible in plan.allows:
        found = [always] if always else []
        if not always and not walk(possible, get, request, found):
            return None
        if found:
            by.append(min(found, key=_number))
        else:
            missing.append(group)
    return (Decision.IMPLICIT_DENY, tuple(missing)) if missing else (Decision.ALLOWED, tuple(by))


def settle(plan: Plan, get: Getter, request: Request) -> Weighed:
    """Decide by the quick way where it leads to an answer, else by the thorough one."""
    settled = quick(plan, get, request)
    return Weighed(_ONLY[settled[0]], settled[1]) if settled else weigh(plan, get, request)


def weigh(plan: Plan, get: Getter, request: Request, unknown: frozenset[str] = _NO_KEYS) -> Weighed:
    """Decide with three values. Tests that look at an `unknown` key (in lower case) cannot be told."""
    truths = [(rule, rule.truth(get, request, unknown)) for rule in plan.rules]
    denying = tuple(rule for rule, truth in truths if rule.denies and truth)
    if denying:
        return Weighed(_ONLY[Decision.EXPLICIT_DENY], denying)
    allowing = [(rule, truth) for rule, truth in truths if not rule.denies and truth is not False]
    allowances = _allowances(plan, allowing, request)
    allowed = granted(allowances, request)
    maybe_denied = any(rule.denies and truth is None for rule, truth in truths)
    possible = frozenset(_possible(allowed, maybe_denied=maybe_denied))
    open_rules = tuple(rule for rule, truth in truths if truth is None)
    if len(possible) == 1:
        return Weighed(possible, _by(plan, allowing, allowances, allowed=allowed))
    reasons = [reason for rule in open_rules for reason in why(rule, get, request, unknown)]
    return Weighed(possible, open_rules, open_rules, tuple(dict.fromkeys([*reasons, *allowances.open_reasons])))


def why(rule: Rule, get: Getter, request: Request, unknown: frozenset[str] = _NO_KEYS) -> list[str]:
    """Why the rule's match cannot be told, apart from unknown keys: one clause for each test that is open."""
    tests = [test for test in rule.tests if not test.keys & unknown and test.run(get, request) is None]
    return [reason_of(test, get, request) for test in tests]


def reason_of(test: Test, get: Getter, request: Request) -> str:
    """Why this test, which is open, is so."""
    if test.condition:
        return why_open(test.condition, get)
    if "Principal" in test.element:
        return f"it cannot be told whether `{request.principal.text}` is meant by this `{test.element}`"
    if not request.resource:
        return "the resource is not known"
    return (
        f"AWS does not document whether `{request.resource}` is covered by"
        f" {', '.join(f'`{value}`' for value in test.values)}"
    )


def _possible(allowed: Truth, *, maybe_denied: bool) -> list[Decision]:
    return [
        *([Decision.EXPLICIT_DENY] if maybe_denied else []),
        *([Decision.ALLOWED] if allowed is not False else []),
        *([Decision.IMPLICIT_DENY] if allowed is not True else []),
    ]


def _allowances(plan: Plan, allowing: Sequence[tuple[Rule, Truth]], request: Request) -> Allowances:
    groups = {
        group: some(truth for rule, truth in allowing if (rule.layer, rule.level) == group)
        for group, _, _ in plan.allows
    }
    resource = [(rule, truth) for rule, truth in allowing if rule.layer is Layer.RESOURCE]
    return Allowances(groups, named_by(resource, request))


def _by(
    plan: Plan, allowing: Sequence[tuple[Rule, Truth]], allowances: Allowances, *, allowed: Truth
) -> tuple[Rule | Group, ...]:
    """One allowing rule for each group, or the groups on which nothing allows."""
    firsts: dict[Group, Rule] = {}
    for rule, truth in allowing:
        if truth and (rule.layer is not Layer.RESOURCE or any(allowances.named.values())):
            firsts.setdefault((rule.layer, rule.level), rule)
    if allowed:
        return tuple(firsts.values())
    return tuple(group for group, _, _ in plan.allows if group not in firsts)


def _number(rule: Rule) -> int:
    return rule.number
