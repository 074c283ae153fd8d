"""Throttling, faults, latency, conflicts, the log, and the control endpoints."""

from __future__ import annotations

import http.client
import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from botocore.exceptions import ConnectionClosedError

from orgctl.sandbox.embedded import Sandbox, running
from orgctl.sandbox.faults import Fault, Kind, When
from orgctl.sandbox.settings import Settings
from tests.sandbox.conftest import client, policy, refusal, root_of


def control(sandbox: Sandbox, method: str, endpoint: str, body: object = None) -> tuple[int, Any]:
    connection = http.client.HTTPConnection("127.0.0.1", sandbox.port)
    connection.request(method, f"/_sandbox/{endpoint}", None if body is None else json.dumps(body))
    response = connection.getresponse()
    answer = response.status, json.loads(response.read())
    connection.close()
    return answer


def test_throttled_at_the_published_rate() -> None:
    """ListRoots has a burst of 2 and one call a second after it; each operation has its own bucket."""
    with running(throttle=True) as sandbox:
        api = client(sandbox, "organizations")
        api.list_roots()
        api.list_roots()
        assert refusal(api.list_roots) == ("TooManyRequestsException", None)
        api.describe_organization()
        sandbox.advance(1)
        api.list_roots()


def test_callers_share_a_larger_bucket() -> None:
    """A second caller of the organization finds part of the burst used up."""
    with running(throttle=True, rates={}) as sandbox:
        ours, theirs = client(sandbox, "organizations"), client(sandbox, "organizations", "222222222222")
        ours.describe_organization()
        ours.describe_organization()
        assert refusal(theirs.describe_organization) == ("AWSOrganizationsNotInUseException", None)
        assert refusal(theirs.describe_organization) == ("TooManyRequestsException", None)


FAULTS = [
    (Fault("organizations:CreateOrganizationalUnit"), 0),
    (Fault("organizations:CreateOrganizationalUnit", when=When.AFTER), 1),
    (Fault("write"), 0),
    (Fault("*", when=When.AFTER), 1),
]


@pytest.mark.parametrize(("fault", "units"), FAULTS)
def test_a_connection_breaks_before_or_after_the_effect(sandbox: Sandbox, fault: Fault, units: int) -> None:
    """The caller cannot tell the two apart: only the state can."""
    sandbox.fault(fault)
    api = client(sandbox, "organizations")
    with pytest.raises(ConnectionClosedError):
        api.create_organizational_unit(ParentId=root_of(sandbox), Name="A")
    assert units == len(sandbox.organization.units)


def test_the_nth_write_fails(sandbox: Sandbox, organizations: Any) -> None:
    """Reads are not counted; the fault is over after it came."""
    sandbox.fault(Fault("write", nth=2, kind=Kind.ERROR, code="ServiceException"))
    root = root_of(sandbox)
    outcomes = []
    for name in "abc":
        organizations.list_roots()
        try:
            organizations.create_organizational_unit(ParentId=root, Name=name)
            outcomes.append("ok")
        except organizations.exceptions.ServiceException:
            outcomes.append("failed")
    assert outcomes == ["ok", "failed", "ok"]


def test_a_throttle_can_be_forced(sandbox: Sandbox, organizations: Any) -> None:
    """Without end, if `times` is 0."""
    sandbox.fault(Fault("organizations:ListRoots", kind=Kind.THROTTLE, times=0))
    assert [refusal(organizations.list_roots) for _ in range(3)] == [("TooManyRequestsException", None)] * 3


def test_writes_on_one_target_conflict() -> None:
    """While one write is under way, another one on the same policy is a ConcurrentModificationException."""
    with running(latency_ms=300) as sandbox:
        api = client(sandbox, "organizations")
        mine = policy(api, "mine")

        def rename(name: str) -> str:
            try:
                return str(api.update_policy(PolicyId=mine, Name=name)["Policy"]["PolicySummary"]["Name"])
            except api.exceptions.ConcurrentModificationException:
                return "conflict"

        with ThreadPoolExecutor(2) as pool:
            outcomes = list(pool.map(rename, ("one", "two")))
    assert outcomes.count("conflict") == 1


def test_calls_are_logged_and_counted(sandbox: Sandbox, organizations: Any) -> None:
    """The log has who called what, with which parameters and outcome; it can be cleared."""
    organizations.list_roots()
    refusal(lambda: organizations.describe_account(AccountId="222222222222"))
    _, log = control(sandbox, "GET", "calls")
    assert log["counts"] == {"organizations:DescribeAccount": 1, "organizations:ListRoots": 1}
    last = log["calls"][-1]
    assert (
        last["caller"],
        last["parameters"],
        last["outcome"],
    ) == ("111111111111", {"AccountId": "222222222222"}, "AccountNotFoundException")
    control(sandbox, "DELETE", "calls")
    assert sandbox.calls() == {}


def test_everything_can_be_switched_over_http(sandbox: Sandbox, organizations: Any) -> None:
    """Settings, faults, the clock, seeding and a reset have their endpoints."""
    assert control(sandbox, "POST", "settings", {"page_size": 3, "delays": {"policy_type": {"polls": 9}}})[0] == 200
    assert (sandbox.front.settings.page_size, sandbox.front.settings.delays.policy_type.polls) == (3, 9)
    control(sandbox, "POST", "faults", [{"match": "organizations:ListRoots", "kind": "throttle"}])
    assert refusal(organizations.list_roots) == ("TooManyRequestsException", None)
    assert control(sandbox, "DELETE", "faults") == (200, {})
    assert control(sandbox, "POST", "clock", {"advance_seconds": 5}) == (200, {})
    control(sandbox, "POST", "seed", {"accounts": 30, "units": 3, "policies": 2})
    assert (len(sandbox.organization.accounts), len(sandbox.organization.units)) == (31, 3)
    control(sandbox, "POST", "reset", {})
    status = control(sandbox, "GET", "status")[1]
    assert (status["accounts"], status["calls"], "not AWS" in status["notice"]) == (1, 0, True)


WRONG = [
    ("POST", "settings", {"no_such": 1}),
    ("POST", "settings", {"empty_page_every": 1}),
    ("POST", "faults", [{"kind": "explosion"}]),
    ("POST", "clock", {"advance_seconds": -1}),
    ("PUT", "state", {"a": 1}),
]


@pytest.mark.parametrize(("method", "endpoint", "body"), WRONG)
def test_wrong_control_requests_are_refused(sandbox: Sandbox, method: str, endpoint: str, body: object) -> None:
    """They answer 400 with what is wrong, and change nothing."""
    before = sandbox.front.settings
    status, answer = control(sandbox, method, endpoint, body)
    assert (400, True, before) == (status, bool(answer["error"]), sandbox.front.settings)


def test_settings_go_through_json() -> None:
    """What `to_json` writes, `changed` reads back."""
    settings = Settings(seed=3, latency_ms=5).changed(
        {"rates": {"organizations:ListRoots": {"per_second": 1, "burst": 1}}}
    )
    assert settings == Settings().changed(json.loads(json.dumps(settings.to_json())))
