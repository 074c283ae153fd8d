"""Copies of the trail's days as Parquet, and the table that reads them.

A copy holds, of the records of some accounts on one day, the fields that decisions hang on, each in a column. Its
folder is named after it (`2026-11-02-…`), and its name is the one partition: a query says which copies it reads.
Source of the classes: "Parquet SerDe", Amazon Athena User Guide.
"""

from __future__ import annotations

from collections.abc import Mapping

from orgctl.model.trail_queries import TrailQueries
from orgctl.model.trail_table import TEXT, TableLayout

FORM = 1
"""Another number for other columns, or for others in them: copies of another form are not looked at."""

_FLAG, _NUMBER = "boolean", "bigint"

COLUMNS: Mapping[str, str] = {
    "event_id": TEXT,
    "error_code": TEXT,
    "error_message": TEXT,
    "identity_type": TEXT,
    "identity_arn": TEXT,
    "identity_account": TEXT,
    "identity_id": TEXT,
    "invoked_by": TEXT,
    "has_session": _FLAG,
    "issuer_arn": TEXT,
    "session_mfa": TEXT,
    "session_created": TEXT,
    "session_provider": TEXT,
    "session_source": TEXT,
    "session_root": TEXT,
    "session_delivery": TEXT,
    "event_time": TEXT,
    "source_address": TEXT,
    "agent": TEXT,
    "endpoint": TEXT,
    "endpoint_account": TEXT,
    "has_tls": _FLAG,
    "tls_version": TEXT,
    "event_source": TEXT,
    "event_name": TEXT,
    "event_type": TEXT,
    "event_region": TEXT,
    "recorder": TEXT,
    "parameter_text": TEXT,
    "resource_text": TEXT,
    "owners": _NUMBER,
    "first_owner": TEXT,
    "listed": f"array<{TEXT}>",
    "account": TEXT,
    "region": TEXT,
}
"""Hive's type of each column: the fields of a record, then its resources, then the folder that it was in."""

PARTITION = "copy"


def copies_location(queries: TrailQueries) -> str:
    """Where copies are put, beside the results of queries: `s3://example-org-trail/orgctl-athena/copies/1/`."""
    return f"{queries.results}copies/{FORM}/"


def copies_layout(queries: TrailQueries) -> TableLayout:
    """The table of this trail's copies."""
    location = copies_location(queries)
    return TableLayout(
        location,
        {
            "classification": "parquet",
            "projection.enabled": "true",
            f"projection.{PARTITION}.type": "injected",
            "storage.location.template": f"{location}${{{PARTITION}}}",
        },
        COLUMNS,
        {PARTITION: TEXT},
        serde="org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe",
        input_format="org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
        output_format="org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
        description="Copies of the organization trail's days",
    )
