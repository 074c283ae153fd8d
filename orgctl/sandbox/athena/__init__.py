"""Amazon Athena, which really executes: its SQL runs in DuckDB, over the S3 objects that the sandbox holds.

Tables are those of the Glue catalog. Of formats there are CloudTrail's log files, found by partition
projection, JSON lines and Parquet. There are `SELECT` and `UNLOAD`; everything else is refused as a query that failed.
What costs on AWS is counted as there: bytes scanned, and the workgroup's limit on them. Source: the `athena` model of
botocore 1.44.5, and "Use partition projection with Amazon Athena" and "Query AWS CloudTrail logs" (Athena User Guide).
"""

from __future__ import annotations

from orgctl.sandbox.athena import executions, results, workgroups
from orgctl.sandbox.athena.registry import operation

__all__ = ["executions", "operation", "results", "workgroups"]
