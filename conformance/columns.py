"""The columns that SQL makes of records, as a plan of Velox: one projection after the other, as the relations are.

Velox's plans cannot unfold the tables of names: they are joined by DuckDB, and Velox begins with what comes of that.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

import duckdb
import pyarrow as pa

from conformance.translation import to_velox, type_of
from orgctl.model import trail_copies
from orgctl.replay.athena.flattening import MADE, flattened, made, read
from orgctl.replay.columns import BOOLEAN, TEXT, WHOLE
from orgctl.replay.sql.dialect import to_duckdb

ASKED = (*MADE, "sure", "state")
"""The columns that are compared."""

_HIVE = {"string": TEXT, "boolean": BOOLEAN, "bigint": WHOLE, "array<string>": f"ARRAY({TEXT})"}
_FIELDS = {name: _HIVE[kind] for name, kind in trail_copies.COLUMNS.items() if name not in ("account", "region")}
_JOINED = {"prefix": TEXT, "told_action": TEXT, "is_exceptional": BOOLEAN, "mark": TEXT}
_FLAT = flattened("trail", "TRUE", MADE)

_ASKED_NAMES = ", ".join(f'"{name}"' for name in ASKED)
COLUMNS_OF_CALLS = f"SELECT {_ASKED_NAMES} FROM (\n{_FLAT}\n)"  # noqa: S608 - names of ours
"""The query for them, in Athena's dialect."""


@dataclass(frozen=True, slots=True)
class Columns:
    """The projections, the last of which is the answer."""

    projections: list[list[str]]

    def as_json(self) -> dict[str, Any]:
        """For the program that runs it."""
        return asdict(self)


def columns_plan() -> Columns:
    """The plan, of the expressions that the query has."""
    return Columns([*_projections(), [_quoted(name) for name in ASKED]])


def calls(records: pa.Table) -> pa.Table:
    """What the plan begins with."""
    with duckdb.connect() as connection:
        connection.register("trail", records)
        wanted = ", ".join(map(_quoted, (*_FIELDS, *_JOINED)))
        return connection.sql(f"SELECT {wanted} FROM ({to_duckdb(_FLAT)})").to_arrow_table()  # noqa: S608


def _projections() -> Iterator[list[str]]:
    types = {**_FIELDS, **_JOINED}
    for columns in (*read(), *made(MADE)):
        kept = [_quoted(name) for name in types if name not in columns]
        yield [*kept, *(f"{to_velox(sql, types)} AS {_quoted(name)}" for name, sql in columns.items())]
        types |= {name: type_of(sql, types) for name, sql in columns.items()}


def _quoted(name: str) -> str:
    return f'"{name}"'
