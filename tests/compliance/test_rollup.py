"""What a check comes to, and how checks are counted."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from orgctl.aws.read.compliance import ResourceRow, SourceRow
from orgctl.compliance.focus import Question
from orgctl.compliance.members import Member
from orgctl.compliance.report import Finding
from orgctl.compliance.verdict import Counts, Verdict
from orgctl.compliance.waivers import Standing
from tests.compliance.worlds import (
    MANAGEMENT,
    REGIONS,
    TODAY,
    failing,
    in_pack,
    pack,
    report,
    row,
    rule,
    waiver,
)

SHOP = Member("1", "shop", ("Workloads", "Prod"))
DATA = Member("2", "data", ("Workloads",))
HOME = Member(MANAGEMENT, "management", ())
HERE = REGIONS[:1]
A = rule("a", regions=HERE)
P = pack("p", A)
NON, COM = "NON_COMPLIANT", "COMPLIANT"

CHECKS: dict[str, tuple[str | None, int, list[str], list[str], Counts]] = {
    "compliant": (COM, 3, [], [], Counts(compliant=1)),
    "not compliant": (NON, 1, ["x"], [], Counts(non_compliant=1, resources=1)),
    "nothing evaluated": ("INSUFFICIENT_DATA", 0, [], [], Counts(insufficient_data=1)),
    "what AWS does not say of rules": ("NOT_APPLICABLE", 0, [], [], Counts(insufficient_data=1)),
    "nothing said": (None, 0, [], [], Counts(no_data=1)),
    "all waived": (NON, 2, ["x1", "x2"], ["x?"], Counts(waived=1, waived_resources=2)),
    "one of two waived": (NON, 2, ["x1", "y"], ["x?"], Counts(non_compliant=1, resources=1, waived_resources=1)),
    "more than AWS names": (NON, 2, ["x1"], ["x?"], Counts(non_compliant=1, waived_resources=1)),
    "more than AWS names, all waived": (NON, 2, ["x1"], ["*"], Counts(waived=1, waived_resources=1)),
    "none named, all waived": (NON, 1, [], ["*"], Counts(waived=1)),
    "none named, some waived": (NON, 1, [], ["x*"], Counts(non_compliant=1)),
    "named late": (COM, 1, ["x"], [], Counts(non_compliant=1, resources=1)),
    "named late, waived": (COM, 1, ["x"], ["x"], Counts(waived=1, waived_resources=1)),
    "named, and of the rule nothing": (None, 0, ["x"], [], Counts(non_compliant=1, resources=1)),
}


@pytest.mark.parametrize("case", CHECKS)
def test_what_a_check_comes_to(case: str) -> None:
    """By the rule's compliance, its resources that AWS names, and the waivers of them."""
    compliance, count, names, patterns, expected = CHECKS[case]
    other = pack("q", "a", "b", targets=["account:nobody"])
    rows = [row("1", in_pack("a"), compliance, count)] if compliance else []
    found = [failing("1", name, in_pack("a")) for name in names]
    if not rows and names:  # the pack is known by another rule then
        rows = [row("1", in_pack("b"), COM)]
        both = pack("p", A, rule("b", regions=HERE))
        made = report([SHOP], [both], rows, found)
        assert made.totals == expected + Counts(compliant=1)
        return
    made = report([SHOP], [P, other], rows, found, waivers=[waiver("a", pattern) for pattern in patterns])
    assert made.totals == expected


