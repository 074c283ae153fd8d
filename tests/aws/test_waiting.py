"""Waiting for what AWS only promised."""

from __future__ import annotations

import pytest

from orgctl.aws.session import Aws, connect
from orgctl.aws.waiting import (
    account_closed,
    account_created,
    organization_ready,
    policy_type_disabled,
    policy_type_enabled,
)
from orgctl.aws.write import invoke
from orgctl.errors import AwsError, StoppedError
from orgctl.sandbox.embedded import Sandbox, running
from orgctl.sandbox.faults import Fault, Kind
from orgctl.sandbox.settings import Delay, Delays
from tests.aws.conftest import MANAGEMENT, Hours, member, root_of, use


def create(aws: Aws, email: str) -> str:
    status = invoke(aws, "organizations", "CreateAccount", {"Email": email, "AccountName": "shop"})
    return str(status["CreateAccountStatus"]["Id"])


def test_a_new_organization_gives_its_id_and_its_root(monkeypatch: pytest.MonkeyPatch, hours: Hours) -> None:
    """Both are what everything else hangs on."""
    with running(organization=False) as sandbox:
        use(monkeypatch, sandbox)
        aws = connect(clock=hours.clock)
        invoke(aws, "organizations", "CreateOrganization", {"FeatureSet": "ALL"})
        sandbox.fault(Fault("organizations:ListRoots", kind=Kind.ERROR, code="AWSOrganizationsNotInUseException"))
        ready = organization_ready(aws)
        expected = {"OrganizationId": sandbox.organization.id, "RootId": sandbox.organization.root}
    assert ready == expected


def test_a_policy_type_is_waited_for_on_and_off(sandbox: Sandbox, aws: Aws) -> None:
    """Both take AWS a while."""
    sandbox.configure(delays=Delays(policy_type=Delay(3)))
    root = root_of(aws)
    asked = {"RootId": root, "PolicyType": "TAG_POLICY"}
    said: list[str] = []
    invoke(aws, "organizations", "EnablePolicyType", asked)
    policy_type_enabled(aws, root, "TAG_POLICY", said.append)
    on = sandbox.organization.types["TAG_POLICY"].status
    invoke(aws, "organizations", "DisablePolicyType", asked)
    policy_type_disabled(aws, root, "TAG_POLICY")
    assert on == "ENABLED"
    assert "TAG_POLICY" not in sandbox.organization.types
    assert said[0].startswith("policy type `tag_policy` is not enabled yet, after ")


def test_an_account_is_waited_for_until_it_has_an_id(sandbox: Sandbox, aws: Aws, hours: Hours) -> None:
    """Polling slows down, and keeps to the API's rate."""
    sandbox.configure(delays=Delays(create_account=Delay(12)))
    account = account_created(aws, create(aws, "shop@example.com"))
    assert account["AccountId"] in sandbox.organization.accounts
    assert 30 < hours.time < 120


def test_a_failed_creation_says_why_and_what_to_do(sandbox: Sandbox, aws: Aws) -> None:
    """AWS's reason in words."""
    member(aws, "shop")
    with pytest.raises(AwsError) as caught:
        account_created(aws, create(aws, "aws+shop@example.com"))
    assert caught.value.message == "account `shop` could not be created: another AWS account has this e-mail address"
    assert "invite" in (caught.value.hint or "")
    assert caught.value.code == "EMAIL_ALREADY_EXISTS"


def test_a_closing_account_is_waited_for(sandbox: Sandbox, aws: Aws) -> None:
    """Through PENDING_CLOSURE, whether the partition says State or only Status."""
    sandbox.configure(delays=Delays(close_account=Delay(3)), status=True)
    account = member(aws, "shop")
    invoke(aws, "organizations", "CloseAccount", {"AccountId": account})
    assert account_closed(aws, account) == {}
    assert sandbox.organization.accounts[account].state.value in {"CLOSED", "SUSPENDED"}


def test_waiting_ends_some_time(sandbox: Sandbox, aws: Aws, hours: Hours) -> None:
    """With the word that AWS may still complete it."""
    with pytest.raises(AwsError, match=f"account `{MANAGEMENT}` is not closed after 30 minutes"):
        account_closed(aws, MANAGEMENT)
    assert 1800 <= hours.time < 1900


def test_a_stop_ends_waiting(sandbox: Sandbox) -> None:
    """Ctrl-C while an account is created: the next plan sees it under way."""
    sandbox.configure(delays=Delays(create_account=Delay(0, 3600)))
    aws = connect()
    request = create(aws, "shop@example.com")
    with pytest.raises(StoppedError):
        account_created(aws, request, lambda words: aws.stop())
