"""From what the aggregator says to a `Report`. Pure: resources are handed in one by one, and only counted or kept."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from orgctl.aws.read.compliance import ResourceRow, SourceRow
from orgctl.compliance.cells import Cell, Cells, RuleName, Said
from orgctl.compliance.expectation import Expectation, RuleKey
from orgctl.compliance.focus import Focus, Question
from orgctl.compliance.judging import Judge
from orgctl.compliance.lines import account_lines, pack_lines, region_lines, rule_lines, silent_line, tree, waiver_lines
from orgctl.compliance.members import Member, Organization
from orgctl.compliance.report import Finding, Offender, Report, SilentLine, Source
from orgctl.compliance.tally import Tallies, summed
from orgctl.compliance.verdict import Verdict
from orgctl.compliance.waivers import Waiver, Waivers
from orgctl.packs.pack import Pack

_FAILING = frozenset({Verdict.NON_COMPLIANT, Verdict.WAIVED})
_KEPT = 1_000
"""So many of the worst resources are kept at least; views show fewer."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What a report is of, apart from what the aggregator says."""

    made: datetime
    source: Source
    question: Question
    focus: Focus
    organization: Organization
    packs: tuple[Pack, ...]
    expectation: Expectation
    regions: tuple[str, ...]
    waivers: Waivers
    lists_findings: bool


@dataclass(slots=True)
class Rollup:
    """Takes resources, then all cells, and makes the report. `findings` are those kept so far."""

    subject: Subject
    judge: Judge
    findings: list[Finding] = field(default_factory=list)
    _tallies: Tallies = field(default_factory=Tallies)
    _failing: dict[Cell, dict[RuleName, list[int]]] = field(default_factory=dict)
    _offenders: list[Offender] = field(default_factory=list)
    _uses: Counter[Waiver] = field(default_factory=Counter)
    _silent: list[SilentLine] = field(default_factory=list)

    def take(self, row: ResourceRow) -> None:
        """One more resource of which rules say something."""
        focus, cell = self.subject.focus, (row.account, row.region)
        if not focus.has_account(row.account):
            return
        every = self.subject.question.resource is not None
        found = [each for each in self.judge.findings(row, every=every) if focus.has_rule(each.pack, each.rule)]
        failing = [each for each in found if each.verdict in _FAILING]
        for each in failing:
            self._count(cell, each)
        unwaived = tuple(each.rule for each in failing if each.verdict is Verdict.NON_COMPLIANT)
        if unwaived:
            self._offend(Offender(failing[0].account, row.region, row.type, row.id, unwaived))
        if self.subject.lists_findings:
            self.findings += found

    def _count(self, cell: Cell, finding: Finding) -> None:
        key, waived = (finding.pack, finding.rule), finding.verdict is Verdict.WAIVED
        self._failing.setdefault(cell, {}).setdefault(RuleName.of(finding.name), [0, 0])[waived] += 1
        self._tallies.resource(cell, key, waived=waived)
        if finding.waiver:
            self._uses[finding.waiver] += 1

    def _offend(self, offender: Offender) -> None:
        self._offenders.append(offender)
        if len(self._offenders) > 2 * _KEPT:
            self._offenders = sorted(self._offenders, key=_worst)[:_KEPT]

    def checks(self, cells: Cells, sources: Sequence[SourceRow]) -> None:
        """All checks, once every resource has been taken."""
        by_cell = {(source.account, source.region): source for source in sources}
        for member in self.subject.organization.members:
            if self.subject.focus.has_account(member.id):
                for region in self.subject.regions:
                    cell = (member.id, region)
                    self._cell(member, cell, cells.get(cell, ()), by_cell.get(cell))

    def _cell(self, member: Member, cell: Cell, said: Sequence[Said], source: SourceRow | None) -> None:
        expected = self._expected(member, cell[1])
        if (expected and not said) or (source and (said or expected)):
            self._silent.append(silent_line(member, cell[1], len(expected), source, silent=not said))
        named = self._failing.get(cell, {})
        late = [
            Said(name, "") for name in named.keys() - {each.name for each in said}
        ]  # AWS names their resources only
        seen = {key for each in (*said, *late) if (key := self._check(cell, each, named.get(each.name, (0, 0))))}
        for key in expected - seen:
            self._tallies.check(cell, key, Verdict.NO_DATA)

    def _check(self, cell: Cell, said: Said, resources: Sequence[int]) -> RuleKey | None:
        """One check; `resources`: how many are not waived, how many are. None: the focus is elsewhere."""
        pack, (unwaived, waived) = self.judge.pack_of(cell, said.name), resources
        key = (pack, said.name.rule)
        if not self.subject.focus.has_rule(*key):
            return None
        verdict = self.judge.of_check(cell, pack, said, waived, unwaived)
        self._tallies.check(cell, key, verdict)
        if verdict is Verdict.WAIVED and not waived:  # AWS names none of its resources
            self._uses.update(filter(None, [self.judge.blanket(cell, pack, said)]))
        return key

    def _expected(self, member: Member, region: str) -> frozenset[RuleKey]:
        if self.subject.question.resource:
            return frozenset()
        expected = self.subject.expectation.of(member, region)
        focus = self.subject.focus
        return expected if focus.rule is focus.pack is None else frozenset(k for k in expected if focus.has_rule(*k))

    def report(self, findings: Iterable[Finding], strangers: int = 0) -> Report:
        """The report, with these findings of those that were kept (or what became of them)."""
        subject, tallies = self.subject, self._tallies
        return Report(
            made=subject.made,
            source=subject.source,
            question=subject.question,
            regions=subject.regions,
            totals=summed(tallies.accounts),
            packs=pack_lines(tallies, subject.packs),
            rules=rule_lines(tallies, subject.packs),
            root=tree(subject.organization, subject.focus, tallies),
            accounts=account_lines(subject.organization, subject.focus, tallies),
            by_region=region_lines(tallies),
            offenders=tuple(sorted(self._offenders, key=_worst)[:_KEPT]),
            findings=tuple(sorted(findings, key=_place)),
            lists_findings=subject.lists_findings,
            silent=tuple(self._silent),
            waivers=waiver_lines(subject.waivers, self._uses, subject.made.date(), narrow=subject.question.is_narrow),
            strangers=strangers,
        )


def checks_of(rows: Iterable[ResourceRow]) -> Mapping[Cell, Sequence[Said]]:
    """What rules say of single resources, as if there were no others."""
    cells: defaultdict[Cell, list[Said]] = defaultdict(list)
    for row in rows:
        for name, compliance in row.rules:
            cells[row.account, row.region].append(Said(RuleName.of(name), compliance, 1))
    return cells


def _worst(offender: Offender) -> tuple[int, str, str, str, str]:
    return (-len(offender.rules), offender.account, offender.region, offender.type, offender.id)


def _place(finding: Finding) -> tuple[str, ...]:
    return (finding.account, finding.region, finding.type, finding.id, finding.pack or "~", finding.rule)
