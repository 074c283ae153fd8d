"""Builds explanations: walks the levels and says of each statement why it matched or did not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from orgctl.policy.compiler import Group, Plan
from orgctl.policy.document import Statement
from orgctl.policy.evaluator import Rule, Test
from orgctl.policy.explanation import Decision, ElementTrace, Explanation, LevelTrace, Standing, StatementTrace
from orgctl.policy.layers import Layer
from orgctl.policy.principal import namings
from orgctl.policy.request import Request
from orgctl.policy.template import Value
from orgctl.policy.truth import Truth, some
from orgctl.policy.weighing import reason_of

_Traced = tuple[ElementTrace, Truth]
_Elements = tuple[tuple[ElementTrace, ...], Truth, Standing]
"""Elements up to the first that fails, with what they come to."""
_HOLDS, _FAILS, _OPEN = Standing.HOLDS, Standing.FAILS, Standing.OPEN


class _Line(NamedTuple):
    """A statement, its action's trace, and the number of what it tests: statements that test the same share it."""

    policy: str
    statement: Statement
    action: ElementTrace
    alike: int
    rule: Rule


@dataclass(frozen=True, slots=True)
class _Level:
    """`asked` are the distinct pairs of an effect (whether it denies) and the number of what is tested."""

    layer: Layer
    level: int
    lines: tuple[_Line, ...]
    asked: tuple[tuple[bool, int], ...]
    others: int
    note: str | None


class Tracer:
    """Explains requests of one plan. `sizes` counts the statements of every level, `notes` say what does not bind."""

    def __init__(self, plan: Plan, sizes: Mapping[Group, int], notes: Mapping[Layer, str]) -> None:
        by_level: dict[Group, list[_Line]] = {place: [] for place in sizes}
        numbers: dict[tuple[Test, ...], int] = {}
        for rule in plan.rules:
            alike = numbers.setdefault(rule.tests, len(numbers))
            by_level[rule.layer, rule.level].append(_Line(rule.policy.name, rule.statement, _action(rule), alike, rule))
        self._kinds = tuple(numbers)
        self._levels = [
            _Level(layer, level, tuple(lines), _asked(lines), sizes[layer, level] - len(lines), notes.get(layer))
            for (layer, level), lines in by_level.items()
        ]
        self._keys = tuple(sorted(spelled(plan).values()))

    def explanation(self, request: Request) -> Explanation:
        """All levels, and the context keys that could have mattered, as the policies spell them."""
        unknown = frozenset(request.unknown)
        known: dict[Test, _Traced] = {}
        traced = [_elements(tests, request, unknown, known) for tests in self._kinds]
        return Explanation(tuple(_level(level, traced, request) for level in self._levels), self._keys)


def _asked(lines: list[_Line]) -> tuple[tuple[bool, int], ...]:
    return tuple(dict.fromkeys((line.rule.denies, line.alike) for line in lines))


def _level(level: _Level, traced: list[_Elements], request: Request) -> LevelTrace:
    if level.layer is Layer.RESOURCE:
        told = [_statement(line, traced[line.alike], request) for line in level.lines]
        statements = tuple(trace for trace, _ in told)
        outcomes = {(line.rule.denies, truth) for line, (_, truth) in zip(level.lines, told, strict=True)}
    else:
        outcomes = {(denies, traced[alike][1]) for denies, alike in level.asked}
        statements = tuple(
            [
                StatementTrace(policy, statement, traced[alike][2], (action, *traced[alike][0]))
                for policy, statement, action, alike, _ in level.lines
            ]
        )
    denies = some(truth for denying, truth in outcomes if denying)
    allowing = bool(level.note) or level.layer is Layer.RCP  # RCPFullAWSAccess allows on every level
    allows = allowing or some(truth for denying, truth in outcomes if not denying)
    return LevelTrace(level.layer, level.level, _verdict(denies, allows), statements, level.others, level.note)


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


def _elements(
    tests: tuple[Test, ...], request: Request, unknown: frozenset[str], known: dict[Test, _Traced]
) -> _Elements:
    """The elements up to the first that fails. `known` keeps what tests have given for this request."""
    elements = []
    outcome: Truth = True
    for test in tests:
        traced = known.get(test)
        if traced is None:
            traced = known[test] = _element(test, request, unknown)
        elements.append(traced[0])
        if traced[1] is not True:
            outcome = traced[1]
            if outcome is False:
                break
    return tuple(elements), outcome, Standing.of(outcome)


def _statement(line: _Line, found: _Elements, request: Request) -> tuple[StatementTrace, Truth]:
    """A statement of a resource policy, and whether it matches. In an Allow, whom it names comes before the rest."""
    elements, outcome, standing = found
    if line.rule.denies:
        return StatementTrace(line.policy, line.statement, standing, (line.action, *elements)), outcome
    principal, named = _principal(line.rule, request)
    truth = named if named is False or outcome is True else outcome
    told = (line.action, principal) if named is False else (line.action, principal, *elements)
    return StatementTrace(line.policy, line.statement, Standing.of(truth), told), truth


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
