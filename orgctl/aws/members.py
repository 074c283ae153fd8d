"""Entering member accounts: credentials of the access role, got from STS and renewed before they expire."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import botocore.session
from botocore.credentials import CredentialProvider, CredentialResolver, RefreshableCredentials

from orgctl.aws.call import read
from orgctl.errors import AccessDeniedError

if TYPE_CHECKING:
    from orgctl.aws.session import Aws

PATIENCE = 240.0
"""Seconds until the access role of a new account can be expected to work."""


def enter(aws: Aws, own: botocore.session.Session, account: str, *, patient: bool) -> botocore.session.Session:
    """A session in `account` through the access role, made from the caller's `own` session.

    `patient` waits up to `PATIENCE` for the role of a new account. Raises AccessDeniedError if it cannot be entered.
    """
    first = _assume_patiently(aws, account) if patient else _assume(aws, account)
    credentials = RefreshableCredentials.create_from_metadata(first, lambda: _assume(aws, account), "assume-role")
    session = botocore.session.Session(profile=own.profile)
    session.register_component("data_loader", own.get_component("data_loader"))
    session.register_component("credential_provider", CredentialResolver([_Given(credentials)]))
    return session


class _Given(CredentialProvider):
    """Credentials that are there already."""

    METHOD = "assume-role"

    def __init__(self, credentials: RefreshableCredentials) -> None:
        super().__init__()
        self._credentials = credentials

    def load(self) -> RefreshableCredentials:
        return self._credentials


def _assume(aws: Aws, account: str) -> dict[str, str]:
    arn = aws.identity.role_arn(account, aws.access_role)
    try:
        answer = read(aws, "sts", "AssumeRole", {"RoleArn": arn, "RoleSessionName": "orgctl"})
    except AccessDeniedError as error:
        raise AccessDeniedError(
            f"account `{account}` cannot be entered: `{aws.identity.arn}` may not assume `{arn}`",
            operation=error.operation,
            code=error.code,
            hint="name another role with `organization.access_role`, or let the role trust the management account",
        ) from error
    credentials = answer["Credentials"]
    return {
        "access_key": credentials["AccessKeyId"],
        "secret_key": credentials["SecretAccessKey"],
        "token": credentials["SessionToken"],
        "expiry_time": credentials["Expiration"].isoformat(),
    }


def _assume_patiently(aws: Aws, account: str) -> dict[str, str]:
    for delay in _delays():
        try:
            return _assume(aws, account)
        except AccessDeniedError:
            aws.clock.wait(delay)
    return _assume(aws, account)


def _delays() -> Iterator[float]:
    """2, 4, 8, 15, 15, … seconds, `PATIENCE` in all."""
    passed, delay = 0.0, 2.0
    while passed < PATIENCE:
        yield delay
        passed, delay = passed + delay, min(15.0, delay * 2)
