"""A plan as text, Markdown and JSON: what a reader is told, and that it fits."""

from __future__ import annotations

import json

import pytest

from orgctl.model.state import Finding
from orgctl.reconcile.plan import Action, AttributeChange, Change, Operation, Plan, Reach, Usage
from orgctl.reconcile.plan_json import from_json, to_json
from orgctl.views.plan_markdown import MOST_CHARACTERS, plan_markdown
from orgctl.views.plan_text import plan_text
from orgctl.views.wording import counted, duration


def scp(*actions: str) -> str:
    statement = {"Sid": "S", "Effect": "Deny", "Action": list(actions), "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


PLAN = Plan(
    organization="o-exampleorg",
    management_account="111111111111",
    changes=(
        Change(Action.NO_OP, "ou", "ou:/Old", notes=("kept, because it is not empty: it holds `account:x`",)),
        Change(Action.CREATE, "ou", "ou:/New", (AttributeChange("name", None, "New"),)),
        Change(
            Action.UPDATE,
            "policy",
            "policy:scp/p",
            (AttributeChange("content", scp("s3:*"), scp("s3:*", "ec2:*")),),
            reach=Reach(5, ("a", "b", "c", "d", "e")),
        ),
        Change(
            Action.DELETE,
            "account",
            "account:gone",
            (AttributeChange("state", "active", "closed"),),
            ("it is gone then",),
            irreversible=True,
            destructive=True,
        ),
    ),
    operations=(
        Operation(1, "ou:/New", "organizations", "CreateOrganizationalUnit", {"Name": "New"}),
        Operation(2, "policy:scp/p", "organizations", "UpdatePolicy", {}, guardrail_gap="`scp/q` does not guard `a`"),
    ),
    usage=(Usage("ou:/New", "scp_attached", 9, 10), Usage("ou:/B", "scp_attached", 2, 10)),
    unmanaged=("account:other (999999999999)",),
    findings=(Finding("bucket:logs", "the account cannot be entered"),),
    seconds=75,
)


def test_a_plan_as_text() -> None:
    """Signs, attributes, the policy's difference by statement, what to be careful of, the calls, one sentence."""
    assert "\n".join(line.plain for line in plan_text(PLAN)) == (
        "+ ou:/New\n"
        "    name: New\n"
        "~ policy:scp/p  reaches 5 accounts: a, b, c, …\n"
        "    content:\n"
        "      ~ S\n"
        "      +   Action: ec2:*\n"
        "- account:gone  cannot be undone\n"
        "    state: active → closed\n"
        "    note: it is gone then\n"
        "\nRemarks\n"
        "  ou:/Old: kept, because it is not empty: it holds `account:x`\n"
        "  bucket:logs: the account cannot be entered\n"
        "  organizations:UpdatePolicy policy:scp/p: `scp/q` does not guard `a`\n"
        "  not in the manifest, and left alone: account:other (999999999999)\n"
        "\nNearly full after it\n"
        "  ou:/New: 9 of 10 (scp_attached)\n"
        "\nCalls, in order\n"
        "  1. organizations:CreateOrganizationalUnit     ou:/New\n"
        "  2. organizations:UpdatePolicy                 policy:scp/p\n"
        "\n"
        "Plan: 1 to create, 1 to update, 1 to delete; 2 calls, 75 s at AWS's rates."
    )


def test_a_remark_on_many_things_is_one_line() -> None:
    """After an import everything is foreign: it is said once, with the first few and a count."""
    foreign = tuple(Change(Action.NO_OP, "ou", f"ou:/{n}", notes=("not managed by orgctl",)) for n in range(300))
    lines = [line.plain for line in plan_text(Plan("o-x", "1", foreign, ()))]
    assert lines[1] == "  ou:/0, ou:/1, ou:/2, ou:/3, ou:/4 and 295 more: not managed by orgctl"
    assert len(lines) == 3


def test_problems_come_first_and_nothing_is_planned() -> None:
    """A plan with problems names each with its hint, and says that there is nothing else."""
    problem = Change(Action.NO_OP, "ou", "ou:/A", problem="it is not ours", hint="adopt it")
    lines = [line.plain for line in plan_text(Plan("o-x", "1", (problem,), ()))]
    assert lines == ["error: it is not ours", "  hint: adopt it", "", "Nothing can be planned: 1 problem first."]


def test_a_plan_as_markdown_folds_its_detail() -> None:
    """The summary and the warnings stand outside, the rest in details; the difference is a diff block."""
    text = plan_markdown(PLAN)
    head, _, folded = text.partition("<details>")
    assert "**Plan: 1 to create, 1 to update, 1 to delete; 2 calls, 75 s at AWS's rates.**" in head
    assert "- :warning: `account:gone` cannot be undone; it is gone then" in head
    assert "- :rotating_light: guardrail gap at call 2: `scp/q` does not guard `a`" in head
    assert "```diff\n~ S\n+   Action: ec2:*\n```" in folded


def test_markdown_stays_within_a_comment_and_says_what_it_left_out() -> None:
    """With three thousand changed policies there is a summary, as much detail as fits, and a note."""
    content = (AttributeChange("content", None, scp("s3:*")),)
    many = tuple(Change(Action.CREATE, "policy", f"policy:scp/p{n}", content) for n in range(3000))
    text = plan_markdown(Plan("o-x", "1", many, ()))
    assert len(text) < MOST_CHARACTERS
    assert "Some detail is left out" in text
    assert text.count("<details>") == text.count("</details>")
    assert text.count("```") % 2 == 0


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "@everyone"])
def test_names_from_aws_are_only_text_in_markdown(name: str) -> None:
    """Anybody in the organization may have chosen them."""
    change = Change(Action.UPDATE, "account", "account:`x", (AttributeChange("name", "old", name),))
    text = plan_markdown(Plan("o-x", "1", (change,), ()))
    assert name not in text
    assert "`account:'x`" in text


def test_no_name_can_make_a_plan_look_like_another() -> None:
    """Terminal codes and line breaks in names and tags are shown, not obeyed."""
    change = Change(Action.CREATE, "ou", "ou:/\x1b[2J", (AttributeChange("tags.a", None, "x\nApplied: 0 calls"),))
    lines = [line.plain for line in plan_text(Plan("o-x", "1", (change,), ()))]
    assert lines[:2] == ["+ ou:/\\x1b[2J", "    tags.a: x\\nApplied: 0 calls"]


def test_a_plan_survives_json() -> None:
    """What is printed as JSON can be read back, and is the same plan."""
    assert from_json(json.loads(json.dumps(to_json(PLAN)))) == PLAN


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "less than a second"),
        (1, "1 s"),
        (12.1, "13 s"),
        (89, "89 s"),
        (91, "2 min"),
        (5400, "1 h 30 min"),
        (7200, "2 h"),
    ],
)
def test_durations_are_rounded_up(seconds: float, words: str) -> None:
    """It is said of waiting: better too long than too short."""
    assert duration(seconds) == words


@pytest.mark.parametrize(("count", "words"), [(1, "1 call"), (0, "0 calls"), (1200, "1,200 calls")])
def test_counted(count: int, words: str) -> None:
    """Singular, plural, thousands."""
    assert counted(count, "call") == words
