"""Policies compiled for speed: rules indexed by action, tests shared, and statements as decision trees.

A request's action chooses a `Plan` (made once for every set of rules that some action selects). The plan holds what
is left to test: a tree of the Deny statements, in which a test that many of them share is made once, and a tree of
the Allow statements of every group (a level of SCPs, the identity policies, …), of which one must match.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from orgctl.policy.document import Pattern
from orgctl.policy.evaluator import Rule, RuleMaker, Run, Test, action_matcher
from orgctl.policy.layers import Layer, Layers, Level
from orgctl.policy.matching import Matcher
from orgctl.policy.request import Request
from orgctl.policy.screens import joined
from orgctl.policy.template import Getter

Group = tuple[Layer, int]
"""Rules of which one must allow: a layer and a level (0 for layers without levels)."""


@dataclass(frozen=True, slots=True, eq=False)
class Tree:
    """Statements that share tests. `rules` match as soon as one is here; each step asks further."""

    rules: tuple[Rule, ...]
    steps: tuple[tuple[Run, Tree], ...]


def tree(rules: Iterable[tuple[Rule, tuple[Test, ...]]]) -> Tree:
    """Arrange rules, each with the tests still to make, so that what most of them share is asked first."""
    matching: list[Rule] = []
    waiting: list[tuple[Rule, tuple[Test, ...]]] = []
    for rule, tests in rules:
        if tests:
            waiting.append((rule, tests))
        else:
            matching.append(rule)
    steps: list[tuple[Test, Tree]] = []
    while waiting:
        frequency = Counter(test for _, tests in waiting for test in set(tests))
        test = max(frequency, key=lambda test: frequency[test])
        below = [(rule, tuple(t for t in tests if t is not test)) for rule, tests in waiting if test in tests]
        waiting = [(rule, tests) for rule, tests in waiting if test not in tests]
        steps.append((test, tree(below)))
    return Tree(tuple(matching), tuple(_screened(steps)))


def _screened(steps: list[tuple[Test, Tree]]) -> Iterator[tuple[Run, Tree]]:
    """The steps, those of one subject behind a common screen if they are many."""
    by_subject: dict[str, list[tuple[Test, Tree]]] = {}
    for test, below in steps:
        by_subject.setdefault(test.screen.subject if test.screen else "", []).append((test, below))
    for subject, members in by_subject.items():
        plain = tuple((test.run, below) for test, below in members)
        if subject and len(members) >= _WORTH_A_SCREEN:
            yield joined(subject, (test.screen for test, _ in members if test.screen)), Tree((), plain)
        else:
            yield from plain


_WORTH_A_SCREEN = 3


def walk(root: Tree, get: Getter, request: Request, found: list[Rule]) -> bool:
    """Collect the rules that match; False as soon as a test cannot be decided."""
    if root.rules:
        found.extend(root.rules)
    for run, below in root.steps:
        held = run(get, request)
        if held:
            if not below.steps:
                found.extend(below.rules)
            elif not walk(below, get, request, found):
                return False
        elif held is None:
            return False
    return True


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """What is left to ask about every request of some actions.

    `rules` are all that the action selects, in their order. `allows` holds the groups that must allow, each with a
    rule that does so without any condition, or else the tree of those that may. `keys` are all context keys that
    can be looked at. `simple`: the groups need only allow one by one, for there is no resource policy among them;
    `organizational`: there are only SCPs and RCPs. `always` holds one rule for each group if every group has one that
    allows without any condition.
    """

    rules: tuple[Rule, ...]
    denies: Tree
    allows: tuple[tuple[Group, Rule | None, Tree], ...]
    keys: frozenset[str]
    simple: bool
    organizational: bool
    always: tuple[Rule, ...] | None


@dataclass(frozen=True, slots=True, eq=False)
class _Indexed:
    rule: int
    matches: Matcher
    negated: bool


class Compiled:
    """The rules of all layers, found by action. Make it once; it learns the plans of the actions it meets."""

    def __init__(self, layers: Layers) -> None:
        self.rules = tuple(_rules(layers))
        self.groups = tuple(_groups(layers))
        self._exact: dict[str, list[int]] = {}
        self._patterns: list[_Indexed] = []
        self._by_rules: dict[tuple[int, ...], Plan] = {}
        self._by_action: dict[tuple[str, bool, bool], Plan] = {}
        for rule in self.rules:
            if rule.statement.actions:
                self._index(rule.number, rule.statement.actions)

    def plan(self, action: str, *, scps: bool = True, rcps: bool = True) -> Plan:
        """The plan for an action in lower case, with or without the layers from which a request may be exempt."""
        key = (action, scps, rcps)
        return self._by_action.get(key) or self._learn(key)

    def _learn(self, key: tuple[str, bool, bool]) -> Plan:
        action, scps, rcps = key
        left_out = {layer for layer, bound in ((Layer.SCP, scps), (Layer.RCP, rcps)) if not bound}
        numbers = tuple(n for n in self._candidates(action) if self.rules[n].layer not in left_out)
        groups = tuple(group for group in self.groups if group[0] not in left_out)
        signature = (*numbers, -1 - scps)
        plan = self._by_rules.get(signature)
        if plan is None:
            plan = self._by_rules[signature] = _plan([self.rules[number] for number in numbers], groups)
        if len(self._by_action) >= _REMEMBERED:
            self._by_action.clear()
        self._by_action[key] = plan
        return plan

    def _index(self, number: int, actions: Pattern) -> None:
        if actions.negated or any("*" in action or "?" in action for action in actions.values):
            self._patterns.append(_Indexed(number, action_matcher(actions), actions.negated))
            return
        for action in {action.lower() for action in actions.values}:
            self._exact.setdefault(action, []).append(number)

    def _candidates(self, action: str) -> list[int]:
        by_pattern = (indexed.rule for indexed in self._patterns if indexed.matches(action) is not indexed.negated)
        return sorted([*self._exact.get(action, ()), *by_pattern])


_REMEMBERED = 50_000
"""How many actions' plans are kept; AWS has some twenty thousand actions."""


