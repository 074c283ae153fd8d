"""What the trail is queried by, as resources that there are to be."""

from __future__ import annotations

from collections.abc import Iterator

from orgctl.model.query_resources import QueryDatabase, QueryResource, QueryTable, QueryWorkgroup
from orgctl.model.trail_queries import TrailQueries
from orgctl.model.trail_table import layout_of


def queried(queries: TrailQueries) -> Iterator[QueryResource]:
    """The database, its table, and the workgroup."""
    region, account = queries.region, queries.account
    yield QueryDatabase(queries.database, region, account)
    yield QueryTable(queries.database, queries.table, region, account, layout_of(queries))
    yield QueryWorkgroup(
        queries.workgroup,
        region,
        account,
        results=queries.results,
        scan_limit=queries.scan_limit,
        kms_key=queries.results_key,
    )
