"""Athena's SQL for the other engines. Words are changed here, never meaning; each change says why it is needed."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import sqlglot
from sqlglot import exp

from orgctl.replay.columns import BOOLEAN, COLUMNS, TEXT, WHOLE

ATHENA, SPARK = "athena", "spark"


def to_spark(sql: str) -> str:
    """A query for Spark, by sqlglot, which does not know of two things.

    `min(x, n)`, the n smallest, only Trino has; and windows need an order in Spark, if only by what all have in common.
    """
    return sqlglot.parse_one(sql, read=ATHENA).transform(_smallest).transform(_ordered).sql(dialect=SPARK)


def _smallest(node: exp.Expression) -> exp.Expression:
    if isinstance(node, exp.Min) and node.expressions:
        ordered = exp.func("array_sort", exp.func("collect_list", node.this))
        return exp.func("slice", ordered, exp.Literal.number(1), node.expressions[0])
    return node


def _ordered(node: exp.Expression) -> exp.Expression:
    if isinstance(node, exp.Window) and node.args.get("order") is None:
        same = [exp.Ordered(this=each.copy()) for each in node.args["partition_by"]]
        node.set("order", exp.Order(expressions=same))
    return node


def to_velox(sql: exp.Expression | str, columns: Mapping[str, str] | None = None) -> str:
    """An expression for Velox, with the functions that it has from Presto. `columns` has the types of those in it.

    Its Python package reads expressions by a parser that knows fewer forms than Presto's own: a CASE needs an ELSE of
    the same type, `nullif` is no function, and a TIMESTAMP's precision (which is always enough) is not given.
    """
    types = _TYPES if columns is None else columns
    parsed = sqlglot.parse_one(sql, read=ATHENA) if isinstance(sql, str) else sql.copy()
    for change in (_without_nullif, partial(_with_else, types=types), _without_precision):
        parsed = parsed.transform(change)
    return parsed.sql(dialect=ATHENA)


def type_of(sql: str, columns: Mapping[str, str]) -> str:
    """The SQL type of an expression such as columns of calls are made by."""
    return _type(sqlglot.parse_one(sql, read=ATHENA), columns)


def _without_nullif(node: exp.Expression) -> exp.Expression:
    if not isinstance(node, exp.Nullif):
        return node
    same = exp.EQ(this=node.this.copy(), expression=node.expression.copy())
    return exp.Case(ifs=[exp.If(this=same, true=_null(TEXT))], default=node.this.copy())


def _with_else(node: exp.Expression, types: Mapping[str, str]) -> exp.Expression:
    if isinstance(node, exp.Case) and node.args.get("default") is None:
        node.set("default", _null(_type(node, types)))
    return node


def _without_precision(node: exp.Expression) -> exp.Expression:
    return exp.DataType.build("TIMESTAMP") if isinstance(node, exp.DataType) and node.this in _MOMENTS else node


_MOMENTS = (exp.DataType.Type.TIMESTAMP, exp.DataType.Type.TIMESTAMPNTZ)


def _null(kind: str) -> exp.Expression:
    return exp.cast(exp.Null(), kind)


def _type(node: exp.Expression, types: Mapping[str, str]) -> str:
    """The SQL type of an expression such as policies compile to, and columns of calls are made by."""
    match node:
        case exp.Paren() | exp.Coalesce() | exp.Nullif():
            return _type(node.this, types)
        case exp.Case():
            return _type(node.args["ifs"][0].args["true"], types)
        case exp.Cast():
            return str(node.to.sql(dialect=ATHENA))
        case exp.Column():
            return types.get(node.name, BOOLEAN)
        case exp.Add() | exp.Sub() | exp.Mul() | exp.Length() | exp.ArraySize():
            return WHOLE
        case exp.Filter() | exp.ArrayFilter():
            return "ARRAY(VARCHAR)"
        case exp.Literal():
            return TEXT if node.is_string else WHOLE
        case _:
            return TEXT if isinstance(node, _TEXTS) else BOOLEAN


_TEXTS = (
    *(exp.RegexpReplace, exp.RegexpExtract, exp.Replace, exp.SplitPart, exp.Substring),
    *(exp.Lower, exp.Concat, exp.Pad, exp.Bracket),
)
"""What gives a text. Of lists there are those of texts alone."""

_TYPES = {column.name: column.type for column in COLUMNS}
