"""All layers against one request: what AWS decides, and why.

    authorizer = Authorizer(Layers(scp=(root, workloads, account)), Organization("111111111111"))
    authorizer.decide(request).decision
    authorizer.explain(request).explanation

An explicit Deny anywhere wins. Otherwise every level of SCPs must allow, and what the other layers say is combined as
`grants.py` tells. RCPs only ever deny. Source: "Policy evaluation logic", IAM User Guide.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from orgctl.policy.compiler import Compiled, Group, Plan, levels_of
from orgctl.policy.evaluator import Rule
from orgctl.policy.exemptions import Binding, binding_of_rcps, binding_of_scps
from orgctl.policy.explanation import Answer, Decider
from orgctl.policy.layers import Layer, Layers, Organization
from orgctl.policy.possibilities import found, join
from orgctl.policy.request import Request
from orgctl.policy.tracing import Tracer, spelled
from orgctl.policy.weighing import Settled, quick

_BOUND = Binding(True)


@dataclass(frozen=True, slots=True)
class _Bindings:
    """Whether SCPs and RCPs bind a request."""

    scps: Binding = _BOUND
    rcps: Binding = _BOUND

    @property
    def notes(self) -> dict[Layer, str]:
        pairs = ((Layer.SCP, self.scps), (Layer.RCP, self.rcps))
        return {layer: binding.note for layer, binding in pairs if binding.note}


class Authorizer:
    """Policies made ready to decide about requests. It keeps what it learns of actions; make it once for many."""

    def __init__(self, layers: Layers, organization: Organization | None = None) -> None:
        self._organization = organization or Organization()
        self._has_scps = layers.scp is not None
        self._has_rcps = layers.rcp is not None
        self._compiled = Compiled(layers)
        self._answers: dict[Settled, Answer] = {}
        self._tracers: dict[Plan, Tracer] = {}
        self._sizes: dict[Group, int] = {
            (layer, height): sum(len(policy.document.statements) for policy in level)
            for layer, levels in levels_of(layers)
            for height, level in enumerate(levels)
        }

    def decide(self, request: Request) -> Answer:
        """The decision and what decided it, without explanation: this is the fast way."""
        bindings = self._bindings(request)
        scps, rcps = bindings.scps.bound, bindings.rcps.bound
        if scps is None or rcps is None:
            return self._thorough(request, bindings)
        plan = self._compiled.plan(request.action, scps=scps, rcps=rcps)
        if request.unknown and not plan.keys.isdisjoint(request.unknown):
            return self._thorough(request, bindings)
        settled = quick(plan, request.context.get, request)
        if settled is None:
            return self._thorough(request, bindings)
        answer = self._answers.get(settled) or self._remember(settled)
        return answer if bindings is _ALL_BOUND else replace(answer, notes=tuple(bindings.notes.values()))

    def explain(self, request: Request) -> Answer:
        """The decision, with the whole of its reasons."""
        bindings = self._bindings(request)
        plan = self._compiled.plan(
            request.action, scps=bindings.scps.bound is not False, rcps=bindings.rcps.bound is not False
        )
        return replace(self.decide(request), explanation=self._tracer(plan, bindings).explanation(request))

    def keys(self, action: str) -> dict[str, str]:
        """The context keys that could matter to an action, by their names in lower case, as a policy spells them.

        Where everything binds: exemptions may leave fewer.
        """
        return spelled(self._compiled.plan(action.lower(), scps=True, rcps=True))

    @property
    def policies(self) -> frozenset[str]:
        """The names of all policies that could have a say."""
        return frozenset(rule.policy.name for rule in self._compiled.rules)

    def rules(self, request: Request) -> tuple[Rule, ...]:
        """The statements that are about the request's action, of the layers that bind it, in their order."""
        bindings = self._bindings(request)
        scps, rcps = bindings.scps.bound is not False, bindings.rcps.bound is not False
        return self._compiled.plan(request.action, scps=scps, rcps=rcps).rules

    def _tracer(self, plan: Plan, bindings: _Bindings) -> Tracer:
        if bindings is not _ALL_BOUND:
            return Tracer(plan, self._sizes, bindings.notes)
        tracer = self._tracers.get(plan)
        if tracer is None:
            tracer = self._tracers[plan] = Tracer(plan, self._sizes, {})
        return tracer

    def _bindings(self, request: Request) -> _Bindings:
        scps = binding_of_scps(request, self._organization) if self._has_scps else _BOUND
        rcps = binding_of_rcps(request, self._organization) if self._has_rcps else _BOUND
        return _ALL_BOUND if scps.bound and rcps.bound else _Bindings(scps, rcps)

    def _remember(self, settled: Settled) -> Answer:
        decision, by = settled
        answer = Answer(decision, tuple(map(decider, by)))
        if len(self._answers) < _REMEMBERED:
            self._answers[settled] = answer
        return answer

    def _thorough(self, request: Request, bindings: _Bindings) -> Answer:
        """Weigh every possibility: of what binds, of what unknown keys hold, and of what AWS leaves open."""
        plans = [
            self._compiled.plan(request.action, scps=scps, rcps=rcps)
            for scps in _ways(bindings.scps)
            for rcps in _ways(bindings.rcps)
        ]
        all_found = [found(plan, request) for plan in plans]
        return join(all_found, request, decider, tuple(bindings.notes.values()))


_ALL_BOUND = _Bindings()
_REMEMBERED = 10_000
"""How many distinct answers are kept."""


def _ways(binding: Binding) -> tuple[bool, ...]:
    return (True, False) if binding.bound is None else (binding.bound,)


def decider(by: Rule | Group) -> Decider:
    """What decided, for people: a rule's statement, or a level on which nothing allows."""
    if isinstance(by, Rule):
        statement = by.statement
        return Decider(by.layer, by.level, by.policy.name, statement.name, statement.place)
    return Decider(*by)
