"""What a plan would have denied of what was done, as text, Markdown and JSON."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime

import pytest

from orgctl.access.change import Cause
from orgctl.diagnostics import Position
from orgctl.reconcile.plan import Plan
from orgctl.reconcile.plan_json import from_json, to_json
from orgctl.reconcile.replayed import Caller, Reason, Replayed
from orgctl.replay.verdicts.impact import Reading, Trouble
from orgctl.replay.verdicts.verdict import Kind
from orgctl.views.plan_markdown import MOST_CHARACTERS, plan_markdown
from orgctl.views.plan_text import plan_text
from tests.views.test_access_views import BARE

LOCK = Cause("scp", "scp/region-lock", "Lock", None, Position("policies/scp/region-lock.json", 4, 5))
DEV = Caller("arn:aws:iam::222222222222:role/Dev", 3, ("ec2:RunInstances", "ec2:StopInstances"), ("shop (ou:/Prod)",))
EARLY, LATE = datetime(2026, 11, 1, 8), datetime(2026, 11, 3, 9, 30)
DENIED = Reason(Kind.NEWLY_DENIED, (LOCK,), (), 3, 1, 1, EARLY, LATE, ("a", "b"), (DEV,))
OPEN = Reason(Kind.DEPENDS, (Cause("scp", level="ou:/Prod"),), ("aws:PrincipalTag/team",), 1, 1, 1, None, None, (), ())
REPLAYED = Replayed(
    "denied",
    {Kind.NEWLY_DENIED: 3, Kind.DEPENDS: 1, Kind.ALLOWED: 1200},
    Reading(4, 1210, 5, 1, (Trouble("cut.json.gz", "it is cut off", 1),)),
    0,
    EARLY,
    LATE,
    (DENIED, OPEN),
    ("none of the events is one that `scp/a#S` speaks of (s3:Get*)",),
)


def lines(replayed: Replayed) -> list[str]:
    return [line.plain for line in plan_text(replace(BARE, replayed=replayed))]


def test_as_text() -> None:
    """The sums, what denies by its line, how much of whom, and what could not be read."""
    assert lines(REPLAYED)[:-1] == [
        "",
        "Impact, by 1,204 distinct events, 2026-11-01 08:00 to 2026-11-03 09:30 (UTC)",
        "  3 newly denied, 1 depends, 1,200 allowed",
        "  - newly denied: scp/region-lock#Lock (policies/scp/region-lock.json:4)",
        "      3 events of 1 caller in 1 account, 2026-11-01 08:00 to 2026-11-03 09:30, such as a",
        "      3 × arn:aws:iam::222222222222:role/Dev: ec2:RunInstances, ec2:StopInstances in shop (ou:/Prod)",
        "  ? depends: hangs on aws:PrincipalTag/team: nothing allows it on ou:/Prod",
        "      1 event of 1 caller in 1 account",
        "      … and 1 more caller; `orgctl impact` shows all",
        "  note: `cut.json.gz`: it is cut off",
        "  note: 1 record unreadable",
        "  note: none of the events is one that `scp/a#S` speaks of (s3:Get*)",
    ]


def test_as_markdown() -> None:
    """The sums before anything is unfolded, and that it is forbidden; reasons below."""
    written = plan_markdown(replace(BARE, replayed=REPLAYED))
    head, _, below = written.partition("<details>")
    assert "- :no_entry: impact: 3 newly denied, 1 depends, 1,200 allowed, of 1,204 distinct events" in head
    assert "- :x: `replay.fail_on` forbids it" in head
    assert "Impact on what was done (2)" in below
    assert "scp/region-lock#Lock (policies/scp/region-lock.json:4)" in below


CALM = [
    (Replayed(totals={Kind.ALLOWED: 5}), "0 newly denied, 5 allowed", ":information_source:"),
    (Replayed("denied", skipped=True), "ecorded activity was not looked at (`--skip-replay`)", ":warning:"),
]


@pytest.mark.parametrize(("replayed", "sentence", "mark"), CALM)
def test_what_is_calm_or_skipped(replayed: Replayed, sentence: str, mark: str) -> None:
    """Nothing to fold out; that it was skipped is not passed over."""
    assert sentence in "\n".join(lines(replayed))
    written = plan_markdown(replace(BARE, replayed=replayed))
    assert any(line.startswith(f"- {mark}") and sentence in line for line in written.splitlines())
    assert "<details>" not in written


@pytest.mark.parametrize("replayed", [REPLAYED, Replayed("depends", skipped=True), Replayed()])
def test_json_keeps_it_all(replayed: Replayed) -> None:
    """What is saved is what was planned."""
    plan: Plan = replace(BARE, replayed=replayed)
    assert from_json(json.loads(json.dumps(to_json(plan)))) == plan


FAILS = [(None, 1, 1, False), ("denied", 0, 1, False), ("denied", 1, 0, True), ("depends", 0, 1, True)]


@pytest.mark.parametrize(("fail_on", "denied", "depends", "fails"), FAILS)
def test_what_is_forbidden(fail_on: str | None, denied: int, depends: int, fails: bool) -> None:
    """`depends` is the stricter one."""
    assert Replayed(fail_on, {Kind.NEWLY_DENIED: denied, Kind.DEPENDS: depends}).fails is fails


def test_very_much_fits_into_a_comment() -> None:
    """Reasons are cut from the end."""
    many = replace(REPLAYED, reasons=(replace(DENIED, top=(DEV,) * 10),) * 400)
    written = plan_markdown(replace(BARE, replayed=many))
    assert len(written) <= MOST_CHARACTERS
    assert "Some detail is left out" in written
