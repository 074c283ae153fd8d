"""What the example organization decides, what is assumed for it, and on what it hangs."""

from __future__ import annotations

import pytest

from orgctl.policy.explanation import Decision
from orgctl.policy.layers import Layer
from tests.simulate.asking import court, rule

ALLOWED, DENIED, NOT_ALLOWED, UNKNOWN = (
    Decision.ALLOWED,
    Decision.EXPLICIT_DENY,
    Decision.IMPLICIT_DENY,
    Decision.UNKNOWN,
)
ABROAD = {"aws:RequestedRegion": "ap-south-1"}
OUTSIDER = "arn:aws:iam::999999999999:role/Outsider"
OBJECT = "arn:aws:s3:::bucket/key"

DECISIONS = [
    ("cloudhsm:CreateCluster", {}, DENIED, "DenyHsm", ()),
    ("CloudHSM:createcluster", {}, DENIED, "DenyHsm", ()),
    ("sqs:SendMessage", {}, ALLOWED, None, ()),
    ("sqs:SendMessage", {"context": ABROAD}, DENIED, "OnlyOurRegions", ()),
    ("sqs:SendMessage", {"context": {"AWS:requestedREGION": "ap-south-1"}}, DENIED, "OnlyOurRegions", ()),
    ("sqs:SendMessage", {"context": ABROAD, "principal": "role/Automation"}, ALLOWED, None, ()),
    ("sqs:SendMessage", {"context": ABROAD, "principal": "role/path/BreakGlass"}, ALLOWED, None, ()),
    ("sqs:SendMessage", {"context": ABROAD, "principal": "role/BreakGlass"}, DENIED, "OnlyOurRegions", ()),
    (
        "sqs:SendMessage",
        {"context": ABROAD, "principal": "arn:aws:sts::222222222222:assumed-role/Automation/me"},
        ALLOWED,
        None,
        (),
    ),
    ("sqs:SendMessage", {"unknown": ["aws:RequestedRegion"]}, UNKNOWN, "OnlyOurRegions", ("aws:RequestedRegion",)),
    ("iam:CreateUser", {"context": ABROAD}, ALLOWED, None, ()),
    ("sqs:SendMessage", {"account": "management", "context": ABROAD}, ALLOWED, None, ()),
    ("cloudhsm:CreateCluster", {"account": "management"}, ALLOWED, None, ()),
    ("cloudhsm:CreateCluster", {"principal": "ec2.amazonaws.com"}, ALLOWED, None, ()),
    ("cloudhsm:CreateCluster", {"principal": "role/aws-service-role/x.amazonaws.com/X"}, ALLOWED, None, ()),
    ("cloudhsm:CreateCluster", {"principal": "root"}, DENIED, "DenyHsm", ()),
    ("cloudhsm:CreateCluster", {"account": "new"}, DENIED, "DenyHsm", ()),
    ("cloudhsm:CreateCluster", {"account": "222222222222"}, DENIED, "DenyHsm", ()),
    ("ec2:StopInstances", {}, UNKNOWN, "StopWithMfa", ("aws:MultiFactorAuthPresent",)),
    ("ec2:StopInstances", {"context": {"aws:MultiFactorAuthPresent": True}}, ALLOWED, None, ()),
    ("ec2:StopInstances", {"context": {"aws:MultiFactorAuthPresent": ()}}, DENIED, "StopWithMfa", ()),
    ("sqs:DeleteQueue", {}, UNKNOWN, "TeamsOnly", ("aws:PrincipalTag/team",)),
    ("sqs:DeleteQueue", {"context": {"aws:PrincipalTag/team": "queues"}}, ALLOWED, None, ()),
    ("lambda:UpdateFunctionCode", {}, UNKNOWN, "NotOnHolidays", ("aws:CurrentTime",)),
    (
        "lambda:UpdateFunctionCode",
        {"context": {"aws:CurrentTime": "2026-12-25T00:00:00Z"}},
        DENIED,
        "NotOnHolidays",
        (),
    ),
    ("sqs:SendMessage", {"account": "lab"}, NOT_ALLOWED, None, ()),
    ("s3:GetObject", {"account": "lab"}, ALLOWED, None, ()),
    ("s3:GetObject", {"resource": OBJECT, "principal": OUTSIDER}, DENIED, "OnlyOurIdentities", ()),
    ("s3:GetObject", {"resource": OBJECT, "principal": "*"}, DENIED, "OnlyOurIdentities", ()),
    ("s3:GetObject", {"resource": OBJECT, "principal": "cloudtrail.amazonaws.com"}, ALLOWED, None, ()),
    ("s3:GetObject", {"resource": OBJECT, "principal": OUTSIDER, "account": "lab"}, ALLOWED, None, ()),
    ("s3:GetObject", {"resource": OBJECT, "resource_account": "data"}, ALLOWED, None, ()),
    ("s3:GetObject", {"resource": OBJECT, "resource_account": "999999999999"}, ALLOWED, None, ()),
]


