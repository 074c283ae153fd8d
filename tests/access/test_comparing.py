"""What changes between two organizations, case by case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pytest

from orgctl.access.alike import tells_ids_apart
from orgctl.access.change import AccessChange, AccessKind, Cause, Concern
from orgctl.access.comparing import compare
from orgctl.access.sentinel import Selection, Sentinel
from orgctl.diagnostics import Position
from orgctl.policy.explanation import Decision
from orgctl.policy.parser import parse
from orgctl.policy.request import Request
from orgctl.policytest.tables import Table
from orgctl.simulator import Simulator
from orgctl.source import Place
from tests.access.organizations import deny, document, organization

TWO, THREE, FOUR = "222222222222", "333333333333", "444444444444"
ACCOUNTS = {TWO: ("A",), THREE: ("A", "B"), FOUR: ("C",)}
NO_S3 = {"scp/no-s3": deny("s3:*")}
READ = Sentinel("read", Concern.DECLARED, Table(("s3:GetObject",), ("role/Dev",)))


def changes(before: Simulator, after: Simulator, *sentinels: Sentinel) -> tuple[AccessChange, ...]:
    return compare(before, after, sentinels or (READ,)).changes


def test_an_attachment_denies_what_it_is_attached_over() -> None:
    """The change says what is denied, where, by which statement, and what was decided before."""
    before, after = organization(ACCOUNTS, NO_S3, ()), organization(ACCOUNTS, NO_S3, [("scp/no-s3", "ou:/A")])
    assert changes(before, after) == (
        AccessChange(
            AccessKind.NEWLY_DENIED,
            "read",
            Concern.DECLARED,
            False,
            "role/Dev",
            "s3:GetObject",
            "*",
            (),
            ("ou:/A",),
            2,
            Decision.ALLOWED,
            Decision.EXPLICIT_DENY,
            (Cause("scp", "scp/no-s3", "No"),),
            (Cause("scp", "scp/FullAWSAccess", "statement 1"),),
        ),
    )


def test_the_reverse_allows_it() -> None:
    """A detached policy is what decided formerly."""
    before, after = organization(ACCOUNTS, NO_S3, [("scp/no-s3", "ou:/A")]), organization(ACCOUNTS, NO_S3, ())
    (change,) = changes(before, after)
    assert change.kind is AccessKind.NEWLY_ALLOWED
    assert change.formerly == (Cause("scp", "scp/no-s3", "No"),)


def test_a_level_on_which_nothing_allows_is_named() -> None:
    """Where AWS's FullAWSAccess goes, nobody denies, and yet nothing is allowed."""
    before = organization(ACCOUNTS, {}, ())
    after = organization(ACCOUNTS, {}, (), bare=["ou:/A/B"])
    (change,) = changes(before, after)
    assert change.after is Decision.IMPLICIT_DENY
    assert change.where == ("ou:/A/B",)
    assert change.by == (Cause("scp", level="ou:/A/B"),)
    assert str(change.by[0]) == "nothing allows it on ou:/A/B"


def test_another_reason_for_the_same_answer_is_no_change() -> None:
    """Denied explicitly or implicitly, by one policy or another: for whoever asks it is all one."""
    before = organization(ACCOUNTS, {"scp/a": deny("s3:*"), "scp/b": deny("s3:Get*")}, [("scp/a", "ou:/")])
    after = organization(ACCOUNTS, {"scp/a": deny("s3:*"), "scp/b": deny("s3:Get*")}, [("scp/b", "ou:/")])
    assert changes(before, after) == ()
    assert changes(before, organization(ACCOUNTS, {}, (), bare=["ou:/"])) == ()


def test_a_moved_account_is_told_under_its_new_place() -> None:
    """It comes under the policies of the OU that it goes to."""
    on_c = [("scp/no-s3", "ou:/C")]
    before, after = organization(ACCOUNTS, NO_S3, on_c), organization({**ACCOUNTS, THREE: ("C",)}, NO_S3, on_c)
    (change,) = changes(before, after)
    assert change.where == (f"account:{THREE}",)
    assert change.kind is AccessKind.NEWLY_DENIED


def test_the_management_account_is_not_bound() -> None:
    """A policy on the root denies to all but the management account, and the root stands for all the others."""
    (change,) = changes(organization(ACCOUNTS, NO_S3, ()), organization(ACCOUNTS, NO_S3, [("scp/no-s3", "ou:/")]))
    assert (change.where, change.accounts) == (("ou:/",), 3)


