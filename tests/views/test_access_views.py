"""What a plan does to access as text, Markdown and JSON, for few accounts and for many."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from orgctl.access.change import Access, AccessKind, Cause, Concern
from orgctl.policy.explanation import Decision
from orgctl.reconcile.plan import FailedCase, Plan, Tested
from orgctl.reconcile.plan_json import from_json, to_json
from orgctl.views.plan_markdown import MOST_CHARACTERS, plan_markdown
from orgctl.views.plan_text import plan_text
from tests.access.changes import FULL, LOCK, denied

BARE = Plan("o-exampleorg", "111111111111", (), ())
RESCUE = denied("iam:GetRole", None, ["account:shop"], 1, Concern.BREAK_GLASS, "role/Rescue")
ACCESS = Access(
    93,
    413,
    1,
    (
        *(denied(f"ec2:{verb}Instances", region) for verb in ("Run", "Stop") for region in ("us-east-1", "us-west-2")),
        RESCUE,
        replace(denied(), kind=AccessKind.NEWLY_ALLOWED, after=Decision.ALLOWED, by=(FULL,), formerly=(LOCK,)),
        replace(denied(), kind=AccessKind.UNCERTAIN, after=Decision.UNKNOWN, unknown_keys=("aws:SourceIp",)),
        replace(denied(), by=(Cause("scp", level="ou:/Workloads"),), after=Decision.IMPLICIT_DENY),
    ),
    ("scp/strange",),
)


def text(plan: Plan) -> str:
    return "\n".join(line.plain for line in plan_text(plan))


def test_access_as_text() -> None:
    """What decides with its line, where, who and what; what is grave is said again at the end, where people look."""
    assert text(replace(BARE, access=ACCESS)) == (
        "\nAccess, by 93 requests in 413 accounts; 1 new account without a before\n"
        "  ! newly denied for roles that must go on working\n"
        "    by scp/region-lock#OnlyTheseRegions (policies/scp/region-lock.yaml:7)\n"
        "      account:shop (1 account)\n"
        "        role/Rescue: iam:GetRole\n"
        "  - newly denied\n"
        "    by scp/region-lock#OnlyTheseRegions (policies/scp/region-lock.yaml:7)\n"
        "      ou:/Workloads (412 accounts)\n"
        "        everyday work: ec2:RunInstances, ec2:StopInstances in us-east-1, us-west-2\n"
        "    nothing allows it on ou:/Workloads\n"
        "      ou:/Workloads (412 accounts)\n"
        "        everyday work: ec2:RunInstances in us-east-1\n"
        "  ? can no longer be told\n"
        "    hangs on aws:SourceIp: scp/region-lock#OnlyTheseRegions (policies/scp/region-lock.yaml:7)\n"
        "      ou:/Workloads (412 accounts)\n"
        "        everyday work: ec2:RunInstances in us-east-1\n"
        "  + newly allowed\n"
        "    no longer denied: scp/region-lock#OnlyTheseRegions (policies/scp/region-lock.yaml:7)\n"
        "      ou:/Workloads (412 accounts)\n"
        "        everyday work: ec2:RunInstances in us-east-1\n"
        "  scp/strange in AWS cannot be read, and counts as allowing everything\n"
        "Newly denied to roles that must go on working: role/Rescue; see Access above.\n"
        "No changes: AWS is as the manifest says."
    )


@pytest.mark.parametrize(
    ("access", "expected"),
    [
        (Access(93, 9), "Access: nothing changes (93 requests in 9 accounts)"),
        (Access(93, 1, 2), "Access: nothing changes (93 requests in 1 account; 2 new accounts without a before)"),
        (Access(93, 0, 2), "Access: nothing to compare, 2 accounts new"),
    ],
)
def test_nothing_to_tell_is_one_line(access: Access, expected: str) -> None:
    """And it says how much was looked at."""
    assert text(replace(BARE, access=access)).splitlines()[:2] == ["", expected]
    assert f"- :information_source: {expected}\n" in plan_markdown(replace(BARE, access=access))


def test_very_much_stays_short() -> None:
    """Thousands of changes with as many statements and places are told by the weightiest, and counted."""
    many = [
        denied(f"s{n % 97}:Do{n}", f"xx-east-{n % 9}", [f"ou:/{n % 31}"], n, by=(Cause("scp", f"scp/p{n % 41}", "No"),))
        for n in range(4_000)
    ]
    shown = text(replace(BARE, access=Access(4_000, 10_000, 0, tuple(many))))
    assert len(shown.splitlines()) < 400
    assert "… and 33 more statements; `--format json` has all" in shown
    assert len(plan_markdown(replace(BARE, access=Access(4_000, 10_000, 0, tuple(many))))) <= MOST_CHARACTERS


def test_many_actions_are_told_by_their_services() -> None:
    """A list of forty actions says less than which services it is about."""
    actions = [f"{service}:{verb}Thing" for service in ("s3", "ec2", "sqs") for verb in ("Make", "Take", "Break")]
    shown = text(replace(BARE, access=Access(9, 412, 0, tuple(map(denied, actions)))))
    assert "everyday work: 9 actions of s3, ec2, sqs in us-east-1" in shown


def test_access_as_markdown() -> None:
    """What shuts a role out stands in the head, unfolded; the rest is counted there and told below."""
    comment = plan_markdown(replace(BARE, access=ACCESS))
    head, _, detail = comment.partition("<details>")
    assert (
        "- :rotating_light: **newly denied for roles that must go on working**:"
        " `by scp/region-lock#OnlyTheseRegions (policies/scp/region-lock.yaml:7)` on `account:shop (1 account)`\n"
        "- :no_entry: access: 5 of 93 requests newly denied, in up to 412 accounts; see below\n"
    ) in head
    assert "    - everyday work: `ec2:RunInstances, ec2:StopInstances in us-east-1, us-west-2`\n" in detail


def test_names_cannot_break_out_of_markdown() -> None:
    """A role may be called anything: nobody is mentioned, no tag is opened."""
    odd = denied(principal="role/<b>@all`x", concern=Concern.BREAK_GLASS)
    comment = plan_markdown(replace(BARE, access=Access(1, 1, 0, (odd,))))
    assert "<b>" not in comment
    assert "@all" not in comment


@pytest.mark.parametrize(
    ("tested", "expected"),
    [
        (Tested(), "policy tests: there are none"),
        (Tested(120), "policy tests: 120 passed"),
        (Tested(skipped=True), "policy tests: not run (`--skip-tests`)"),
        (
            Tested(118, (FailedCase("x::nobody", "expected ALLOWED"),)),
            "FAILED x::nobody: expected ALLOWED\npolicy tests: 1 failed, 118 passed; `orgctl test` shows why",
        ),
    ],
)
def test_what_the_tests_said(tested: Tested, expected: str) -> None:
    """One line if all is well; else each failure, and how to learn more."""
    assert text(replace(BARE, tested=tested)) == f"{expected}\nNo changes: AWS is as the manifest says."


def test_json_holds_all_of_it() -> None:
    """What is written and read again is the same plan."""
    plan = replace(BARE, access=ACCESS, tested=Tested(1, (FailedCase("a::b", "because"),)))
    assert from_json(json.loads(json.dumps(to_json(plan)))) == plan
    assert from_json(json.loads(json.dumps(to_json(BARE)))) == BARE
