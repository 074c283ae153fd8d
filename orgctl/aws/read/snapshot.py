"""Reading AWS: everything at once, each API in its own lane at its own rate, then put together."""

from __future__ import annotations

from orgctl.aws.read.assembly import assembled
from orgctl.aws.read.bucket import want_bucket
from orgctl.aws.read.config import want_config
from orgctl.aws.read.crew import Crew, Progress
from orgctl.aws.read.organization import (
    read_delegated_administrators,
    read_organization,
    read_resource_policy,
    read_trusted_access,
)
from orgctl.aws.read.queries import want_queries
from orgctl.aws.read.reading import Reading
from orgctl.aws.read.scope import Scope
from orgctl.aws.read.shapes import Snapshot
from orgctl.aws.read.trail import read_trail
from orgctl.aws.read.tree import complete, read_creations, read_root
from orgctl.aws.session import Aws
from orgctl.errors import AccessDeniedError, AwsError

__all__ = ["Progress", "read"]

_NO_ORGANIZATION = "AWSOrganizationsNotInUseException"
_ATTEMPTS = 3


def read(aws: Aws, scope: Scope, progress: Progress | None = None, *, bare: bool = False) -> Snapshot:
    """All that `scope` asks for, by the fewest calls that AWS makes possible; `bare`: the tree of accounts and no more.

    `progress` is told, from any thread, a kind of work, how much of it is done and how much is known so far. Raises
    the errors under AwsError; what can be done without becomes a finding.
    """
    try:
        for _ in range(_ATTEMPTS):
            snapshot = _read(aws, scope, progress, organization=True, bare=bare)
            if snapshot:
                return snapshot
    except AwsError as error:
        if error.code != _NO_ORGANIZATION:
            raise
        return _read(aws, scope, progress, organization=False) or Snapshot(aws.identity.account, aws.identity.partition)
    raise AwsError(
        "the organization changed each time while it was read",
        operation="organizations:ListAccounts",
        hint="run the same command again when nobody else deletes or moves OUs",
    )


def _read(
    aws: Aws, scope: Scope, progress: Progress | None, *, organization: bool, bare: bool = False
) -> Snapshot | None:
    """One attempt; None if the organization changed meanwhile so that the tree does not fit together."""
    own_account = aws.identity.account
    with Crew(progress) as crew:
        reading = Reading(aws, scope, crew, bare=bare)
        if organization:
            _submit_organization(reading)
        crew.submit("trail", read_trail, reading)
        want_bucket(reading, own_account)
        want_config(reading, own_account)
        want_queries(reading, own_account)
        try:
            crew.settle()
            fits = complete(reading)
        except AccessDeniedError as error:
            raise _explained(reading, error) from error
        return assembled(reading) if fits else None


def _submit_organization(reading: Reading) -> None:
    submit = reading.crew.submit
    submit("organization", read_organization, reading)
    submit("root", read_root, reading)
    if reading.bare:
        return
    submit("creations", read_creations, reading)
    submit("trusted access", read_trusted_access, reading)
    submit("delegated administrators", read_delegated_administrators, reading)
    submit("delegation policy", read_resource_policy, reading)


def _explained(reading: Reading, error: AccessDeniedError) -> AccessDeniedError:
    """Most often the credentials are simply those of another account."""
    account = reading.aws.identity.account
    organization = reading.organization
    if organization is None or organization.management_account == account:
        return error
    hint = f"these credentials are of account `{account}`; use some of management account "
    hint += f"`{organization.management_account}`"
    return AccessDeniedError(error.message, operation=error.operation, code=error.code, hint=hint)
