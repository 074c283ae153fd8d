"""One statement against one request: which of its elements match.

A `Rule` is a statement made ready: its action patterns, and one `Test` for each further element. All tests must hold
for the statement to match; the action is looked up beforehand by the compiler's index.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from orgctl.policy.canonical import canonical_condition
from orgctl.policy.conditions.condition import ConditionTest, prepare_condition
from orgctl.policy.document import Condition, Document, Effect, Pattern, Principals, Statement
from orgctl.policy.layers import Layer, NamedPolicy
from orgctl.policy.matching import ARN_FIELDS, Matcher, arn_fields, glob, resource_matches, stays_simple
from orgctl.policy.principal import namings
from orgctl.policy.request import Request
from orgctl.policy.screens import RESOURCE, Screen, loosened, screen_of_condition
from orgctl.policy.template import (
    Getter,
    OpenError,
    Template,
    is_fixed,
    parse_template,
    readings,
    tokens_of,
    variable_keys,
)
from orgctl.policy.truth import Truth, every, negation, some

Run = Callable[[Getter, Request], Truth]


@dataclass(frozen=True, slots=True, eq=False)
class Test:
    """One element of a statement, ready to be tested. `keys` are the context keys (lower case) it may look at.

    `identity` is equal for tests that always give the same. `values` are what the policy says, for explanations.
    `screen` holds patterns of which at least one must fit, or the test fails for certain.
    """

    __test__ = False  # not one of pytest's

    identity: str
    element: str
    values: tuple[str, ...]
    run: Run
    keys: frozenset[str] = frozenset()
    condition: ConditionTest | None = None
    screen: Screen | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """A statement with its place: the layer, the level (0 is the root's), the policy.

    `number` is its place among all rules, `denies` whether its effect is Deny. `tests` leaves out the principals of
    a resource policy's Allow, which matter in more ways than whether they match.
    """

    number: int
    layer: Layer
    level: int
    policy: NamedPolicy
    statement: Statement
    tests: tuple[Test, ...]
    denies: bool

    def truth(self, get: Getter, request: Request, unknown: frozenset[str] = frozenset()) -> Truth:
        """Whether the statement matches, its action given. What hangs on an unknown key cannot be told."""
        return every(None if test.keys & unknown else test.run(get, request) for test in self.tests)


@dataclass(slots=True)
class RuleMaker:
    """Makes rules; tests that mean the same are made once and shared."""

    tests: dict[str, Test]

    def rules(self, layer: Layer, level: int, policy: NamedPolicy, start: int) -> Iterator[Rule]:
        """The rules of a policy, numbered from `start`."""
        document = policy.document
        for number, statement in enumerate(document.statements, start):
            tests = tuple(self._tests(statement, document, layer))
            yield Rule(number, layer, level, policy, statement, tests, statement.effect is Effect.DENY)

    def _tests(self, statement: Statement, document: Document, layer: Layer) -> Iterator[Test]:
        if statement.resources and not _covers_all(statement.resources):
            yield self._shared(_resource_test(statement.resources, variables=document.has_variables))
        allows_directly = layer is Layer.RESOURCE and statement.effect is Effect.ALLOW
        if statement.principals and not allows_directly and not _names_everyone(statement.principals):
            yield self._shared(_principal_test(statement.principals))
        if statement.principals is None and layer is Layer.RESOURCE and not allows_directly:
            yield self._shared(_MISSING_PRINCIPAL)
        for condition in statement.conditions:
            yield self._condition(condition, variables=document.has_variables)

    def _condition(self, condition: Condition, *, variables: bool) -> Test:
        identity = f"{canonical_condition(condition)} {variables}"
        return self.tests.get(identity) or self._shared(_condition_test(condition, identity, variables=variables))

    def _shared(self, test: Test) -> Test:
        return self.tests.setdefault(test.identity, test)


def action_matcher(actions: Pattern) -> Matcher:
    """Whether an action (in lower case) is among the patterns; `NotAction` is not applied here."""
    return glob(tokens_of(parse_template(action.lower(), variables=False, wildcards=True)) for action in actions.values)


def _covers_all(resources: Pattern) -> bool:
    return not resources.negated and "*" in resources.values


def _names_everyone(principals: Principals) -> bool:
    return not principals.negated and ("AWS", "*") in principals.members


def _principal_test(principals: Principals) -> Test:
    def run(_get: Getter, request: Request) -> Truth:
        return some(namings(principals, request.principal).values())

    element = "NotPrincipal" if principals.negated else "Principal"
    values = tuple(f"{kind}: {name}" for kind, name in principals.members)
    return Test(f"{element} {sorted(values)}", element, values, run)


_MISSING_PRINCIPAL = Test("Principal", "Principal", (), lambda _get, _request: None)


def _condition_test(condition: Condition, identity: str, *, variables: bool) -> Test:
    test = prepare_condition(condition, variables=variables)
    element = f"{condition.operator} {condition.key}"
    screen = screen_of_condition(test)
    return Test(identity, element, condition.values, test.check, test.keys, test, screen)


def _resource_test(resources: Pattern, *, variables: bool) -> Test:
    templates = [parse_template(text, variables=variables, wildcards=True) for text in resources.values]
    simple = glob(tokens_of(t) for t in templates if is_fixed(t) and stays_simple(tokens_of(t)))
    everything = "*" in resources.values
    others = [t for t in templates if not (is_fixed(t) and stays_simple(tokens_of(t)))]

    def covered(get: Getter, request: Request) -> Truth:
        resource = request.resource
        if not resource:
            return everything or None
        return simple(resource) or some(_covers(template, resource, get) for template in others)

    def uncovered(get: Getter, request: Request) -> Truth:
        return negation(covered(get, request))

    element = "NotResource" if resources.negated else "Resource"
    keys = frozenset().union(*map(variable_keys, templates))
    identity = f"{element} {sorted(resources.values)} {variables}"
    run, screen = (
        (uncovered, None) if resources.negated else (covered, Screen(RESOURCE, tuple(map(loosened, templates))))
    )
    return Test(identity, element, resources.values, run, keys, screen=screen)


def _covers(template: Template, resource: str, get: Getter) -> Truth:
    """One pattern. It is split into fields before values are put in: a value never begins a new field."""
    if is_fixed(template):
        return resource_matches(tokens_of(template), resource)
    fields = arn_fields(template)
    try:
        found = {resource_matches(tokens, resource) for tokens in readings(template, get, wildcards=True)}
        if fields and any(_holds_colon(field, get) for field in fields[: ARN_FIELDS - 1]):
            return False
    except OpenError:
        return None
    return found.pop() if len(found) == 1 else (None if found else False)


def _holds_colon(field: Template, get: Getter) -> bool:
    return any(
        isinstance(token, str) and ":" in token for tokens in readings(field, get, wildcards=False) for token in tokens
    )
