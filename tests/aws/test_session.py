"""Sessions: who we are, where services are asked, and how member accounts are entered."""

from __future__ import annotations

from pathlib import Path

import pytest

from orgctl.aws.call import perform, read
from orgctl.aws.members import PATIENCE
from orgctl.aws.operations.reads import READS
from orgctl.aws.session import Aws, connect
from orgctl.errors import AccessDeniedError, CredentialsError, InvalidInputError
from orgctl.sandbox.embedded import Sandbox, running
from orgctl.sandbox.settings import Delay, Delays
from tests.aws.conftest import MANAGEMENT, Hours, member, use


def test_the_identity_is_asked_for_once(aws: Aws, sandbox: Sandbox) -> None:
    """Every message names it, and no call is spent on it twice."""
    first, second = aws.identity, aws.identity
    assert first is second
    assert (first.account, first.partition) == (MANAGEMENT, "aws")
    assert sandbox.calls() == {"sts:GetCallerIdentity": 1}


def test_messages_never_call_aws(aws: Aws, sandbox: Sandbox) -> None:
    """An error is explained with the identity that is known, or without."""
    assert aws.known_identity is None
    assert sandbox.calls() == {}


def test_a_client_is_made_once(aws: Aws) -> None:
    """By service, account and region; the caller's own account is no other account."""
    own = aws.client("s3", region="eu-west-1")
    assert own is aws.client("s3", MANAGEMENT, "eu-west-1")
    assert own is not aws.client("s3", MANAGEMENT, "eu-west-2")


def test_organizations_is_asked_where_its_partition_has_it(monkeypatch: pytest.MonkeyPatch, sandbox: Sandbox) -> None:
    """Whatever region the user works in; other services are asked in that region."""
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    aws = connect()
    regions = {name: aws.client(name).meta.region_name for name in ("organizations", "account", "s3")}
    assert regions == {"organizations": "us-east-1", "account": "us-east-1", "s3": "eu-west-1"}


def test_the_region_given_goes_before_the_environments(sandbox: Sandbox) -> None:
    """`--region` is said later than AWS_REGION."""
    assert connect(region="ap-south-1").client("cloudtrail").meta.region_name == "ap-south-1"


def test_calls_carry_orgctls_name(aws: Aws) -> None:
    """CloudTrail's userAgent tells who did it."""
    assert aws.client("organizations").meta.config.user_agent.startswith("orgctl/")


def test_a_member_account_is_entered_through_the_access_role(aws: Aws, sandbox: Sandbox) -> None:
    """Once for all its clients."""
    account = member(aws, "log")
    seen = read(aws, "sts", "GetCallerIdentity", {}, account=account)
    read(aws, "sts", "GetCallerIdentity", {}, account=account, region="eu-west-1")
    assert seen["Account"] == account
    assert ":assumed-role/OrganizationAccountAccessRole/orgctl" in seen["Arn"]
    assert sandbox.calls()["sts:AssumeRole"] == 1


def test_another_role_may_be_the_access_role(sandbox: Sandbox, hours: Hours) -> None:
    """An account without it cannot be entered, and the message names the role."""
    account = member(connect(clock=hours.clock), "log")
    aws = connect(access_role="AWSControlTowerExecution", clock=hours.clock)
    with pytest.raises(AccessDeniedError, match=f"account `{account}` cannot be entered") as caught:
        aws.client("s3", account)
    assert "role/AWSControlTowerExecution" in caught.value.message
    assert hours.time < 10


def test_the_lag_of_a_new_accounts_role_is_waited_for(monkeypatch: pytest.MonkeyPatch, hours: Hours) -> None:
    """SUCCEEDED does not mean that the account can be entered."""
    with running(delays=Delays(access_role=Delay(4))) as sandbox:
        use(monkeypatch, sandbox)
        aws = connect(clock=hours.clock)
        account = member(aws, "log")
        seen = perform(aws, READS["sts", "GetCallerIdentity"], {}, account=account, patient=True)
    assert seen["Account"] == account
    assert 10 < hours.time < PATIENCE


def test_the_lag_is_not_waited_for_unasked(monkeypatch: pytest.MonkeyPatch, hours: Hours) -> None:
    """A plan that only reads does not sit there for minutes."""
    with running(delays=Delays(access_role=Delay(4))) as sandbox:
        use(monkeypatch, sandbox)
        aws = connect(clock=hours.clock)
        account = member(aws, "log")
        with pytest.raises(AccessDeniedError):
            aws.client("s3", account)
        assert sandbox.calls()["sts:AssumeRole"] == 1


def test_a_role_that_never_comes_is_given_up(sandbox: Sandbox, hours: Hours) -> None:
    """After four minutes, with the error that names it."""
    account = member(connect(clock=hours.clock), "log")
    before = hours.time
    with pytest.raises(AccessDeniedError):
        connect(access_role="Nobody", clock=hours.clock).client("s3", account, patient=True)
    assert PATIENCE <= hours.time - before < PATIENCE + 20


def test_without_credentials_the_hint_says_where_to_put_them(monkeypatch: pytest.MonkeyPatch, sandbox: Sandbox) -> None:
    """Nothing is sent, and nothing is looked for on a metadata server."""
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    with pytest.raises(CredentialsError) as caught:
        _ = connect().identity
    assert "AWS_PROFILE" in (caught.value.hint or "")
    assert sandbox.calls() == {}


def test_an_unknown_profile_is_wrong_input(sandbox: Sandbox) -> None:
    """It is the command line or the environment that is wrong, not AWS."""
    with pytest.raises(InvalidInputError, match="nobody"):
        _ = connect(profile="nobody").identity


def test_an_impossible_endpoint_is_wrong_input(monkeypatch: pytest.MonkeyPatch, sandbox: Sandbox) -> None:
    """So is an address that is none."""
    with pytest.raises(InvalidInputError, match="settings"):
        _ = connect(endpoint_url="not an address").identity


def test_a_profile_means_what_it_means_everywhere(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, sandbox: Sandbox
) -> None:
    """Region and keys of the user's own files."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name, raising=False)
    keys = sandbox.credentials()
    (tmp_path / "credentials").write_text(
        f"[ci]\naws_access_key_id={keys['aws_access_key_id']}\naws_secret_access_key=x\n", encoding="utf-8"
    )
    (tmp_path / "config").write_text("[profile ci]\nregion=eu-north-1\n", encoding="utf-8")
    aws = connect(profile="ci")
    assert (aws.identity.account, aws.region) == (MANAGEMENT, "eu-north-1")
