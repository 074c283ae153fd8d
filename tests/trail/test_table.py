"""The table over the organization trail: where it looks, and how its DDL reads."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import sqlglot
from sqlglot import exp

from orgctl.model.trail_table import COLUMNS, PARTITIONS, create_table, layout_of
from tests.trail.places import QUERIES

_TEMPLATE = "storage.location.template"


def test_a_partition_is_found_where_cloudtrail_puts_its_log_files() -> None:
    """The template, filled in with an account, a region and a day, is the folder of the organization trail's files."""
    for prefix in ("", "logs"):
        queries = replace(QUERIES, prefix=prefix)
        template = layout_of(queries).parameters[_TEMPLATE]
        filled = (
            template.replace("${account}", "210987654321")
            .replace("${region}", "us-east-1")
            .replace("${day}", "2026/11/03")
        )
        above = f"{prefix}/" if prefix else ""
        expected = f"s3://example-org-trail/{above}AWSLogs/o-a1b2c3d4e5/210987654321/CloudTrail/us-east-1/2026/11/03"
        assert expected == filled == queries.folder("210987654321", "us-east-1", date(2026, 11, 3))


def test_accounts_are_never_enumerated() -> None:
    """An injected partition has no list that would have to be changed for each account that joins."""
    parameters = layout_of(QUERIES).parameters
    found = [f"{key}={value}" for key, value in parameters.items() if key.startswith("projection.account.")]
    assert found == ["projection.account.type=injected"]


def test_the_ddl_says_what_the_layout_says() -> None:
    """Read back as Athena's SQL, the statement has the layout's columns, partitions, formats, place and properties."""
    layout = layout_of(QUERIES)
    [statement] = sqlglot.parse(create_table("orgctl", "cloudtrail", layout), dialect="athena")
    assert isinstance(statement, exp.Create)
    columns = [column.name for column in statement.this.expressions]
    assert [*COLUMNS] == columns
    partitions = statement.find(exp.PartitionedByProperty)
    assert partitions is not None
    assert [*PARTITIONS] == [column.name for column in partitions.this.expressions]
    place = statement.find(exp.LocationProperty)
    assert place is not None
    assert layout.location == place.this.name
    said = {
        each.name: each.args["value"].name for each in statement.find_all(exp.Property) if type(each) is exp.Property
    }
    assert layout.parameters == said
    formats = [each.name for each in statement.find_all(exp.Literal)]
    assert {layout.serde, layout.input_format, layout.output_format} <= set(formats)
