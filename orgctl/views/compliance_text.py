"""A compliance report for people: who complies, by what, the worst first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rich.text import Text

from orgctl.compliance.report import Report, RuleLine
from orgctl.compliance.verdict import Counts
from orgctl.views.compliance_details import findings_text, offenders_text, silent_text, waivers_text
from orgctl.views.compliance_words import NO_PACK, moment, question_words
from orgctl.views.wording import counted, printable

FEW = 10
"""So many of the worst are shown, unless all are asked for."""

_FEW_UNITS = 30
_WIDEST = 60

_COLUMNS: tuple[tuple[str, str, str], ...] = (
    ("compliant", "compliant", ""),
    ("non-compliant", "non_compliant", "bold red"),
    ("waived", "waived", "yellow"),
    ("insufficient data", "insufficient_data", ""),
    ("no data", "no_data", "magenta"),
    ("resources", "resources", "red"),
)
"""The title, the field of `Counts`, and the colour where it is not 0."""


@dataclass(frozen=True, slots=True)
class _Table:
    """Lines with numbers. `left_out`: what else there is, in a sentence."""

    title: str
    rows: tuple[tuple[str, Counts], ...]
    left_out: str = ""


def compliance_text(report: Report, *, everything: bool = False) -> Iterator[Text]:
    """The lines; `everything` leaves nothing out."""
    where = f"aggregator `{report.source.aggregator}` of `{report.source.administrator}`"
    yield Text(f"Compliance as of {moment(report.made)}, by the {where}, in {', '.join(report.regions)}")
    asked = question_words(report.question)
    if asked:
        yield Text(f"Only {asked}")
    tables = [table for table in _tables(report, everything=everything) if table.rows]
    width = min(_WIDEST, max((len(name) for table in tables for name in (table.title, *_names(table))), default=0))
    for table in tables:
        yield Text()
        yield from _lines(table, width)
    yield from offenders_text(report, None if everything else FEW)
    yield from findings_text(report, everything=everything)
    yield from silent_text(report, None if everything else FEW)
    yield from waivers_text(report)
    yield Text()
    yield headline(report)


def headline(report: Report) -> Text:
    """The report in a sentence."""
    counts = report.totals
    if not counts.checks:
        return Text("Nothing is checked here: no rule says anything, and no pack is for it.", style="bold")
    parts = [
        f"{counts.compliant:,} comply",
        f"{counts.non_compliant:,} {'does' if counts.non_compliant == 1 else 'do'} not",
    ]
    parts += [f"{counts.waived:,} {'is' if counts.waived == 1 else 'are'} waived"] if counts.waived else []
    parts += [f"{counts.insufficient_data:,} with insufficient data"] if counts.insufficient_data else []
    parts += [f"of {counts.no_data:,} nothing is known"] if counts.no_data else []
    share = "" if counts.share is None else f" {_percent(counts.share)} of what was evaluated complies."
    said = f"Of {counted(counts.checks, 'check')}, {', '.join(parts)}.{share}"
    return Text(said, style="bold red" if counts.non_compliant else "bold")


def _percent(share: float) -> str:
    """Rounded down: 100 % is said of nothing less."""
    return f"{int(share * 1000) / 10:g} %"


def _tables(report: Report, *, everything: bool) -> Iterator[_Table]:
    """Those that say more than the question does; of one resource, none."""
    if report.question.resource:
        return
    yield _Table("", (("all checks", report.totals),))
    packs = ((line.name or NO_PACK, line.counts) for line in report.packs)
    yield _Table("Packs", tuple((printable(name), counts) for name, counts in packs))
    if len(report.accounts) > 1:
        yield _units(report, everything=everything)
    accounts = [(printable(line.account), line.counts) for line in report.accounts]
    if len(accounts) > 1:
        yield _worst("Accounts", accounts, "account", everything=everything)
    often = Counter(line.name for line in report.rules)
    rules = [(_rule(line, often), line.counts) for line in report.rules]
    yield _worst("Rules", rules, "rule", everything=everything)
    if len(report.by_region) > 1:
        yield _Table("Regions", tuple((line.region, line.counts) for line in report.by_region))


def _rule(line: RuleLine, often: Mapping[str, int]) -> str:
    """With its pack where another pack has a rule of this name, or where it is of none."""
    if line.pack is None:
        return printable(f"{line.name} (no pack)")
    return printable(f"{line.name} ({line.pack})" if often[line.name] > 1 else line.name)


def _units(report: Report, *, everything: bool) -> _Table:
    rows = [
        (f"{'  ' * depth}{printable(unit.path[-1]) if unit.path else 'Root'}", unit.counts)
        for depth, unit in report.root.each()
        if unit.counts.checks
    ]
    if everything or len(rows) <= _FEW_UNITS:
        return _Table("OUs", tuple(rows))
    left = counted(len(rows) - _FEW_UNITS, "more OU")
    return _Table("OUs", tuple(rows[:_FEW_UNITS]), f"… and {left}; `--all` shows them")


def _worst(title: str, rows: Sequence[tuple[str, Counts]], noun: str, *, everything: bool) -> _Table:
    """The first few of those that do not comply, or all that have checks."""
    checked = [row for row in rows if row[1].checks]
    bad = [row for row in checked if row[1].non_compliant or row[1].no_data]
    shown = checked if everything else bad[:FEW]
    if everything or len(bad) <= FEW:
        return _Table(title, tuple(shown))
    return _Table(
        f"{title}, the worst first", tuple(shown), f"… and {counted(len(bad) - FEW, f'more {noun}')}; `--all`"
    )


def _names(table: _Table) -> Iterable[str]:
    return (f"  {name}" for name, _ in table.rows)


def _lines(table: _Table, width: int) -> Iterator[Text]:
    heads = "".join(f"  {title}" for title, _, _ in _COLUMNS)
    yield Text(f"{table.title:<{width}}{heads}", style="bold")
    for name, counts in table.rows:
        line = Text(f"  {name}".ljust(width))
        for title, field, style in _COLUMNS:
            number = getattr(counts, field)
            line.append(f"  {number:>{len(title)},}", style if number else "dim")
        yield line
    if table.left_out:
        yield Text(f"  {table.left_out}", style="dim")
