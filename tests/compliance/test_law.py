"""Laws of the counts, on random organizations: nothing is counted twice, and nothing is lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from orgctl.aws.read.compliance import ResourceRow, RuleRow
from orgctl.compliance.members import Member
from orgctl.compliance.report import Report, UnitLine
from orgctl.compliance.verdict import Counts, Verdict
from orgctl.compliance.waivers import Waiver
from tests.compliance.worlds import REGIONS, TODAY, in_pack, pack, report, row, waiver

PATHS = ((), ("A",), ("A", "B"), ("A", "C"), ("D",))
PACKS = (pack("p", "a", "b", "c", targets=["ou:/A"]), pack("q", "c", "d", exclude=["ou:/A/B"]))
RULES = (
    in_pack("a", 1),
    in_pack("b", 1),
    in_pack("c", 1),
    in_pack("c", 2),
    in_pack("d", 2),
    in_pack("z", 3),
    in_pack("z", 4),
)
COMPLIANCES = ("COMPLIANT", "NON_COMPLIANT", "INSUFFICIENT_DATA")


@dataclass(frozen=True)
class World:
    members: tuple[Member, ...]
    rows: tuple[RuleRow, ...]
    resources: tuple[ResourceRow, ...]
    waivers: tuple[Waiver, ...]

    @property
    def report(self) -> Report:
        return report(self.members, PACKS, self.rows, self.resources, waivers=self.waivers)


@st.composite
def members(draw: st.DrawFn) -> tuple[Member, ...]:
    places = draw(st.lists(st.tuples(st.sampled_from(PATHS), st.booleans()), min_size=1, max_size=5))
    return tuple(Member(f"{n}", f"m{n}", path, active) for n, (path, active) in enumerate(places))


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Some rules of some accounts say something, also accounts that have left; resources as it comes."""
    drawn = draw(members())
    cells = [*product([member.id for member in drawn], REGIONS), ("gone", REGIONS[0])]
    rows: list[RuleRow] = []
    for (account, region), name in product(cells, RULES):
        compliance = draw(st.sampled_from((*COMPLIANCES, None)))
        if compliance:
            rows.append(row(account, name, compliance, draw(st.integers(0, 3)), region))
    resource = st.builds(
        ResourceRow,
        st.sampled_from([*(member.id for member in drawn), "gone"]),
        st.sampled_from(REGIONS),
        st.just("AWS::T::R"),
        st.sampled_from(["x1", "x2", "y"]),
        st.lists(
            st.tuples(st.sampled_from(RULES), st.sampled_from(COMPLIANCES[:2])), max_size=4, unique_by=lambda r: r[0]
        ).map(tuple),
    )
    found = draw(st.lists(resource, max_size=8, unique_by=lambda r: (r.account, r.region, r.id)))
    waivers = st.builds(
        waiver,
        st.sampled_from("abcd"),
        st.sampled_from(["*", "x?", "y"]),
        account=st.sampled_from([None, "ou:/A", "account:m0"]),
        expires=st.sampled_from([TODAY - timedelta(1), TODAY]),
        packs=st.sampled_from([("p",), ("q",), ("p", "q")]),
    )
    return World(drawn, tuple(rows), tuple(found), tuple(draw(st.lists(waivers, max_size=4))))


def total(counts: Iterable[Counts]) -> Counts:
    return sum(counts, Counts())


@given(worlds())
def test_all_ways_to_count_come_to_the_same(world: World) -> None:
    """The sums over packs, rules, accounts, regions and the tree are the totals."""
    made = world.report
    assert made.totals == total(line.counts for line in made.packs)
    assert made.totals == total(line.counts for line in made.rules)
    assert made.totals == total(line.counts for line in made.accounts)
    assert made.totals == total(line.counts for line in made.by_region)
    assert made.totals == made.root.counts


@given(worlds())
def test_an_ou_is_its_accounts_and_the_ous_below(world: World) -> None:
    """At every place of the tree."""
    made = world.report

    def check(unit: UnitLine) -> None:
        own = [line.counts for line in made.accounts if line.unit == unit.path]
        assert unit.counts == total([*own, *(below.counts for below in unit.units)])
        assert unit.accounts == len(own) + sum(below.accounts for below in unit.units)
        for below in unit.units:
            check(below)

    check(made.root)


@given(worlds())
def test_waived_and_open_are_what_does_not_comply(world: World) -> None:
    """Of resources: each that AWS names, once for each rule. Of checks: those that AWS calls so, or names such of."""
    made = world.report
    ids = {member.id for member in world.members}
    named = [
        (resource, name)
        for resource in world.resources
        for name, compliance in resource.rules
        if resource.account in ids and compliance == "NON_COMPLIANT"
    ]
    assert made.totals.resources + made.totals.waived_resources == len(named) == len(made.findings)
    verdicts = Counter(finding.verdict for finding in made.findings)
    assert (made.totals.resources, made.totals.waived_resources) == (
        verdicts[Verdict.NON_COMPLIANT],
        verdicts[Verdict.WAIVED],
    )
    failing = {(resource.account, resource.region, name) for resource, name in named}
    failing |= {
        (each.account, each.region, each.rule)
        for each in world.rows
        if each.account in ids and each.compliance == "NON_COMPLIANT"
    }
    assert made.totals.non_compliant + made.totals.waived == len(failing)


@given(worlds())
def test_waivers_only_move_what_fails(world: World) -> None:
    """Without them as much complies, as little is known, and what was waived fails."""
    waived, bare = world.report.totals, report(world.members, PACKS, world.rows, world.resources).totals
    assert (waived.compliant, waived.insufficient_data, waived.no_data) == (
        bare.compliant,
        bare.insufficient_data,
        bare.no_data,
    )
    assert bare.waived == bare.waived_resources == 0
    assert bare.non_compliant == waived.non_compliant + waived.waived
