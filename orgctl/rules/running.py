"""Runs one rule: its own tests, and its handler with events, each in a process that knows nothing of orgctl."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from time import perf_counter

from orgctl.rules.answering import Answerer, Answers
from orgctl.rules.event import Event
from orgctl.rules.process import DiedError, Line, Processes, offline_environment
from orgctl.rules.result import CaseResult, Outcome, Part, Raised, Run
from orgctl.rules.rule import Rule


def run_unit_tests(rule: Rule, processes: Processes) -> tuple[tuple[CaseResult, ...], str]:
    """The results of the rule's own tests, and what they printed. Nothing is raised: what fails is a result."""
    begun = perf_counter()
    cases: list[CaseResult] = []
    request = {"mode": "tests", "folder": str(rule.folder), "name": rule.name}

    def hear(line: Line) -> None:
        if "test" in line:
            cases.append(CaseResult(Part.UNIT, line["test"], Outcome(line["status"]), line["seconds"], line["detail"]))

    try:
        output = processes.run(request, offline_environment(), hear)
    except DiedError as error:
        output = error.output
        cases.append(_failed(f"{rule.name}_test", f"the tests did not end: {error.message}", begun))
    if not cases:
        cases.append(_failed(f"{rule.name}_test", "the file holds no unittest case", begun))
    return tuple(cases), output


def _failed(name: str, detail: str, begun: float) -> CaseResult:
    return CaseResult(Part.UNIT, name, Outcome.FAILED, perf_counter() - begun, detail)


def run_handler(
    rule: Rule,
    events: Sequence[Event],
    parameters: Mapping[str, str],
    processes: Processes,
    others: Answerer,
    environment: Mapping[str, str],
    *,
    template: bool = False,
) -> tuple[Run, ...]:
    """Events through a rule's handler, one after the other in one process: a run for each.

    `others` answers its calls to AWS. With `template`, items may hold marks of unknown values. Raises DiedError
    if the rule cannot be imported, or its process ends.
    """
    listener = _Listener(others)
    values = [event.with_parameters(parameters) for event in events]
    request = {"mode": "handler", "folder": str(rule.folder), "name": rule.name, "events": values, "template": template}
    output = processes.run(request, environment, listener)
    if len(listener.runs) < len(events):
        why = listener.raised[0] if listener.raised else None
        raise DiedError(f"`{rule.name}.py` cannot be imported: {why.message if why else ''}", why.trace if why else "")
    return tuple(replace(run, output=output) for run in listener.runs)


class _Listener:
    """Answers the calls of one process, and sorts what it writes by event."""

    def __init__(self, others: Answerer) -> None:
        self.runs: list[Run] = []
        self._others = others
        self._clear()

    def _clear(self) -> None:
        self._answers = Answers(self._others)
        self.raised: list[Raised] = []
        self._returned: object = None
        self._untold: list[str] = []

    def __call__(self, line: Line) -> Line | None:
        if "call" in line:
            return self._answers(line)
        if "returned" in line:
            self._returned = line["returned"]
        if "untold" in line:
            self._untold.append(line["untold"])
        if "raised" in line:
            self.raised = [_raised(each, line["trace"]) for each in line["raised"]]
        if "event_done" in line:
            self.runs.append(self._run(line["seconds"]))
            self._clear()
        return None

    def _run(self, seconds: float) -> Run:
        answers = self._answers
        return Run(
            tuple(answers.evaluations),
            tuple(answers.calls),
            tuple(answers.unanswered),
            tuple(answers.problems),
            tuple(self.raised),
            self._returned,
            seconds,
            untold=tuple(dict.fromkeys(self._untold)),
        )


def _raised(line: Line, trace: str) -> Raised:
    return Raised(line["type"], line["message"], line["code"], line["operation"], trace)
