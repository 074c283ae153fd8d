"""Single resources as CSV, for spreadsheets."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import datetime
from io import StringIO

from orgctl.compliance.report import Finding, Report
from orgctl.model.address import unit_address
from orgctl.views.wording import printable

COLUMNS = (
    *("account", "account_id", "ou", "region", "pack", "rule", "resource_type", "resource_id", "verdict"),
    *("waiver_owner", "waiver_reason", "waiver_expires", "days_left", "annotation", "recorded", "invoked"),
)

_FORMULA = ("=", "+", "-", "@")
"""What spreadsheets take for the beginning of a formula."""


def compliance_csv(report: Report) -> Iterator[str]:
    """The lines, with their ends: a head, then one for each rule that a resource does not comply with.

    A cell that a spreadsheet would take for a formula has a `'` before it; what cannot be printed is written out.
    """
    units = {line.id: unit_address(line.unit) for line in report.accounts}
    yield _line(COLUMNS)
    for each in report.findings:
        yield _line(_cells(each, units.get(each.account_id, ""), report))


def _cells(finding: Finding, unit: str, report: Report) -> tuple[str, ...]:
    waiver = finding.waiver
    of_waiver = (
        (waiver.owner, waiver.reason, waiver.expires.isoformat(), str(waiver.days_left(report.today)))
        if waiver
        else ("", "", "", "")
    )
    place = (finding.account, finding.account_id, unit, finding.region)
    what = (finding.pack or "", finding.rule, finding.type, finding.id, finding.verdict.value)
    return (*place, *what, *of_waiver, finding.annotation, _time(finding.recorded), _time(finding.invoked))


def _time(time: datetime | None) -> str:
    return time.isoformat() if time else ""


def _line(cells: tuple[str, ...]) -> str:
    out = StringIO()
    csv.writer(out, lineterminator="\n").writerow([_safe(printable(cell)) for cell in cells])
    return out.getvalue()


def _safe(cell: str) -> str:
    """A number below zero is no formula: days that a waiver has been over."""
    return f"'{cell}" if cell.startswith(_FORMULA) and not cell[1:].isdecimal() else cell
