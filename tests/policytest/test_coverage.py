"""Coverage, counted by hand: which outcomes a policy has, and which requests bring them about."""

from __future__ import annotations

from pathlib import Path

import pytest

from orgctl.policytest.coverage import coverage
from tests.policytest.suites import read

POLICY = """Version: "2012-10-17"
Statement:
  - Sid: Away
    Effect: Deny
    Action: s3:*
    Resource: "*"
    Condition:
      StringNotEquals: { aws:RequestedRegion: eu-west-1 }
      ArnNotLike:
        aws:PrincipalArn: arn:aws:iam::*:role/Admin
  - Sid: Logs
    Effect: Deny
    Action: [s3:DeleteObject, sqs:DeleteQueue]
    Resource: "*"
  - Sid: Queues
    Effect: Allow
    Action: sqs:*
    Resource: "*"
"""
ALL = {
    "3:5 Away: no request is denied by it",
    "8:26 Away: `StringNotEquals aws:RequestedRegion` never holds",
    "8:26 Away: `StringNotEquals aws:RequestedRegion` never fails",
    "10:9 Away: `ArnNotLike aws:PrincipalArn` never holds",
    "10:9 Away: `ArnNotLike aws:PrincipalArn` never fails",
    "11:5 Logs: no request is denied by it",
    "15:5 Queues: no request is allowed by it",
}
AWAY, AWAY_REGION, HOME_REGION, OTHERS, ADMIN, LOGS, QUEUES = sorted(ALL, key=lambda line: (
    int(line.partition(":")[0]), "never holds" not in line
))  # fmt: skip

TABLE = [
    ("nothing that is about it", "action: ec2:RunInstances", set()),
    ("a denial, with both conditions", "action: s3:GetObject, context: {aws:RequestedRegion: x}",
     {AWAY, AWAY_REGION, OTHERS}),
    ("an absent key, which a negated operator matches", "action: s3:GetObject", {AWAY, AWAY_REGION, OTHERS}),
    ("a condition that fails", "action: s3:GetObject, context: {aws:RequestedRegion: eu-west-1}",
     {HOME_REGION, OTHERS}),
    ("the exempt role", "action: s3:GetObject, principal: role/Admin", {AWAY_REGION, ADMIN}),
    ("a key that nobody knows", "action: s3:GetObject, unknown: [aws:RequestedRegion]", {OTHERS}),
    ("a matrix", "action: s3:GetObject, context: {aws:RequestedRegion: [x, eu-west-1]}, principals: [root, role/Admin]",
     {AWAY, AWAY_REGION, HOME_REGION, OTHERS, ADMIN}),
    ("two statements that deny together", "action: s3:DeleteObject", {AWAY, AWAY_REGION, OTHERS, LOGS}),
    ("an Allow that matches what is denied does not decide", "action: sqs:DeleteQueue", {LOGS}),
    ("an Allow that matches what is allowed", "action: sqs:SendMessage", {QUEUES}),
    ("a failed expectation counts all the same", "action: sqs:SendMessage, expect: DENIED", {QUEUES}),
]  # fmt: skip


@pytest.mark.parametrize(("case", "brought"), [(case, brought) for _, case, brought in TABLE],
                         ids=[sentence for sentence, *_ in TABLE])  # fmt: skip
def test_outcomes_are_brought_by_the_requests_that_decide_them(case: str, brought: set[str], tmp_path: Path) -> None:
    """A Deny has to deny, an Allow to allow, a condition to hold and to fail; what is missing points at its line."""
    expect = "" if "expect" in case else "expect: ALLOWED, "
    text = f"version: 1\ncases: [{{name: a, {expect}{case}}}]\n"
    made, suites = read(tmp_path, {"policies/scp/mine.test.yaml": text}, {"mine": POLICY})
    (found,) = coverage(made, suites).policies
    missing = {f"{each.position.line}:{each.position.column} {each.statement}: {each.what}" for each in found.missing}
    assert (found.policy, found.outcomes) == ("scp/mine", 7)
    assert ALL - missing == brought
    assert found.covered == len(brought)
    assert found.percent == pytest.approx(100 * len(brought) / 7)


def test_files_add_up(tmp_path: Path) -> None:
    """Tests beside the policy and of the whole organization count together, and policies by their outcomes."""
    alone = "version: 1\ncases: [{name: a, action: s3:GetObject, expect: EXPLICIT_DENY}]\n"
    everywhere = "version: 1\ncases: [{name: a, account: shop, action: sqs:SendMessage, expect: ALLOWED}]\n"
    other = '{"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Action": "ec2:*", "Resource": "*"}}'
    made, suites = read(
        tmp_path,
        {"policies/scp/mine.test.yaml": alone, "tests/policies/all.test.yaml": everywhere},
        {"mine": POLICY, "other": other},
    )
    found = coverage(made, suites)
    assert [(each.policy, each.covered, each.outcomes) for each in found.policies] == [
        ("scp/mine", 4, 7),
        ("scp/other", 0, 1),
    ]
    assert found.percent == pytest.approx(100 * 4 / 8)
    assert coverage(made, suites, frozenset({"scp/other"})).percent == 0


def test_nothing_to_cover_is_covered(tmp_path: Path) -> None:
    """Without a policy that decides, nothing is missing."""
    made, suites = read(tmp_path, {})
    assert coverage(made, suites, frozenset()).percent == 100
