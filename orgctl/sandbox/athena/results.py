"""GetQueryResults: the rows of a query that is done, page by page, the names of the columns first."""

from __future__ import annotations

from orgctl.sandbox.athena.executions import found
from orgctl.sandbox.athena.registry import invalid, operation
from orgctl.sandbox.operations import Access, Call, Members, Parameters

_PAGE = 1_000
_SIZES = {"varchar": 2147483647, "bigint": 19, "integer": 10, "double": 17, "timestamp": 3}


@operation("GetQueryResults", Access.ANYBODY)
def results(call: Call, params: Parameters) -> Members:
    """A page of rows; at most a thousand."""
    execution = found(call, params["QueryExecutionId"])
    if not execution.is_over:
        raise invalid(f"Query has not yet finished. Current state: {execution.state}")
    if execution.state != "SUCCEEDED":
        raise invalid(f"Query did not finish successfully. Final query state: {execution.state}")
    size = params.get("MaxResults") or _PAGE
    if size > _PAGE:
        raise invalid(f"MaxResults is more than maximum allowed length {_PAGE}.")
    token = str(params.get("NextToken") or 0)
    if not token.isdigit() or int(token) > len(execution.rows):
        raise invalid("The NextToken is not valid.")
    start = int(token)
    more = {"NextToken": str(start + size)} if start + size < len(execution.rows) else {}
    rows = [_row(row) for row in execution.rows[start : start + size]]
    columns = [_column(name, kind) for name, kind in execution.types]
    return {"UpdateCount": 0, "ResultSet": {"Rows": rows, "ResultSetMetadata": {"ColumnInfo": columns}}, **more}


def _row(values: list[str | None]) -> Members:
    """NULL is a cell without a value."""
    return {"Data": [{} if value is None else {"VarCharValue": value} for value in values]}


def _column(name: str, kind: str) -> Members:
    return {
        "CatalogName": "hive",
        "SchemaName": "",
        "TableName": "",
        "Name": name,
        "Label": name,
        "Type": kind,
        "Precision": _SIZES.get(kind, 0),
        "Scale": 0,
        "Nullable": "UNKNOWN",
        "CaseSensitive": kind == "varchar",
    }
