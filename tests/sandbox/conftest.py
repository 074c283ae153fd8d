"""A sandbox for each test, and clients that neither retry nor wait."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from orgctl.sandbox.embedded import Sandbox, running

CONFIG = Config(retries={"total_max_attempts": 1}, connect_timeout=5, read_timeout=20)
DENY = '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"cloudhsm:*","Resource":"*"}]}'
Refused = tuple[str, str | None]


@pytest.fixture(autouse=True)
def no_metadata(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with running(seed=1) as started:
        yield started


def client(sandbox: Sandbox, service: str, account: str | None = None, region: str = "us-east-1") -> Any:
    return boto3.client(
        service, endpoint_url=sandbox.endpoint_url, config=CONFIG, **sandbox.credentials(account, region)
    )


def assumed(sandbox: Sandbox, service: str, role: dict[str, str], region: str = "us-east-1") -> Any:
    return boto3.client(
        service,
        endpoint_url=sandbox.endpoint_url,
        config=CONFIG,
        region_name=region,
        aws_access_key_id=role["AccessKeyId"],
        aws_secret_access_key=role["SecretAccessKey"],
        aws_session_token=role.get("SessionToken"),
    )


@pytest.fixture
def organizations(sandbox: Sandbox) -> Any:
    return client(sandbox, "organizations")


def refusal(call: Callable[[], object]) -> Refused:
    """The code and the reason with which a call is refused."""
    with pytest.raises(ClientError) as caught:
        call()
    return caught.value.response["Error"]["Code"], caught.value.response.get("Reason")


def every(api: Any, operation: str, key: str, **params: Any) -> list[Any]:
    """All items of a list call, page by page."""
    return [item for page in api.get_paginator(operation).paginate(**params) for item in page[key]]


def root_of(sandbox: Sandbox) -> str:
    return sandbox.organization.root


def enabled(api: Any, root: str, policy_type: str = "SERVICE_CONTROL_POLICY") -> None:
    """Enable a policy type, and wait until it is."""
    api.enable_policy_type(RootId=root, PolicyType=policy_type)
    wanted = {"Type": policy_type, "Status": "ENABLED"}
    while not any(wanted in root["PolicyTypes"] for root in api.list_roots()["Roots"]):
        pass


def member(api: Any, name: str) -> str:
    """Create an account, and wait for its id."""
    status = api.create_account(Email=f"aws+{name}@example.com", AccountName=name)["CreateAccountStatus"]
    while status["State"] == "IN_PROGRESS":
        status = api.describe_create_account_status(CreateAccountRequestId=status["Id"])["CreateAccountStatus"]
    return str(status["AccountId"])


def unit(api: Any, parent: str, name: str) -> str:
    return str(api.create_organizational_unit(ParentId=parent, Name=name)["OrganizationalUnit"]["Id"])


def policy(api: Any, name: str, content: str = DENY, policy_type: str = "SERVICE_CONTROL_POLICY") -> str:
    made = api.create_policy(Name=name, Description="", Type=policy_type, Content=content)
    return str(made["Policy"]["PolicySummary"]["Id"])
