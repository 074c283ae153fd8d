"""What takes time: creating and closing accounts, enabling types; and pages."""

from __future__ import annotations

from typing import Any

from orgctl.sandbox.embedded import Sandbox, running
from orgctl.sandbox.seed import Seeding
from orgctl.sandbox.settings import Delay, Delays
from tests.sandbox.conftest import client, enabled, every, member, refusal, root_of

DAYS = 24 * 60 * 60


def test_an_account_appears_under_the_root_when_it_is_created(sandbox: Sandbox, organizations: Any) -> None:
    """CreateAccount only begins it: there is no account until its request has SUCCEEDED."""
    begun = organizations.create_account(
        Email="a@example.com", AccountName="a", Tags=[{"Key": "env", "Value": "prod"}]
    )["CreateAccountStatus"]
    assert (begun["State"], len(sandbox.organization.accounts)) == ("IN_PROGRESS", 1)
    asked = [organizations.describe_create_account_status(CreateAccountRequestId=begun["Id"]) for _ in range(2)]
    assert [answer["CreateAccountStatus"]["State"] for answer in asked] == ["IN_PROGRESS", "SUCCEEDED"]
    account = asked[1]["CreateAccountStatus"]["AccountId"]
    assert [{"Id": root_of(sandbox), "Type": "ROOT"}] == organizations.list_parents(ChildId=account)["Parents"]
    assert sandbox.organization.accounts[account].tags == {"env": "prod"}


def test_an_address_is_used_once(sandbox: Sandbox, organizations: Any) -> None:
    """A second account of one e-mail address fails, later, with EMAIL_ALREADY_EXISTS; case does not matter."""
    member(organizations, "one")
    organizations.create_account(Email="AWS+one@example.com", AccountName="two")
    every(organizations, "list_create_account_status", "CreateAccountStatuses")
    failed = every(organizations, "list_create_account_status", "CreateAccountStatuses", States=["FAILED"])
    assert [(status["AccountName"], status["FailureReason"]) for status in failed] == [("two", "EMAIL_ALREADY_EXISTS")]


def test_five_accounts_are_created_at_a_time(organizations: Any) -> None:
    """A sixth is refused until one of the five is done."""
    for number in range(5):
        organizations.create_account(Email=f"a{number}@example.com", AccountName="a")
    assert refusal(lambda: organizations.create_account(Email="a6@example.com", AccountName="a")) == (
        "TooManyRequestsException",
        None,
    )


def test_a_closed_account_stays_where_it_is(sandbox: Sandbox, organizations: Any) -> None:
    """Closing passes through PENDING_CLOSURE to CLOSED, which the older `Status` calls SUSPENDED."""
    account = member(organizations, "one")
    organizations.close_account(AccountId=account)
    asked = [organizations.describe_account(AccountId=account)["Account"] for _ in range(2)]
    states = [(answer["State"], answer["Status"]) for answer in asked]
    assert states == [("PENDING_CLOSURE", "PENDING_CLOSURE"), ("CLOSED", "SUSPENDED")]
    assert account in {found["Id"] for found in every(organizations, "list_accounts", "Accounts")}


def test_an_account_of_four_days_can_be_removed(sandbox: Sandbox, organizations: Any) -> None:
    """Time can be advanced, so that nothing has to wait for it."""
    account = member(organizations, "one")
    sandbox.advance(4 * DAYS)
    organizations.remove_account_from_organization(AccountId=account)
    assert list(sandbox.organization.accounts) == ["111111111111"]


def test_delays_by_time() -> None:
    """A delay of seconds holds however often one asks, and ends when the time is over."""
    with running(delays=Delays(policy_type=Delay(0, 60))) as sandbox:
        api = client(sandbox, "organizations")
        root = root_of(sandbox)
        api.enable_policy_type(RootId=root, PolicyType="TAG_POLICY")
        statuses = [sandbox.organization.types["TAG_POLICY"].status for _ in range(3) if api.list_roots()]
        sandbox.advance(61)
        enabled_types = every(api, "list_roots", "Roots")[0]["PolicyTypes"]
    assert statuses == ["PENDING_ENABLE"] * 3
    assert enabled_types == [{"Type": "TAG_POLICY", "Status": "ENABLED"}]


def test_pages_hold_twenty_and_some_are_empty() -> None:
    """Every nth list answer is an empty page with a NextToken; following the tokens finds everything once."""
    with running(empty_page_every=2) as sandbox:
        sandbox.seed(Seeding(accounts=45, units=0, policies=0))
        api = client(sandbox, "organizations")
        pages = [page["Accounts"] for page in api.get_paginator("list_accounts").paginate()]
    assert [len(page) for page in pages] == [20, 0, 20, 0, 6]
    assert len({account["Id"] for page in pages for account in page}) == 46


def test_the_empty_page_can_be_the_first() -> None:
    """Also a list of one item may begin with an empty page."""
    with running(empty_page_every=2) as sandbox:
        api = client(sandbox, "organizations")
        api.list_roots()
        first = api.list_roots()
        assert first["Roots"] == []
        assert len(api.list_roots(NextToken=first["NextToken"])["Roots"]) == 1


def test_empty_pages_can_be_switched_off() -> None:
    """With 0 there are none: n accounts take ceil(n/20) calls."""
    with running(empty_page_every=0) as sandbox:
        sandbox.seed(Seeding(accounts=99, units=0, policies=0))
        every(client(sandbox, "organizations"), "list_accounts", "Accounts")
        assert sandbox.calls() == {"organizations:ListAccounts": 5}


def test_a_type_blocks_its_service(sandbox: Sandbox, organizations: Any) -> None:
    """Trusted access of Security Hub stays as long as its policy type is enabled."""
    service = "securityhub.amazonaws.com"
    organizations.enable_aws_service_access(ServicePrincipal=service)
    enabled(organizations, root_of(sandbox), "SECURITYHUB_POLICY")
    assert refusal(lambda: organizations.disable_aws_service_access(ServicePrincipal=service)) == (
        "ConstraintViolationException",
        "POLICY_TYPE_ENABLED_FOR_THIS_SERVICE",
    )
