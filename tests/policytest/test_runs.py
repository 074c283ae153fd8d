"""What makes a case pass: the decision, who decided, and whether anything that is not known could change it."""

from __future__ import annotations

from pathlib import Path

import pytest

from orgctl.policytest.runner import MOST_EXPLAINED, run_case
from tests.policytest.suites import BESIDE, EVERYWHERE, problem_of, read

POLICIES = {
    "mfa": """Version: "2012-10-17"
Statement:
  - Sid: WithoutMfa
    Effect: Deny
    Action: iam:*
    Resource: "*"
    Condition: { BoolIfExists: { aws:MultiFactorAuthPresent: "false" } }
  - Sid: NoKeys
    Effect: Deny
    Action: iam:CreateAccessKey
    Resource: "*"
""",
    "ours": """Version: "2012-10-17"
Statement:
  - Sid: Typed
    Effect: Deny
    Action: ec2:RunInstances
    Resource: "*"
    Condition: { StringNotEqualsIfExists: { ec2:InstanceType: t3.micro } }
  - Sid: Homes
    Effect: Deny
    Action: s3:*
    Resource: "*"
    Condition: { StringNotEquals: { aws:PrincipalAccount: "${aws:ResourceAccount}" } }
""",
}
MFA = "aws:MultiFactorAuthPresent"

TABLE = [
    ("iam:GetRole, expect: ALLOWED, context: {aws:MultiFactorAuthPresent: true}", None),
    ("iam:GetRole, expect: EXPLICIT_DENY, context: {aws:MultiFactorAuthPresent: false}", None),
    ("iam:GetRole, expect: EXPLICIT_DENY", None),
    ("iam:GetRole, expect: DENIED", None),
    ("iam:GetRole, expect: IMPLICIT_DENY", "expected IMPLICIT_DENY, but it is EXPLICIT_DENY"),
    ("iam:GetRole, expect: UNKNOWN, unknown: [aws:MultiFactorAuthPresent]", None),
    ("iam:GetRole, expect: DENIED, unknown: [aws:MultiFactorAuthPresent]", "expected DENIED, but it is UNKNOWN"),
    ("iam:GetRole, expect: ALLOWED", "expected ALLOWED, but it is EXPLICIT_DENY"),
    # by
    ("iam:GetRole, expect: DENIED, by: scp/mfa", None),
    ("iam:GetRole, expect: DENIED, by: scp/mfa#WithoutMfa", None),
    ("iam:GetRole, expect: DENIED, by: 'ou:/'", None),
    ("iam:GetRole, expect: DENIED, by: root", None),
    ("iam:GetRole, expect: DENIED, by: scp/mfa#NoKeys",
     "expected scp/mfa#NoKeys to decide, but it was scp/mfa#WithoutMfa"),
    ("iam:GetRole, expect: DENIED, by: scp/ours", "expected scp/ours to decide, but it was scp/mfa#WithoutMfa"),
    ("iam:GetRole, expect: DENIED, by: 'ou:/Workloads'",
     "expected ou:/Workloads to decide, but it was scp/mfa#WithoutMfa"),
    ("iam:CreateAccessKey, expect: DENIED, by: scp/mfa#NoKeys", None),
    ("iam:CreateAccessKey, expect: DENIED, by: scp/mfa#WithoutMfa", None),
    ("sqs:SendMessage, expect: ALLOWED, by: scp/FullAWSAccess", None),
    ("sqs:SendMessage, expect: ALLOWED, by: scp/mfa",
     "expected scp/mfa to decide, but it was scp/FullAWSAccess#statement 1"),
    # certain
    ("iam:CreateAccessKey, expect: DENIED, certain: true", None),
    ("sqs:SendMessage, expect: ALLOWED, certain: true", None),
    ("iam:GetRole, expect: ALLOWED, certain: true, context: {aws:MultiFactorAuthPresent: true}", None),
    ("iam:GetRole, expect: ALLOWED, certain: true, context: {aws:MultiFactorAuthPresent: false}",
     "expected ALLOWED, but it is EXPLICIT_DENY"),
    ("s3:GetObject, expect: ALLOWED, certain: true", None),
    ("s3:GetObject, expect: DENIED, certain: true, resource_account: '222222222222'", None),
]  # fmt: skip


