"""AWS Organizations, by family: one small file each, entered into `registry.operation` when it is imported.

Behaviour follows the service model of botocore 1.44.5 and the AWS Organizations User Guide (quotas as of 15 May 2026).
"""

from orgctl.sandbox.organizations import (
    accounts,
    closing,
    creation,
    effective,
    handshakes,
    lifecycle,
    policies,
    policy_types,
    resource_policy,
    tags,
    targets,
    trust,
    units,
)
from orgctl.sandbox.organizations.registry import operation

__all__ = [
    "accounts",
    "closing",
    "creation",
    "effective",
    "handshakes",
    "lifecycle",
    "operation",
    "policies",
    "policy_types",
    "resource_policy",
    "tags",
    "targets",
    "trust",
    "units",
]
