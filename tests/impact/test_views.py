"""One impact in all its forms: text, JSON, Markdown, CSV. They say the same, and no name in it breaks out of them."""

from __future__ import annotations

import csv
import json
from io import StringIO

import pytest

from docs.pages.impact_json import IMPACT
from orgctl.replay.verdicts.impact import Impact
from orgctl.replay.verdicts.verdict import Kind
from orgctl.views.impact_csv import COLUMNS, harmless, impact_csv
from orgctl.views.impact_json import impact_json, kind_name
from orgctl.views.impact_markdown import impact_markdown
from orgctl.views.impact_text import impact_text
from orgctl.views.impact_words import MEANINGS
from tests.docs.test_reference import paths
from tests.impact.impacts import FORMULA, NASTY, RECORDS, impact
from tests.replay.records import session


def text(found: Impact) -> str:
    return "".join(f"{line.plain}\n" for line in impact_text(found))


TEXT = f"""\
Impact of the manifest, compared with no policies at all
  9 distinct events, 2026-11-01 10:00 to 2026-11-02 09:00 (UTC)
  of 12 records in 2 files: 2 duplicates, 1 unreadable

  4  newly denied     the change denies them, and nothing did before
  1  depends          on context keys that the records do not hold
  0  denied already   by the policies that the change is compared with
  1  refused already  AWS had refused them for want of permission
  1  allowed          the change takes nothing away
  1  exempt           SCPs do not bind them, and no RCP denies them
  1  undetermined     caller, action or resource cannot be told

Newly denied
  scp/p0#Regions (policies/scp/p0.json:4)
    4 events, 3 callers, 1 account, 2026-11-01 10:00 to 2026-11-02 09:00
    arn:aws:iam::222222222222:role/path/Dev
      2 × sqs:SendMessage in shop (ou:/Workloads), such as 1
    {NASTY}
      1 × sqs:SendMessage in shop (ou:/Workloads), such as {FORMULA}
    arn:aws:iam::222222222222:user/team/Jane
      1 × sqs:SendMessage in shop (ou:/Workloads), such as 3

Depends
  hangs on aws:PrincipalTag/team: scp/p0#Teams (policies/scp/p0.json:14)
    1 event, 1 caller, 1 account, 2026-11-02 09:00
    arn:aws:iam::222222222222:role/path/Dev
      1 × sqs:DeleteQueue in shop (ou:/Workloads), such as 5
  To settle them: aws:PrincipalTag/team (1); see `--assume` and `--tags`

Undetermined
  1 × `sqs` has no action `{FORMULA}`

Exempt
  1 × service principal

note: `b.json.gz`: it is cut off (1 record lost)
note: the manifest gives no id for `new`; calls from accounts that it does not name are undetermined
note: `scp/strange` in AWS cannot be read, and counts as allowing everything
note: none of the events is one that `scp/p0#Other` speaks of (s3:GetObject)

Newly denied: 4 of 9 events, of 3 callers; 1 may be, 1 cannot be told.
"""


def test_text() -> None:
    """The sums first, then what hurts by statement, caller, action and account, then what would have to be known."""
    assert text(impact()) == TEXT


LAST = [
    ([{"eventID": "1"}], "Newly denied: nothing."),
    ([{"eventID": "1", "awsRegion": "ap-south-1"}], "Newly denied: 1 of 1 event, of 1 caller."),
    ([{"eventID": "1", "eventName": "DeleteQueue"}], "Newly denied: nothing; 1 may be."),
    ([{"eventID": "1", "userIdentity": None}], "Newly denied: nothing; 1 cannot be told."),
]


@pytest.mark.parametrize(("records", "last"), LAST)
def test_the_last_line(records: list[dict[str, object]], last: str) -> None:
    """Where a long report ends on a terminal, it says in one sentence what it comes to."""
    assert text(impact(records)).splitlines()[-1] == last


@pytest.mark.parametrize("kind", Kind)
def test_sums_fit_on_a_terminal(kind: Kind) -> None:
    """With a million events, each kind and what it means fit in 80 columns."""
    assert len(f"  1,234,567  {kind.value:<16} {MEANINGS[kind]}") <= 80


def test_short_sections_name_actions() -> None:
    """What is undetermined for a reason that names no action shows the most frequent ones."""
    records = [{"eventID": name, "eventName": name, "userIdentity": None} for name in ("GetQueueUrl", "SendMessage")]
    assert "  2 × the record does not say who called: sqs:GetQueueUrl, sqs:SendMessage\n" in text(impact(records))


def test_much_is_cut() -> None:
    """Of very many callers the text shows a few, and says how many more there are."""
    arn = "arn:aws:iam::222222222222:role/r"
    records = [{"eventID": f"{n}", "awsRegion": "ap-south-1", "userIdentity": session(f"{arn}{n}")} for n in range(40)]
    assert "    … and 35 more callers; `--format json` has all" in text(impact(records)).splitlines()
    assert len(impact_markdown(impact(records))) < 5_000


def test_every_field_is_documented() -> None:
    """What stands in the JSON stands on the reference page, and the other way round."""
    value = json.loads(impact_json(impact()))
    assert set(paths(value, IMPACT)) == set(IMPACT)


def test_sums_agree() -> None:
    """Totals are the events; the groups' counts are the totals, but for the allowed ones, which have none."""
    data = json.loads(impact_json(impact()))
    assert sum(data["totals"].values()) == data["events"] == len(RECORDS)
    for kind in Kind:
        counts = sum(group["count"] for group in data["groups"] if group["verdict"] == kind_name(kind))
        assert counts == (0 if kind is Kind.ALLOWED else data["totals"][kind_name(kind)])
    assert data["to_settle"] == [{"key": "aws:PrincipalTag/team", "events": 1}]


def test_csv() -> None:
    """A line a group, each with all columns, none of which a spreadsheet takes for a formula."""
    rows = list(csv.reader(StringIO(impact_csv(impact()))))
    assert rows[0] == list(COLUMNS)
    assert len(rows) == len(impact().groups) + 1
    assert {len(COLUMNS)} == set(map(len, rows))
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]
    assert f"'{FORMULA}" in rows[2]


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1"])
def test_formulas_are_harmless(cell: str) -> None:
    """Whatever begins like a formula is made text."""
    assert f"'{cell}" == harmless(cell)


def test_markdown() -> None:
    """What hurts stands above the fold; no name ends its code or mentions anybody."""
    written = impact_markdown(impact())
    assert "- :no_entry: **newly denied**: 4 recorded calls of 3 callers, of 9 events" in written
    assert "| 4 | newly denied | the change denies them, and nothing did before |" in written
    assert f"`{NASTY.replace('`', chr(39))}`" in written
    assert "To settle what depends: `aws:PrincipalTag/team` (1)" in written


def test_markdown_of_nothing() -> None:
    """If nothing is newly denied, that is what it says first."""
    written = impact_markdown(impact([{"eventID": "6"}]))
    assert "- :white_check_mark: none of 1 recorded event is newly denied" in written
    assert "<details" not in written
