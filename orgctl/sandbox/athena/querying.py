"""From the text of a query to a statement of DuckDB's, and the tables that it reads."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from orgctl.sandbox.athena.failure import QueryError

_UNLOAD = re.compile(r"\s*UNLOAD\s*\((?P<query>.*)\)\s*TO\s*'(?P<to>[^']+)'\s*WITH\s*\((?P<how>.*)\)\s*\Z", re.I | re.S)
_PARQUET = re.compile(r"format\s*=\s*'PARQUET'", re.I)


@dataclass(frozen=True, slots=True)
class Scan:
    """One place where a query reads a table: what DuckDB is to call it, and the condition there."""

    relation: str
    database: str
    table: str
    where: exp.Expr | None


@dataclass(frozen=True, slots=True)
class Query:
    """What is to be run. `to` is the folder that UNLOAD writes Parquet files to; None: it is a SELECT."""

    sql: str
    scans: tuple[Scan, ...]
    to: str | None = None


def read_query(text: str, database: str, parameters: Sequence[str] = ()) -> Query:
    """Read Athena's SQL; tables without a database are in `database`. Raises QueryError."""
    unload = _UNLOAD.match(text.rstrip().rstrip(";"))
    if unload and not _PARQUET.search(unload["how"]):
        raise QueryError("NOT_SUPPORTED: the sandbox unloads Parquet only")
    statement = _parsed(unload["query"] if unload else text)
    if not isinstance(statement, exp.Query):
        raise QueryError("NOT_SUPPORTED: the sandbox executes SELECT and UNLOAD only; make tables by the Glue API")
    _fill(statement, parameters)
    scans = tuple(_scans(statement, database))
    try:
        sql = statement.sql(dialect="duckdb")
    except SqlglotError as error:
        raise QueryError(f"NOT_SUPPORTED: {error}") from None
    return Query(sql, scans, unload["to"] if unload else None)


def _parsed(text: str) -> exp.Expr:
    try:
        statements = [each for each in sqlglot.parse(text, read="athena") if each is not None]
    except SqlglotError as error:
        raise QueryError(f"SYNTAX_ERROR: {str(error).splitlines()[0]}") from None
    if len(statements) != 1:
        raise QueryError("SYNTAX_ERROR: Only one sql statement is allowed")
    return statements[0]


def _fill(statement: exp.Expr, parameters: Sequence[str]) -> None:
    places = list(statement.find_all(exp.Placeholder, bfs=False))
    if len(places) != len(parameters):
        raise QueryError(f"INVALID_PARAMETER_USAGE: Incorrect number of parameters: expected {len(places)}")
    for place, value in zip(places, parameters, strict=True):
        place.replace(_parsed(f"SELECT {value}").expressions[0])


def _scans(statement: exp.Expr, database: str) -> list[Scan]:
    """Every table that is no name of a WITH, put under a name of its own."""
    named = {cte.alias.lower() for cte in statement.find_all(exp.CTE)}
    scans: list[Scan] = []
    for node in list(statement.find_all(exp.Table)):
        if (node.name.lower() in named and not node.db) or not isinstance(node.this, exp.Identifier):
            continue
        select = node.find_ancestor(exp.Select)
        where = select.args.get("where") if select else None
        relation = f"scan_{len(scans) + 1}"
        scans.append(
            Scan(relation, (node.db or database).lower(), node.name.lower(), where.this.copy() if where else None)
        )
        replacement = exp.to_table(relation)
        replacement.set("alias", exp.TableAlias(this=exp.to_identifier(node.alias or node.name)))
        replacement.set("joins", node.args.get("joins"))
        node.replace(replacement)
    return scans
