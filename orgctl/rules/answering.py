"""What a rule gets for its calls to AWS while its handler runs here, and what is written down of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from orgctl.rules.actions import action_of
from orgctl.rules.process import Line
from orgctl.rules.result import Call, Compliance, Evaluation

MAX_ANNOTATION = 256
MAX_RESOURCE_ID = 768
MAX_EVALUATIONS = 100
"""Source: `Evaluation` and `PutEvaluations` in AWS Config's API reference."""

Answerer = Callable[[str, str, Mapping[str, Any]], Line]
"""From service, operation and parameters to `{"answer": …}`, `{"error": {"Code", "Message"}}`, `{"pass": True}` or
`{"unanswered": why}`."""


def nobody(_service: str, _operation: str, _parameters: Mapping[str, Any]) -> Line:
    """Nothing can be asked."""
    return {"unanswered": "nobody answers this offline"}


def aws(_service: str, _operation: str, _parameters: Mapping[str, Any]) -> Line:
    """Let AWS answer."""
    return {"pass": True}


class Answers:
    """Answers what the frame of every rule calls; the rest is for `others`."""

    def __init__(self, others: Answerer) -> None:
        self._others = others
        self.evaluations: list[Evaluation] = []
        self.calls: list[Call] = []
        self.unanswered: list[tuple[Call, str]] = []
        self.problems: list[str] = []

    def __call__(self, line: Line) -> Line:
        """The answer to one call."""
        service, operation = line["service"], line["call"]
        if (service, operation) == ("config", "PutEvaluations"):
            return self._put(line["parameters"])
        if (service, operation) == ("config", "GetComplianceDetailsByConfigRule"):
            return {"answer": {"EvaluationResults": []}}
        call = Call(service, operation, action_of(line["prefix"], operation, str(line["method"])))
        answer = self._others(service, operation, line["parameters"])
        self.calls.append(call)
        if "unanswered" in answer:
            self.unanswered.append((call, str(answer["unanswered"])))
        return answer

    def _put(self, parameters: Mapping[str, Any]) -> Line:
        given: Sequence[Mapping[str, Any]] = parameters.get("Evaluations", ())
        if len(given) > MAX_EVALUATIONS:
            self.problems.append(f"it put {len(given)} evaluations at once, and AWS Config takes {MAX_EVALUATIONS}")
        for each in given:
            self.problems += _wrong_with(each)
            if each["ComplianceType"] in {each.value for each in Compliance}:
                self.evaluations.append(_evaluation(each))
        return {"answer": {"FailedEvaluations": []}}


def _evaluation(given: Mapping[str, Any]) -> Evaluation:
    return Evaluation(
        str(given["ComplianceResourceType"]),
        str(given["ComplianceResourceId"]),
        Compliance(given["ComplianceType"]),
        str(cast(object, given.get("Annotation", ""))),
    )


def _wrong_with(given: Mapping[str, Any]) -> list[str]:
    """What AWS Config would refuse of an evaluation."""
    found = []
    if given["ComplianceType"] not in {each.value for each in Compliance}:
        found.append(f"`{given['ComplianceType']}` is no compliance type that a rule may put")
    if len(str(given.get("Annotation", ""))) > MAX_ANNOTATION:
        found.append(f"the annotation has more than {MAX_ANNOTATION} characters")
    if not 0 < len(str(given["ComplianceResourceId"])) <= MAX_RESOURCE_ID:
        found.append(f"the resource's id is empty, or longer than {MAX_RESOURCE_ID} characters")
    return found
