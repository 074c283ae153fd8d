"""The reads by which recorded events are had from S3; GetObject stands in READS, too, where it is about the lock.

Source of the resource types: the Service Authorization Reference for Amazon S3. Log files that are encrypted with a key
of one's own need `kms:Decrypt` on it besides.
"""

from __future__ import annotations

from orgctl.aws.operations.entry import Permission, Reach, Read, Where

LIST_OBJECTS = Read("s3", "ListObjectsV2", (Permission("s3:ListBucket", Reach.EVENT_BUCKETS),), Where.EVENTS)
GET_OBJECT = Read(
    "s3",
    "GetObject",
    (Permission("s3:GetObject", Reach.EVENT_FILES), Permission("kms:Decrypt", Reach.EVENT_KEYS)),
    Where.EVENTS,
)
EVENT_READS = (LIST_OBJECTS, GET_OBJECT)
