"""The policy of the organization trail's bucket.

Source: "Creating a trail for an organization with the AWS CLI", CloudTrail User Guide: CloudTrail may look at the
bucket's ACL and write below the management account's and the organization's prefix, and only for this one trail.
Beyond AWS's example, requests without TLS are denied, as the Security Hub control S3.5 asks.
"""

from __future__ import annotations

_SERVICE = {"Service": "cloudtrail.amazonaws.com"}


def bucket_policy(
    *, bucket: str, prefix: str, trail: str, region: str, partition: str, management_account: str
) -> dict[str, object]:
    """The bucket policy as a document; the organization's id in it is the placeholder `@{organization.id}`."""
    bucket_arn = f"arn:{partition}:s3:::{bucket}"
    logs = f"{bucket_arn}/{prefix}/AWSLogs" if prefix else f"{bucket_arn}/AWSLogs"
    source = {"aws:SourceArn": f"arn:{partition}:cloudtrail:{region}:{management_account}:trail/{trail}"}
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "CloudTrailReadsTheAcl",
                "Effect": "Allow",
                "Principal": _SERVICE,
                "Action": "s3:GetBucketAcl",
                "Resource": bucket_arn,
                "Condition": {"StringEquals": source},
            },
            {
                "Sid": "CloudTrailWritesTheLogs",
                "Effect": "Allow",
                "Principal": _SERVICE,
                "Action": "s3:PutObject",
                "Resource": [f"{logs}/{management_account}/*", f"{logs}/@{{organization.id}}/*"],
                "Condition": {"StringEquals": {**source, "s3:x-amz-acl": "bucket-owner-full-control"}},
            },
            {
                "Sid": "NobodyWithoutTls",
                "Effect": "Deny",
                "Principal": "*",
                "Action": "s3:*",
                "Resource": [bucket_arn, f"{bucket_arn}/*"],
                "Condition": {"Bool": {"aws:SecureTransport": "false"}},
            },
        ],
    }
