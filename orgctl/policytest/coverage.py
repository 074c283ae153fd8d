"""Which statements, and which outcomes of their conditions, the tests have made decide something.

A Deny statement is covered when a request was denied by it, an Allow statement when a request was allowed that it
matches. A condition is covered when it was seen both holding and failing, by requests whose action the statement is
about. What is missing points at its line.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from orgctl.diagnostics import Position
from orgctl.manifest import LoadedManifest
from orgctl.policy.document import Effect, Statement
from orgctl.policy.evaluator import Rule, Test
from orgctl.policy.explanation import Decision
from orgctl.policy.parser import parse_with_problems
from orgctl.policytest.case import Suite
from orgctl.policytest.runner import Posed, Runner
from orgctl.policytest.setting import TESTABLE
from orgctl.source import Place

Mark = tuple[str, Place, str]
"""A policy, the place of a statement or condition in it, and which outcome: `decides`, `holds` or `fails`."""

DECIDES, HOLDS, FAILS = "decides", "holds", "fails"


@dataclass(frozen=True, slots=True)
class Missing:
    """An outcome that no test has brought. `what` is a clause: `no test is denied by it`."""

    position: Position
    statement: str
    what: str


@dataclass(frozen=True, slots=True)
class PolicyCoverage:
    """Of one policy: how many outcomes there are, and those that are missing."""

    policy: str
    outcomes: int
    missing: tuple[Missing, ...] = ()

    @property
    def covered(self) -> int:
        """How many outcomes the tests have brought."""
        return self.outcomes - len(self.missing)

    @property
    def percent(self) -> float:
        """From 0 to 100; a policy without statements is covered."""
        return 100.0 * self.covered / self.outcomes if self.outcomes else 100.0


@dataclass(frozen=True, slots=True)
class Coverage:
    """Every policy of a type that decides about requests, by name."""

    policies: tuple[PolicyCoverage, ...] = field(default=())

    @property
    def percent(self) -> float:
        """Of all policies together, by the number of their outcomes."""
        outcomes = sum(policy.outcomes for policy in self.policies)
        return 100.0 * sum(policy.covered for policy in self.policies) / outcomes if outcomes else 100.0


def coverage(runner: Runner, suites: Iterable[Suite], policies: frozenset[str] | None = None) -> Coverage:
    """What the requests of these suites have brought about; they need not have been run before.

    `policies` names those that matter; None: all of them.
    """
    loaded = runner.setting.loaded
    seen: set[Mark] = set()
    watch = Watch(seen)
    for suite in suites:
        bench = runner.bench(suite.policy)
        for case in suite.cases:
            for asked in case.requests:
                watch.see(bench.pose(asked))
    return Coverage(tuple(_policy(loaded, name, seen) for name in decisive(loaded, policies)))


def decisive(loaded: LoadedManifest, policies: frozenset[str] | None = None) -> list[str]:
    """The names of the policies (of those given, or all) that decide about requests, in order."""
    names = loaded.policies if policies is None else policies
    return sorted(name for name in names if name.partition("/")[0] in TESTABLE)


class Watch:
    """Marks in `seen` what requests bring about. It learns the conditions of each statement that it meets."""

    def __init__(self, seen: set[Mark]) -> None:
        self._seen = seen
        self._conditions: dict[Rule, tuple[tuple[Mark, Mark, Test], ...]] = {}

    def see(self, posed: Posed) -> None:
        """Look at every statement that is about the request's action."""
        request = posed.request
        get, unknown = request.context.get, frozenset(request.unknown)
        decision = posed.authorizer.decide(request).decision
        for rule in posed.authorizer.rules(request):
            for holds, fails, test in self._tests(rule):
                truth = None if test.keys & unknown else test.run(get, request)
                if truth is not None:
                    self._seen.add(holds if truth else fails)
            wanted = Decision.EXPLICIT_DENY if rule.denies else Decision.ALLOWED
            if decision is wanted and rule.truth(get, request, unknown):
                self._seen.add((rule.policy.name, rule.statement.place, DECIDES))

    def _tests(self, rule: Rule) -> tuple[tuple[Mark, Mark, Test], ...]:
        known = self._conditions.get(rule)
        if known is None:
            name, conditions = rule.policy.name, rule.statement.conditions
            tests = rule.tests[len(rule.tests) - len(conditions) :]  # a rule's conditions come last, in their order
            known = self._conditions[rule] = tuple(
                ((name, condition.place, HOLDS), (name, condition.place, FAILS), test)
                for condition, test in zip(conditions, tests, strict=True)
            )
        return known


def _policy(loaded: LoadedManifest, name: str, seen: set[Mark]) -> PolicyCoverage:
    file = loaded.policies[name]
    document, _ = parse_with_problems(file.document)
    wanted = [each for statement in document.statements for each in _outcomes(statement)]
    missing = [
        Missing(file.source.key_at(place) if outcome != DECIDES else file.source.at(place), statement.name, what)
        for statement, place, outcome, what in wanted
        if (name, place, outcome) not in seen
    ]
    return PolicyCoverage(name, len(wanted), tuple(sorted(missing, key=lambda each: each.position)))


def _outcomes(statement: Statement) -> Iterator[tuple[Statement, Place, str, str]]:
    decided = "denied" if statement.effect is Effect.DENY else "allowed"
    yield statement, statement.place, DECIDES, f"no request is {decided} by it"
    for condition in statement.conditions:
        named = f"`{condition.operator} {condition.key}`"
        yield statement, condition.place, HOLDS, f"{named} never holds"
        yield statement, condition.place, FAILS, f"{named} never fails"
