"""What could be broken in a policy without any test noticing.

Each mutant of a policy is held against the requests of the cases that touch the policy, up to the first that is not
decided as expected any more: those of the policy's own file first, for they need fewer policies. What survives is
shown as a difference.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from difflib import unified_diff

from orgctl.diagnostics import Position
from orgctl.manifest import PolicyFile, insert
from orgctl.policy.authorizer import Authorizer
from orgctl.policytest.case import Expectation, Suite
from orgctl.policytest.coverage import decisive
from orgctl.policytest.mutants import Mutant, mutants
from orgctl.policytest.runner import Bench, Posed, Runner

Progress = Callable[[int, int], None]
"""Is told how many policies are done, and how many there are."""


@dataclass(frozen=True, slots=True)
class Survivor:
    """A mutant that every test took for the policy. `what` is a clause that says how it differs."""

    policy: str
    position: Position
    statement: str
    what: str
    difference: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PolicyMutation:
    """Of one policy: how many mutants there were, and which survived. `requests`: how many could have noticed."""

    policy: str
    mutants: int
    requests: int
    survivors: tuple[Survivor, ...] = ()


@dataclass(frozen=True, slots=True)
class Mutation:
    """Every policy of a type that decides about requests, by name."""

    policies: tuple[PolicyMutation, ...] = field(default=())

    @property
    def mutants(self) -> int:
        """How many mutants there were."""
        return sum(policy.mutants for policy in self.policies)

    @property
    def survivors(self) -> tuple[Survivor, ...]:
        """Those that no test noticed."""
        return tuple(survivor for policy in self.policies for survivor in policy.survivors)


def mutation(
    runner: Runner,
    suites: Iterable[Suite],
    progress: Progress | None = None,
    policies: frozenset[str] | None = None,
) -> Mutation:
    """Mutate the policies named (None: all of them).

    Requests that are not decided as expected to begin with notice nothing.
    """
    loaded = runner.setting.loaded
    names = decisive(loaded, policies)
    jury = _Jury(runner, tuple(suites))
    found: list[PolicyMutation] = []
    for number, name in enumerate(names):
        if progress:
            progress(number, len(names))
        found.append(_policy(runner, jury, loaded.policies[name]))
    if progress:
        progress(len(names), len(names))
    return Mutation(tuple(found))


@dataclass(slots=True)
class _Juror:
    """Requests of one bench that could notice a change of a policy. Who noticed one is asked first of the next."""

    bench: Bench
    asked: list[tuple[Posed, Expectation]]

    def notices(self, runner: Runner, policy: str, content: str) -> bool:
        bench = runner.new_bench(self.bench.simulator.replacing(policy, content))
        for place, (posed, expectation) in enumerate(self.asked):
            changed = replace(posed, authorizer=bench.authorizer(posed.request))
            if bench.judge(changed, expectation)[2]:
                self.asked.insert(0, self.asked.pop(place))
                return True
        return False


class _Jury:
    """The requests of all suites that are decided as expected."""

    def __init__(self, runner: Runner, suites: tuple[Suite, ...]) -> None:
        self._runner = runner
        self._alone: dict[str, list[tuple[Posed, Expectation]]] = {}
        self._together: list[tuple[Posed, Expectation]] = []
        self._touched: dict[Authorizer, frozenset[str]] = {}
        for suite in suites:
            where = self._together if suite.policy is None else self._alone.setdefault(suite.policy, [])
            where.extend(self._sound(suite))

    def jurors(self, policy: str) -> list[_Juror]:
        """Those whom a change of the policy could concern."""
        found: list[_Juror] = []
        if policy in self._alone:
            found.append(_Juror(self._runner.bench(policy), list(self._alone[policy])))
        touching = [each for each in self._together if policy in self._names(each[0].authorizer)]
        if touching:
            found.append(_Juror(self._runner.bench(None), touching))
        return found

    def _names(self, authorizer: Authorizer) -> frozenset[str]:
        if authorizer not in self._touched:
            self._touched[authorizer] = authorizer.policies
        return self._touched[authorizer]

    def _sound(self, suite: Suite) -> Iterator[tuple[Posed, Expectation]]:
        bench = self._runner.bench(suite.policy)
        for case in suite.cases:
            for asked in case.requests:
                posed = bench.pose(asked)
                if bench.judge(posed, case.expectation)[2] is None:
                    yield posed, case.expectation


def _policy(runner: Runner, jury: _Jury, file: PolicyFile) -> PolicyMutation:
    setting = runner.setting
    made = list(mutants(file.document, lambda document: insert(document, setting.values)))
    jurors = jury.jurors(file.name)
    survivors = [
        _survivor(file, mutant)
        for mutant in made
        if not any(juror.notices(runner, file.name, setting.content(mutant.document)) for juror in jurors)
    ]
    return PolicyMutation(file.name, len(made), sum(len(juror.asked) for juror in jurors), tuple(survivors))


def _survivor(file: PolicyFile, mutant: Mutant) -> Survivor:
    before, after = (
        json.dumps(document, indent=2, ensure_ascii=False).splitlines() for document in (file.document, mutant.document)
    )
    lines = unified_diff(before, after, file.name, f"{file.name}, which {mutant.what}", lineterm="")
    return Survivor(file.name, file.source.at(mutant.place), mutant.statement, mutant.what, tuple(lines))
