"""Values as Athena writes them in its results."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

import pyarrow as pa


def type_name(kind: pa.DataType) -> str:
    """What Athena calls a column's type."""
    if pa.types.is_boolean(kind):
        return "boolean"
    if pa.types.is_integer(kind) or (pa.types.is_decimal(kind) and kind.scale == 0):
        return "integer" if kind.bit_width <= 32 else "bigint"
    for known, name in (
        (pa.types.is_floating, "double"),
        (pa.types.is_decimal, "decimal"),
        (pa.types.is_date, "date"),
        (pa.types.is_timestamp, "timestamp"),
        (pa.types.is_struct, "row"),
        (pa.types.is_map, "map"),
        (pa.types.is_list, "array"),
        (pa.types.is_large_list, "array"),
        (pa.types.is_binary, "varbinary"),
    ):
        if known(kind):
            return name
    return "varchar"


def text_of(value: object) -> str | None:
    """`true`, `2026-11-03 10:00:00.000`, `[a, b]`, `{arn=x, type=null}`; None for NULL."""
    match value:
        case None:
            return None
        case bool():
            return "true" if value else "false"
        case float():
            return (
                str(value) if math.isfinite(value) else {"inf": "Infinity", "-inf": "-Infinity"}.get(str(value), "NaN")
            )
        case datetime():
            return f"{value:%Y-%m-%d %H:%M:%S}.{value.microsecond // 1000:03d}"
        case date() | Decimal() | int():
            return str(value)
        case dict():
            return _braced(value.items())
        case list() if value and all(isinstance(each, tuple) for each in value):
            return _braced(value)
        case list():
            return f"[{', '.join(text_of(each) or 'null' for each in value)}]"
        case bytes():
            return value.hex(" ")
        case _:
            return str(value)


def _braced(pairs: Iterable[tuple[object, object]]) -> str:
    return "{" + ", ".join(f"{key}={'null' if each is None else text_of(each)}" for key, each in pairs) + "}"


def csv_line(values: Iterable[str | None]) -> str:
    """A line of Athena's results: everything in quotes, but NULL, which is nothing at all."""
    return ",".join("" if value is None else '"' + value.replace('"', '""') + '"' for value in values) + "\n"
