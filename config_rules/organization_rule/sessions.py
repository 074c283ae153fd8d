"""Clients in the account that is evaluated.

rdklib writes STS's address itself, which is wrong in `aws-cn` and passes over `AWS_ENDPOINT_URL`; boto3 finds it.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

import boto3
import botocore.session
from botocore.config import Config
from botocore.exceptions import ClientError

from organization_rule.arns import Arn
from organization_rule.errors import OutsiderError

_SECONDS = 900
"""How long the assumed session lasts: the least that STS gives, and the most that a function runs."""

_CONFIG = Config(retries={"mode": "standard", "max_attempts": 6}, connect_timeout=5, read_timeout=30)
_DENIED = ("AccessDenied", "AccessDeniedException")


class Clients:
    """boto3 clients, in the place of rdklib's `ClientFactory`.

    `role_arn` is the role to enter the account through, None for the credentials that are there. The account is entered
    with the first client.
    """

    def __init__(self, role_arn: str | None, region: str, session_name: str) -> None:
        self.role_arn = role_arn
        self.region = region
        self._session_name = session_name

    def build_client(self, service: str, region: str | None = None, *, assume_role_mode: bool = True) -> Any:
        """A client for a service, in the rule's region if no other is named. Raises OutsiderError."""
        session: Any = self._entered if assume_role_mode else self._own
        return session.client(service, region_name=region or self.region, config=_CONFIG)

    @cached_property
    def _own(self) -> boto3.Session:
        session = botocore.session.get_session()
        session.set_config_variable("sts_regional_endpoints", "regional")
        return boto3.Session(botocore_session=session, region_name=self.region)

    @cached_property
    def _entered(self) -> boto3.Session:
        if self.role_arn is None:
            return self._own
        credentials = self._credentials(self.role_arn)
        return boto3.Session(
            aws_access_key_id=credentials["AccessKeyId"],
            aws_secret_access_key=credentials["SecretAccessKey"],
            aws_session_token=credentials["SessionToken"],
            region_name=self.region,
        )

    def _credentials(self, role_arn: str) -> dict[str, str]:
        client = self._own.client("sts", region_name=self.region, config=_CONFIG)
        try:
            answer = client.assume_role(
                RoleArn=role_arn, RoleSessionName=self._session_name[:64], DurationSeconds=_SECONDS
            )
        except ClientError as error:
            if error.response["Error"]["Code"] not in _DENIED:
                raise
            message = (
                f"the account {Arn.parse(role_arn).account} cannot be entered through {role_arn}: it is outside the "
                f"organization, or the role is not there yet ({error.response['Error'].get('Message', 'denied')})"
            )
            raise OutsiderError(message) from error
        found: dict[str, str] = answer["Credentials"]
        return found
