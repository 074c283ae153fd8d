"""The part of READS by which the trail is queried, and by which it is seen whether it can be.

Source of the resource types: the Service Authorization Reference for AWS Glue and Amazon Athena; of what a query needs
besides: "Actions for running queries" and "Access to Amazon S3", Amazon Athena User Guide.
"""

from __future__ import annotations

from orgctl.aws.operations.entry import Permission, Reach, Read, Where

_CATALOG = (Permission("glue:GetDatabase", Reach.CATALOG), Permission("glue:GetTable", Reach.CATALOG))

ATHENA_READS: tuple[Read, ...] = (
    Read("glue", "GetDatabase", (_CATALOG[0],), Where.QUERIES),
    Read("glue", "GetTable", (_CATALOG[1],), Where.QUERIES),
    Read(
        "glue",
        "GetTables",
        (Permission("glue:GetTables", Reach.CATALOG), Permission("glue:GetTables", Reach.CATALOG_CONTENTS)),
        Where.QUERIES,
    ),
    Read("athena", "GetWorkGroup", (Permission("athena:GetWorkGroup", Reach.WORKGROUP),), Where.QUERIES),
    Read("athena", "ListTagsForResource", (Permission("athena:ListTagsForResource", Reach.WORKGROUP),), Where.QUERIES),
    Read(
        "athena",
        "GetQueryExecution",
        (Permission("athena:GetQueryExecution", Reach.WORKGROUP),),
        Where.QUERIES,
        for_impact_only=True,
    ),
    Read(
        "athena",
        "GetQueryResults",
        (Permission("athena:GetQueryResults", Reach.WORKGROUP), Permission("s3:GetObject", Reach.RESULTS)),
        Where.QUERIES,
        for_impact_only=True,
    ),
)
