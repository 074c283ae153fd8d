"""Which IAM action a call of the AWS SDK needs, as far as a rule's `permissions:` are held against it.

Source: "Actions, resources, and condition keys for AWS services", Service Authorization Reference. Most actions are the
operation under the name that requests are signed for; these are those that are not, among what rules read.
"""

from __future__ import annotations

from collections.abc import Mapping

_PREFIXES: Mapping[str, str] = {"monitoring": "cloudwatch"}

_ACTIONS: Mapping[str, str] = {
    "s3:ListBuckets": "s3:ListAllMyBuckets",
    "s3:ListObjects": "s3:ListBucket",
    "s3:ListObjectsV2": "s3:ListBucket",
    "s3:HeadBucket": "s3:ListBucket",
    "s3:HeadObject": "s3:GetObject",
    "s3:GetBucketEncryption": "s3:GetEncryptionConfiguration",
    "s3:GetBucketLifecycleConfiguration": "s3:GetLifecycleConfiguration",
    "s3:GetBucketReplication": "s3:GetReplicationConfiguration",
    "s3:GetBucketNotificationConfiguration": "s3:GetBucketNotification",
    "s3:GetPublicAccessBlock": "s3:GetBucketPublicAccessBlock",
}


def action_of(prefix: str, operation: str, method: str) -> str:
    """`lambda:GetFunction`; API Gateway's actions are the methods of HTTP: `apigateway:GET`."""
    if prefix == "apigateway":
        return f"apigateway:{method}"
    name = f"{_PREFIXES.get(prefix, prefix)}:{operation}"
    return _ACTIONS.get(name, name)
