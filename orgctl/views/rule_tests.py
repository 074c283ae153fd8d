"""Results of rules' tests, as text, for programs and as JUnit XML; and what a rule says of one resource."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from xml.etree import ElementTree as ET

from rich.text import Text

from orgctl.rules.result import CaseResult, Compliance, Evaluation, Outcome, Report, RuleResult
from orgctl.views.wording import counted

FORMAT_VERSION = 1

_STYLES = {Outcome.PASSED: "green", Outcome.FAILED: "bold red", Outcome.SKIPPED: "yellow"}
_COMPLIANCE = {
    Compliance.COMPLIANT: "green",
    Compliance.NON_COMPLIANT: "bold red",
    Compliance.NOT_APPLICABLE: "dim",
}
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold."""


def rule_line(result: RuleResult, *, verbose: bool = False) -> Iterator[Text]:
    """`LAMBDA_LAYER_REQUIRED  12 passed, 1 skipped  0.42 s`; with `verbose` a line for each case."""
    style = "bold red" if result.failed else "green"
    counts = ", ".join(_counted(result.cases))
    yield Text.assemble((result.rule.name, "bold"), "  ", (counts, style), f"  {result.seconds:.2f} s")
    for case in result.cases if verbose else ():
        detail = f": {case.detail.splitlines()[0]}" if case.detail and case.outcome is not Outcome.FAILED else ""
        yield Text.assemble("    ", (case.outcome.value, _STYLES[case.outcome]), f"  {case.name}{detail}")


def _counted(cases: Iterable[CaseResult]) -> list[str]:
    outcomes = [case.outcome for case in cases]
    return [f"{outcomes.count(each)} {each.value}" for each in Outcome if each in outcomes]


def failures_text(report: Report) -> Iterator[Text]:
    """Every failed case with its reason, and the summary."""
    for result in report.results:
        for case in result.failed:
            yield Text.assemble(("\nFAILED", "bold red"), f"  {result.rule.name}: {case.name}")
            yield from (Text(f"  {line}") for line in case.detail.rstrip().splitlines())
    style = "bold red" if report.failed else "bold green"
    counts = ", ".join(_counted(report.cases)) or "nothing to run"
    yield Text(f"\n{counts} ({counted(len(report.results), 'rule')}) in {report.seconds:.2f} s", style=style)


def report_json(report: Report) -> str:
    """`part` is `unit`, `handler` or `guard`; `seconds` of each case, rule and the whole."""
    value = {
        "format_version": FORMAT_VERSION,
        "passed": not report.failed,
        "seconds": round(report.seconds, 3),
        "counts": {each.value: sum(case.outcome is each for case in report.cases) for each in Outcome},
        "rules": [_rule(result) for result in report.results],
    }
    return json.dumps(value, indent=2, ensure_ascii=False)


def _rule(result: RuleResult) -> dict[str, object]:
    cases = [
        {
            "part": case.part.value,
            "name": case.name,
            "outcome": case.outcome.value,
            "seconds": round(case.seconds, 6),
            "detail": case.detail,
        }
        for case in result.cases
    ]
    return {"name": result.rule.name, "seconds": round(result.seconds, 3), "cases": cases}


def report_junit(report: Report) -> str:
    """One test suite for each rule, one test case for each case."""
    top = ET.Element("testsuites", {"name": "orgctl rules test", **_totals(report.cases, report.seconds)})
    for result in report.results:
        totals = _totals(result.cases, result.seconds)
        suite = ET.SubElement(top, "testsuite", {"name": result.rule.name, **totals})
        for case in result.cases:
            _junit_case(suite, result, case)
    ET.indent(top)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(top, encoding="unicode") + "\n"


def _totals(cases: Iterable[CaseResult], seconds: float) -> dict[str, str]:
    outcomes = [case.outcome for case in cases]
    return {
        "tests": str(len(outcomes)),
        "failures": str(outcomes.count(Outcome.FAILED)),
        "skipped": str(outcomes.count(Outcome.SKIPPED)),
        "errors": "0",
        "time": f"{seconds:.3f}",
    }


def _junit_case(suite: ET.Element, result: RuleResult, case: CaseResult) -> None:
    classname = f"{result.rule.name}.{case.part.value}"
    made = ET.SubElement(
        suite, "testcase", {"classname": classname, "name": _clean(case.name), "time": f"{case.seconds:.6f}"}
    )
    detail = _clean(case.detail)
    if case.outcome is Outcome.FAILED:
        ET.SubElement(made, "failure", {"message": _gist(detail)}).text = detail
    elif case.outcome is Outcome.SKIPPED:
        ET.SubElement(made, "skipped", {"message": detail})


def _gist(detail: str) -> str:
    """The line that says what went wrong: of a traceback the last that is neither indented nor of a difference."""
    lines = [line for line in detail.splitlines() if line[:1].isalpha() or line[:1] == "`"]
    return lines[-1] if lines else "it failed"


def _clean(text: str) -> str:
    return _FORBIDDEN.sub("\ufffd", text)


def evaluations_text(evaluations: Iterable[Evaluation]) -> Iterator[Text]:
    """A line for each resource: its compliance, and the annotation."""
    for each in evaluations:
        compliance = (each.compliance.value, _COMPLIANCE[each.compliance])
        said = f": {each.annotation}" if each.annotation else ""
        yield Text.assemble(compliance, f"  {each.resource_type} {each.resource_id}{said}")


def evaluations_json(rule: str, evaluations: Iterable[Evaluation]) -> str:
    """As AWS Config would get them; `annotation` may be empty."""
    found = [
        {
            "resource_type": each.resource_type,
            "resource_id": each.resource_id,
            "compliance": each.compliance.value,
            "annotation": each.annotation,
        }
        for each in evaluations
    ]
    return json.dumps({"format_version": FORMAT_VERSION, "rule": rule, "evaluations": found}, indent=2)
