"""What the trail is queried by, as resources that there are to be."""

from __future__ import annotations

from collections.abc import Iterator

from orgctl.model.query_resources import QueryDatabase, QueryResource, QueryTable, QueryWorkgroup
from orgctl.model.trail_copies import copies_layout
from orgctl.model.trail_queries import TrailQueries, copies_of
from orgctl.model.trail_table import layout_of


def queried(queries: TrailQueries) -> Iterator[QueryResource]:
    """The database, its tables, and the workgroup."""
    region, account = queries.region, queries.account
    yield QueryDatabase(queries.database, region, account)
    yield QueryTable(queries.database, queries.table, region, account, layout_of(queries))
    yield QueryTable(queries.database, copies_of(queries.table), region, account, copies_layout(queries))
    yield QueryWorkgroup(
        queries.workgroup,
        region,
        account,
        results=queries.results,
        scan_limit=queries.scan_limit,
        kms_key=queries.results_key,
    )