@pytest.mark.parametrize(("action", "more", "decision", "statement", "keys"), DECISIONS)
def test_decisions(
    action: str, more: dict[str, object], decision: Decision, statement: str | None, keys: tuple[str, ...]
) -> None:
    """Each question has this decision, by this statement, hanging on these keys."""
    answer = rule(action, **more).answer  # type: ignore[arg-type]
    by = answer.decided_by[0].statement if answer.decided_by and decision is not ALLOWED else None
    assert (decision, statement, keys) == (answer.decision, by, answer.unknown_keys)


ASSUMPTIONS = [
    ("sqs:SendMessage", {}, "principal", "arn:aws:iam::222222222222:role/OrganizationMember"),
    ("sqs:SendMessage", {}, "resource", "*"),
    ("sqs:SendMessage", {}, "aws:RequestedRegion", "eu-west-1"),
    ("sqs:SendMessage", {"resource": "arn:aws:sqs:us-east-1:222222222222:q"}, "aws:RequestedRegion", "us-east-1"),
    ("iam:CreateUser", {}, "aws:RequestedRegion", "us-east-1"),
    ("networkmanager:CreateSite", {}, "aws:RequestedRegion", "us-west-2"),
    ("iam:CreateUser", {"resource": "arn:aws-cn:iam::222222222222:user/x"}, "aws:RequestedRegion", "cn-north-1"),
    ("sqs:SendMessage", {}, "aws:SecureTransport", "true"),
    ("sqs:SendMessage", {}, "aws:ViaAWSService", "false"),
    ("ec2:RunInstances", {}, "ec2:InstanceType", None),
    ("s3:GetObject", {"principal": OUTSIDER}, "aws:PrincipalOrgID", None),
    ("s3:GetObject", {"principal": OUTSIDER, "resource": OBJECT}, "resource account", "222222222222"),
]


@pytest.mark.parametrize(("action", "more", "what", "value"), ASSUMPTIONS)
def test_assumptions_are_stated(action: str, more: dict[str, object], what: str, value: str | None) -> None:
    """What a question leaves out is taken for this, and the ruling says so."""
    assumed = {each.what: each.value for each in rule(action, **more).assumed}  # type: ignore[arg-type]
    assert value == assumed.get(what, "not assumed")


NOT_ASSUMED = [
    ("sqs:SendMessage", {"principal": "role/x"}, "principal"),
    ("sqs:SendMessage", {"resource": OBJECT}, "resource"),
    ("sqs:SendMessage", {"context": ABROAD}, "aws:RequestedRegion"),
    ("sqs:SendMessage", {"unknown": ["aws:requestedregion"]}, "aws:RequestedRegion"),
    ("sqs:SendMessage", {"context": {"aws:RequestedRegion": ()}}, "aws:RequestedRegion"),
    ("sqs:SendMessage", {"principal": "ec2.amazonaws.com"}, "aws:ViaAWSService"),
    ("ec2:StopInstances", {}, "aws:MultiFactorAuthPresent"),
    ("sqs:SendMessage", {}, "ec2:InstanceType"),
]


@pytest.mark.parametrize(("action", "more", "what"), NOT_ASSUMED)
def test_nothing_is_assumed_that_was_said_or_cannot_be_known(action: str, more: dict[str, object], what: str) -> None:
    """What the question says, what nobody can know, and what no policy looks at, is not assumed."""
    assert what not in {each.what for each in rule(action, **more).assumed}  # type: ignore[arg-type]