def _rules(layers: Layers) -> Iterable[Rule]:
    maker = RuleMaker({})
    number = 0
    for layer, levels in levels_of(layers):
        for height, level in enumerate(levels):
            for policy in level:
                made = list(maker.rules(layer, height, policy, number))
                number += len(made)
                yield from made


def levels_of(layers: Layers) -> Iterable[tuple[Layer, Sequence[Level]]]:
    """Every layer that was given, as levels; a layer without levels has one."""
    yield Layer.RCP, layers.rcp or ()
    yield Layer.SCP, layers.scp or ()
    yield Layer.RESOURCE, ((layers.resource,),) if layers.resource else ()
    for layer, level in (
        (Layer.IDENTITY, layers.identity),
        (Layer.BOUNDARY, layers.boundary),
        (Layer.SESSION, layers.session),
    ):
        yield layer, (level,) if level is not None else ()


def _groups(layers: Layers) -> Iterable[Group]:
    """RCPs are no group: RCPFullAWSAccess, on every level and not to be detached, always allows."""
    for layer, levels in levels_of(layers):
        if layer is not Layer.RCP:
            yield from ((layer, height) for height in range(len(levels)))


def _plan(rules: list[Rule], groups: tuple[Group, ...]) -> Plan:
    allowing = {
        group: list(members)
        for group, members in groupby((rule for rule in rules if not rule.denies), key=lambda r: (r.layer, r.level))
    }
    allows = tuple(_allowance(group, allowing.get(group, [])) for group in groups)
    always = tuple(rule for _, rule, _ in allows if rule)
    return Plan(
        tuple(rules),
        tree((rule, rule.tests) for rule in rules if rule.denies),
        allows,
        frozenset().union(*(test.keys for rule in rules for test in rule.tests)),
        simple=all(layer is not Layer.RESOURCE for layer, _ in groups),
        organizational=all(layer is Layer.SCP for layer, _ in groups),
        always=always if len(always) == len(allows) else None,
    )


def _allowance(group: Group, rules: list[Rule]) -> tuple[Group, Rule | None, Tree]:
    always = next((rule for rule in rules if not rule.tests), None)
    return group, always, tree(() if always else ((rule, rule.tests) for rule in rules))
