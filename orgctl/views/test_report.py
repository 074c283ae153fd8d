"""The report of policy tests for people: failures in full, then one line of figures."""

from __future__ import annotations

from collections.abc import Iterator

from rich.text import Text

from orgctl.policy.request import text_of
from orgctl.policy.ruling import Ruling
from orgctl.policytest.case import Asked
from orgctl.policytest.result import CaseResult, Failure, Report
from orgctl.views.decision_text import decision_text
from orgctl.views.wording import counted

_MOST_LISTED = 10
"""So many further failures of one case are named."""


def report_text(report: Report) -> Iterator[Text]:
    """Every failed case, and the summary."""
    for result in report.failed:
        yield Text()
        yield from case_text(result)
    yield Text()
    yield summary(report)


def summary(report: Report) -> Text:
    """`2 failed, 219 passed, 3 deselected (3,570 requests, 24 files) in 0.44 s`."""
    failed, passed = len(report.failed), len(report.cases) - len(report.failed)
    counts = [f"{failed:,} failed"] if failed else []
    counts += [f"{passed:,} passed"] if passed or not failed else []
    counts += [f"{report.deselected:,} deselected"] if report.deselected else []
    figures = f"{counted(report.requests, 'request')}, {counted(len(report.suites), 'file')}"
    text = f"{', '.join(counts)} ({figures}) in {report.seconds:.2f} s"
    return Text(text, style="bold red" if failed else "bold green" if passed else "bold yellow")


def case_text(result: CaseResult) -> Iterator[Text]:
    """One failed case: what was expected, and of each kind of failure the first with its explanation."""
    case, failures = result.case, result.failures
    yield Text.assemble(("FAILED", "bold red"), f"  {case.name}")
    yield Text(f"  {case.position}: expects {case.expectation}", style="dim")
    if len(case.requests) > 1:
        yield Text(f"  {len(failures):,} of {counted(len(case.requests), 'request')} failed", style="dim")
    for failure in _distinct(failures):
        yield Text()
        yield Text(f"  {failure.problem}", style="red")
        if failure.ruling:
            yield from _indented(failure.ruling)
    others = [failure for failure in failures if failure not in _distinct(failures)]
    if others:
        yield Text()
        yield Text("  and so did:")
        yield from (Text(f"    {request_line(failure.asked)}") for failure in others[:_MOST_LISTED])
        if len(others) > _MOST_LISTED:
            yield Text(f"    … and {len(others) - _MOST_LISTED:,} more")


def _distinct(failures: tuple[Failure, ...]) -> list[Failure]:
    """The first failure of each kind among those that are explained."""
    return list({failure.problem: failure for failure in reversed(failures) if failure.ruling}.values())[::-1]


def _indented(ruling: Ruling) -> Iterator[Text]:
    for line in decision_text(ruling):
        yield from (Text("    ") + part if part.plain.strip() else Text() for part in line.split("\n"))


def request_line(asked: Asked) -> str:
    """A request on one line: `s3:GetObject on * by arn:… in shop-prod, with aws:SourceIp=192.0.2.1`."""
    keys = [f"{key}={_shown(value)}" for key, value in asked.context]
    keys += [f"{key} unknown" for key in asked.unknown]
    with_keys = f", with {', '.join(keys)}" if keys else ""
    return f"{asked.action} on {asked.resource or '*'} by {asked.principal or 'anybody'} in {asked.account}{with_keys}"


def _shown(value: object) -> str:
    match value:
        case ():
            return "(absent)"
        case str() | bool() | int() | float():
            return text_of(value)
        case tuple():
            return f"[{', '.join(map(_shown, value))}]"
        case _:
            return str(value)
