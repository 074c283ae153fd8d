"""The layers of policies that a request has to pass, and the organization they belong to."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from orgctl.policy.document import Document


class Layer(Enum):
    """Where a policy stands; in the order in which AWS describes them."""

    RCP = "rcp"
    SCP = "scp"
    RESOURCE = "resource"
    IDENTITY = "identity"
    BOUNDARY = "boundary"
    SESSION = "session"


@dataclass(frozen=True, slots=True)
class NamedPolicy:
    """A document and what people call it: `scp/region-lock`, or an ARN."""

    name: str
    document: Document


Level = tuple[NamedPolicy, ...]
"""The policies attached to the root, to one OU, or to the account."""


@dataclass(frozen=True, slots=True)
class Layers:
    """What one request is held against. A layer that is None is not looked at and restricts nothing.

    `scp` are the levels from the root down to the principal's account, `rcp` those down to the resource's account.
    AWS's own RCPFullAWSAccess is on every level of RCPs and cannot be detached; it need not be given. `boundary` and
    `session` allow what one of their documents allows.
    """

    scp: tuple[Level, ...] | None = None
    rcp: tuple[Level, ...] | None = None
    resource: NamedPolicy | None = None
    identity: Level | None = None
    boundary: Level | None = None
    session: Level | None = None


RCP_SERVICES = frozenset(
    [
        "aoss",
        "appconfig",
        "appstream",
        "autoscaling",
        "autoscaling-plans",
        "budgets",
        "cloudfront",
        "cloudsearch",
        "clouddirectory",
        "cloudtrail-data",
        "codeartifact",
        "codebuild",
        "codecommit",
        "codepipeline",
        "cognito-identity",
        "cognito-idp",
        "comprehend",
        "comprehendmedical",
        "compute-optimizer",
        "cost-optimization-hub",
        "dax",
        "dsql",
        "dynamodb",
        "ecr",
        "ecr-public",
        "events",
        "firehose",
        "fis",
        "fms",
        "gamelift",
        "health",
        "inspector-scan",
        "kendra",
        "kinesisvideo",
        "kms",
        "logs",
        "memorydb",
        "networkmonitor",
        "notifications",
        "opensearch",
        "pca-connector-ad",
        "personalize",
        "polly",
        "pricing",
        "resource-groups",
        "rolesanywhere",
        "s3",
        "secretsmanager",
        "servicediscovery",
        "signin",
        "sqs",
        "sts",
        "support",
        "swf",
        "textract",
        "timestream-influxdb",
        "transcribe",
        "transfer",
        "translate",
        "wafv2",
        "workspaces",
        "xray",
    ]
)
"""Prefixes of the services that support RCPs.

Source: "Resource control policies (RCPs)", List of AWS services that support RCPs, AWS Organizations User Guide. AWS
adds to it; correct it here, or give an `Organization` a set of its own.
"""


@dataclass(frozen=True, slots=True)
class Organization:
    """What exemptions need to know. `members` None: every account counts as one of the organization's."""

    management_account: str | None = None
    members: frozenset[str] | None = None
    rcp_services: frozenset[str] = field(default=RCP_SERVICES)

    def has(self, account: str) -> bool:
        """Whether the account belongs to the organization (the management account does)."""
        return self.members is None or account == self.management_account or account in self.members
