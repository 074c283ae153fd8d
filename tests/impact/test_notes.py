"""What an impact says beside its figures: what no record tells of, and what was assumed in vain."""

from __future__ import annotations

from pathlib import Path

import pytest

from orgctl.api.connection import Connection
from orgctl.api.impact import Wanted, impact
from tests.impact.small import REGIONS, TEAMS, Statement, write_organization, write_policy, write_records
from tests.replay.records import record


def deny(*actions: str, element: str = "Action") -> Statement:
    return {"Sid": "S", "Effect": "Deny", element: list(actions), "Resource": "*"}


SILENT: list[tuple[Statement, tuple[str, ...]]] = [
    (deny("sqs:SendMessage"), ()),
    (deny("sqs:*"), ()),
    (deny("*"), ()),
    (deny("iam:*", element="NotAction"), ()),
    ({**deny("s3:GetObject"), "Effect": "Allow"}, ()),
    (deny("s3:GetObject"), ("none of the events is one that `scp/tried#S` speaks of (s3:GetObject)",)),
    (
        deny("s3:Get*", "s3:Put*", "s3:List*", "s3:Delete*"),
        ("none of the events is one that `scp/tried#S` speaks of (s3:Get*, s3:Put*, s3:List* and 1 more)",),
    ),
    (
        deny("iam:Pass*", "sqs:SendMessage"),
        ("`scp/tried#S` denies `iam:PassRole`, which is asked within other calls: no record tells of it",),
    ),
]


@pytest.mark.parametrize(("statement", "notes"), SILENT)
def test_what_records_are_silent_of(tmp_path: Path, statement: Statement, notes: tuple[str, ...]) -> None:
    """That nothing is newly denied reassures nobody where no event could have been: the statement is named."""
    write_organization(tmp_path, statement)
    trail = write_records(tmp_path / "t.json", record(eventID="a"))
    assert notes == impact(tmp_path, Connection(), Wanted((str(trail),), "none")).notes


def test_many_silent_statements_are_one_note(tmp_path: Path) -> None:
    """Where records are silent of very much, that is said once."""
    write_organization(tmp_path, *({**deny(f"s3:{verb}*"), "Sid": verb} for verb in ("Get", "Put", "List", "Delete")))
    trail = write_records(tmp_path / "t.json", record(eventID="a"))
    names = "`scp/tried#Get`, `scp/tried#Put`, `scp/tried#List` and 1 more"
    said = f"none of the events is one that 4 new statements speak of: {names}"
    assert impact(tmp_path, Connection(), Wanted((str(trail),), "none")).notes == (said,)


def test_only_what_is_new_is_told_of(tmp_path: Path) -> None:
    """What is denied already, and stays so, needs no note; tried at another place, it does."""
    write_organization(tmp_path, deny("s3:GetObject"), name="tried")
    trail = write_records(tmp_path / "t.json", record(eventID="a"))
    file = write_policy(tmp_path / "policies/scp/tried.json", deny("s3:GetObject"))
    found = [
        impact(tmp_path, Connection(), Wanted((str(trail),), "manifest", policy=file, target=target)).notes
        for target in ("ou:/Workloads", "ou:/Lab")
    ]
    assert [len(notes) for notes in found] == [0, 1]


VARIABLE: Statement = {**deny("sqs:DeleteQueue"), "Resource": "arn:aws:sqs:*:*:${aws:PrincipalTag/queue}"}
IN_VAIN = "`--assume` tells of `aws:PrincipalTg/team`, which no policy asks for"
ASSUMED = [
    (TEAMS, "aws:PrincipalTag/team=shop", ()),
    (TEAMS, "AWS:principaltag/TEAM=shop", ()),
    (VARIABLE, "aws:PrincipalTag/queue=q", ()),
    (
        TEAMS,
        "aws:PrincipalTg/team=shop",
        (f"{IN_VAIN}; did you mean `aws:PrincipalTag/team`?",),
    ),
    (REGIONS, "ec2:InstanceType=x", ("`--assume` tells of `ec2:InstanceType`, which no policy asks for",)),
]


@pytest.mark.parametrize(("statement", "pair", "notes"), ASSUMED)
def test_what_is_assumed_in_vain(tmp_path: Path, statement: Statement, pair: str, notes: tuple[str, ...]) -> None:
    """A key that no policy asks for settles nothing: probably another one was meant."""
    write_organization(tmp_path, statement)
    trail = write_records(tmp_path / "t.json", record(eventID="a"), record(eventID="b", eventName="DeleteQueue"))
    assert notes == impact(tmp_path, Connection(), Wanted((str(trail),), "none", assume=(pair,))).notes