WAIVERS = {
    "the resource": (waiver("a", "x"), Verdict.WAIVED),
    "any resource": (waiver("a"), Verdict.WAIVED),
    "a pattern": (waiver("a", "?"), Verdict.WAIVED),
    "another resource": (waiver("a", "x?"), Verdict.NON_COMPLIANT),
    "brackets are no pattern": (waiver("a", "[x]"), Verdict.NON_COMPLIANT),
    "the account": (waiver("a", account="account:shop"), Verdict.WAIVED),
    "another account": (waiver("a", account="account:data"), Verdict.NON_COMPLIANT),
    "its OU": (waiver("a", account="ou:/Workloads/Prod"), Verdict.WAIVED),
    "an OU above": (waiver("a", account="ou:/Workloads"), Verdict.WAIVED),
    "the root": (waiver("a", account="ou:/"), Verdict.WAIVED),
    "another OU": (waiver("a", account="ou:/Work"), Verdict.NON_COMPLIANT),
    "another rule": (waiver("b"), Verdict.NON_COMPLIANT),
    "another pack": (waiver("a", packs=["q"]), Verdict.NON_COMPLIANT),
    "one of its packs": (waiver("a", packs=["q", "p"]), Verdict.WAIVED),
    "its last day": (waiver("a", expires=TODAY), Verdict.WAIVED),
    "the day after": (waiver("a", expires=TODAY - timedelta(1)), Verdict.NON_COMPLIANT),
}


@pytest.mark.parametrize("case", WAIVERS)
def test_what_a_waiver_lets_pass(case: str) -> None:
    """Resource, account, rule, pack and day all have to fit."""
    given, verdict = WAIVERS[case]
    rows, found = [row("1", in_pack("a"), NON, 1)], [failing("1", "x", in_pack("a"))]
    made = report([SHOP, DATA], [P], rows, found, waivers=[given])
    assert [each.verdict for each in made.findings] == [verdict]


def test_an_expired_waiver_is_shown_with_what_it_was_for() -> None:
    """It waives nothing any more, and whoever reads sees why."""
    gone = waiver("a", expires=TODAY - timedelta(3))
    made = report([SHOP], [P], [row("1", in_pack("a"), NON, 1)], [failing("1", "x", in_pack("a"))], waivers=[gone])
    assert [(each.verdict, each.waiver) for each in made.findings] == [(Verdict.NON_COMPLIANT, gone)]
    assert [(line.standing, line.days_left, line.resources) for line in made.waivers] == [(Standing.EXPIRED, -3, 1)]


def test_of_two_waivers_the_longer_counts() -> None:
    """The other is for nothing, and is told as unused."""
    short, long = waiver("a", "x"), waiver("a", expires=TODAY + timedelta(90))
    rows, found = [row("1", in_pack("a"), NON, 1)], [failing("1", "x", in_pack("a"))]
    made = report([SHOP], [P], rows, found, waivers=[short, long])
    assert [(line.waiver, line.standing) for line in made.waivers] == [(short, Standing.UNUSED), (long, Standing.USED)]


def test_waivers_that_fit_nothing_are_not_told_in_a_narrow_report() -> None:
    """Nobody looked where they might be needed."""
    made = report([SHOP], [P], waivers=[waiver("a")], question=Question(accounts=("shop",)))
    assert made.waivers == ()


def test_rules_of_no_pack_of_ours_are_shown_as_such() -> None:
    """They are counted, and nothing of ours waives them."""
    rows, found = [row("1", "somebodys", NON, 1), row("1", in_pack("a"), COM)], [failing("1", "x", "somebodys")]
    made = report([SHOP], [P], rows, found, waivers=[waiver("somebodys")])
    assert [(line.name, line.counts) for line in made.packs] == [
        ("p", Counts(compliant=1)),
        (None, Counts(non_compliant=1, resources=1)),
    ]


def test_a_rule_may_be_in_two_packs_of_nobodys() -> None:
    """What does not comply with the one is nothing against the other."""
    rows = [row("1", in_pack("z", 1), NON, 1), row("1", in_pack("z", 2), COM)]
    made = report([SHOP], [], rows, [failing("1", "x", in_pack("z", 1))])
    assert made.totals == Counts(compliant=1, non_compliant=1, resources=1)


def test_who_ought_to_say_something() -> None:
    """Accounts that a pack is for and that are active; rules of the organization in the management account only."""
    once = pack("p", A, rule("trail", once=True, regions=HERE), exclude=["ou:/Workloads/Prod"])
    closed = Member("3", "old", ("Workloads",), active=False)
    made = report([SHOP, DATA, HOME, closed], [once])
    counts = {line.account: line.counts.no_data for line in made.accounts}
    assert counts == {"shop": 0, "data": 1, "management": 2, "old": 0}
    assert [(line.account, line.region, line.checks, line.silent) for line in made.silent] == [
        ("data", REGIONS[0], 1, True),
        ("management", REGIONS[0], 2, True),
    ]


