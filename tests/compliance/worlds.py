"""Small organizations, packs and what an aggregator could say of them, as values."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime

from orgctl.aws.read.compliance import ResourceRow, RuleRow, SourceRow
from orgctl.compliance.cells import Cell, Said, said
from orgctl.compliance.expectation import Expectation
from orgctl.compliance.focus import Question, resolve
from orgctl.compliance.judging import Judge
from orgctl.compliance.members import Member, Organization
from orgctl.compliance.naming import attributions
from orgctl.compliance.report import Report, Source
from orgctl.compliance.rollup import Rollup, Subject
from orgctl.compliance.waivers import Waiver, Waivers
from orgctl.diagnostics import Position
from orgctl.packs.pack import Pack, PackRule
from orgctl.rules.rule import Scope
from orgctl.source import parse

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
TODAY = NOW.date()
REGIONS = ("eu-west-1", "us-east-1")
MANAGEMENT = "000000000000"


def rule(name: str, *, once: bool = False, regions: Sequence[str] = REGIONS) -> PackRule:
    """A managed rule: `a-b` is A_B in the file."""
    managed = name.upper().replace("-", "_")
    return PackRule(name, (), None, managed, {}, (), None, Scope.REGIONAL, once, tuple(regions))


def pack(name: str, *rules: str | PackRule, targets: Sequence[str] = (), exclude: Sequence[str] = ()) -> Pack:
    source = parse(b"rules: []", name=f"conformance_packs/{name}.yaml").source
    assert source is not None
    made = tuple(rule(each) if isinstance(each, str) else each for each in rules)
    return Pack(name, "", source, MANAGEMENT, tuple(targets), tuple(exclude), (), (), REGIONS, made)


def in_pack(name: str, number: int = 1) -> str:
    """The name of a pack's rule in an account."""
    return f"{name}-conformance-pack-x{number}"


def waiver(
    rule: str, resource: str = "*", *, account: str | None = None, expires: date = TODAY, packs: Sequence[str] = ("p",)
) -> Waiver:
    return Waiver(tuple(packs), rule, account, resource, "ops", "because", expires, Position("waivers.yaml", 1, 1))


def failing(account: str, name: str, *rules: str, region: str = REGIONS[0]) -> ResourceRow:
    """A resource that does not comply with these rules."""
    return ResourceRow(account, region, "AWS::T::R", name, tuple((each, "NON_COMPLIANT") for each in rules))


def row(account: str, rule: str, compliance: str, resources: int = 0, region: str = REGIONS[0]) -> RuleRow:
    return RuleRow(account, region, rule, compliance, resources, more=False)


def cells_of(rows: Iterable[RuleRow]) -> dict[Cell, list[Said]]:
    cells: defaultdict[Cell, list[Said]] = defaultdict(list)
    for cell, found in map(said, rows):
        cells[cell].append(found)
    return dict(cells)


def report(
    members: Sequence[Member],
    packs: Sequence[Pack],
    rows: Iterable[RuleRow] = (),
    resources: Iterable[ResourceRow] = (),
    *,
    waivers: Sequence[Waiver] = (),
    sources: Sequence[SourceRow] = (),
    question: Question | None = None,
    lists: bool = True,
) -> Report:
    """The report of a world in which all packs are deployed."""
    question = question or Question()
    units = {member.path[:depth] for member in members for depth in range(len(member.path) + 1)} | {()}
    organization = Organization(tuple(members), tuple(sorted(units)))
    subject = Subject(
        made=NOW,
        source=Source("organization", "audit", REGIONS[0]),
        question=question,
        focus=resolve(question, members, organization.units, packs),
        organization=organization,
        packs=tuple(packs),
        expectation=Expectation(packs),
        regions=REGIONS,
        waivers=Waivers(waivers),
        lists_findings=lists,
    )
    cells = cells_of(rows)
    by_id = {member.id: member for member in members}
    rollup = Rollup(subject, Judge(subject.waivers, by_id, attributions(cells, packs), TODAY))
    for each in resources:
        rollup.take(each)
    rollup.checks(cells, sources)
    return rollup.report(rollup.findings)
