"""Staged rollouts as text, Markdown and JSON, in plans and by themselves."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from orgctl.reconcile.plan_json import from_json, to_json
from orgctl.reconcile.rollout.evidence import Denied, Evidence
from orgctl.reconcile.rollout.rollout import Rollout
from orgctl.reconcile.rollout.standing import Standing
from orgctl.reconcile.rollout.step import Progress, Step
from orgctl.views.plan_markdown import plan_markdown
from orgctl.views.plan_text import plan_text
from orgctl.views.rollout_json import status_json
from orgctl.views.rollout_text import status_text
from orgctl.views.rollout_words import span
from tests.views.test_access_views import BARE

SINCE, UNTIL = datetime(2026, 11, 16, 6), datetime(2026, 11, 23, 6)
ROLLOUT = Rollout("scp/guard", (("ou:/Sandbox",), ("ou:/Dev", "account:ci"), ("ou:/",)), timedelta(days=7), 0)
ON_ONE = Standing(ROLLOUT, "scp/guard", 1, SINCE)
NEW = replace(ON_ONE, subject="scp/guard.next")
MET = Denied("arn:aws:iam::222222222222:role/Dev", "s3:GetObject", "try (ou:/Sandbox)", 3, SINCE, UNTIL, "id-1")
AHEAD = replace(MET, action="ec2:RunInstances", count=12, place="dev (ou:/Dev)", sample=None)
EVIDENCE = Evidence(12345, SINCE, UNTIL, (MET,), (AHEAD,))
KEPT = ("it denied 3 calls; the limit is 0",)

STEPS = (
    Step(ON_ONE, Progress.STAYS, 1, SINCE, UNTIL, KEPT, EVIDENCE),
    Step(NEW, Progress.ADVANCES, 2, evidence=Evidence(9, SINCE, UNTIL)),
    Step(ON_ONE, Progress.BAKES, 1, SINCE, UNTIL),
    Step(Standing(ROLLOUT, "scp/guard", 0), Progress.BEGINS, 1),
    Step(Standing(replace(ROLLOUT, hold=True), "scp/guard", 0), Progress.STAYS, 0, why=("it is held",)),
    Step(Standing(ROLLOUT, "scp/guard", 2, None, "its content changes"), Progress.BEGINS_ANEW, 2, why=("so",)),
    Step(Standing(replace(ROLLOUT, up_to=1), "scp/guard", 3, SINCE), Progress.GOES_BACK, 1),
    Step(Standing(ROLLOUT, "scp/guard", 3, SINCE), Progress.DONE, 3, SINCE),
)
TEXT = """
Rollouts
  ! scp/guard: stays on stage 1 of 3 (ou:/Sandbox)
      it denied 3 calls; the limit is 0
      12,345 events since then: 3 denied by it, 12 would be on the next stage
        denied: 3 × s3:GetObject by arn:aws:iam::222222222222:role/Dev in try (ou:/Sandbox), 2026-11-16 06:00 to \
2026-11-23 06:00, such as id-1
        would be denied: 12 × ec2:RunInstances by arn:aws:iam::222222222222:role/Dev in dev (ou:/Dev), 2026-11-16 \
06:00 to 2026-11-23 06:00
  > scp/guard, new version: goes on from stage 1 of 3 (ou:/Sandbox) to stage 2 of 3 (ou:/Dev, account:ci)
      9 events since then: 0 denied by it, 0 would be on the next stage
  … scp/guard: stage 1 of 3 (ou:/Sandbox), bakes until 2026-11-23 06:00 (UTC)
  > scp/guard: begins with stage 1 of 3 (ou:/Sandbox)
  ! scp/guard: does not begin
      it is held
  … scp/guard: stage 2 of 3 (ou:/Dev, account:ci), of which the time begins anew
      so
  < scp/guard: goes back from stage 3 of 3 (ou:/) to stage 1 of 3 (ou:/Sandbox)
    scp/guard: stage 3 of 3 (ou:/), the last one, since 2026-11-16 06:00 (UTC)
"""


def test_as_text() -> None:
    """Where each is, what happens next, and who was denied what."""
    found = "\n".join(line.plain for line in plan_text(replace(BARE, rollouts=STEPS)))
    assert found.startswith(TEXT)


def test_as_markdown() -> None:
    """A line for each before anything is unfolded, with what keeps it; the denials below."""
    head, _, below = plan_markdown(replace(BARE, rollouts=STEPS)).partition("<details>")
    assert head.count("\n- ") == len(STEPS)
    assert "- :warning: rollout of scp/guard: stays on stage 1 of 3 (ou:/Sandbox); it denied 3 calls" in head
    assert "3 × s3:GetObject by arn:aws:iam::222222222222:role/Dev in try (ou:/Sandbox)" in below


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.progress.value)
def test_json_keeps_it_all(step: Step) -> None:
    """What is saved is what was planned."""
    plan = replace(BARE, rollouts=(step,))
    assert from_json(json.loads(json.dumps(to_json(plan)))) == plan


def test_status() -> None:
    """The same by itself, with what the manifest says of time and limit."""
    found = [line.plain for line in status_text((STEPS[2],))]
    assert found == [
        "  … scp/guard: stage 1 of 3 (ou:/Sandbox), bakes until 2026-11-23 06:00 (UTC)",
        "      bakes 7d on each stage; it may deny 0 calls",
    ]
    unlimited = replace(ON_ONE, rollout=replace(ROLLOUT, max_newly_denied=None))
    assert "only time counts" in [*status_text((Step(unlimited, Progress.BAKES, 1),))][1].plain
    assert [line.plain for line in status_text(())] == ["No policy of the manifest has a `rollout`."]
    assert json.loads(status_json(STEPS))["rollouts"][0]["progress"] == "stays"


SPANS = [(timedelta(hours=12), "12h"), (timedelta(days=7), "7d"), (timedelta(days=10), "10d")]


@pytest.mark.parametrize(("length", "said"), SPANS)
def test_spans(length: timedelta, said: str) -> None:
    """In days where that can be, else in hours."""
    assert span(length) == said


def test_of_many_denials_the_most_are_shown() -> None:
    """And how many more there are."""
    many = tuple(replace(MET, who=f"role-{number}", count=number) for number in range(1, 9))
    step = replace(STEPS[0], evidence=Evidence(9, SINCE, UNTIL, many))
    found = "\n".join(line.plain for line in status_text((step,)))
    assert "8 × s3:GetObject by role-8" in found
    assert "denied: … and 3 more callers and actions" in found
