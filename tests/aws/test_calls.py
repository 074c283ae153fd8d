"""Calls against a server that throttles, drops, refuses and lies low."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from orgctl.aws.call import PATIENCE, pages, read
from orgctl.aws.failures import Failure
from orgctl.aws.session import Aws, connect
from orgctl.aws.waiting import policy_type_enabled
from orgctl.aws.write import invoke
from orgctl.errors import (
    AccessDeniedError,
    AwsError,
    RefusedError,
    StoppedError,
    ThrottledError,
    UncertainError,
    UnreachableError,
)
from orgctl.sandbox.embedded import Sandbox
from orgctl.sandbox.faults import Fault, Kind, When
from tests.aws.conftest import Hours, root_of, unit


def names(aws: Aws) -> list[str]:
    """The OUs right below the root."""
    listed = pages(aws, "organizations", "ListOrganizationalUnitsForParent", {"ParentId": root_of(aws)})
    return [unit["Name"] for page in listed for unit in page["OrganizationalUnits"]]


def create_unit(aws: Aws, name: str = "Prod") -> dict[str, Any]:
    return invoke(aws, "organizations", "CreateOrganizationalUnit", {"ParentId": root_of(aws), "Name": name})


def test_an_operation_that_is_not_in_the_table_is_refused(aws: Aws, sandbox: Sandbox) -> None:
    """However it came into a plan: nothing is sent."""
    with pytest.raises(RefusedError, match="organizations:LeaveOrganization"):
        invoke(aws, "organizations", "LeaveOrganization", {})
    with pytest.raises(RefusedError):
        invoke(aws, "organizations", "ListRoots", {})
    assert sandbox.calls() == {}


def test_a_read_that_is_not_in_the_table_is_a_mistake_in_orgctl(aws: Aws) -> None:
    """The permissions are made from the table, so it cannot be passed by."""
    with pytest.raises(KeyError):
        read(aws, "organizations", "DescribeHandshake", {})


def test_a_repeated_write_is_done(aws: Aws) -> None:
    """What is so already is an empty answer, and no failure."""
    enabling = {"RootId": root_of(aws), "PolicyType": "TAG_POLICY"}
    invoke(aws, "organizations", "EnablePolicyType", enabling)
    policy_type_enabled(aws, enabling["RootId"], "TAG_POLICY")
    assert invoke(aws, "organizations", "EnablePolicyType", enabling) == {}


def test_a_lost_answer_to_what_takes_its_time_is_no_conflict(aws: Aws, sandbox: Sandbox, hours: Hours) -> None:
    """The second EnablePolicyType meets the first one under way: that is ours, and is waited for as usual."""
    root = root_of(aws)
    sandbox.fault(Fault("organizations:EnablePolicyType", when=When.AFTER))
    assert invoke(aws, "organizations", "EnablePolicyType", {"RootId": root, "PolicyType": "TAG_POLICY"}) == {}
    assert policy_type_enabled(aws, root, "TAG_POLICY") == {}
    assert hours.time < 10


def test_a_second_creation_of_the_same_name_is_an_error(aws: Aws) -> None:
    """It may be somebody else's."""
    create_unit(aws)
    with pytest.raises(AwsError) as caught:
        create_unit(aws)
    assert caught.value.code == "DuplicateOrganizationalUnitException"


@pytest.mark.parametrize("kind", [Kind.THROTTLE, Kind.ERROR])
def test_what_certainly_did_not_happen_is_tried_again(aws: Aws, sandbox: Sandbox, kind: Kind) -> None:
    """Throttled, or in somebody's way: even a creation is safe to repeat."""
    fault = Fault("organizations:CreateOrganizationalUnit", kind=kind, code="ConcurrentModificationException", times=3)
    sandbox.fault(fault)
    create_unit(aws)
    assert names(aws) == ["Prod"]
    assert sandbox.calls()["organizations:CreateOrganizationalUnit"] == 4


@pytest.mark.parametrize(("when", "there"), [(When.BEFORE, []), (When.AFTER, ["Prod"])])
def test_a_creation_whose_answer_is_lost_is_uncertain(aws: Aws, sandbox: Sandbox, when: When, there: list[str]) -> None:
    """It is sent once: from here the two cases look the same."""
    sandbox.fault(Fault("organizations:CreateOrganizationalUnit", when=when))
    with pytest.raises(UncertainError):
        create_unit(aws)
    assert names(aws) == there
    assert sandbox.calls()["organizations:CreateOrganizationalUnit"] == 1


