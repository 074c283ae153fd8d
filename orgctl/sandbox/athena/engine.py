"""The engine: DuckDB, over what the tables of a query hold."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, TypeVar

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from orgctl.sandbox.athena import storage
from orgctl.sandbox.athena.ended import Ended
from orgctl.sandbox.athena.failure import QueryError, ScanLimitError
from orgctl.sandbox.athena.querying import Query, Scan, read_query
from orgctl.sandbox.athena.reading import objects_of, rows_of
from orgctl.sandbox.athena.texts import csv_line, text_of, type_name
from orgctl.sandbox.athena_state import Execution

if TYPE_CHECKING:
    from orgctl.sandbox.front import Front


T = TypeVar("T")


class Engine:
    """One execution of a query."""

    def __init__(self, front: Front, execution: Execution, today: date) -> None:
        self._front, self._execution, self._today = front, execution, today
        self._scanned = 0

    def run(self) -> Ended:
        """Read, execute and write. Raises QueryError."""
        execution = self._execution
        query = read_query(execution.query, execution.database, execution.parameters)
        relations = {scan.relation: self._scan(scan) for scan in query.scans}
        result = _executed(query, relations)
        return self._unloaded(query, result) if query.to else self._told(result)

    def _scan(self, scan: Scan) -> pa.Table:
        execution = self._execution
        with self._front.lock:
            database = self._front.cloud.glue.database(execution.account, execution.region, scan.database)
            table = database.tables.get(scan.table) if database else None
        if table is None:
            name = f"awsdatacatalog.{scan.database}.{scan.table}"
            raise QueryError(f"TABLE_NOT_FOUND: line 1:1: Table '{name}' does not exist")
        found = self._ask(objects_of, execution.account, table, scan.where, self._today)
        limit = execution.configuration.get("_limit")
        most = self._front.cloud.settings.athena_objects
        if most and len(found) > most:
            raise QueryError("EXCEEDED_MEMORY_LIMIT: Query exhausted resources at this scale factor")
        self._scanned += sum(each.size for each in found)
        if limit and self._scanned > limit:
            raise ScanLimitError(self._scanned)
        return rows_of(table, found, self._ask(storage.bodies, [each.url for each in found]))

    def _ask(self, function: Callable[..., T], *arguments: object) -> T:
        return self._front.ask_moto(function, *arguments)

    def _told(self, result: pa.Table) -> Ended:
        """The rows as texts, and as a file at the output location."""
        names = [name.lower() for name in result.column_names]
        rows = [names, *([text_of(value) for value in row] for row in zip(*_columns(result), strict=True))]
        self._write(self._execution.output, "".join(csv_line(row) for row in rows).encode())
        self._write(f"{self._execution.output}.metadata", b"")
        types = [(name, type_name(kind)) for name, kind in zip(names, result.schema.types, strict=True)]
        return Ended(types=types, rows=[list(row) for row in rows], scanned=self._scanned)

    def _unloaded(self, query: Query, result: pa.Table) -> Ended:
        """One file in the folder, which has to be empty; and its name at the output location."""
        folder = f"{(query.to or '').rstrip('/')}/"
        if self._ask(storage.listing, self._execution.account, folder):
            raise QueryError(f"HIVE_PATH_ALREADY_EXISTS: Target directory for table '{folder}' already exists")
        file, body = f"{folder}{self._execution.id}", io.BytesIO()
        if result.num_rows:
            pq.write_table(result, body, compression="snappy")
            self._ask(storage.write, self._execution.account, file, body.getvalue())
        manifest = self._execution.output.removesuffix(".csv") + "-manifest.csv"
        self._write(manifest, f"{file}\n".encode() if result.num_rows else b"")
        return Ended(scanned=self._scanned, manifest=manifest)

    def _write(self, url: str, body: bytes) -> None:
        owner = self._execution.configuration.get("ExpectedBucketOwner")
        self._ask(storage.write, self._execution.account, url, body, owner)


def _columns(result: pa.Table) -> list[list[object]]:
    return [column.to_pylist() for column in result.columns]


def _executed(query: Query, relations: dict[str, pa.Table]) -> pa.Table:
    with duckdb.connect(config={"threads": 1}) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        for name, rows in relations.items():
            connection.register(name, rows)
        try:
            found = connection.sql(query.sql).to_arrow_table()
        except (duckdb.BinderException, duckdb.CatalogException, duckdb.ParserException) as error:
            raise QueryError(f"SYNTAX_ERROR: {error}") from None
        except duckdb.Error as error:
            raise QueryError(f"GENERIC_USER_ERROR: {error}") from None
    return found
