"""The sentinels that orgctl brings along: they ask what AWS knows, and what orgctl itself does."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from orgctl.access import sets
from orgctl.access.change import Concern
from orgctl.access.emergency import EMERGENCY
from orgctl.access.everyday import EVERYDAY
from orgctl.access.own_needs import Need
from orgctl.access.roles import principals
from orgctl.access.sentinel import EVERYWHERE, Selection
from orgctl.access.sets import Surroundings
from orgctl.access.work import REGION_KEY, Work, tables
from orgctl.api.access import surroundings
from orgctl.api.permissions import names_of
from orgctl.aws.permissions import Command, actions_of, policies
from orgctl.lint.catalogue import actions, details
from orgctl.lint.globs import arn_includes
from orgctl.manifest import load
from orgctl.model.resources import Account
from orgctl.policytest.tables import Table
from orgctl.policytest.wording import wrong_action, wrong_principal, wrong_resource

AROUND = Surroundings(
    "aws",
    ("eu-west-1", "us-east-1"),
    "111111111111",
    "OrganizationAccountAccessRole",
    ("arn:aws:iam::*:role/deploy/*",),
    ("arn:aws:iam::*:role/BreakGlass",),
)
WORK = pytest.mark.parametrize("work", [*EVERYDAY, *EMERGENCY], ids=lambda work: work.action)
REPOSITORY = Path(__file__).parents[2]


@WORK
def test_everyday_work_is_what_aws_knows(work: Work) -> None:
    """Each action is one of AWS's, and is checked on resources such as the one that it is asked about."""
    known = actions(work.action.partition(":")[0])
    assert known.get(work.action.lower()) == work.action
    row = next(tables(work, "role/x", "aws", ("eu-west-1",)))
    resource = row.resources[0].replace("@{account}", "222222222222")
    patterns = details(work.action.lower()).resources
    assert resource == "*" if not patterns else any(arn_includes(pattern, resource) for pattern in patterns)


@WORK
def test_everyday_work_is_told_in_a_few_words(work: Work) -> None:
    """A sentence begins in lower case, is short, and needs no full stop: a plan has to fit it in."""
    assert re.fullmatch(r"[a-z][^.]{3,39}", work.sentence)


def test_nothing_is_asked_twice() -> None:
    """Each table lists an action once."""
    for table in (EVERYDAY, EMERGENCY):
        assert len({work.action for work in table}) == len(table)


def test_regional_work_is_asked_about_in_every_region() -> None:
    """Once for each region that is in use, with the resource in it; once for a service with one endpoint."""
    regional = Work("sqs:SendMessage", "arn:{partition}:sqs:{region}:@{account}:q", "send")
    found = list(tables(regional, "role/x", "aws", ("eu-west-1", "us-east-1")))
    assert [table.resources[0].split(":")[3] for table in found] == ["eu-west-1", "us-east-1"]
    assert [table.contexts for table in found] == [
        (((REGION_KEY, "eu-west-1"),),),
        (((REGION_KEY, "us-east-1"),),),
    ]
    single = Work("iam:ListRoles", "*", "look")
    assert list(tables(single, "role/x", "aws", ("eu-west-1", "us-east-1"))) == [Table(("iam:ListRoles",), ("role/x",))]


def test_every_sentinel_can_be_asked() -> None:
    """The tables hold requests as policy tests could write them."""
    for sentinel in sets.named("defaults", AROUND):
        table = sentinel.table
        assert [action for action in table.actions if wrong_action(action)] == []
        assert [principal for principal in table.principals if wrong_principal(principal)] == []
        filled = [resource.replace("@{account}", "222222222222") for resource in table.resources]
        assert [resource for resource in filled if wrong_resource(resource)] == []


def test_what_orgctl_needs_is_what_its_calls_need() -> None:
    """The actions asked about for the access role are those of its generated IAM policies, no more and no fewer."""
    loaded = load(REPOSITORY)
    own = policies(Command.APPLY, names_of(loaded))
    asked = [s for s in sets.named("access-role", surroundings(loaded)) if s.name != "orgctl enters the account"]
    of_bucket = {a for s in asked if s.selection == Selection(frozenset({"log-archive"})) for a in s.table.actions}
    assert own.access_role is not None
    assert of_bucket == actions_of(own.access_role)
    assert {principal for s in asked for principal in s.table.principals} == {"role/OrganizationAccountAccessRole"}


def test_orgctl_asks_whether_it_can_enter() -> None:
    """From the management account, the access role of every account: RCPs may deny that."""
    entering = next(s for s in sets.named("access-role", AROUND) if s.name == "orgctl enters the account")
    asked = next(entering.table.requests(Account("a", id="222222222222"), "aws"))
    assert asked.principal == "arn:aws:iam::111111111111:role/orgctl"
    assert asked.resource == "arn:aws:iam::222222222222:role/OrganizationAccountAccessRole"
    assert entering.important
    assert entering.selection == EVERYWHERE


def test_wildcards_of_needs_become_names() -> None:
    """A request is for one resource: regions become the home region, names something that fits the pattern."""
    document = {
        "Statement": [{"Action": ["lambda:GetFunction"], "Resource": "arn:aws:lambda:*:222222222222:function:orgctl-*"}]
    }
    around = replace(AROUND, needs=(Need("audit", document), Need(None, document)))
    found = sets.named("access-role", around)[1:]
    table = Table(
        ("lambda:GetFunction",),
        ("role/OrganizationAccountAccessRole",),
        ("arn:aws:lambda:eu-west-1:222222222222:function:orgctl-any",),
    )
    assert [(sentinel.table, sentinel.selection) for sentinel in found] == [
        (table, Selection(frozenset({"audit"}))),
        (table, EVERYWHERE),
    ]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("arn:aws:iam::*:role/BreakGlass", [("role/BreakGlass", EVERYWHERE)]),
        ("arn:aws:iam::*:role/path/deploy-*", [("role/path/deploy-any", EVERYWHERE)]),
        ("arn:*:iam::*:role/v?", [("role/vx", EVERYWHERE)]),
        ("arn:aws:iam::222222222222:role/x", [("role/x", Selection(frozenset({"222222222222"})))]),
        ("arn:aws:iam::2*:role/x", [("role/x", Selection(frozenset({"222222222222"})))]),
        ("arn:aws:iam::999999999999:role/x", []),
        ("arn:aws:iam::*:user/x", []),
        ("*", []),
    ],
)
def test_role_patterns(pattern: str, expected: list[tuple[str, Selection]]) -> None:
    """A pattern is asked about as a role that it fits, in the accounts that it fits."""
    accounts = [Account("two", id="222222222222"), Account("three", id="333333333333"), Account("new")]
    assert list(principals(pattern, accounts)) == expected


def test_roles_that_must_go_on_working_are_important() -> None:
    """The access role, the protected ones and those for emergencies; everyday work is not."""
    found = sets.named("defaults", AROUND)
    by_concern = {concern: {s.important for s in found if s.concern is concern} for concern in Concern}
    assert by_concern[Concern.EVERYDAY] == {False}
    assert by_concern[Concern.PROTECTED_ROLE] == by_concern[Concern.BREAK_GLASS] == {True}
    named = {s.table.principals[0] for s in found if s.concern is Concern.PROTECTED_ROLE}
    assert named == {"role/OrganizationAccountAccessRole", "role/deploy/any"}
