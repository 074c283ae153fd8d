"""Builds explanations: walks the levels and says of each statement why it matched or did not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from orgctl.policy.compiler import Group, Plan
from orgctl.policy.evaluator import Rule, Test
from orgctl.policy.explanation import Decision, ElementTrace, Explanation, LevelTrace, Standing, StatementTrace
from orgctl.policy.layers import Layer
from orgctl.policy.principal import namings
from orgctl.policy.request import Request
from orgctl.policy.template import Value
from orgctl.policy.truth import every, some
from orgctl.policy.weighing import reason_of


@dataclass(frozen=True, slots=True)
class Tracer:
    """Explains requests of one plan. `sizes` counts the statements of every level, `notes` say what does not bind."""

    plan: Plan
    sizes: Mapping[Group, int]
    notes: Mapping[Layer, str]

    def explanation(self, request: Request) -> Explanation:
        """All levels, and the context keys that could have mattered, as the policies spell them."""
        unknown = frozenset(request.unknown)
        by_level: dict[Group, list[StatementTrace]] = {place: [] for place in self.sizes}
        for rule in self.plan.rules:
            by_level[rule.layer, rule.level].append(_statement(rule, request, unknown))
        levels = tuple(self._level(place, traces) for place, traces in by_level.items())
        return Explanation(levels, tuple(sorted(spelled(self.plan).values())))

    def _level(self, place: Group, traces: list[StatementTrace]) -> LevelTrace:
        layer, level = place
        others = self.sizes[place] - len(traces)
        note = self.notes.get(layer)
        return LevelTrace(layer, level, _verdict(layer, traces, exempt=bool(note)), tuple(traces), others, note)


def spelled(plan: Plan) -> dict[str, str]:
    """The plan's context keys by their name in lower case, as a policy spells them."""
    conditions = [test.condition for rule in plan.rules for test in rule.tests if test.condition]
    written = {test.key: test.condition.key for test in conditions}
    return {key: written.get(key, key) for key in plan.keys}


def _verdict(layer: Layer, traces: list[StatementTrace], *, exempt: bool) -> Decision:
    """What the level says for itself. RCPFullAWSAccess allows on every level of RCPs."""
    denies = some(_truth(trace) for trace in traces if trace.effect.value == "Deny")
    if denies:
        return Decision.EXPLICIT_DENY
    always = exempt or layer is Layer.RCP
    allows = always or some(_truth(trace) for trace in traces if trace.effect.value == "Allow")
    if denies is None or allows is None:
        return Decision.UNKNOWN
    return Decision.ALLOWED if allows else Decision.IMPLICIT_DENY


def _truth(trace: StatementTrace) -> bool | None:
    return None if trace.standing is Standing.OPEN else trace.standing is Standing.HOLDS


def _statement(rule: Rule, request: Request, unknown: frozenset[str]) -> StatementTrace:
    statement = rule.statement
    elements = [_action(rule, request)]
    if rule.layer is Layer.RESOURCE and not rule.denies:
        elements.append(_principal(rule, request))
    for test in rule.tests:
        elements.append(_element(test, request, unknown))
        if elements[-1].standing is Standing.FAILS:
            break
    standings = [element.standing for element in elements]
    standing = Standing.of(every(None if s is Standing.OPEN else s is Standing.HOLDS for s in standings))
    return StatementTrace(
        rule.policy.name, statement.name, statement.place, statement.effect, standing, tuple(elements)
    )


def _action(rule: Rule, request: Request) -> ElementTrace:
    """The action matches, or the statement would not be here."""
    actions = rule.statement.actions
    name = "NotAction" if actions and actions.negated else "Action"
    return ElementTrace(name, Standing.HOLDS, actions.values if actions else (), request.action)


def _principal(rule: Rule, request: Request) -> ElementTrace:
    """An Allow of a resource policy: whether it names the caller at all."""
    principals = rule.statement.principals
    if principals is None:
        return ElementTrace("Principal", Standing.OPEN, (), request.principal.text, reason="there is no `Principal`")
    name = "NotPrincipal" if principals.negated else "Principal"
    standing = Standing.of(some(namings(principals, request.principal).values()))
    return ElementTrace(
        name, standing, tuple(f"{kind}: {text}" for kind, text in principals.members), request.principal.text
    )


def _element(test: Test, request: Request, unknown: frozenset[str]) -> ElementTrace:
    if hidden := test.keys & unknown:
        names = ", ".join(f"`{request.unknown[key]}`" for key in sorted(hidden))
        reason = f"{names} is not known"
        return ElementTrace(test.element, Standing.OPEN, test.values, _actual(test, request), True, reason)
    truth = test.run(request.context.get, request)
    reason_open = reason_of(test, request.context.get, request) if truth is None else None
    return ElementTrace(test.element, Standing.of(truth), test.values, _actual(test, request), reason=reason_open)


def _actual(test: Test, request: Request) -> Value | None:
    if test.condition:
        return request.context.get(test.condition.key)
    return request.resource if "Resource" in test.element else request.principal.text
