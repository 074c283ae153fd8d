"""The policy types of AWS Organizations, by a table.

Source: the `PolicyType` enumeration of botocore's `organizations` model (1.44.5) and "Quotas and service limits for
AWS Organizations" (AWS Organizations User Guide, May 2026). AWS adds a type every few months: an unknown one is
tolerated, with its name in lower case and hyphens as its folder.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PolicyType:
    """One policy type.

    `folder` names it in the manifest and under `policies/`. `max_size` is in characters and `max_attached` in
    policies per target, both as AWS counts them; None where AWS publishes no number. `default_policy` is the id of
    the AWS-managed policy that AWS attaches to every new target. `service` is the principal whose trusted access the
    type needs before it is enabled.
    """

    api_name: str
    folder: str
    max_size: int | None = None
    max_attached: int | None = None
    max_count: int | None = None
    default_policy: str | None = None
    service: str | None = None

    @property
    def manifest_name(self) -> str:
        """The name in `organization.policy_types`: `service_control_policy`."""
        return self.api_name.lower()


SCP = PolicyType("SERVICE_CONTROL_POLICY", "scp", 10_240, 10, 10_000, "p-FullAWSAccess")
RCP = PolicyType("RESOURCE_CONTROL_POLICY", "rcp", 5_120, 5, 2_000, "p-RCPFullAWSAccess")

POLICY_TYPES: tuple[PolicyType, ...] = (
    SCP,
    RCP,
    PolicyType("TAG_POLICY", "tag", 10_000, 10, 10_000),
    PolicyType("BACKUP_POLICY", "backup", 10_000, 10, 10_000),
    PolicyType("AISERVICES_OPT_OUT_POLICY", "ai-opt-out", 2_500, 5, 10_000),
    PolicyType("CHATBOT_POLICY", "chat", 10_000, 5, 10_000),
    PolicyType("DECLARATIVE_POLICY_EC2", "declarative-ec2", 10_000, 10, 10_000),
    PolicyType("SECURITYHUB_POLICY", "security-hub", 10_000, 10, service="securityhub.amazonaws.com"),
    PolicyType("SECURITYHUB_CSPM_POLICY", "security-hub-cspm"),
    PolicyType("INSPECTOR_POLICY", "inspector", service="inspector2.amazonaws.com"),
    PolicyType("UPGRADE_ROLLOUT_POLICY", "upgrade-rollout"),
    PolicyType("BEDROCK_POLICY", "bedrock"),
    PolicyType("S3_POLICY", "s3"),
    PolicyType("NETWORK_SECURITY_DIRECTOR_POLICY", "network-security-director"),
    PolicyType("GUARDDUTY_POLICY", "guardduty"),
)

BY_FOLDER = {policy_type.folder: policy_type for policy_type in POLICY_TYPES}
BY_API_NAME = {policy_type.api_name: policy_type for policy_type in POLICY_TYPES}


def by_api_name(api_name: str) -> PolicyType:
    """The type that AWS calls `api_name`; one made up from the name if the table does not know it yet."""
    known = BY_API_NAME.get(api_name)
    return known or PolicyType(api_name, api_name.lower().removesuffix("_policy").replace("_", "-"))
