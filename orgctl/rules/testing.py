"""Tests a rule: its own tests, every fixture through its handler, or every case of a Guard policy."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from os import cpu_count
from time import perf_counter
from typing import Any, cast

from orgctl.rules import event, guard
from orgctl.rules.answering import nobody
from orgctl.rules.event import Event
from orgctl.rules.guard_tests import GuardCase, check_tests
from orgctl.rules.problems import Problems
from orgctl.rules.process import DiedError, Processes, offline_environment
from orgctl.rules.result import CaseResult, Compliance, Outcome, Part, Report, RuleResult, Run
from orgctl.rules.rule import FOLDER, Kind, Rule
from orgctl.rules.running import run_handler, run_unit_tests
from orgctl.source import read_parsed

Observer = Callable[[RuleResult], None]
"""Is told of every rule as it is done."""

FRAME_PERMISSIONS = ("config:GetResourceConfigHistory", "sts:AssumeRole", "sts:GetCallerIdentity")
"""What every rule may do without saying so: enter the account, and re-read items too large for an event."""

_DELETED = "the first fixture, deleted"


def run_tests(
    rules: Sequence[Rule], parameters: Mapping[str, Mapping[str, str]], observer: Observer | None = None
) -> Report:
    """Test rules, as many at once as there are processors. `parameters` has what their handlers get, by rule.

    Nothing is raised but KeyboardInterrupt, after which no process is left.
    """
    begun = perf_counter()
    done: dict[str, RuleResult] = {}
    with ThreadPoolExecutor(max_workers=cpu_count()) as pool, Processes() as processes:
        waiting = [pool.submit(run_tests_of, rule, parameters.get(rule.name, {}), processes) for rule in rules]
        try:
            for future in as_completed(waiting):
                result = future.result()
                done[result.rule.name] = result
                if observer:
                    observer(result)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return Report(tuple(done[rule.name] for rule in rules), perf_counter() - begun)


def run_tests_of(rule: Rule, parameters: Mapping[str, str], processes: Processes) -> RuleResult:
    """Everything that can be run of one rule."""
    begun = perf_counter()
    if rule.kind is Kind.GUARD:
        cases = tuple(_guard_case(rule, case) for case in _guard_cases(rule))
        return RuleResult(rule, cases, perf_counter() - begun)
    unit, output = run_unit_tests(rule, processes)
    return RuleResult(rule, (*unit, *_handler_cases(rule, parameters, processes)), perf_counter() - begun, output)


def _guard_cases(rule: Rule) -> tuple[GuardCase, ...]:
    return check_tests(Problems(rule.folder, f"{FOLDER}/{rule.name}"), rule.name)


def _guard_case(rule: Rule, case: GuardCase) -> CaseResult:
    begun = perf_counter()
    try:
        verdict = guard.evaluate(rule.guard or "", case.item)
    except guard.GuardError as error:
        return CaseResult(Part.GUARD, case.name, Outcome.FAILED, perf_counter() - begun, error.message)
    wrong = [
        f"`{name}` is expected to {expected.value}"
        + (f", and is {verdict.rules[name].value}" if name in verdict.rules else ", and the policy has no such rule")
        for name, expected in case.expected
        if verdict.rules.get(name) is not expected
    ]
    detail = "\n".join([*(f"{case.position}: {each}" for each in wrong), *(verdict.messages if wrong else ())])
    outcome = Outcome.FAILED if wrong else Outcome.PASSED
    return CaseResult(Part.GUARD, case.name, outcome, perf_counter() - begun, detail)


def _handler_cases(rule: Rule, parameters: Mapping[str, str], processes: Processes) -> tuple[CaseResult, ...]:
    events = dict(_events(rule))
    lacking = [each.name for each in rule.required_parameters if not parameters.get(each.name)]
    if lacking:
        why = f"no value is known for the required parameter `{lacking[0]}`: give one in `parameters.json` or in a pack"
        return tuple(CaseResult(Part.HANDLER, name, Outcome.SKIPPED, 0.0, why) for name in events)
    try:
        runs = run_handler(rule, tuple(events.values()), parameters, processes, nobody, offline_environment())
    except DiedError as error:
        detail = f"{error.message}\n{error.output}".rstrip()
        return (CaseResult(Part.HANDLER, "lambda_handler", Outcome.FAILED, 0.0, detail),)
    return tuple(_handler_case(rule, name, run) for name, run in zip(events, runs, strict=True))


def _events(rule: Rule) -> Iterator[tuple[str, Event]]:
    first: dict[str, Any] | None = None
    for path in rule.fixtures:
        source = read_parsed(path).source
        found = event.event_of(source.value) if source else ""
        if isinstance(found, Event):
            first = first or cast("dict[str, Any] | None", event.item_of(found))
            yield f"fixtures/{path.name}", found
    if first:
        yield _DELETED, event.of_item({**first, "configurationItemStatus": "ResourceDeleted", "configuration": None})
    if rule.periodic:
        yield "scheduled", event.scheduled()


def _handler_case(rule: Rule, name: str, run: Run) -> CaseResult:
    """A run is right if what it put is what AWS Config takes, or if it stopped at a call that only AWS can answer."""
    problems = [*run.problems, *_not_permitted(rule, run), *_ended_badly(run)]
    compliances = {each.compliance for each in run.evaluations}
    if name == _DELETED and compliances - {Compliance.NOT_APPLICABLE}:
        problems.append("a deleted resource has to be NOT_APPLICABLE")
    if problems:
        return CaseResult(Part.HANDLER, name, Outcome.FAILED, run.seconds, "\n".join(problems))
    if run.unanswered:
        call, _ = run.unanswered[-1]
        detail = f"stopped at {call.service}:{call.operation}, which only AWS answers"
        return CaseResult(Part.HANDLER, name, Outcome.SKIPPED, run.seconds, detail)
    said = ", ".join(
        f"{each.compliance.value}{f': {each.annotation}' * bool(each.annotation)}" for each in run.evaluations
    )
    return CaseResult(Part.HANDLER, name, Outcome.PASSED, run.seconds, said)


def _not_permitted(rule: Rule, run: Run) -> list[str]:
    allowed = {action.lower() for action in (*rule.permissions, *FRAME_PERMISSIONS)}
    lacking = dict.fromkeys(call.action for call in run.calls if call.action.lower() not in allowed)
    return [f"it needs `{action}`, which `permissions` in rule.yaml lacks" for action in lacking]


def _ended_badly(run: Run) -> list[str]:
    if run.unanswered:
        call, _ = run.unanswered[0]
        told = "it put an evaluation without the answer of"
        return [f"{told} {call.service}:{call.operation}; raise instead"] if run.evaluations else []
    if run.raised:
        return [f"it raised {run.raised[0].kind}: {run.raised[0].message}\n{run.raised[0].trace}".rstrip()]
    if isinstance(run.returned, dict) and (
        run.returned.get("customerErrorCode") or "internalErrorMessage" in run.returned
    ):
        said = run.returned.get("customerErrorMessage") or run.returned.get("internalErrorDetails")
        return [f"it wrote no evaluation, and answered: {said}"]
    return []