def test_a_new_account_has_no_before() -> None:
    """It counts as new; only what is denied there to roles that must go on working is told."""
    before = organization({TWO: ("A",)}, NO_S3, [("scp/no-s3", "ou:/A")])
    after = organization({TWO: ("A",), THREE: ("A",)}, NO_S3, [("scp/no-s3", "ou:/A")])
    important = Sentinel(
        "rescue", Concern.BREAK_GLASS, Table(("s3:PutBucketPolicy",), ("role/Rescue",)), important=True
    )
    access = compare(before, after, [READ, important])
    assert (access.accounts, access.new_accounts) == (2, 1)
    assert [(c.sentinel, c.where, c.before) for c in access.changes] == [("rescue", (f"account:{THREE}",), None)]


def test_what_nobody_knows_makes_answers_unknown() -> None:
    """A policy that asks where a caller is leaves it open, and the keys are named."""

    def nobody_knows(request: Request, looked_at: Mapping[str, str], _said: frozenset[str]) -> Request:
        return Request.of(
            request.action, request.resource, request.principal, dict(request.context), unknown=looked_at.values()
        )

    corporate = deny("s3:*", Condition={"NotIpAddress": {"aws:SourceIp": "192.0.2.0/24"}})
    before = organization(ACCOUNTS, {"scp/ip": corporate}, ())
    after = organization(ACCOUNTS, {"scp/ip": corporate}, [("scp/ip", "ou:/C")])
    (change,) = compare(before, after, [READ], complete=nobody_knows).changes
    assert (change.kind, change.after) == (AccessKind.UNCERTAIN, Decision.UNKNOWN)
    assert change.unknown_keys == ("aws:SourceIp",)


def test_the_selected_accounts_alone_are_asked() -> None:
    """By OU or by name; an OU is named only if all accounts in it change."""
    before, after = organization(ACCOUNTS, NO_S3, ()), organization(ACCOUNTS, NO_S3, [("scp/no-s3", "ou:/")])

    def where(selection: Selection) -> tuple[str, ...]:
        (change,) = changes(before, after, Sentinel("x", Concern.DECLARED, READ.table, selection))
        return change.where

    assert where(Selection(units=(("A",),))) == ("ou:/A",)
    assert where(Selection(frozenset({TWO}))) == (f"account:{TWO}",)
    assert where(Selection(frozenset({THREE}), (("C",),))) == ("ou:/A/B", "ou:/C")


def test_the_line_of_a_statement_is_told() -> None:
    """Also of one that denies no more, if it is still in our files."""

    def locate(policy: str, place: Place) -> Position:
        return Position(f"policies/{policy}.json", 7)

    before, after = organization(ACCOUNTS, NO_S3, ()), organization(ACCOUNTS, NO_S3, [("scp/no-s3", "ou:/C")])
    (change,) = compare(before, after, [READ], locate=locate).changes
    assert change.by[0].position == Position("policies/scp/no-s3.json", 7)
    (change,) = compare(after, before, [READ], locate=locate).changes
    assert change.formerly[0].position == Position("policies/scp/no-s3.json", 7)
    (change,) = compare(after, organization(ACCOUNTS, {}, ()), [READ], locate=locate).changes
    assert change.formerly[0].position is None


@dataclass(frozen=True)
class Apart:
    """A policy that tells accounts apart, and the accounts to which it denies the request."""

    condition: Mapping[str, object]
    resource: str
    denied: tuple[str, ...]


@pytest.mark.parametrize(
    ("pattern", "apart"),
    [
        ("arn:aws:iam::2*:role/Dev", True),
        ("arn:aws:iam::*2:role/Dev", True),
        ("*2*", True),
        ("arn:aws:iam::2${aws:username}:role/Dev", True),
        ("arn:aws:iam::222222222222:role/Dev", False),
        ("arn:aws:iam::*:role/team1*", False),
        ("arn:aws:iam::*:role/*-2-x", False),
        ("arn:aws:iam::*:role/2024-01-31", False),
        ("arn:aws:iam::????????????:role/Dev", False),
    ],
)
def test_asking_each_account_by_itself_is_left_to_rare_policies(pattern: str, *, apart: bool) -> None:
    """Digits in the name of a role cannot be part of an account's id: they are not where the id is."""
    document = parse(deny("s3:*", Condition={"ArnLike": {"aws:PrincipalArn": pattern}}))
    arn = f"arn:aws:iam::{TWO}:role/Dev"
    request = Request.of("s3:GetObject", "*", arn, {"aws:PrincipalArn": arn, "aws:PrincipalAccount": TWO})
    assert tells_ids_apart([document], request, TWO) is apart


