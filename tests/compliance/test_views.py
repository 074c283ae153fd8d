"""Reports as text, JSON and CSV."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest

from docs.pages.compliance_json import COMPLIANCE
from orgctl.aws.read.compliance import SourceRow
from orgctl.compliance.focus import Question
from orgctl.compliance.members import Member
from orgctl.compliance.report import Finding, Report
from orgctl.compliance.verdict import Verdict
from orgctl.views.compliance_csv import COLUMNS, compliance_csv
from orgctl.views.compliance_json import compliance_json
from orgctl.views.compliance_text import compliance_text
from tests.compliance.worlds import REGIONS, TODAY, failing, in_pack, pack, report, row, waiver
from tests.docs.test_reference import paths

SHOP = Member("111111111112", "shop", ("Workloads", "Prod"))
DATA = Member("111111111113", "data", ("Workloads",))
LATE = Member("111111111114", "late", ())
PACK = pack("p", "a", "b")
NON, COM = "NON_COMPLIANT", "COMPLIANT"
WHEN = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)


def everything(question: Question | None = None) -> Report:
    """Of each thing that a report can tell, some."""
    rows = [
        row(member.id, in_pack(name), COM, 1, region) for member in (SHOP, DATA) for name in "ab" for region in REGIONS
    ]
    rows = [each for each in rows if (each.account, each.region) != (SHOP.id, REGIONS[0])]
    rows += [row(SHOP.id, in_pack("a"), NON, 2), row(SHOP.id, in_pack("b"), NON, 1), row(SHOP.id, "theirs", COM, 1)]
    found = [failing(SHOP.id, "x1", in_pack("a"), in_pack("b")), failing(SHOP.id, "x2", in_pack("a"))]
    waivers = [
        waiver("b", "x1", account="ou:/Workloads", expires=TODAY + timedelta(3)),
        waiver("a", "x2", expires=TODAY - timedelta(1)),
        waiver("b", "y", account="account:data", expires=TODAY + timedelta(100)),
    ]
    sources = [SourceRow(LATE.id, REGIONS[0], "no recorder", None), SourceRow(DATA.id, REGIONS[1], "it is old", WHEN)]
    made = report([SHOP, DATA, LATE], [PACK], rows, found, waivers=waivers, sources=sources, question=question)
    said = [replace(each, annotation="because", recorded=WHEN, invoked=WHEN) for each in made.findings]
    return replace(made, findings=tuple(said), strangers=2)


def lines(made: Report, **more: bool) -> str:
    return "\n".join(line.plain.rstrip() for line in compliance_text(made, **more))


TEXT = """\
Compliance as of 2026-11-23 12:00 UTC, by the aggregator `organization` of `audit`, in eu-west-1, us-east-1

                         compliant  non-compliant  waived  insufficient data  no data  resources
  all checks                     7              1       1                  0        4          2

Packs                    compliant  non-compliant  waived  insufficient data  no data  resources
  p                              6              1       1                  0        4          2
  rules of no pack here          1              0       0                  0        0          0

OUs                      compliant  non-compliant  waived  insufficient data  no data  resources
  Root                           7              1       1                  0        4          2
    Workloads                    7              1       1                  0        0          2
      Prod                       3              1       1                  0        0          2

Accounts                 compliant  non-compliant  waived  insufficient data  no data  resources
  shop                           3              1       1                  0        0          2
  late                           0              0       0                  0        4          0

Rules                    compliant  non-compliant  waived  insufficient data  no data  resources
  a                              3              1       0                  0        2          2
  b                              3              0       1                  0        2          0

Regions                  compliant  non-compliant  waived  insufficient data  no data  resources
  eu-west-1                      3              1       1                  0        2          2
  us-east-1                      4              0       0                  0        2          0

Resources
  shop eu-west-1 AWS::T::R x1
    non-compliant  a (p)
      because
      since 2026-11-20 08:30 UTC; last asked 2026-11-20 08:30 UTC
      https://docs.aws.amazon.com/config/latest/developerguide/a.html
    waived  b (p)
      waiver until 2026-11-26 (3 days left), by `ops`: because
      because
      since 2026-11-20 08:30 UTC; last asked 2026-11-20 08:30 UTC
      https://docs.aws.amazon.com/config/latest/developerguide/b.html
  shop eu-west-1 AWS::T::R x2
    non-compliant  a (p)
      waiver until 2026-11-22 (expired), by `ops`: because
      because
      since 2026-11-20 08:30 UTC; last asked 2026-11-20 08:30 UTC
      https://docs.aws.amazon.com/config/latest/developerguide/a.html

No data, which does not mean compliant
  the aggregator was told nothing, and AWS gives no reason
    late in us-east-1
  no recorder
    late in eu-west-1

Nothing new
  it is old
    data in us-east-1

2 accounts that left the organization: the aggregator still knows them; not counted here

Waivers
  a on `x2`: 1 resource; has expired (waivers.yaml:1:1)
    until 2026-11-22 (expired), by `ops`: because
  b on `x1` in `ou:/Workloads`: 1 resource; ends soon (waivers.yaml:1:1)
    until 2026-11-26 (3 days left), by `ops`: because
  b on `y` in `data`: no resource; is for nothing that fails (waivers.yaml:1:1)
    until 2027-03-03 (100 days left), by `ops`: because

