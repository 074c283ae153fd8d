"""The report of policy tests for programs: the same value as the text."""

from __future__ import annotations

import json

from orgctl.policytest.case import Asked
from orgctl.policytest.result import CaseResult, Failure, Report
from orgctl.views.decision_json import decision_data

FORMAT_VERSION = 1


def report_json(report: Report, more: dict[str, object] | None = None) -> str:
    """`cases` in the order they ran; `failures` only where there are any. `more` are further keys at the top."""
    value = {
        "format_version": FORMAT_VERSION,
        "passed": not report.failed,
        "seconds": round(report.seconds, 3),
        "counts": {
            "passed": len(report.cases) - len(report.failed),
            "failed": len(report.failed),
            "deselected": report.deselected,
            "requests": report.requests,
        },
        "cases": [_case(result) for result in report.cases],
        **(more or {}),
    }
    return json.dumps(value, indent=2, ensure_ascii=False)


def _case(result: CaseResult) -> dict[str, object]:
    case = result.case
    by = str(case.expectation.by) if case.expectation.by else None
    return {
        "id": case.id,
        "name": case.name,
        "file": case.position.file,
        "line": case.position.line,
        "expect": case.expectation.word,
        "by": by,
        "certain": case.expectation.certain,
        "passed": result.passed,
        "requests": len(case.requests),
        "seconds": round(result.seconds, 6),
        "failures": [_failure(failure) for failure in result.failures],
    }


def _failure(failure: Failure) -> dict[str, object]:
    return {
        "problem": failure.problem,
        "decision": failure.decision.value,
        "request": request_value(failure.asked),
        "ruling": decision_data(failure.ruling) if failure.ruling else None,
    }


def request_value(asked: Asked) -> dict[str, object]:
    """A request as `orgctl simulate --batch` reads it; an absent key is null."""
    context = {key: None if value == () else _plain(value) for key, value in asked.context}
    return {
        "account": asked.account,
        "action": asked.action,
        "principal": asked.principal,
        "resource": asked.resource,
        "resource_account": asked.resource_account,
        "context": context,
        "unknown": list(asked.unknown),
    }


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value