@pytest.mark.parametrize(
    "case",
    [
        Apart({"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{TWO}:role/*"}}, "*", (TWO,)),
        Apart({"ArnNotLike": {"aws:PrincipalArn": f"arn:aws:iam::{TWO}:role/*"}}, "*", (THREE, FOUR)),
        Apart({"StringEquals": {"aws:PrincipalAccount": [THREE, FOUR]}}, "*", (THREE, FOUR)),
        Apart({"StringLike": {"aws:PrincipalAccount": "2*"}}, "*", (TWO,)),
        Apart({"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::33333333333?:role/*"}}, "*", (THREE,)),
        Apart({"StringNotLike": {"aws:ResourceAccount": "*4"}}, "*", (TWO, THREE)),
        Apart({"NumericLessThan": {"aws:PrincipalAccount": "300000000000"}}, "*", (TWO,)),
        Apart({}, "arn:aws:s3:::logs-33*", (THREE,)),
        Apart({}, f"arn:aws:s3:::logs-{FOUR}", (FOUR,)),
        Apart({}, "arn:aws:s3:::logs-${aws:PrincipalAccount}", (TWO, THREE, FOUR)),
        Apart({}, "arn:aws:s3:::logs-2${aws:PrincipalAccount}", ()),
    ],
)
def test_accounts_that_only_their_ids_tell_apart(case: Apart) -> None:
    """One answer for all is given only where no policy can tell them apart."""
    accounts = dict.fromkeys((TWO, THREE, FOUR), ("A",))
    said = {"Effect": "Deny", "Action": "s3:*", "Resource": case.resource, "Condition": case.condition}
    texts = {"scp/apart": document(said)}
    table = Table(("s3:GetObject",), ("role/Dev",), ("arn:aws:s3:::logs-@{account}",))
    before, after = organization(accounts, texts, ()), organization(accounts, texts, [("scp/apart", "ou:/")])
    found = changes(before, after, Sentinel("x", Concern.DECLARED, table))
    everywhere: dict[tuple[str, ...], tuple[str, ...]] = {("ou:/",): (TWO, THREE, FOUR)}
    denied = {name.removeprefix("account:") for c in found for name in everywhere.get(c.where, c.where)}
    assert denied == set(case.denied)


def test_digits_next_to_the_id_tell_accounts_apart() -> None:
    """A made-up name that ends in a digit makes a longer number, of which a policy may name twelve digits."""
    accounts = dict.fromkeys((TWO, THREE), ("A",))
    texts = {"scp/apart": document({"Effect": "Deny", "Action": "s3:*", "Resource": "arn:aws:s3:::logs-722222222222*"})}
    table = Table(("s3:GetObject",), ("role/Dev",), ("arn:aws:s3:::logs-7@{account}",))
    before, after = organization(accounts, texts, ()), organization(accounts, texts, [("scp/apart", "ou:/")])
    (change,) = changes(before, after, Sentinel("x", Concern.DECLARED, table))
    assert change.where == (f"account:{TWO}",)


def test_whose_resource_it_is_counts_for_rcps() -> None:
    """A request from the management account to a member's resource is bound by that member's RCPs."""
    texts = {"rcp/no": deny("sts:*", Principal="*")}
    table = Table(("sts:AssumeRole",), ("arn:aws:iam::111111111111:role/x",), ("arn:aws:iam::@{account}:role/y",))
    before, after = organization(ACCOUNTS, texts, ()), organization(ACCOUNTS, texts, [("rcp/no", "ou:/C")])
    (change,) = changes(before, after, Sentinel("enter", Concern.ACCESS_ROLE, table))
    assert change.where == ("ou:/C",)
    assert change.by == (Cause("rcp", "rcp/no", "No"),)


def test_a_type_that_is_switched_on_begins_to_decide() -> None:
    """What has been attached all along counts from then on."""
    before = organization(ACCOUNTS, NO_S3, [("scp/no-s3", "ou:/C")], types=())
    after = organization(ACCOUNTS, NO_S3, [("scp/no-s3", "ou:/C")])
    (change,) = changes(before, after)
    assert (change.kind, change.where) == (AccessKind.NEWLY_DENIED, ("ou:/C",))
