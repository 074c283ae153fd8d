"""The single things of a compliance report: resources, who says nothing, waivers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from itertools import groupby

from rich.text import Text

from orgctl.compliance.report import Finding, Report, SilentLine, WaiverLine
from orgctl.compliance.verdict import Verdict
from orgctl.compliance.waivers import Standing
from orgctl.views.compliance_words import VERDICTS, moment, waiver_words
from orgctl.views.wording import counted, printable

_FEW_FINDINGS = 50
_FEW_RULES = 4


def offenders_text(report: Report, most: int | None) -> Iterator[Text]:
    """The resources that break the most rules; not where all of them are listed."""
    if report.lists_findings or not report.offenders:
        return
    shown = report.offenders if most is None else report.offenders[:most]
    yield Text("\nResources that break the most rules", style="bold")
    for each in shown:
        rules = ", ".join(each.rules[:_FEW_RULES]) + (", …" if len(each.rules) > _FEW_RULES else "")
        yield Text(f"  {printable(f'{each.account} {each.region} {each.type} {each.id}')}: {printable(rules)}")
    if len(report.offenders) > len(shown):
        yield Text("  … `--all` lists every resource", style="dim")


def findings_text(report: Report, *, everything: bool) -> Iterator[Text]:
    """Each resource with what the rules say of it."""
    if not report.findings:
        return
    pages = {(line.pack, line.name): line.page for line in report.rules if line.page}
    shown = report.findings if everything else report.findings[:_FEW_FINDINGS]
    yield Text("\nResources", style="bold")
    for place, found in groupby(shown, key=lambda each: (each.account, each.region, each.type, each.id)):
        yield Text(f"  {printable(' '.join(place))}")
        for each in found:
            yield from _finding(each, pages.get((each.pack, each.rule)), report.today)
    if len(shown) < len(report.findings):
        left = counted(len(report.findings) - len(shown), "more finding")
        yield Text(f"  … and {left}; `--all` shows them", style="dim")


def _finding(finding: Finding, page: str | None, today: date) -> Iterator[Text]:
    word, style = VERDICTS[finding.verdict]
    pack = f" ({finding.pack})" if finding.pack else ""
    yield Text.assemble("    ", (word, style), f"  {printable(finding.rule)}{pack}")
    if finding.waiver:
        yield Text(f"      waiver {waiver_words(finding.waiver, today)}")
    if finding.annotation:
        yield Text(f"      {printable(finding.annotation)}")
    if finding.recorded and finding.invoked:
        yield Text(f"      since {moment(finding.recorded)}; last asked {moment(finding.invoked)}", style="dim")
    if page and finding.verdict is not Verdict.COMPLIANT:
        yield Text(f"      {page}", style="dim")


def silent_text(report: Report, most: int | None) -> Iterator[Text]:
    """Who says nothing, and who says nothing new: by AWS's reason."""
    yield from _sources([each for each in report.silent if each.silent], "No data, which does not mean compliant", most)
    yield from _sources([each for each in report.silent if not each.silent], "Nothing new", most)
    if report.strangers:
        accounts = counted(report.strangers, "account")
        yield Text(f"\n{accounts} that left the organization: the aggregator still knows them; not counted here")


def _sources(lines: list[SilentLine], title: str, most: int | None) -> Iterator[Text]:
    if not lines:
        return
    yield Text(f"\n{title}", style="bold magenta")
    by_reason: defaultdict[str, defaultdict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for line in lines:
        by_reason[line.reason][line.account].append(line.region)
    for reason, accounts in sorted(by_reason.items()):
        yield Text(f"  {printable(reason or 'the aggregator was told nothing, and AWS gives no reason')}")
        for account, regions in list(accounts.items())[:most]:
            yield Text(f"    {printable(account)} in {', '.join(regions)}")
        if most is not None and len(accounts) > most:
            yield Text(f"    … and {counted(len(accounts) - most, 'more account')}; `--all` shows them", style="dim")


_REMARKS = {
    Standing.EXPIRED: ("has expired", "bold red"),
    Standing.EXPIRING: ("ends soon", "bold yellow"),
    Standing.UNUSED: ("is for nothing that fails", "yellow"),
}


def waivers_text(report: Report) -> Iterator[Text]:
    """Every waiver, with a remark where somebody should do something."""
    if report.waivers:
        yield Text("\nWaivers", style="bold")
    for line in report.waivers:
        waiver, remark = line.waiver, _REMARKS.get(line.standing)
        where = "" if waiver.account is None else f" in `{waiver.account.removeprefix('account:')}`"
        what = Text(f"  {waiver.rule} on `{printable(waiver.resource)}`{printable(where)}: {_fits(line)}")
        if remark:
            what.append(f"; {remark[0]} ({waiver.position})", remark[1])
        yield what
        yield Text(f"    {waiver_words(waiver, report.today)}", style="dim")


def _fits(line: WaiverLine) -> str:
    return counted(line.resources, "resource") if line.resources else "no resource"
