"""Which action was checked, by the source and name of a CloudTrail event.

Mostly the source's first label and the event's name: `ec2.amazonaws.com` and `RunInstances` are `ec2:RunInstances`.
The exceptions stand here. Sources: "Logging Amazon S3 API calls using AWS CloudTrail" (S3's events) with "Required
permissions for Amazon S3 API operations"; the API references of the services; "Actions, resources, and condition keys
for AWS services", Service Authorization Reference (prefixes).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

PREFIXES: Mapping[str, str] = {
    "email": "ses",
    "monitoring": "cloudwatch",
    "runtime.sagemaker": "sagemaker",
    "tagging": "tag",
    "streams.dynamodb": "dynamodb",
    "waf-regional": "waf-regional",
}
"""Actions' prefixes that are not the source's first label."""

_S3 = {
    "CompleteMultipartUpload": "PutObject",
    "CopyObject": "PutObject",
    "CreateMultipartUpload": "PutObject",
    "DeleteBucketCors": "PutBucketCORS",
    "DeleteBucketEncryption": "PutEncryptionConfiguration",
    "DeleteBucketLifecycle": "PutLifecycleConfiguration",
    "DeleteBucketPublicAccessBlock": "PutBucketPublicAccessBlock",
    "DeleteBucketReplication": "PutReplicationConfiguration",
    "DeleteBucketTagging": "PutBucketTagging",
    "DeleteObjects": "DeleteObject",
    "GetBucketCors": "GetBucketCORS",
    "GetBucketEncryption": "GetEncryptionConfiguration",
    "GetBucketLifecycle": "GetLifecycleConfiguration",
    "GetBucketReplication": "GetReplicationConfiguration",
    "HeadBucket": "ListBucket",
    "HeadObject": "GetObject",
    "ListBuckets": "ListAllMyBuckets",
    "ListMultipartUploads": "ListBucketMultipartUploads",
    "ListObjectVersions": "ListBucketVersions",
    "ListObjects": "ListBucket",
    "ListObjectsV2": "ListBucket",
    "ListParts": "ListMultipartUploadParts",
    "PutBucketCors": "PutBucketCORS",
    "PutBucketEncryption": "PutEncryptionConfiguration",
    "PutBucketLifecycle": "PutLifecycleConfiguration",
    "PutBucketReplication": "PutReplicationConfiguration",
    "UploadPart": "PutObject",
    "UploadPartCopy": "PutObject",
}
EVENTS: Mapping[str, Mapping[str, str]] = {"s3": _S3, "lambda": {"Invoke": "InvokeFunction"}}
"""By prefix and event: the name of the action that is checked."""

_VERSION = re.compile(r"20\d{6}(?:v\d+)?$|_?20\d{2}_\d{2}_\d{2}$")
_VERSIONED = frozenset(("lambda", "cloudfront"))
"""Services whose events carry the API's version at their end: `CreateFunction20150331`."""


def action_of(source: str, name: str) -> str:
    """The action for an event's `eventSource` and `eventName`."""
    label = source.removesuffix(".cn").removesuffix(".amazonaws.com")
    prefix = PREFIXES.get(label) or label.partition(".")[0]
    plain = _VERSION.sub("", name) if prefix in _VERSIONED else name
    return f"{prefix}:{EVENTS.get(prefix, {}).get(plain, plain)}"
