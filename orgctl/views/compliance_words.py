"""Words of compliance reports."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime

from orgctl.compliance.focus import Question
from orgctl.compliance.verdict import Verdict
from orgctl.compliance.waivers import Waiver
from orgctl.views.wording import counted, printable

NO_PACK = "rules of no pack here"
"""What is not of a pack of the manifest's."""

VERDICTS: Mapping[Verdict, tuple[str, str]] = {
    Verdict.COMPLIANT: ("compliant", "green"),
    Verdict.NON_COMPLIANT: ("non-compliant", "bold red"),
    Verdict.WAIVED: ("waived", "yellow"),
    Verdict.INSUFFICIENT_DATA: ("insufficient data", ""),
    Verdict.NO_DATA: ("no data", "magenta"),
}
"""The words, and their colour."""


def moment(time: datetime) -> str:
    """`2026-11-23 12:00 UTC`."""
    return f"{time.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def question_words(question: Question) -> str:
    """What the report is narrowed to; empty for a report of everything."""
    parts = [f"account `{name}`" for name in question.accounts] + [f"`{address}`" for address in question.units]
    named = {"pack": question.pack, "rule": question.rule, "resource": question.resource}
    parts += [f"{noun} `{printable(value)}`" for noun, value in named.items() if value is not None]
    return ", ".join(parts)


def waiver_words(waiver: Waiver, today: date) -> str:
    """`until 2027-01-31 (12 days left), by `ops`: they are thrown away`."""
    left = waiver.days_left(today)
    days = "its last day" if left == 0 else f"{counted(left, 'day')} left" if left > 0 else "expired"
    return f"until {waiver.expires} ({days}), by `{printable(waiver.owner)}`: {printable(waiver.reason)}"
