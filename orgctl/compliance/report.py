"""`Report`: all that there is to say about compliance at one moment. Views print it, and work nothing out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from orgctl.compliance.focus import Question
from orgctl.compliance.verdict import Counts, Verdict
from orgctl.compliance.waivers import Standing, Waiver
from orgctl.model.address import UnitPath, unit_address


@dataclass(frozen=True, slots=True)
class PackLine:
    """A pack of ours, or with the name None all rules of no pack of ours. `rules`: how many of it say something."""

    name: str | None
    counts: Counts
    rules: int


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A rule of a pack, by its name in AWS Config.

    `written` is its name in the pack's file, `page` a file of the repository or an address; None where it is not known.
    """

    pack: str | None
    name: str
    counts: Counts
    written: str | None = None
    page: str | None = None


@dataclass(frozen=True, slots=True)
class UnitLine:
    """An OU with all that is below it. `accounts` counts those, `units` are the OUs directly below."""

    path: UnitPath
    counts: Counts
    accounts: int
    units: tuple[UnitLine, ...] = ()

    @property
    def address(self) -> str:
        """`ou:/Workloads`."""
        return unit_address(self.path)

    def each(self, depth: int = 0) -> Iterator[tuple[int, UnitLine]]:
        """This one and every OU below it, parents first, with how deep it is."""
        yield depth, self
        for unit in self.units:
            yield from unit.each(depth + 1)


@dataclass(frozen=True, slots=True)
class AccountLine:
    """An account, by the manifest's name (or AWS's with the id), and the OU that it is in."""

    account: str
    id: str
    unit: UnitPath
    counts: Counts


@dataclass(frozen=True, slots=True)
class RegionLine:
    """A region."""

    region: str
    counts: Counts


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule says of one resource. `name` is the rule's whole name in the account, `waiver` one that fits it.

    The waiver of one that is NON_COMPLIANT has expired. `annotation` and the times (recorded: when this was first
    said; invoked: when the rule last ran) are there where the question goes as deep.
    """

    account: str
    account_id: str
    region: str
    pack: str | None
    rule: str
    name: str
    type: str
    id: str
    verdict: Verdict
    waiver: Waiver | None = None
    annotation: str = ""
    recorded: datetime | None = None
    invoked: datetime | None = None


@dataclass(frozen=True, slots=True)
class Offender:
    """A resource with the rules (names in AWS Config) that it does not comply with and that nothing waives."""

    account: str
    region: str
    type: str
    id: str
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SilentLine:
    """An account and region of which nothing is known (`silent`), or nothing new.

    `checks` are those that ought to say something. `reason` is AWS's, or empty; `updated` when the aggregator was last
    told something.
    """

    account: str
    id: str
    region: str
    silent: bool
    checks: int
    reason: str
    updated: datetime | None


@dataclass(frozen=True, slots=True)
class WaiverLine:
    """A waiver, how many resources it fits that do not comply, and what is to be said of it."""

    waiver: Waiver
    resources: int
    days_left: int
    standing: Standing


@dataclass(frozen=True, slots=True)
class Source:
    """Where a report is from: the aggregator, the account (the manifest's name) and the region that it is in."""

    aggregator: str
    administrator: str
    region: str


@dataclass(frozen=True, slots=True)
class Report:
    """Compliance as the aggregator had it at `made` (UTC), with the waivers of that day.

    Lines are in order, the worst first; OUs and packs in theirs. `findings` are single resources, where they were
    asked for (else empty, and `lists_findings` False). `strangers` counts accounts of which the aggregator still tells
    though they have left the organization: nothing of theirs is counted. In a report that is narrowed, waivers that
    fit nothing are left out, since nobody looked everywhere.
    """

    made: datetime
    source: Source
    question: Question
    regions: tuple[str, ...]
    totals: Counts
    packs: tuple[PackLine, ...]
    rules: tuple[RuleLine, ...]
    root: UnitLine
    accounts: tuple[AccountLine, ...]
    by_region: tuple[RegionLine, ...]
    offenders: tuple[Offender, ...]
    findings: tuple[Finding, ...]
    lists_findings: bool
    silent: tuple[SilentLine, ...]
    waivers: tuple[WaiverLine, ...]
    strangers: int = 0

    @property
    def today(self) -> date:
        """The day by which waivers expire."""
        return self.made.date()
