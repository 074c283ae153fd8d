"""The report of policy tests as JUnit XML, which every CI system reads."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

from orgctl.policytest.result import CaseResult, Report, SuiteResult
from orgctl.views.test_report import case_text

_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold."""


def report_junit(report: Report) -> str:
    """One test suite for each file, one test case for each case."""
    top = ET.Element("testsuites", {"name": "orgctl test", **_counts(report.cases), "time": f"{report.seconds:.3f}"})
    for suite in report.suites:
        top.append(_suite(suite))
    ET.indent(top)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(top, encoding="unicode") + "\n"


def _suite(suite: SuiteResult) -> ET.Element:
    seconds = sum(result.seconds for result in suite.cases)
    made = ET.Element("testsuite", {"name": suite.suite.file, **_counts(suite.cases), "time": f"{seconds:.3f}"})
    for result in suite.cases:
        made.append(_case(result))
    return made


def _case(result: CaseResult) -> ET.Element:
    case = result.case
    attributes = {
        "classname": case.position.file,
        "name": _clean(case.name),
        "file": case.position.file,
        "line": str(case.position.line),
        "time": f"{result.seconds:.6f}",
    }
    made = ET.Element("testcase", attributes)
    if not result.passed:
        failure = ET.SubElement(made, "failure", {"message": _clean(result.failures[0].problem)})
        failure.text = _clean("\n".join(line.plain for line in case_text(result)))
    return made


def _counts(cases: tuple[CaseResult, ...]) -> dict[str, str]:
    failed = sum(not result.passed for result in cases)
    return {"tests": str(len(cases)), "failures": str(failed), "errors": "0"}


def _clean(text: str) -> str:
    return _FORBIDDEN.sub("\ufffd", text)
