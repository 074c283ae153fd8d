"""What rules say of templates, as text and for programs."""

from __future__ import annotations

import json
from collections.abc import Iterator

from rich.text import Text

from orgctl.rules.template.finding import Checked, Finding, Verdict
from orgctl.views.diagnostics import diagnostic_text
from orgctl.views.wording import counted

FORMAT_VERSION = 1


def checked_text(checked: Checked) -> Iterator[Text]:
    """Every violation, everything undecided, and what was not looked at."""
    for finding in checked.findings:
        if finding.diagnostic:
            yield from diagnostic_text(finding.diagnostic)
    for note in checked.notes:
        yield Text(f"note: {note}", style="dim")


def summary(checked: Checked) -> str:
    """`1 violation, 2 undecided, 5 compliant`."""
    violations = counted(checked.count(Verdict.NON_COMPLIANT), "violation")
    return f"{violations}, {checked.count(Verdict.UNDECIDED)} undecided, {checked.count(Verdict.COMPLIANT)} compliant"


def checked_json(checked: Checked) -> str:
    """Every finding, compliant ones too, by place. `verdict` is AWS Config's word, or `UNDECIDED`."""
    value = {
        "format_version": FORMAT_VERSION,
        "counts": {each.value: checked.count(each) for each in Verdict},
        "findings": [_finding(each) for each in checked.findings],
        "notes": list(checked.notes),
    }
    return json.dumps(value, indent=2, ensure_ascii=False)


def _finding(finding: Finding) -> dict[str, object]:
    return {
        "rule": finding.rule,
        "packs": list(finding.packs),
        "resource": finding.logical_id,
        "resource_type": finding.resource_type,
        "verdict": finding.verdict.value,
        "reason": finding.reason,
        "file": finding.position.file,
        "line": finding.position.line,
        "column": finding.position.column,
    }
