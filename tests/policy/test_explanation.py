"""Answers carry their reasons."""

import pytest

from orgctl.policy.authorizer import Authorizer
from orgctl.policy.explanation import Answer, Decider, Decision, LevelTrace, Standing
from orgctl.policy.layers import Layer, Layers, NamedPolicy, Organization
from orgctl.policy.parser import parse
from orgctl.policy.request import Request

ROLE = "arn:aws:iam::222222222222:role/Dev"
FULL = NamedPolicy("FullAWSAccess", parse({"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}))
REGIONS = NamedPolicy(
    "scp/regions",
    parse(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Sid": "Regions",
                    "Effect": "Deny",
                    "NotAction": "iam:*",
                    "Resource": "*",
                    "Condition": {
                        "StringNotEquals": {"aws:RequestedRegion": ["eu-west-1"]},
                        "ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/Admin"},
                    },
                },
                {"Effect": "Deny", "Action": "organizations:LeaveOrganization", "Resource": "*"},
            ],
        }
    ),
)
LAYERS = Layers(scp=((FULL, REGIONS), (FULL,)))


def explain(context: dict[str, str], *, unknown: tuple[str, ...] = (), caller: str = ROLE) -> Answer:
    request = Request.of("ec2:RunInstances", "*", caller, context, unknown=unknown)
    return Authorizer(LAYERS, Organization("111111111111")).explain(request)


def levels(answer: Answer) -> tuple[LevelTrace, ...]:
    assert answer.explanation is not None
    return answer.explanation.levels


def test_a_denial_names_its_statement() -> None:
    """The decider is the statement, with its policy, its level, and its place in the document."""
    answer = explain({"aws:RequestedRegion": "us-east-1", "aws:PrincipalArn": ROLE})
    assert (Decider(Layer.SCP, 0, "scp/regions", "Regions", ("Statement", 0)),) == answer.decided_by


def test_every_level_has_a_verdict() -> None:
    """Level by level from the root: what it says, which statements speak of the action, how many do not."""
    answer = explain({"aws:RequestedRegion": "us-east-1", "aws:PrincipalArn": ROLE})
    expected = [(0, Decision.EXPLICIT_DENY, 2, 1), (1, Decision.ALLOWED, 1, 0)]
    assert expected == [(level.level, level.verdict, len(level.statements), level.others) for level in levels(answer)]


def test_elements_say_what_was_expected_and_found() -> None:
    """A statement that does not match is explained by the element that fails, and its value."""
    answer = explain({"aws:RequestedRegion": "eu-west-1", "aws:PrincipalArn": ROLE})
    statement = levels(answer)[0].statements[1]
    assert (
        statement.standing,
        [(element.element, element.standing) for element in statement.elements],
    ) == (Standing.FAILS, [("NotAction", Standing.HOLDS), ("StringNotEquals aws:RequestedRegion", Standing.FAILS)])
    assert (statement.elements[1].expected, statement.elements[1].actual) == (("eu-west-1",), "eu-west-1")


def test_unknown_elements_name_the_key() -> None:
    """An element that hangs on an unknown key says so."""
    answer = explain({"aws:PrincipalArn": ROLE}, unknown=("aws:RequestedRegion",))
    element = levels(answer)[0].statements[1].elements[1]
    assert (
        element.standing,
        element.unknown,
        element.reason,
    ) == (Standing.OPEN, True, "`aws:RequestedRegion` is not known")
    assert Decision.UNKNOWN is levels(answer)[0].verdict


def test_the_keys_that_were_looked_at() -> None:
    """All keys that could have mattered are listed as the policies spell them."""
    answer = explain({})
    assert answer.explanation is not None
    assert answer.explanation.keys == ("aws:PrincipalArn", "aws:RequestedRegion")


def test_exemptions_are_noted() -> None:
    """A layer that does not bind the caller says why, and its statements are not looked at."""
    answer = explain({}, caller="arn:aws:iam::111111111111:role/Admin")
    note = "SCPs do not bind the management account `111111111111`"
    assert ((note,), [note, note]) == (answer.notes, [level.note for level in levels(answer)])
    assert [level.verdict for level in levels(answer)] == [Decision.ALLOWED, Decision.ALLOWED]


def test_allows_are_named_too() -> None:
    """An allowed request names the statement that allows it on each level."""
    answer = explain({"aws:RequestedRegion": "eu-west-1"})
    assert [(by.level, by.policy) for by in answer.decided_by] == [(0, "FullAWSAccess"), (1, "FullAWSAccess")]


@pytest.mark.parametrize(
    ("effect", "verdict"), [("Allow", Decision.ALLOWED), ("Deny", Decision.EXPLICIT_DENY)], ids=["allow", "deny"]
)
def test_resource_policies_are_traced_with_their_principals(effect: str, verdict: Decision) -> None:
    """A resource policy's statement shows as whom it names the caller."""
    document = parse({"Statement": {"Effect": effect, "Principal": {"AWS": ROLE}, "Action": "*", "Resource": "*"}})
    layers = Layers(resource=NamedPolicy("bucket", document))
    answer = Authorizer(layers).explain(Request.of("s3:GetObject", "arn:aws:s3:::b", ROLE))
    element = levels(answer)[0].statements[0].elements[1]
    assert (verdict, "Principal", (f"AWS: {ROLE}",), ROLE) == (
        levels(answer)[0].verdict,
        element.element,
        element.expected,
        element.actual,
    )
