"""Hive's types, as Glue's columns have them: to Arrow's, and what a deserializer makes of JSON for each."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import pyarrow as pa

from orgctl.sandbox.athena.failure import QueryError

_PLAIN = {
    "string": pa.string(),
    "varchar": pa.string(),
    "char": pa.string(),
    "boolean": pa.bool_(),
    "tinyint": pa.int8(),
    "smallint": pa.int16(),
    "int": pa.int32(),
    "integer": pa.int32(),
    "bigint": pa.int64(),
    "float": pa.float32(),
    "double": pa.float64(),
    "date": pa.date32(),
    "timestamp": pa.timestamp("ms"),
}


@cache
def arrow_type(hive: str) -> pa.DataType:
    """`struct<a:string>` and its like. Raises QueryError for a type that there is not."""
    name, _, inner = hive.partition("<")
    inner = inner.removesuffix(">")
    match name:
        case "struct":
            return pa.struct([(field, arrow_type(kind)) for field, kind in fields(hive)])
        case "array":
            return pa.list_(arrow_type(inner))
        case "map":
            key, value = _split(inner)
            return pa.map_(arrow_type(key), arrow_type(value))
        case _ if name.partition("(")[0] in _PLAIN:
            return _PLAIN[name.partition("(")[0]]
        case _:
            raise QueryError(f"HIVE_UNSUPPORTED_FORMAT: the sandbox does not know the type {hive}")


@cache
def fields(hive: str) -> tuple[tuple[str, str], ...]:
    """The fields of a struct: name and type."""
    inner = hive.partition("<")[2].removesuffix(">")
    return tuple((name, kind) for name, _, kind in (part.partition(":") for part in _split(inner)))


def _split(text: str) -> list[str]:
    """The parts between the commas that stand in no brackets."""
    parts, depth, start = [], 0, 0
    for place, letter in enumerate(text):
        depth += (letter in "<(") - (letter in ">)")
        if letter == "," and depth == 0:
            parts.append(text[start:place])
            start = place + 1
    return [*parts, text[start:]]


def read_json(value: Any, hive: str) -> Any:
    """A JSON value as the JSON deserializer reads it for a column: names without case, unknown fields passed over.

    Raises QueryError where the column is a struct or a list and the value is not: the deserializer gives up then.
    """
    if value is None:
        return None
    name = hive.partition("<")[0]
    match name:
        case "string" | "varchar" | "char":
            return value if isinstance(value, str) else json.dumps(value, separators=(",", ":"), ensure_ascii=False)
        case "struct":
            return dict(_struct(value, hive))
        case "array":
            if not isinstance(value, list):
                raise QueryError("HIVE_CURSOR_ERROR: Row is not a valid JSON Object - Start of Array expected")
            inner = hive.partition("<")[2].removesuffix(">")
            return [read_json(each, inner) for each in value]
        case "map":
            kind = _split(hive.partition("<")[2].removesuffix(">"))[1]
            return [(key, read_json(each, kind)) for key, each in value.items()] if isinstance(value, dict) else None
        case _:
            return value


def _struct(value: Any, hive: str) -> Iterator[tuple[str, Any]]:
    if not isinstance(value, dict):
        raise QueryError("HIVE_CURSOR_ERROR: Row is not a valid JSON Object - Start of Object expected")
    lowered = {key.lower(): each for key, each in value.items()}
    for name, kind in fields(hive):
        yield name, read_json(lowered.get(name.lower()), kind)