HANGING = [
    ("sqs:SendMessage", {}, ("aws:RequestedRegion",)),
    ("sqs:SendMessage", {"context": {"aws:RequestedRegion": "eu-west-1"}}, ()),
    ("ec2:RunInstances", {"context": {"aws:RequestedRegion": "eu-west-1"}}, ()),
    (
        "ec2:RunInstances",
        {"context": {"aws:RequestedRegion": "eu-west-1"}, "resource": "arn:aws:ec2:eu-west-1:222222222222:instance/*"},
        ("ec2:InstanceType",),
    ),
    ("cloudhsm:CreateCluster", {}, ()),
    ("ec2:StopInstances", {}, ()),
]


@pytest.mark.parametrize(("action", "more", "keys"), HANGING)
def test_a_decision_says_on_which_assumptions_it_rests(
    action: str, more: dict[str, object], keys: tuple[str, ...]
) -> None:
    """Where other values of the assumed keys bring another decision, they are named; where not, none is."""
    assert keys == rule(action, **more).hangs_on  # type: ignore[arg-type]


POSITIONS = [
    ("cloudhsm:CreateCluster", {}, "policies/scp/deny-hsm.json:3:16"),
    ("sqs:SendMessage", {"context": ABROAD}, "policies/scp/guardrails.yaml:3:5"),
    ("ec2:StopInstances", {}, "policies/scp/guardrails.yaml:13:5"),
    ("sqs:DeleteQueue", {}, "policies/scp/guardrails.yaml:21:5"),
    ("lambda:UpdateFunctionCode", {}, "policies/scp/guardrails.yaml:36:5"),
    ("s3:GetObject", {"principal": OUTSIDER}, "policies/rcp/ours.yaml:3:5"),
]


@pytest.mark.parametrize(("action", "more", "position"), POSITIONS)
def test_a_denial_names_file_and_line(action: str, more: dict[str, object], position: str) -> None:
    """The statement that decides is found in its file, also below lists that the manifest's values made longer."""
    ruling = rule(action, **more)  # type: ignore[arg-type]
    assert position == str(ruling.position(ruling.answer.decided_by[0]))


def test_conditions_are_found_below_spliced_lists() -> None:
    """A condition's place leads to its key, although placeholders before it have become several values."""
    answer = rule("lambda:UpdateFunctionCode").answer
    levels = answer.explanation.levels if answer.explanation else ()
    traces = [trace for level in levels if level.layer is Layer.SCP for trace in level.statements]
    places = [c.place for t in traces for c in t.statement.conditions if c.key == "aws:CurrentTime"]
    assert [str(court().position("scp/guardrails", p)) for p in places] == ["policies/scp/guardrails.yaml:42:26"]


def test_levels_are_named_by_the_sides_they_stand_on() -> None:
    """SCPs are those of the caller's account, RCPs those of the resource's."""
    ruling = rule("s3:GetObject", resource=OBJECT, account="lab", resource_account="shop")
    assert ruling.targets == {
        (Layer.SCP, 0): "ou:/",
        (Layer.SCP, 1): "ou:/Lab",
        (Layer.SCP, 2): "account:lab",
        (Layer.RCP, 0): "ou:/",
        (Layer.RCP, 1): "ou:/Workloads",
        (Layer.RCP, 2): "account:shop",
    }


REMARKS = [
    ("s3:GetObjct", {}, "`s3:GetObjct` is no action that orgctl knows; did you mean `s3:GetObject`?"),
    (
        "s3:GetObject",
        {"context": {"aws:RequestdRegion": "x"}},
        "`aws:RequestdRegion` is no global condition key that orgctl knows; did you mean `aws:RequestedRegion`?",
    ),
    ("s3:GetObject", {"account": "new"}, "the id of `new` is made up: the manifest does not give it"),
    (
        "s3:GetObject",
        {"principal": "assumed-role/Dev/me"},
        (
            "`aws:PrincipalArn` is taken for `arn:aws:iam::222222222222:role/Dev`:"
            " a session's ARN does not show whether its role has a path"
        ),
    ),
]


@pytest.mark.parametrize(("action", "more", "remark"), REMARKS)
def test_remarks(action: str, more: dict[str, object], remark: str) -> None:
    """What may be a slip is answered all the same, with a remark."""
    assert remark in rule(action, **more).remarks  # type: ignore[arg-type]
