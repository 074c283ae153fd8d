"""The part of WRITES by which the trail's table and workgroup are kept, and by which a query is started and stopped.

Sources as in `athena_reads`. DeleteDatabase asks for permission on everything that may be in the database. A query
changes nothing but its results; with its ClientRequestToken it may be started twice, and runs once.
"""

from __future__ import annotations

from orgctl.aws.operations.entry import Permission, Reach, Where, Write

_GONE = "EntityNotFoundException"
_DELETE = Permission("glue:DeleteDatabase", Reach.CATALOG_CONTENTS)
PUT_OBJECT = Write(
    "s3",
    "PutObject",
    (Permission("s3:PutObject", Reach.RESULTS), Permission("kms:GenerateDataKey", Reach.QUERY_KEYS)),
    Where.QUERIES,
    for_impact_only=True,
)
"""A note of a copy; PutObject stands in WRITES, too, where it is about the lock."""


def _glue(operation: str, *more: Permission, already: str = "", settles: str = "") -> Write:
    permissions = (Permission(f"glue:{operation}", Reach.CATALOG), *more)
    return Write(
        "glue",
        operation,
        permissions,
        Where.QUERIES,
        frozenset(already.split()),
        settles=frozenset(settles.split()),
    )


def _workgroup(operation: str, *more: Permission, once: bool = False) -> Write:
    permissions = (Permission(f"athena:{operation}", Reach.WORKGROUP), *more)
    return Write("athena", operation, permissions, Where.QUERIES, repeatable=not once)


ATHENA_WRITES: tuple[Write, ...] = (
    _glue("CreateDatabase", already="AlreadyExistsException"),
    _glue("UpdateDatabase"),
    _glue("DeleteDatabase", _DELETE, already=_GONE),
    _glue("CreateTable", already="AlreadyExistsException", settles=_GONE),
    _glue("UpdateTable"),
    _glue("DeleteTable", already=_GONE),
    # What has been created or deleted already, Athena refuses by the one code that it has for everything.
    _workgroup("CreateWorkGroup", Permission("athena:TagResource", Reach.WORKGROUP), once=True),
    _workgroup("UpdateWorkGroup"),
    _workgroup("TagResource"),
    _workgroup("DeleteWorkGroup", once=True),
    Write(
        "athena",
        "StartQueryExecution",
        (
            Permission("athena:StartQueryExecution", Reach.WORKGROUP),
            Permission("glue:GetDatabase", Reach.CATALOG),
            Permission("glue:GetTable", Reach.CATALOG),
            Permission("s3:GetBucketLocation", Reach.QUERIED_BUCKETS),
            Permission("s3:ListBucket", Reach.QUERIED_BUCKETS),
            Permission("s3:ListBucketMultipartUploads", Reach.QUERIED_BUCKETS),
            Permission("s3:GetObject", Reach.LOG_FILES),
            *(
                Permission(f"s3:{action}", Reach.RESULTS)
                for action in ("GetObject", "PutObject", "AbortMultipartUpload", "ListMultipartUploadParts")
            ),
            Permission("kms:Decrypt", Reach.QUERY_KEYS),
            Permission("kms:GenerateDataKey", Reach.QUERY_KEYS),
        ),
        Where.QUERIES,
        for_impact_only=True,
    ),
    Write(
        "athena",
        "StopQueryExecution",
        (Permission("athena:StopQueryExecution", Reach.WORKGROUP),),
        Where.QUERIES,
        for_impact_only=True,
    ),
)
