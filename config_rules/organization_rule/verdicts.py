"""What a rule answers, with an annotation that says what to do and fits."""

from __future__ import annotations

from collections.abc import Iterable

from rdklib import ComplianceType, Evaluation

MAX_ANNOTATION = 256
"""Characters. Source: `Evaluation` in AWS Config's API reference."""

_CUT = " ..."


def compliant(because: str = "") -> Evaluation:
    """The resource is as the rule wants it."""
    return Evaluation(ComplianceType.COMPLIANT, annotation=annotation(because))


def non_compliant(finding: str, remedy: str) -> Evaluation:
    """It is not: what was found, and what is to be done about it."""
    return Evaluation(ComplianceType.NON_COMPLIANT, annotation=annotation(finding, remedy))


def not_applicable(because: str = "") -> Evaluation:
    """The rule has nothing to say on the resource; AWS Config then shows no result for it."""
    return Evaluation(ComplianceType.NOT_APPLICABLE, annotation=annotation(because))


def about(evaluation: Evaluation, resource_type: str, resource_id: str) -> Evaluation:
    """The same answer on a resource that the event does not name, for periodic rules."""
    evaluation.complianceResourceType = resource_type
    evaluation.complianceResourceId = resource_id
    return evaluation


def listed(names: Iterable[str], most: int = 3) -> str:
    """The first few names, and how many there are beyond: "`a`, `b`, `c` and 4 more"."""
    every = list(names)
    beyond = f" and {len(every) - most} more" if len(every) > most else ""
    return ", ".join(f"`{name}`" for name in every[:most]) + beyond


def annotation(finding: str, remedy: str = "") -> str:
    """Both in at most 256 characters. If they are too long, the finding is cut, at a word if there is one."""
    end = f": {remedy}" if remedy else ""
    if len(finding) + len(end) <= MAX_ANNOTATION:
        return finding + end
    if len(end) > MAX_ANNOTATION // 2:
        end = _cut(end, MAX_ANNOTATION // 2)
    return _cut(finding, MAX_ANNOTATION - len(end)) + end


def _cut(text: str, length: int) -> str:
    if len(text) <= length:
        return text
    kept = text[: length - len(_CUT)]
    word_end = kept.rfind(" ")
    return (kept[:word_end] if word_end > length // 2 else kept).rstrip(" ,;:") + _CUT
