"""Athena's SQL for DuckDB."""

from __future__ import annotations

import sqlglot


def to_duckdb(sql: str) -> str:
    """One statement in Athena's dialect (Trino's), transpiled for DuckDB."""
    [found] = sqlglot.transpile(sql, read="athena", write="duckdb")
    return found
