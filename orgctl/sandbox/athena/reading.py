"""From a Glue table to rows: the objects of the partitions that are asked for, in the formats that there are here."""

from __future__ import annotations

import gzip
import io
import json
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from sqlglot import exp

from orgctl.sandbox.athena import storage
from orgctl.sandbox.athena.failure import QueryError
from orgctl.sandbox.athena.hive import arrow_type, read_json
from orgctl.sandbox.athena.projection import Projection, Values, conditions_on, projection_of

_CLOUDTRAIL = "com.amazon.emr.cloudtrail.CloudTrailInputFormat"
_TEXT = "org.apache.hadoop.mapred.TextInputFormat"
_PARQUET = "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat"
_JSON_SERDES = frozenset({"org.apache.hive.hcatalog.data.JsonSerDe", "org.openx.data.jsonserde.JsonSerDe"})


@dataclass(frozen=True, slots=True)
class Found:
    """An object that is to be read, its size, and the partition that it is in."""

    url: str
    size: int
    values: Values


def objects_of(account: str, table: storage.Table, where: exp.Expr | None, today: date) -> list[Found]:
    """The objects that a query with this WHERE reads. Raises QueryError where it may not be asked so."""
    projection = projection_of(table, today)
    if projection is None:
        if table.get("PartitionKeys"):
            raise QueryError("NOT_SUPPORTED: the sandbox finds partitions by projection only")
        return [Found(url, size, {}) for url, size in storage.listing(account, _folder(table))]
    projection.check(where)
    placed = ((url, size, projection.values_of(url)) for url, size in storage.listing(account, projection.prefix))
    found = [Found(url, size, values) for url, size, values in placed if values is not None]
    kept = _kept({tuple(each.values.values()) for each in found}, projection, where)
    return [each for each in found if tuple(each.values.values()) in kept]


def _folder(table: storage.Table) -> str:
    location: str = table["StorageDescriptor"].get("Location", "")
    return f"{location.rstrip('/')}/"


def _kept(partitions: set[tuple[str, ...]], projection: Projection, where: exp.Expr | None) -> set[tuple[str, ...]]:
    """Those partitions of which the conditions on them hold."""
    conditions = [condition.sql(dialect="duckdb") for condition in conditions_on(_bare(where), projection.names)]
    if not partitions or not conditions:
        return partitions
    columns = list(zip(*sorted(partitions), strict=True))
    listed = pa.table({name: list(values) for name, values in zip(projection.names, columns, strict=True)})
    with duckdb.connect() as connection:
        connection.register("partitions", listed)
        chosen = f"SELECT * FROM partitions WHERE {' AND '.join(f'({each})' for each in conditions)}"  # noqa: S608
        return set(connection.execute(chosen).fetchall())


def _bare(where: exp.Expr | None) -> exp.Expr | None:
    """The condition with its columns named without their tables."""
    if where is None:
        return None
    return where.copy().transform(lambda node: exp.column(node.name) if isinstance(node, exp.Column) else node)


def rows_of(table: storage.Table, found: Sequence[Found], contents: Sequence[bytes]) -> pa.Table:
    """The rows of the objects with these contents, partition columns last. Raises QueryError for the unreadable."""
    storage_of: Mapping[str, Any] = table["StorageDescriptor"]
    columns = {column["Name"]: column.get("Type", "string") for column in storage_of["Columns"]}
    partitions = {column["Name"]: column.get("Type", "string") for column in table.get("PartitionKeys") or ()}
    schema = pa.schema([(name, arrow_type(kind)) for name, kind in (columns | partitions).items()])
    parts = [_part(storage_of, columns, each, body) for each, body in zip(found, contents, strict=True)]
    return pa.Table.from_pylist([row for part in parts for row in part], schema=schema)


def _part(storage_of: Mapping[str, Any], columns: Mapping[str, str], found: Found, body: bytes) -> list[dict[str, Any]]:
    kind, serde = storage_of.get("InputFormat"), (storage_of.get("SerdeInfo") or {}).get("SerializationLibrary")
    if kind == _PARQUET:
        rows = pq.read_table(io.BytesIO(body)).to_pylist()
        return [{**{name: row.get(name) for name in columns}, **found.values} for row in rows]
    if serde not in _JSON_SERDES or kind not in (_CLOUDTRAIL, _TEXT):
        raise QueryError(f"HIVE_UNSUPPORTED_FORMAT: the sandbox does not know {kind} with {serde}")
    text = _unpacked(found.url, body)
    records = _records(found.url, text) if kind == _CLOUDTRAIL else _lines(found.url, text)
    return [{**_row(record, columns), **found.values} for record in records]


def _row(record: Mapping[str, Any], columns: Mapping[str, str]) -> dict[str, Any]:
    lowered = {key.lower(): value for key, value in record.items()}
    return {name: read_json(lowered.get(name.lower()), kind) for name, kind in columns.items()}


def _unpacked(url: str, body: bytes) -> bytes:
    try:
        return gzip.decompress(body) if url.endswith(".gz") else body
    except (OSError, EOFError, zlib.error):
        raise QueryError(f"HIVE_CURSOR_ERROR: Failed to read file at {url}") from None


def _records(url: str, text: bytes) -> Iterator[dict[str, Any]]:
    """The elements of `Records`: each of them is a row."""
    try:
        document = json.loads(text)
    except ValueError:
        raise QueryError(f"HIVE_CURSOR_ERROR: Row is not a valid JSON Object, in {url}") from None
    records = document.get("Records") if isinstance(document, dict) else None
    yield from (record for record in records or () if isinstance(record, dict))


def _lines(url: str, text: bytes) -> Iterator[dict[str, Any]]:
    for line in text.splitlines():
        try:
            value = json.loads(line) if line.strip() else None
        except ValueError:
            raise QueryError(f"HIVE_CURSOR_ERROR: Row is not a valid JSON Object, in {url}") from None
        if isinstance(value, dict):
            yield value
