"""CloudTrail's records as Athena's table has them, in DuckDB."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

import duckdb
import pyarrow as pa

from orgctl.model.trail_table import COLUMNS


def _type(hive: str) -> pa.DataType:
    if hive.startswith("struct<"):
        parts = _split(hive[len("struct<") : -1])
        return pa.struct([(name, _type(kind)) for name, _, kind in (part.partition(":") for part in parts)])
    if hive.startswith("array<"):
        return pa.list_(_type(hive[len("array<") : -1]))
    if hive.startswith("map<"):
        return pa.map_(pa.string(), pa.string())
    return pa.string()


def _split(text: str) -> list[str]:
    """At the commas that are in no brackets."""
    parts, depth, start = [], 0, 0
    for place, letter in enumerate(text):
        depth += {"<": 1, ">": -1}.get(letter, 0)
        if letter == "," and not depth:
            parts.append(text[start:place])
            start = place + 1
    return [*parts, text[start:]]


SCHEMA = pa.schema([(name, _type(kind)) for name, kind in COLUMNS.items()])


def row(record: Mapping[str, Any]) -> dict[str, Any]:
    """A record as the table's deserializer reads it: names in lower case, texts of what is no text."""
    lowered = {key.lower(): value for key, value in record.items()}
    return {name: _value(lowered.get(name), kind) for name, kind in COLUMNS.items()}


def _value(value: Any, hive: str) -> Any:
    if value is None:
        return None
    if hive.startswith("struct<"):
        if not isinstance(value, dict):
            return None
        lowered = {key.lower(): each for key, each in value.items()}
        parts = (part.partition(":") for part in _split(hive[len("struct<") : -1]))
        return {name: _value(lowered.get(name), kind) for name, _, kind in parts}
    if hive.startswith("array<"):
        return [_value(each, hive[len("array<") : -1]) for each in value] if isinstance(value, list) else None
    if isinstance(value, str):
        return value
    return json.dumps(value)


def table(connection: duckdb.DuckDBPyConnection, records: Iterable[Mapping[str, Any]], name: str = "trail") -> None:
    """A table `name` of the records, as Athena would have it."""
    connection.register(name, pa.Table.from_pylist([row(record) for record in records], SCHEMA))
