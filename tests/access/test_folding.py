"""Many changes as few lines: nothing is lost, and what weighs most comes first."""

from __future__ import annotations

from dataclasses import replace

from orgctl.access.change import AccessKind, Cause, Concern
from orgctl.access.folding import Heading, Line, folded
from orgctl.policy.explanation import Decision
from tests.access.changes import FULL, LOCK, denied


def test_actions_that_are_alike_share_a_line() -> None:
    """By what decides, then where, then who in which regions."""
    changes = [
        denied("ec2:RunInstances", "us-east-1"),
        denied("ec2:RunInstances", "us-west-2"),
        denied("s3:CreateBucket", "us-east-1"),
        denied("s3:CreateBucket", "us-west-2"),
        denied("sqs:SendMessage", "us-east-1"),
        denied("ce:GetCostAndUsage", None),
    ]
    (group,) = folded(changes)
    assert (group.heading, group.causes, group.changes) == (Heading.DENIED, (LOCK,), 6)
    (spot,) = group.spots
    assert (spot.where, spot.accounts) == (("ou:/Workloads",), 412)
    assert spot.lines == (
        Line(("everyday work",), ("ec2:RunInstances", "s3:CreateBucket"), ("us-east-1", "us-west-2")),
        Line(("everyday work",), ("sqs:SendMessage",), ("us-east-1",)),
        Line(("everyday work",), ("ce:GetCostAndUsage",)),
    )


def test_roles_that_must_go_on_working_come_first() -> None:
    """Then denials, what hangs on something, and what is newly allowed; within these, what reaches most."""
    rescue = denied("iam:GetRole", None, ["account:x"], 1, Concern.BREAK_GLASS, "role/Rescue")
    other = replace(denied(accounts=2, where=["ou:/A"]), by=(Cause("scp", "scp/other", "No"),))
    allowed = replace(denied(), kind=AccessKind.NEWLY_ALLOWED, after=Decision.ALLOWED, by=(FULL,), formerly=(LOCK,))
    unknown = replace(denied(), kind=AccessKind.UNCERTAIN, after=Decision.UNKNOWN, unknown_keys=("aws:SourceIp",))
    new = replace(rescue, before=None, formerly=())
    groups = folded([allowed, unknown, other, denied(), new, rescue])
    assert [(group.heading, group.causes[0].policy) for group in groups] == [
        (Heading.IMPORTANT, "scp/region-lock"),
        (Heading.NEW_ACCOUNT, "scp/region-lock"),
        (Heading.DENIED, "scp/region-lock"),
        (Heading.DENIED, "scp/other"),
        (Heading.UNCERTAIN, "scp/region-lock"),
        (Heading.ALLOWED, "scp/region-lock"),
    ]


def test_roles_that_are_alike_share_a_line() -> None:
    """What is denied to three roles alike is said once."""
    roles = [denied(concern=Concern.PROTECTED_ROLE, principal=f"role/{name}") for name in ("A", "B")]
    ((spot,),) = [group.spots for group in folded(roles)]
    assert spot.lines == (Line(("role/A", "role/B"), ("ec2:RunInstances",), ("us-east-1",)),)


def test_a_declared_sentinel_is_told_by_its_name_and_circumstances() -> None:
    """Its requests are the user's: what they say is what tells them apart."""
    change = replace(
        denied("s3:PutObject", concern=Concern.DECLARED, principal="role/Deployer", sentinel="ship it"),
        resource="arn:aws:s3:::artefacts/x",
        context=(("aws:SourceIp", "192.0.2.1"), ("aws:TagKeys", ("a", "b")), ("aws:SourceVpce", None)),
    )
    ((line,),) = [spot.lines for spot in folded([change])[0].spots]
    assert line == Line(
        ("ship it (role/Deployer)",),
        ("s3:PutObject",),
        (),
        "on arn:aws:s3:::artefacts/x, aws:SourceIp 192.0.2.1, aws:TagKeys a and b, aws:SourceVpce absent",
    )


def test_nothing_folds_to_nothing() -> None:
    """Without changes there are no groups."""
    assert folded([]) == ()