@pytest.mark.parametrize("when", list(When))
def test_a_repeatable_write_whose_answer_is_lost_is_sent_again(aws: Aws, sandbox: Sandbox, when: When) -> None:
    """Whether it had happened or not, it has happened now."""
    made = unit(aws, "Prod")
    sandbox.fault(Fault("organizations:DeleteOrganizationalUnit", when=when))
    assert invoke(aws, "organizations", "DeleteOrganizationalUnit", {"OrganizationalUnitId": made}) == {}
    assert names(aws) == []


@pytest.mark.parametrize("kind", list(Kind))
def test_reads_are_repeated_whatever_happens(aws: Aws, sandbox: Sandbox, kind: Kind) -> None:
    """A dropped connection, a fault within AWS, throttling: the answer comes in the end."""
    sandbox.fault(Fault("organizations:ListRoots", kind=kind, status=500, times=2))
    assert len(read(aws, "organizations", "ListRoots", {})["Roots"]) == 1


def test_throttling_without_end_ends_with_our_patience(aws: Aws, sandbox: Sandbox, hours: Hours) -> None:
    """Ten minutes, and no more."""
    sandbox.fault(Fault("organizations:ListRoots", kind=Kind.THROTTLE, times=0))
    with pytest.raises(ThrottledError, match="throttled `organizations:ListRoots`"):
        read(aws, "organizations", "ListRoots", {})
    longest = PATIENCE[Failure.THROTTLED]
    assert longest * 0.8 < hours.time < longest * 1.2


def test_throttling_slows_the_bucket_down(aws: Aws, sandbox: Sandbox) -> None:
    """The next calls of that API come at half the rate."""
    sandbox.fault(Fault("organizations:ListAccounts", kind=Kind.THROTTLE))
    read(aws, "organizations", "ListAccounts", {})
    bucket = aws.pacing.bucket("organizations", "ListAccounts")
    assert getattr(bucket, "per_second", None) == 4 + 8 / 20


def test_a_refused_connection_is_unreachable_and_nothing_was_sent(
    monkeypatch: pytest.MonkeyPatch, hours: Hours
) -> None:
    """Even for a creation it is certain that nothing happened."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "x")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
    aws = connect(endpoint_url=f"http://127.0.0.1:{port}", clock=hours.clock)
    with pytest.raises(UnreachableError) as caught:
        invoke(aws, "s3", "CreateBucket", {"Bucket": "b-1"})
    assert caught.value.hint == "check the network, the region and `--endpoint-url`"
    assert hours.time < PATIENCE[Failure.UNREACHABLE] * 2


def test_a_wrong_parameter_is_found_before_anything_is_sent(aws: Aws, sandbox: Sandbox) -> None:
    """botocore's own check stays on."""
    before = root_of(aws) and sandbox.calls()
    with pytest.raises(AwsError, match="Unknown parameter"):
        invoke(aws, "organizations", "MoveAccount", {"Acount": "1"})
    assert sandbox.calls() == before


def test_a_stop_ends_waiting_for_a_second_try(sandbox: Sandbox) -> None:
    """Ctrl-C while AWS throttles: StoppedError at once."""
    aws = connect()
    assert aws.identity.account == "111111111111"
    sandbox.fault(Fault("organizations:ListRoots", kind=Kind.THROTTLE, times=0))
    aws.stop()
    with pytest.raises(StoppedError):
        read(aws, "organizations", "ListRoots", {})


def test_empty_pages_are_no_end(aws: Aws, sandbox: Sandbox) -> None:
    """AWS may send nothing with a NextToken."""
    for number in range(5):
        create_unit(aws, f"U{number}")
    sandbox.configure(empty_page_every=2, page_size=1)
    assert sorted(names(aws)) == [f"U{number}" for number in range(5)]


def test_a_denied_member_names_the_role_that_was_denied(aws: Aws, sandbox: Sandbox) -> None:
    """In another account the caller is the access role."""
    created = invoke(aws, "organizations", "CreateAccount", {"Email": "a@example.com", "AccountName": "a"})
    status = created["CreateAccountStatus"]
    for _ in range(3):
        asked = {"CreateAccountRequestId": status["Id"]}
        status = read(aws, "organizations", "DescribeCreateAccountStatus", asked)["CreateAccountStatus"]
    account = status["AccountId"]
    sandbox.fault(Fault("s3:CreateBucket", kind=Kind.ERROR, code="AccessDenied", status=403))
    with pytest.raises(AccessDeniedError, match=f"{account}:role/OrganizationAccountAccessRole` is not allowed"):
        invoke(aws, "s3", "CreateBucket", {"Bucket": "b-1"}, account=account)
