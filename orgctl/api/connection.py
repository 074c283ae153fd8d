"""How to reach AWS, as the command line or a program says it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from orgctl.aws.clock import Clock
from orgctl.errors import RefusedError
from orgctl.model.limits import Limits

if TYPE_CHECKING:
    from orgctl.aws.session import Aws


@dataclass(frozen=True, slots=True)
class Connection:
    """Overrides of what AWS's environment variables and files say; None: as they say.

    `paced` is False where there are no rates to keep: at a sandbox that does not throttle. `clock` is for tests.
    """

    profile: str | None = None
    region: str | None = None
    endpoint_url: str | None = None
    paced: bool = True
    clock: Clock | None = None

    def open(self, management_account: str, access_role: str, limits: Limits) -> Aws:
        """AWS, once it is sure that the credentials are of the management account.

        Raises RefusedError if they are of another account, CredentialsError if there are none.
        """
        aws = self.reach(access_role, limits)
        if aws.identity.account != management_account:
            raise RefusedError(
                f"the credentials are of account `{aws.identity.account}`, and the manifest is of the organization"
                f" whose management account is `{management_account}`",
                hint="use credentials of the management account: `--profile`, or AWS_PROFILE",
            )
        return aws

    def reach(self, access_role: str, limits: Limits) -> Aws:
        """AWS, whosever the credentials are; nothing is sent yet. Raises InvalidInputError for unusable settings."""
        from orgctl.aws.session import connect  # with botocore, which takes longer to load than some commands run

        limits = replace(limits, paced=self.paced)
        return connect(self.profile, self.region, self.endpoint_url, access_role, limits, self.clock)