Of 13 checks, 7 comply, 1 does not, 1 is waived, of 4 nothing is known. 77.7 % of what was evaluated complies."""


def test_the_text_tells_everything() -> None:
    """Every part of a report has its place, and waived resources are shown with their owner."""
    assert lines(everything()) == TEXT


def test_the_worst_resources_are_shown_where_none_are_listed() -> None:
    """With the rules that they break."""
    made = replace(everything(), findings=(), lists_findings=False)
    part = lines(made).partition("Resources that break the most rules\n")[2].partition("\n\n")[0]
    assert part == "  shop eu-west-1 AWS::T::R x1: a\n  shop eu-west-1 AWS::T::R x2: a"


def test_ten_of_the_worst_are_shown_unless_all_are_asked_for() -> None:
    """How many more there are is said."""
    members = [Member(f"{n}", f"m{n:02}", ()) for n in range(13)]
    made = report(members, [pack("p", "a")], [row(f"{n}", in_pack("a"), NON, 1) for n in range(13)])
    text, whole = lines(made), lines(made, everything=True)
    assert [f"  m{n:02} " in text for n in range(13)] == [True] * 10 + [False] * 3
    assert "… and 3 more accounts; `--all`" in text
    assert [f"  m{n:02} " in whole for n in range(13)] == [True] * 13


def test_a_report_of_nothing_says_so() -> None:
    """No table is empty."""
    text = lines(report([SHOP], []))
    assert text.splitlines()[-1] == "Nothing is checked here: no rule says anything, and no pack is for it."


def test_of_one_resource_there_are_no_tables() -> None:
    """What rules say of it is all there is."""
    made = replace(everything(), question=Question(resource="x1"))
    assert "compliant  non-compliant" not in lines(made)
    assert "Only resource `x1`" in lines(made)


def test_terminals_are_told_no_codes() -> None:
    """What accounts, resources and rules are called is shown as text."""
    nasty = Member("1", "a\x1b[31m", ())
    made = report(
        [nasty], [pack("p", "a")], [row("1", in_pack("a"), NON, 1)], [failing("1", "x\n\x1b[0m", in_pack("a"))]
    )
    assert "\x1b" not in lines(made)
    assert "x\\n\\x1b[0m" in lines(made)


@pytest.mark.parametrize("share", [(1999, 1, "99.9 %"), (1, 0, "100 %"), (0, 3, "0 %"), (2, 1, "66.6 %")])
def test_nothing_less_than_all_is_called_all(share: tuple[int, int, str]) -> None:
    """Percentages are rounded down."""
    good, bad, said = share
    rows = [row(f"{n}", "r", COM if n < good else NON, 1) for n in range(good + bad)]
    members = [Member(f"{n}", f"m{n}", ()) for n in range(good + bad)]
    assert lines(report(members, [], rows)).endswith(f" {said} of what was evaluated complies.")


def test_the_json_is_what_the_reference_says() -> None:
    """Every field is documented, and every documented field is there."""
    asked = Question(("shop",), ("ou:/Workloads",), "a", "p", None)
    values = [json.loads(compliance_json(replace(everything(), question=asked)))]
    values.append(json.loads(compliance_json(replace(everything(), findings=(), lists_findings=False))))
    found = {path for value in values for path in paths(value, COMPLIANCE)}
    listed = {path for path in COMPLIANCE if f"{path}[]" not in COMPLIANCE or path in found}
    assert found - set(COMPLIANCE) == set()
    assert listed - found == set()


def read(made: Report) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO("".join(compliance_csv(made)), newline="")))


def test_csv_has_a_line_for_each_rule_that_a_resource_breaks() -> None:
    """With where the account is, and the waiver."""
    rows = read(everything())
    assert [(r["ou"], r["resource_id"], r["rule"], r["verdict"], r["waiver_owner"], r["days_left"]) for r in rows] == [
        ("ou:/Workloads/Prod", "x1", "a", "non_compliant", "", ""),
        ("ou:/Workloads/Prod", "x1", "b", "waived", "ops", "3"),
        ("ou:/Workloads/Prod", "x2", "a", "non_compliant", "ops", "-1"),
    ]
    assert tuple(rows[0]) == COLUMNS
    assert rows[0]["recorded"] == "2026-11-20T08:30:00+00:00"


@pytest.mark.parametrize(
    ("name", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+cmd", "'+cmd"),
        ("-x", "'-x"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=x", "\\t=x"),
        ("\r=x", "\\r=x"),
        ("a=b", "a=b"),
        ('a,"b"\nc', 'a,"b"\\nc'),
    ],
)
def test_no_cell_is_a_formula(name: str, cell: str) -> None:
    """Whoever may name a resource must not have a spreadsheet compute."""
    finding = Finding("shop", SHOP.id, REGIONS[0], "p", "a", in_pack("a"), "AWS::T::R", name, Verdict.NON_COMPLIANT)
    (found,) = read(replace(everything(), findings=(finding,)))
    assert found["resource_id"] == cell
