"""Failed policy tests as annotations of a GitHub workflow: they show at their line in a pull request."""

from __future__ import annotations

from collections.abc import Iterator

from orgctl.diagnostics import Diagnostic
from orgctl.policytest.result import CaseResult, Report
from orgctl.views.github import diagnostics_github
from orgctl.views.test_report import request_line


def report_github(report: Report) -> Iterator[str]:
    """One `::error` line for every failed case."""
    return diagnostics_github(Diagnostic("test", _message(result), result.case.position) for result in report.failed)


def _message(result: CaseResult) -> str:
    first = result.failures[0]
    lines = [f"{result.case.name}: {first.problem}", request_line(first.asked)]
    ruling = first.ruling
    for by in ruling.answer.decided_by if ruling else ():
        where = ruling.position(by) if ruling else None
        if by.policy:
            lines.append(f"decided by {by.policy}#{by.statement}" + (f" ({where})" if where else ""))
    if len(result.failures) > 1:
        lines.append(f"and {len(result.failures) - 1:,} more of {len(result.case.requests):,} requests")
    return "\n".join(lines)
