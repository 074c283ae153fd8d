"""Which calls were asked for, of those whose columns only Python could make: by the same SQL as the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orgctl.replay.columns import COLUMNS, Row
from orgctl.replay.sql.dialect import to_duckdb

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_LOOKED_AT = ("time", "principal_account", "recipient", "principal", "caller", "principal_type")
_TYPES = {column.name: column.type for column in COLUMNS}


class Selects:
    """Whether a condition on the columns (in SQL of Athena's dialect) holds for a row."""

    def __init__(self, connection: DuckDBPyConnection, condition: str) -> None:
        self._connection = connection
        columns = ", ".join(f'CAST(? AS {_TYPES[name]}) AS "{name}"' for name in _LOOKED_AT)
        sql = f"SELECT coalesce({condition}, FALSE) FROM (SELECT {columns})"  # noqa: S608 - as the condition has it
        self._sql = None if condition == "TRUE" else to_duckdb(sql)

    def __call__(self, row: Row) -> bool:
        """Whether it does."""
        if self._sql is None:
            return True
        [(found,)] = self._connection.execute(self._sql, [getattr(row, name) for name in _LOOKED_AT]).fetchall()
        return bool(found)
