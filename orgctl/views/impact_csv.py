"""The groups of an impact as a table for spreadsheets."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import StringIO

from orgctl.replay.verdicts.impact import Impact
from orgctl.replay.verdicts.tally import Group
from orgctl.views.impact_json import kind_name, timestamp
from orgctl.views.impact_words import cause

COLUMNS = (
    *("verdict", "causes", "keys", "reason", "principal", "action", "account", "account_name", "ou"),
    *("count", "first", "last", "samples"),
)
_FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n")


def impact_csv(impact: Impact) -> str:
    """A line for each group, below a line of headings. Where there are several causes, keys or ids, `; ` is between."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for group in impact.groups:
        writer.writerow([harmless(cell) for cell in _cells(group, impact)])
    return out.getvalue()


def _cells(group: Group, impact: Impact) -> Iterator[str]:
    verdict, home = group.verdict, impact.homes.get(group.account)
    yield kind_name(verdict.kind)
    yield "; ".join(cause(each, impact) for each in verdict.causes)
    yield "; ".join(verdict.keys)
    yield verdict.reason or ""
    yield from (group.who, group.action, group.account)
    yield from (home.name, home.unit) if home else ("", "")
    yield str(group.count)
    yield from (timestamp(group.first) or "", timestamp(group.last) or "", "; ".join(group.samples))


def harmless(cell: str) -> str:
    """Text that no spreadsheet takes for a formula: callers choose names, and others open the file."""
    return f"'{cell}" if cell.startswith(_FORMULAS) else cell
