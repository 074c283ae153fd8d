"""Builds explanations: walks the levels and says of each statement why it matched or did not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from orgctl.policy.compiler import Group, Plan
from orgctl.policy.evaluator import Rule, Test
from orgctl.policy.explanation import Decision, ElementTrace, Explanation, LevelTrace, Standing, StatementTrace
from orgctl.policy.layers import Layer
from orgctl.policy.principal import namings
from orgctl.policy.request import Request
from orgctl.policy.template import Value
from orgctl.policy.truth import Truth, some
from orgctl.policy.weighing import reason_of

_Traced = tuple[ElementTrace, Truth]
_HOLDS, _FAILS, _OPEN = Standing.HOLDS, Standing.FAILS, Standing.OPEN


class Tracer:
    """Explains requests of one plan. `sizes` counts the statements of every level, `notes` say what does not bind."""

    def __init__(self, plan: Plan, sizes: Mapping[Group, int], notes: Mapping[Layer, str]) -> None:
        by_level: dict[Group, list[tuple[Rule, ElementTrace]]] = {place: [] for place in sizes}
        for rule in plan.rules:
            by_level[rule.layer, rule.level].append((rule, _action(rule)))
        self._levels = [
            (layer, level, rules, sizes[layer, level] - len(rules), notes.get(layer))
            for (layer, level), rules in by_level.items()
        ]
        self._keys = tuple(sorted(spelled(plan).values()))

    def explanation(self, request: Request) -> Explanation:
        """All levels, and the context keys that could have mattered, as the policies spell them."""
        unknown = frozenset(request.unknown)
        return Explanation(tuple(self._explained(request, unknown)), self._keys)

    def _explained(self, request: Request, unknown: frozenset[str]) -> Iterator[LevelTrace]:
        known: dict[Test, _Traced] = {}
        for layer, level, rules, others, note in self._levels:
            denies: Truth = False
            allows: Truth = bool(note) or layer is Layer.RCP  # RCPFullAWSAccess allows on every level
            traces = []
            for rule, action in rules:
                trace, truth = _statement(rule, action, request, unknown, known)
                traces.append(trace)
                if truth is not False:
                    denies, allows = _counted(rule, truth, denies, allows)
            yield LevelTrace(layer, level, _verdict(denies, allows), tuple(traces), others, note)


def _counted(rule: Rule, truth: Truth, denies: Truth, allows: Truth) -> tuple[Truth, Truth]:
    return (some((denies, truth)), allows) if rule.denies else (denies, some((allows, truth)))


def spelled(plan: Plan) -> dict[str, str]:
    """The plan's context keys by their name in lower case, as a policy spells them."""
    conditions = [test.condition for rule in plan.rules for test in rule.tests if test.condition]
    written = {test.key: test.condition.key for test in conditions}
    return {key: written.get(key, key) for key in plan.keys}


def _verdict(denies: Truth, allows: Truth) -> Decision:
    """What a level says for itself."""
    if denies:
        return Decision.EXPLICIT_DENY
    if denies is None or allows is None:
        return Decision.UNKNOWN
    return Decision.ALLOWED if allows else Decision.IMPLICIT_DENY


def _action(rule: Rule) -> ElementTrace:
    actions = rule.statement.actions
    name = "NotAction" if actions and actions.negated else "Action"
    return ElementTrace(name, _HOLDS, actions.values if actions else ())


def _statement(
    rule: Rule, action: ElementTrace, request: Request, unknown: frozenset[str], known: dict[Test, _Traced]
) -> tuple[StatementTrace, Truth]:
    """The statement's elements up to the first that fails. `known` keeps what tests have given for this request."""
    elements = [action]
    outcome: Truth = True
    if rule.layer is Layer.RESOURCE and not rule.denies:
        element, outcome = _principal(rule, request)
        elements.append(element)
    for test in rule.tests if outcome is not False else ():
        traced = known.get(test)
        if traced is None:
            traced = known[test] = _element(test, request, unknown)
        elements.append(traced[0])
        if traced[1] is not True:
            outcome = traced[1]
            if outcome is False:
                break
    standing = _FAILS if outcome is False else _HOLDS if outcome else _OPEN
    return StatementTrace(rule.policy.name, rule.statement, standing, tuple(elements)), outcome


def _principal(rule: Rule, request: Request) -> _Traced:
    """An Allow of a resource policy: whether it names the caller at all."""
    principals = rule.statement.principals
    caller = request.principal
    if principals is None:
        return ElementTrace("Principal", _OPEN, (), caller.text, reason="the statement has no `Principal`"), None
    truth = some(namings(principals, caller).values())
    name = "NotPrincipal" if principals.negated else "Principal"
    members = tuple(f"{kind}: {text}" for kind, text in principals.members)
    return ElementTrace(name, Standing.of(truth), members, caller.text), truth


def _element(test: Test, request: Request, unknown: frozenset[str]) -> _Traced:
    actual = _actual(test, request)
    if unknown and (hidden := test.keys & unknown):
        reason = f"{', '.join(f'`{request.unknown[key]}`' for key in sorted(hidden))} is not known"
        return ElementTrace(test.element, _OPEN, test.values, actual, True, reason), None
    truth = test.run(request.context.get, request)
    if truth is None:
        reason = reason_of(test, request.context.get, request)
        return ElementTrace(test.element, _OPEN, test.values, actual, reason=reason), None
    return ElementTrace(test.element, _HOLDS if truth else _FAILS, test.values, actual), truth


def _actual(test: Test, request: Request) -> Value | None:
    if test.condition:
        return request.context.get(test.condition.key)
    return request.resource if "Resource" in test.element else request.principal.text
