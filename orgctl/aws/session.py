"""Sessions: clients by service, account and region, each made once."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from functools import cache, cached_property
from typing import Any

import botocore
import botocore.session
from botocore.config import Config
from botocore.exceptions import BotoCoreError
from botocore.loaders import Loader, create_loader

from orgctl import __version__
from orgctl.aws.call import read
from orgctl.aws.clock import Clock
from orgctl.aws.explanations import of_credentials
from orgctl.aws.identity import ORGANIZATIONS_REGIONS, Identity
from orgctl.aws.members import enter
from orgctl.aws.pacing import Pacing
from orgctl.errors import InvalidInputError
from orgctl.model.limits import Limits

DEFAULT_REGION = "us-east-1"
"""Where a service is asked when neither the caller nor the environment names a region."""

_ONE_REGION = frozenset({"organizations", "account"})

_CONFIG = Config(
    retries={"total_max_attempts": 1, "mode": "standard"},
    connect_timeout=10,
    read_timeout=60,
    max_pool_connections=32,
    tcp_keepalive=True,
    user_agent=f"orgctl/{__version__} botocore/{botocore.__version__}",
)
"""Trying again is ours, for it needs the pacing and the table of writes."""


def connect(
    profile: str | None = None,
    region: str | None = None,
    endpoint_url: str | None = None,
    access_role: str = "OrganizationAccountAccessRole",
    limits: Limits | None = None,
    clock: Clock | None = None,
) -> Aws:
    """AWS with the credentials of `profile`, or those that the environment names; nothing is sent yet.

    `endpoint_url` replaces the address of every service. Raises InvalidInputError for a profile that is not there.
    """
    clock = clock or Clock()
    session = botocore.session.Session(profile=profile)
    if region:
        session.set_config_variable("region", region)
    try:
        session.register_component("data_loader", _models(session.get_config_variable("data_path")))
        return Aws(session, endpoint_url, access_role, limits or Limits(), clock)
    except BotoCoreError as error:
        raise _unusable(error) from error


@cache
def _models(path: str | None) -> Loader:
    """Reads botocore's models, each once in a process."""
    return create_loader(path)


class Aws:
    """AWS, as one run of orgctl talks to it. Safe to use from many threads; made by `connect`.

    `account_names` gives the names of accounts by their ids, for messages, once the organization was read.
    """

    def __init__(
        self,
        session: botocore.session.Session,
        endpoint_url: str | None,
        access_role: str,
        limits: Limits,
        clock: Clock,
    ) -> None:
        self.access_role = access_role
        self.limits = limits
        self.pacing = Pacing(limits, clock)
        self.clock = clock
        self.region: str = session.get_config_variable("region") or DEFAULT_REGION
        self.known_identity: Identity | None = None
        self.account_names: Mapping[str, str] = {}
        self._endpoint_url = endpoint_url
        self._sessions = {"": session}
        self._clients: dict[tuple[str, str, str], Any] = {}
        self._locks = {"": threading.RLock()}

    @cached_property
    def identity(self) -> Identity:
        """Who the caller is; asked of STS once. Raises CredentialsError, UnreachableError.

        `known_identity` is the same where it was asked for already: for messages, which must not call AWS.
        """
        with self._locks[""]:
            if self.known_identity is None:
                answer = read(self, "sts", "GetCallerIdentity", {})
                self.known_identity = Identity.of(answer["Account"], answer["Arn"])
            return self.known_identity

    def stop(self) -> None:
        """Let whatever waits for its turn raise StoppedError; calls that were sent go on to their end."""
        self.clock.stop()

    def client(
        self, service: str, account: str | None = None, region: str | None = None, *, patient: bool = False
    ) -> Any:
        """The botocore client of `service` in `account` (None or the caller's own: own credentials).

        Another account is entered through the access role; `patient` waits some minutes for the role of an account
        that was only just created. Organizations and Account Management are asked in their partition's region, the
        others in `region` or the session's. Raises CredentialsError; AccessDeniedError if the account is closed to us.
        """
        member = "" if account is None or account == self.identity.account else account
        key = (service, member, self._region_of(service, region))
        client = self._clients.get(key)
        if client is None:
            with self._locks.setdefault(member, threading.RLock()):
                client = self._clients.get(key) or self._new_client(*key, patient=patient)
                self._clients[key] = client
        return client

    def _region_of(self, service: str, region: str | None) -> str:
        if service in _ONE_REGION:
            return ORGANIZATIONS_REGIONS.get(self.identity.partition, self.region)
        return region or self.region

    def _new_client(self, service: str, member: str, region: str, *, patient: bool) -> Any:
        if member not in self._sessions:
            self._sessions[member] = enter(self, self._sessions[""], member, patient=patient)
        try:
            return self._sessions[member].create_client(
                service,
                region_name=region,
                endpoint_url=self._endpoint_url,
                config=_CONFIG,
            )
        except (BotoCoreError, ValueError) as error:
            raise _unusable(error) from error


def _unusable(error: Exception) -> Exception:
    return of_credentials(error, "sts:GetCallerIdentity") or InvalidInputError(
        f"the AWS settings cannot be used: {error}", hint="see `--profile`, `--region` and `--endpoint-url`"
    )
