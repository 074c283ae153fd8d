"""Asks rules about the resources of a template: the same code and the same parameters as after the deployment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from os import cpu_count

from orgctl.rules import event, guard
from orgctl.rules.process import OFFLINE, DiedError, Processes, offline_environment
from orgctl.rules.result import Compliance, Evaluation, Run
from orgctl.rules.rule import Kind, Rule
from orgctl.rules.running import run_handler
from orgctl.rules.template.answering import TemplateAnswers
from orgctl.rules.template.describing import Described, describe
from orgctl.rules.template.finding import Finding, Verdict
from orgctl.rules.template.reading import Resource, Template
from orgctl.rules.template.resolving import Resolver
from orgctl.rules.template.shapes import SHAPES
from orgctl.rules.template.unknown import MARK, Unknown, optional_unknown

_GUARD = {
    guard.Status.PASS: Verdict.COMPLIANT,
    guard.Status.FAIL: Verdict.NON_COMPLIANT,
    guard.Status.SKIP: Verdict.NOT_APPLICABLE,
}


@dataclass(frozen=True, slots=True)
class Use:
    """A rule with parameters, and the packs that use it so. `lacking` says why the parameters are not complete."""

    rule: Rule
    parameters: Mapping[str, str]
    packs: tuple[str, ...] = ()
    lacking: str = ""


def check(resolver: Resolver, uses: Sequence[Use]) -> tuple[Finding, ...]:
    """What rules say of a template's resources, by place. No rule's failure ends it: what fails is undecided.

    Resources of types that no rule looks at have no finding, nor have those that a condition leaves out.
    """
    with ThreadPoolExecutor(max_workers=cpu_count()) as pool, Processes() as processes:
        checks = [_Check(resolver, use, processes) for use in uses]
        found = [finding for findings in pool.map(_Check.run, checks) for finding in findings]
    return tuple(sorted(found, key=lambda each: (each.position, each.rule, each.packs, each.logical_id)))


def undescribed(template: Template, uses: Sequence[Use]) -> tuple[str, ...]:
    """The types in the template that rules look at, but whose configuration items cannot be told from a template."""
    wanted = {kind for use in uses for kind in use.rule.resource_types}
    kinds = {resource.kind for resource in template.resources.values()}
    return tuple(sorted((kinds & wanted) - SHAPES.keys()))


@dataclass(frozen=True, slots=True)
class _Check:
    """One rule on one template."""

    resolver: Resolver
    use: Use
    processes: Processes

    def run(self) -> list[Finding]:
        rule = self.use.rule
        resources = [each for each in self.resolver.template.resources.values() if each.kind in rule.resource_types]
        if not rule.resource_types:
            return list(self._scheduled())
        return [finding for each in self._judged(resources) for finding in each]

    def _judged(self, resources: Sequence[Resource]) -> Iterator[list[Finding]]:
        asked: list[tuple[Resource, Described]] = []
        for resource in resources:
            exists = self.resolver.exists(resource.logical_id)
            if exists is False or (described := describe(self.resolver, resource.logical_id)) is None:
                continue
            reason = self._why_not(resource, exists)
            if reason:
                yield [self._finding(resource, Verdict.UNDECIDED, reason)]
            elif self.use.rule.kind is Kind.GUARD:
                yield [self._by_guard(resource, described)]
            else:
                asked.append((resource, described))
        if asked:
            yield self._by_handler(asked)

    def _why_not(self, resource: Resource, exists: bool | Unknown) -> str:
        """Why the rule need not even be asked; empty if it is to be."""
        if isinstance(exists, Unknown):
            return f"whether it is made is not known: {exists.reason}"
        unknown = optional_unknown(self.resolver.properties(resource.logical_id))
        return self.use.lacking or (f"one of its properties may be there or not: {unknown.reason}" if unknown else "")

    def _by_guard(self, resource: Resource, described: Described) -> Finding:
        """Guard does not say what it looked at, so an item with anything unknown in it cannot be judged."""
        reason = _first_mark(described.item)
        if reason:
            return self._finding(resource, Verdict.UNDECIDED, reason)
        try:
            verdict = guard.evaluate(self.use.rule.guard or "", described.item)
        except guard.GuardError as error:
            return self._finding(resource, Verdict.UNDECIDED, error.message)
        return self._finding(resource, _GUARD[verdict.status], "; ".join(verdict.messages))

    def _by_handler(self, asked: Sequence[tuple[Resource, Described]]) -> list[Finding]:
        try:
            runs = self._runs([event.of_item(described.item) for _, described in asked])
        except DiedError as error:
            return [self._finding(resource, Verdict.UNDECIDED, error.message) for resource, _ in asked]
        return [self._of_run(resource, run) for (resource, _), run in zip(asked, runs, strict=True)]

    def _runs(self, events: Sequence[event.Event]) -> tuple[Run, ...]:
        place = self.resolver.deployment
        region = {name: place.region for name in OFFLINE if name.endswith("REGION")}
        environment = {**offline_environment(), **region}
        answers = TemplateAnswers(self.resolver)
        return run_handler(
            self.use.rule, events, self.use.parameters, self.processes, answers, environment, template=True
        )

    def _of_run(self, resource: Resource, run: Run) -> Finding:
        undecided = _undecided(run)
        if undecided:
            return self._finding(resource, Verdict.UNDECIDED, undecided)
        for each in run.evaluations:
            return self._finding(resource, _verdict(each), each.annotation)
        return self._finding(resource, Verdict.UNDECIDED, "the rule says nothing")

    def _scheduled(self) -> Iterator[Finding]:
        """A rule that AWS Config asks by the clock lists what there is; it is told what the template has."""
        if self.use.lacking:
            return
        try:
            (run,) = self._runs([event.scheduled(self.resolver.deployment.account)])
        except DiedError:
            return
        if run.untold and self._related():
            yield self._finding(self._related()[0], Verdict.UNDECIDED, run.untold[0])
            return
        for each in () if run.untold or run.unanswered else run.evaluations:
            for resource in self._named(each):
                yield self._finding(resource, _verdict(each), each.annotation)

    def _related(self) -> list[Resource]:
        """Resources of services that the rule calls."""
        services = {action.partition(":")[0].lower() for action in self.use.rule.permissions}
        resources = self.resolver.template.resources.values()
        return [each for each in resources if each.kind.split("::")[1].lower() in services]

    def _named(self, evaluation: Evaluation) -> Iterator[Resource]:
        """The resources that an evaluation is about: of its type, and with its id as a property, a name or an ARN."""
        for resource in self.resolver.template.resources.values():
            given = self.resolver.properties(resource.logical_id)
            names = {each for each in given.values() if type(each) is str}
            kinds = {resource.kind, resource.kind.replace("ApiGatewayV2", "ApiGateway")}
            if evaluation.resource_type in kinds and evaluation.resource_id in names:
                yield resource

    def _finding(self, resource: Resource, verdict: Verdict, reason: str) -> Finding:
        use = self.use
        return Finding(use.rule.name, use.packs, resource.logical_id, resource.kind, verdict, reason, resource.position)


def _verdict(evaluation: Evaluation) -> Verdict:
    match evaluation.compliance:
        case Compliance.COMPLIANT:
            return Verdict.COMPLIANT
        case Compliance.NON_COMPLIANT:
            return Verdict.NON_COMPLIANT
        case Compliance.NOT_APPLICABLE:
            return Verdict.NOT_APPLICABLE


def _undecided(run: Run) -> str:
    """Why a run decides nothing; empty if it does."""
    if run.untold:
        return run.untold[0]
    if run.unanswered:
        call, why = run.unanswered[0]
        return f"{why} ({call.service}:{call.operation})"
    if run.problems:
        return run.problems[0]
    return f"the rule raised {run.raised[0].kind}: {run.raised[0].message}" if run.raised else ""


def _first_mark(value: object) -> str:
    match value:
        case {**each} if MARK in each:
            return str(each[MARK])
        case dict():
            return next((found for each in value.values() if (found := _first_mark(each))), "")
        case list():
            return next((found for each in value if (found := _first_mark(each))), "")
        case _:
            return ""
