"""The lines of a report, from tallies: in order, and with what there is to say of each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

from orgctl.aws.read.compliance import SourceRow
from orgctl.compliance.focus import Focus
from orgctl.compliance.members import Member, Organization
from orgctl.compliance.report import AccountLine, PackLine, RegionLine, RuleLine, SilentLine, UnitLine, WaiverLine
from orgctl.compliance.tally import Tallies
from orgctl.compliance.verdict import Counts
from orgctl.compliance.waivers import SOON, Standing, Waiver, Waivers
from orgctl.model.address import ROOT, UnitPath
from orgctl.packs.pack import Pack, PackRule
from orgctl.rules.rule import FOLDER

_MANAGED = "https://docs.aws.amazon.com/config/latest/developerguide/{}.html"


def pack_lines(tallies: Tallies, packs: Sequence[Pack]) -> tuple[PackLine, ...]:
    """Our packs in their order, then what is of none."""
    names: list[str | None] = [*(pack.name for pack in packs), None]
    rules = [key[0] for key in tallies.rules]
    return tuple(
        PackLine(name, tallies.packs[name].counts, rules.count(name)) for name in names if name in tallies.packs
    )


def rule_lines(tallies: Tallies, packs: Sequence[Pack]) -> tuple[RuleLine, ...]:
    """The worst first."""
    known = {(pack.name, rule.name): rule for pack in packs for rule in pack.rules}
    lines = (
        RuleLine(pack, name, tally.counts, known[pack, name].written, _page(known[pack, name]))
        if pack is not None and (pack, name) in known
        else RuleLine(pack, name, tally.counts)
        for (pack, name), tally in tallies.rules.items()
    )
    return tuple(sorted(lines, key=lambda line: (*_badness(line.counts), line.pack or "~", line.name)))


def _page(rule: PackRule) -> str | None:
    if rule.managed:
        return _MANAGED.format(rule.managed.lower().replace("_", "-"))
    has_page = rule.custom and (rule.custom.folder / "README.md").is_file()
    return f"{FOLDER}/{rule.written}/README.md" if has_page else None


def account_lines(organization: Organization, focus: Focus, tallies: Tallies) -> tuple[AccountLine, ...]:
    """The worst first; those of which nothing is said and nothing expected too, last."""
    lines = (
        AccountLine(member.key, member.id, member.path, _of(member, tallies))
        for member in organization.members
        if focus.has_account(member.id)
    )
    return tuple(sorted(lines, key=lambda line: (*_badness(line.counts), line.account, line.id)))


def region_lines(tallies: Tallies) -> tuple[RegionLine, ...]:
    """By name."""
    return tuple(RegionLine(region, tally.counts) for region, tally in sorted(tallies.regions.items()))


def _of(member: Member, tallies: Tallies) -> Counts:
    return tallies.accounts[member.id].counts if member.id in tallies.accounts else Counts()


def _badness(counts: Counts) -> tuple[int, int, int]:
    return (-counts.non_compliant, -counts.resources, -counts.no_data)


def tree(organization: Organization, focus: Focus, tallies: Tallies) -> UnitLine:
    """The root with every OU that the focus has accounts in, or all where it has all accounts."""
    children: defaultdict[UnitPath, list[UnitPath]] = defaultdict(list)
    for path in organization.units:
        if path != ROOT:
            children[path[:-1]].append(path)
    directly: defaultdict[UnitPath, list[Member]] = defaultdict(list)
    for member in organization.members:
        if focus.has_account(member.id):
            directly[member.path].append(member)

    def line(path: UnitPath) -> UnitLine:
        below = tuple(unit for child in children[path] if (unit := line(child)).accounts or focus.accounts is None)
        own = sum((_of(member, tallies) for member in directly[path]), Counts())
        accounts = len(directly[path]) + sum(unit.accounts for unit in below)
        return UnitLine(path, sum((unit.counts for unit in below), own), accounts, below)

    return line(ROOT)


def silent_line(member: Member, region: str, checks: int, source: SourceRow | None, *, silent: bool) -> SilentLine:
    """An account and region of which nothing is known, or nothing new."""
    reason, updated = (source.reason, source.updated) if source else ("", None)
    return SilentLine(member.key, member.id, region, silent, checks, reason, updated)


def waiver_lines(waivers: Waivers, uses: Mapping[Waiver, int], today: date, *, narrow: bool) -> tuple[WaiverLine, ...]:
    """Those that end first, first; in a narrowed report only those that fit something."""
    lines = [
        WaiverLine(waiver, uses.get(waiver, 0), waiver.days_left(today), _standing(waiver, uses, today))
        for waiver in waivers.all
        if not narrow or waiver in uses
    ]
    return tuple(sorted(lines, key=lambda line: (line.waiver.expires, line.waiver.position)))


def _standing(waiver: Waiver, uses: Mapping[Waiver, int], today: date) -> Standing:
    days = waiver.days_left(today)
    if days < 0:
        return Standing.EXPIRED
    if waiver not in uses:
        return Standing.UNUSED
    return Standing.EXPIRING if days <= SOON else Standing.USED
