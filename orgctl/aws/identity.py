"""Who we are to AWS, and where its organization-wide services live."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from orgctl.model.partitions import PARTITIONS

ORGANIZATIONS_REGIONS: Mapping[str, str] = {partition.name: partition.organizations_region for partition in PARTITIONS}
"""By partition: the one region that answers for Organizations and for Account Management."""


@dataclass(frozen=True, slots=True)
class Identity:
    """The caller: its account's id, its own ARN, and the partition (`aws`, `aws-us-gov`, `aws-cn`, …)."""

    account: str
    arn: str
    partition: str

    @classmethod
    def of(cls, account: str, arn: str) -> Identity:
        """The identity that GetCallerIdentity answered."""
        return cls(account, arn, arn.split(":")[1])

    def role_arn(self, account: str, role: str) -> str:
        """The ARN of a role in another account of this partition."""
        return f"arn:{self.partition}:iam::{account}:role/{role}"
