"""What is new about a denial: the policies before the change, and after it, held against each other."""

from __future__ import annotations

import pytest

from orgctl.replay.verdicts.assumptions import Assumptions
from orgctl.replay.verdicts.verdict import Kind
from tests.impact.small import REGIONS, TEAMS, Statement
from tests.replay.records import DEV
from tests.replay.verdicts.judging import WORKLOADS, Policies, judge

HERE = f"scp@{WORKLOADS}"
FAR = {"awsRegion": "ap-south-1"}
DELETE = {"eventName": "DeleteQueue"}
QUEUES: Statement = {"Sid": "Queues", "Effect": "Deny", "Action": "sqs:DeleteQueue", "Resource": "*"}
OTHER_TEAMS: Statement = {**TEAMS, "Condition": {"StringNotEquals": {"aws:PrincipalTag/team": ["shop", "data"]}}}

CHANGES: list[tuple[str, dict[str, object], Policies, Policies, Kind, tuple[str, ...]]] = [
    ("denied before and after", FAR, {HERE: [REGIONS]}, {HERE: [REGIONS]}, Kind.DENIED_ALREADY, ()),
    ("by another statement", FAR, {HERE: [REGIONS]}, {"scp@ou:/": [REGIONS]}, Kind.DENIED_ALREADY, ()),
    ("no longer denied", FAR, {HERE: [REGIONS]}, {}, Kind.ALLOWED, ()),
    ("an open condition that stays", DELETE, {HERE: [TEAMS]}, {HERE: [TEAMS]}, Kind.ALLOWED, ()),
    ("and is moved up", DELETE, {HERE: [TEAMS]}, {"scp@ou:/": [TEAMS]}, Kind.ALLOWED, ()),
    ("a wider exemption", DELETE, {HERE: [TEAMS]}, {HERE: [OTHER_TEAMS]}, Kind.ALLOWED, ()),
    (
        "a narrower exemption",
        DELETE,
        {HERE: [OTHER_TEAMS]},
        {HERE: [TEAMS]},
        Kind.DEPENDS,
        ("aws:PrincipalTag/team",),
    ),
    ("now in any case", DELETE, {HERE: [TEAMS]}, {HERE: [QUEUES]}, Kind.NEWLY_DENIED, ()),
    ("until now in any case", DELETE, {HERE: [QUEUES]}, {HERE: [TEAMS]}, Kind.DENIED_ALREADY, ()),
    (
        "a failure does not tell that it was allowed",
        {**DELETE, "errorCode": "ThrottlingException"},
        {HERE: [TEAMS]},
        {HERE: [QUEUES]},
        Kind.DEPENDS,
        ("aws:PrincipalTag/team",),
    ),
]


@pytest.mark.parametrize(
    ("more", "before", "after", "kind", "keys"), [c[1:] for c in CHANGES], ids=[c[0] for c in CHANGES]
)
def test_a_change(
    more: dict[str, object], before: Policies, after: Policies, kind: Kind, keys: tuple[str, ...]
) -> None:
    """Only what the change itself takes away is newly denied, whatever the unknown keys hold."""
    verdict = judge(more, after, before)
    assert (kind, keys) == (verdict.kind, verdict.keys)


SETTLED = [
    (Assumptions({"aws:principaltag/team": "shop"}), Kind.ALLOWED),
    (Assumptions({"aws:principaltag/team": "lab"}), Kind.NEWLY_DENIED),
    (Assumptions({"aws:principaltag/team": None}), Kind.NEWLY_DENIED),
    (Assumptions(principals={DEV: {"team": "shop"}}), Kind.ALLOWED),
    (Assumptions(principals={DEV: {}}), Kind.NEWLY_DENIED),
    (Assumptions(principals={"arn:aws:iam::222222222222:role/Other": {"team": "shop"}}), Kind.DEPENDS),
    (Assumptions(resources={DEV: {"team": "shop"}}), Kind.DEPENDS),
]


@pytest.mark.parametrize(("assumed", "kind"), SETTLED)
def test_what_depends_can_be_settled(assumed: Assumptions, kind: Kind) -> None:
    """A value, absence, or tags as of a snapshot settle a key; a principal that is not listed stays open."""
    assert kind is judge(DELETE, {HERE: [TEAMS]}, assumed=assumed).kind


def test_tags_of_resources() -> None:
    """The tags of a listed resource count for the keys `aws:ResourceTag/…` and its service's own."""
    tried = {**QUEUES, "Condition": {"StringEquals": {"aws:ResourceTag/class": "secret"}}}
    queue = "arn:aws:sqs:eu-west-1:222222222222:q"
    kinds = [
        judge(DELETE, {HERE: [tried]}, assumed=Assumptions(resources=tags)).kind
        for tags in ({}, {queue: {"class": "secret"}}, {queue: {"class": "plain"}})
    ]
    assert kinds == [Kind.DEPENDS, Kind.NEWLY_DENIED, Kind.ALLOWED]


def test_what_a_record_tells_is_not_assumed_away() -> None:
    """An assumption about a key that the record holds changes nothing."""
    assumed = Assumptions({"aws:requestedregion": "eu-west-1"})
    assert Kind.NEWLY_DENIED is judge(FAR, {HERE: [REGIONS]}, assumed=assumed).kind
