"""Runs cases: each request is decided, and explained only where the decision is not the expected one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from time import perf_counter

from orgctl.diagnostics import Position
from orgctl.model.address import ancestors, unit_address
from orgctl.policy.authorizer import Authorizer
from orgctl.policy.explanation import Answer, Decider, Decision
from orgctl.policy.layers import Layer
from orgctl.policy.request import Request
from orgctl.policy.ruling import Ruling
from orgctl.policytest.case import Asked, By, Case, Expectation, Suite
from orgctl.policytest.result import CaseResult, Failure, SuiteResult
from orgctl.policytest.setting import Setting
from orgctl.simulator import Simulator
from orgctl.source import Place

OpenKeys = Callable[[Mapping[str, str], Request, frozenset[str]], tuple[str, ...]]
"""Of the keys that policies look at (lower case → as spelled), those that nobody can know unless they were said.

The last argument holds the keys (in lower case) that the test does say.
"""

MOST_EXPLAINED = 3
"""So many failures of a case are explained; the others of a table mostly fail for the same reason."""


@dataclass(frozen=True, slots=True)
class Posed:
    """A request of a test, ready to be decided by `authorizer`."""

    asked: Asked
    request: Request
    authorizer: Authorizer


class Bench:
    """One organization in which requests are posed: it finds the authorizer of each pair of accounts once."""

    def __init__(
        self, simulator: Simulator, setting: Setting, open_keys: OpenKeys, spelling: Mapping[str, str]
    ) -> None:
        self.simulator = simulator
        self._setting = setting
        self._spelling = spelling
        self._open_keys = open_keys
        self._authorizers: dict[tuple[str, str], Authorizer] = {}
        self._keys: dict[tuple[Authorizer, str], Mapping[str, str]] = {}

    def pose(self, asked: Asked) -> Posed:
        """The request as AWS would see it."""
        request, _ = self.simulator.request(
            asked.account,
            asked.action,
            resource=asked.resource,
            principal=asked.principal,
            context=dict(asked.context),
            unknown=asked.unknown,
            resource_account=asked.resource_account,
        )
        return Posed(asked, request, self.authorizer(request))

    def authorizer(self, request: Request) -> Authorizer:
        """The policies between the two accounts of a request."""
        pair = request.principal.account, request.owner
        authorizer = self._authorizers.get(pair)
        if authorizer is None:
            authorizer = self._authorizers[pair] = self.simulator.authorizer(*pair)
        return authorizer

    def judge(self, posed: Posed, expectation: Expectation) -> tuple[Request, Answer, str | None]:
        """The decision on a request, and what is wrong with it; None: it is as expected.

        A case that is to be certain is also decided with every key unknown that nobody can know beforehand.
        """
        request, answer = posed.request, posed.authorizer.decide(posed.request)
        problem = self._wrong(answer, expectation, posed)
        if problem is None and expectation.certain:
            uncertain = self._uncertain(posed)
            if uncertain is not None:
                request, answer = uncertain, posed.authorizer.decide(uncertain)
                problem = _hanging(answer, expectation)
        return request, answer, problem

    def ruling(self, posed: Posed, request: Request) -> Ruling:
        """The decision with its whole explanation."""
        answer = posed.authorizer.explain(request)
        keys = answer.explanation.keys if answer.explanation else ()
        written = {key.lower(): key for key in (*keys, *(key for key, _ in posed.asked.context))}
        spelled = {**written, **self._spelling}
        return Ruling(
            request,
            answer,
            posed.asked.action,
            posed.asked.account,
            spelled,
            targets=self._targets(request),
            locate=self.position,
        )

    def position(self, policy: str, place: Place) -> Position | None:
        """Where a place of a policy is written."""
        file = self._setting.loaded.policies.get(policy)
        return file.source.at(place) if file else None

    def _uncertain(self, posed: Posed) -> Request | None:
        """The request with all that nobody can know unknown; None if there is nothing of that kind."""
        request, asked = posed.request, posed.asked
        key = posed.authorizer, request.action
        looked_at = self._keys.get(key)
        if looked_at is None:
            looked_at = self._keys[key] = posed.authorizer.keys(request.action)
        if not looked_at:
            return None
        said = frozenset(key.lower() for key in (*(key for key, _ in asked.context), *asked.unknown))
        hidden = self._open_keys(looked_at, request, said)
        return replace(request, unknown={**request.unknown, **{k.lower(): k for k in hidden}}) if hidden else None

    def _wrong(self, answer: Answer, expectation: Expectation, posed: Posed) -> str | None:
        if answer.decision not in expectation.decisions:
            return f"expected {expectation.word}, but it is {answer.decision.value}"
        if expectation.by is None or any(self._is(by, expectation.by, posed.request) for by in answer.decided_by):
            return None
        return f"expected {expectation.by} to decide, but it was {self._deciders(answer, posed.request)}"

    def _is(self, by: Decider, wanted: By, request: Request) -> bool:
        if wanted.level:
            return self._targets(request).get((by.layer, by.level)) == wanted.level
        return by.policy == wanted.policy and wanted.statement in (None, by.statement)

    def _deciders(self, answer: Answer, request: Request) -> str:
        targets = self._targets(request)
        names = [
            f"{by.policy}#{by.statement}" if by.policy else str(targets.get((by.layer, by.level), by.layer.value))
            for by in answer.decided_by
        ]
        return ", ".join(dict.fromkeys(names)) or "nothing"

    def _targets(self, request: Request) -> dict[tuple[Layer, int], str]:
        found: dict[tuple[Layer, int], str] = {}
        for layer, owner in ((Layer.SCP, request.principal.account), (Layer.RCP, request.owner)):
            try:
                account = self.simulator.account(owner)
            except KeyError:
                continue
            addresses = (*map(unit_address, ancestors(account.parent)), account.address)
            found |= {(layer, level): address for level, address in enumerate(addresses)}
        return found


class Runner:
    """Runs the suites of one setting; policies are compiled once for each set that applies.

    `spelling` gives the names of context keys as people know them, by their names in lower case.
    """

    def __init__(self, setting: Setting, open_keys: OpenKeys, spelling: Mapping[str, str]) -> None:
        self.setting = setting
        self._open_keys = open_keys
        self._spelling = spelling
        self._benches: dict[str | None, Bench] = {}

    def bench(self, policy: str | None) -> Bench:
        """Where the requests of a suite are posed: one policy alone, or (None) the whole organization."""
        found = self._benches.get(policy)
        if found is None:
            found = self._benches[policy] = self.new_bench(self.setting.simulator(policy))
        return found

    def new_bench(self, simulator: Simulator) -> Bench:
        """A bench in another organization, for a mutant."""
        return Bench(simulator, self.setting, self._open_keys, self._spelling)

    def run(self, suite: Suite) -> SuiteResult:
        """Every case of a suite."""
        return SuiteResult(suite, tuple(self.run_cases(suite)))

    def run_cases(self, suite: Suite) -> Iterator[CaseResult]:
        """Every case of a suite, one after the other, as it is done."""
        bench = self.bench(suite.policy)
        for case in suite.cases:
            yield run_case(bench, case)


def run_case(bench: Bench, case: Case) -> CaseResult:
    """Hold one case's requests against the policies."""
    start = perf_counter()
    failures: list[Failure] = []
    expectation = case.expectation
    for asked in case.requests:
        posed = bench.pose(asked)
        request, answer, problem = bench.judge(posed, expectation)
        if problem:
            ruling = bench.ruling(posed, request) if len(failures) < MOST_EXPLAINED else None
            failures.append(Failure(asked, answer.decision, problem, ruling))
    return CaseResult(case, tuple(failures), perf_counter() - start)


def _hanging(answer: Answer, expectation: Expectation) -> str | None:
    """What is wrong if a decision that should be certain is not."""
    if answer.decision in expectation.decisions:
        return None
    if answer.decision is Decision.UNKNOWN:
        keys = ", ".join(f"`{key}`" for key in answer.unknown_keys)
        return f"expected {expectation.word} for certain, but it hangs on {keys or 'what AWS does not document'}"
    return f"expected {expectation.word} for certain, but it would be {answer.decision.value}"