@pytest.mark.parametrize(("case", "problem"), TABLE, ids=[case for case, _ in TABLE])
def test_a_case_passes_if_all_is_as_expected(case: str, problem: str | None, tmp_path: Path) -> None:
    """The decision comes first, then who decided, then whether it is certain; what is wrong is one sentence."""
    text = f"version: 1\ncases: [{{name: a, account: shop, action: {case}}}]\n"
    made, (suite,) = read(tmp_path, {EVERYWHERE: text}, POLICIES)
    assert problem_of(made, suite, suite.cases[0]) == problem


def test_what_nobody_can_know_must_not_matter_to_what_is_certain(tmp_path: Path) -> None:
    """Whether there is multi-factor authentication cannot be known beforehand; what the caller sends can be."""
    text = """version: 1
cases:
  - { name: hangs, account: shop, action: iam:GetRole, expect: EXPLICIT_DENY, certain: true }
  - { name: sent, account: shop, action: ec2:RunInstances, expect: ALLOWED, certain: true,
      context: { ec2:InstanceType: t3.micro } }
"""
    made, (suite,) = read(tmp_path, {EVERYWHERE: text}, POLICIES)
    hangs, sent = suite.cases
    assert problem_of(made, suite, hangs) == (f"expected EXPLICIT_DENY for certain, but it hangs on `{MFA}`")
    assert problem_of(made, suite, sent) is None


def test_the_organization_stands_behind_a_policy_s_own_tests_no_more(tmp_path: Path) -> None:
    """Beside its policy, a request meets that policy alone; in tests/policies all of them."""
    case = "{name: a, account: shop, action: ec2:RunInstances, context: {ec2:InstanceType: x}, expect: DENIED}"
    text = f"version: 1\ncases: [{case}]\n"
    made, suites = read(tmp_path, {"policies/scp/mfa.test.yaml": text, EVERYWHERE: text}, POLICIES)
    problems = {suite.file: problem_of(made, suite, suite.cases[0]) for suite in suites}
    assert problems == {"policies/scp/mfa.test.yaml": "expected DENIED, but it is ALLOWED", EVERYWHERE: None}


def test_a_policy_alone_binds_the_made_up_account_and_not_the_management_account(tmp_path: Path) -> None:
    """No SCP binds the management account, here neither; a closed account is still an account."""
    text = """version: 1
cases:
  - { name: a, accounts: [member, shop, old], action: s3:GetObject, expect: EXPLICIT_DENY, by: scp/no-s3#NoS3 }
  - { name: b, account: management, action: s3:GetObject, expect: UNKNOWN }
"""
    made, (suite,) = read(tmp_path, {BESIDE: text})
    assert [problem_of(made, suite, case) for case in suite.cases] == [None, "expected UNKNOWN, but it is ALLOWED"]


def test_of_many_failures_the_first_are_explained(tmp_path: Path) -> None:
    """Every failed request is named; a ruling is made for so many that a table's reasons show."""
    actions = ", ".join(f"s3:A{number}" for number in range(7))
    text = f"version: 1\ncases: [{{name: a, actions: [{actions}, sqs:SendMessage], expect: ALLOWED}}]\n"
    made, (suite,) = read(tmp_path, {BESIDE: text})
    result = run_case(made.bench(suite.policy), suite.cases[0])
    assert [failure.asked.action for failure in result.failures] == [f"s3:A{number}" for number in range(7)]
    assert [failure.ruling is not None for failure in result.failures] == [True] * MOST_EXPLAINED + [False] * 4