def test_who_says_nothing_new_is_told_too() -> None:
    """With AWS's reason; what it said last is counted."""
    when = datetime(2026, 11, 20, tzinfo=UTC)
    stale = SourceRow("1", REGIONS[0], "the recorder is stopped", when)
    made = report([SHOP], [P], [row("1", in_pack("a"), COM)], sources=[stale])
    assert made.totals == Counts(compliant=1)
    assert [(line.silent, line.reason, line.updated) for line in made.silent] == [(False, stale.reason, when)]


def test_accounts_that_left_count_for_nothing() -> None:
    """The aggregator may still tell of them."""
    made = report([SHOP], [P], [row("9", in_pack("a"), NON)], [failing("9", "x", in_pack("a"))])
    assert made.totals == Counts(no_data=1)
    assert made.findings == ()


QUESTIONS = {
    "an account": (Question(accounts=("shop",)), {"x1", "x2", "z"}),
    "an account by its id": (Question(accounts=("2",)), {"y"}),
    "two accounts": (Question(accounts=("shop", "data")), {"x1", "x2", "y", "z"}),
    "an OU": (Question(units=("ou:/Workloads",)), {"x1", "x2", "y", "z"}),
    "an OU below": (Question(units=("ou:/Workloads/Prod",)), {"x1", "x2", "z"}),
    "a rule": (Question(rule="b"), {"x2"}),
    "a rule as the file has it": (Question(rule="B"), {"x2"}),
    "a rule that only AWS knows": (Question(rule="theirs"), {"z"}),
    "a pack": (Question(pack="p"), {"x1", "x2", "y"}),
    "a rule in an account": (Question(rule="a", accounts=("data",)), {"y"}),
}


@pytest.mark.parametrize("case", QUESTIONS)
def test_what_a_question_is_about(case: str) -> None:
    """Resources of the accounts and rules that it names, and of no others."""
    question, expected = QUESTIONS[case]
    both = pack("p", A, rule("b", regions=HERE))
    rows = [row(account, in_pack(name), NON, 1) for account in ("1", "2") for name in ("a", "b")]
    found = [failing("1", "x1", in_pack("a")), failing("1", "x2", in_pack("b")), failing("2", "y", in_pack("a"))]
    found.append(failing("1", "z", "theirs"))
    made = report([SHOP, DATA], [both], rows, found, question=question)
    assert {each.id for each in made.findings} == expected


def test_the_worst_come_first() -> None:
    """Accounts and rules by failing checks, resources by rules that they break."""
    both = pack("p", A, rule("b", regions=HERE))
    rows = [row("2", in_pack(name), NON, 1) for name in ("a", "b")]
    rows += [row("1", in_pack("a"), COM), row("1", in_pack("b"), NON, 1)]
    found = [failing("1", "x", in_pack("b")), failing("2", "y", in_pack("a"), in_pack("b"))]
    made = report([SHOP, DATA], [both], rows, found)
    assert [line.account for line in made.accounts] == ["data", "shop"]
    assert [line.name for line in made.rules] == ["b", "a"]
    assert [(each.id, each.rules) for each in made.offenders] == [("y", ("a", "b")), ("x", ("b",))]


def test_only_what_fails_is_listed() -> None:
    """A resource tells of the rules that it complies with, too."""
    resource = ResourceRow("1", REGIONS[0], "AWS::T::R", "x", ((in_pack("a"), NON), (in_pack("b"), COM)))
    both = pack("p", A, rule("b", regions=HERE))
    rows = [row("1", in_pack("a"), NON, 1), row("1", in_pack("b"), COM, 1)]
    made = report([SHOP], [both], rows, [resource])
    assert [(each.rule, each.name) for each in made.findings] == [("a", in_pack("a"))]
    assert isinstance(made.findings[0], Finding)
