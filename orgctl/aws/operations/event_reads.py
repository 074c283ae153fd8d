"""The reads by which log files are had from S3; GetObject stands in READS, too, where it is about the lock.

Source of the resource types: the Service Authorization Reference for Amazon S3. Files that are encrypted with a key of
one's own need `kms:Decrypt` on it besides.
"""

from __future__ import annotations

from orgctl.aws.operations.entry import Permission, Reach, Read, Where

LIST_OBJECTS = Read(
    "s3", "ListObjectsV2", (Permission("s3:ListBucket", Reach.BUCKET),), Where.BUCKET, for_impact_only=True
)
GET_OBJECT = Read("s3", "GetObject", (Permission("s3:GetObject", Reach.LOG_FILES),), Where.BUCKET, for_impact_only=True)
