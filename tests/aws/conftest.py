"""A sandbox, AWS as orgctl sees it, and a clock on which waiting costs no time."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from orgctl.aws.call import pages
from orgctl.aws.clock import Clock
from orgctl.aws.session import Aws, connect
from orgctl.aws.write import invoke
from orgctl.model.limits import Limits
from orgctl.sandbox.embedded import Sandbox, running

MANAGEMENT = "111111111111"
Connect = Callable[..., Aws]


@dataclass
class Hours:
    """A clock whose sleep only moves its hands; `slept` holds every sleep in seconds."""

    time: float = 0.0
    slept: list[float] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def now(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        with self.lock:
            self.time += seconds
            self.slept.append(seconds)

    @property
    def clock(self) -> Clock:
        return Clock(self.now, self.sleep)


@pytest.fixture(autouse=True)
def no_credentials_from_outside(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    """Whoever runs the tests may have an AWS profile of their own."""
    for name in ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_ENDPOINT_URL", "AWS_SESSION_TOKEN", "AWS_REGION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


def use(monkeypatch: pytest.MonkeyPatch, sandbox: Sandbox, account: str | None = None) -> None:
    """Let the environment's AWS variables lead to the sandbox."""
    for name, value in sandbox.environment(account).items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def sandbox(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    with running(seed=1) as started:
        use(monkeypatch, started)
        yield started


@pytest.fixture
def hours() -> Hours:
    return Hours()


@pytest.fixture
def aws(sandbox: Sandbox, hours: Hours) -> Aws:
    return connect(clock=hours.clock, limits=Limits())


def root_of(aws: Aws) -> str:
    listed = pages(aws, "organizations", "ListRoots", {})
    return str(next(root["Id"] for page in listed for root in page["Roots"]))


def unit(aws: Aws, name: str, parent: str | None = None) -> str:
    asked = {"ParentId": parent or root_of(aws), "Name": name}
    return str(invoke(aws, "organizations", "CreateOrganizationalUnit", asked)["OrganizationalUnit"]["Id"])


def member(aws: Aws, name: str) -> str:
    """A new account of the name, once it is there."""
    from orgctl.aws.waiting import account_created

    asked = {"Email": f"aws+{name}@example.com", "AccountName": name}
    status = invoke(aws, "organizations", "CreateAccount", asked)["CreateAccountStatus"]
    return str(account_created(aws, status["Id"])["AccountId"])
