"""A compiled query as a plan of Velox, whose Python package takes expressions but no whole queries.

What the text says of joins and relations is read from the text, so that it is the text that is run: the accounts are
joined twice, then come the columns of the relations one after the other, then groups.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

import duckdb
import sqlglot
from sqlglot import exp

from conformance.translation import ATHENA, to_velox
from orgctl.replay.columns import NAMES
from orgctl.replay.sql.dialect import to_duckdb

_CALLER, _OWNER = "c", "o"


@dataclass(frozen=True, slots=True)
class Plan:
    """The columns of `accounts`; the projections of each relation; and of the last its groups and their figures.

    Without `figures` the last projection is the answer.
    """

    accounts: dict[str, list[Any]]
    where: str
    projections: list[list[str]]
    figures: list[str]

    def as_json(self) -> dict[str, Any]:
        """For the program that runs it."""
        return asdict(self)


def plan_of(query: str) -> Plan:
    """The plan of a query that was made by `CompiledPolicies.query`."""
    parsed = sqlglot.parse_one(query, read=ATHENA)
    relations = {each.alias: each.this for each in parsed.ctes}
    known: list[str] = list(NAMES)
    projections = [_added(known, relations[name].expressions) for name in ("placed", "judged", "decided")]
    keys = [each for each in parsed.expressions if not each.find(exp.AggFunc)]
    figures = [each for each in parsed.expressions if each.find(exp.AggFunc)]
    last = [f"{to_velox(each.unalias())} AS k{place}" for place, each in enumerate(keys)]
    needed = {column.name for each in figures for column in each.find_all(exp.Column)}
    kept = sorted(needed) if figures else []
    where = relations["placed"].args["where"].this
    return Plan(
        _listed(relations["accounts"].sql(dialect=ATHENA)),
        to_velox(where),
        [*projections, [*last, *map(_quoted, kept)]],
        [to_velox(each.unalias()) for each in figures],
    )


def _listed(accounts: str) -> dict[str, list[Any]]:
    """The accounts, listed by DuckDB: Velox's plans cannot unfold lists."""
    found = duckdb.sql(to_duckdb(accounts))
    return dict(zip(found.columns, map(list, zip(*found.fetchall(), strict=True)), strict=True))


def _added(known: list[str], expressions: Iterable[exp.Expression]) -> list[str]:
    """The projection of a relation that has all that is known, and more; which is known from then on."""
    added = dict(_new(expressions))
    projection = [*map(_quoted, known), *(f"{sql} AS {name}" for name, sql in added.items())]
    known.extend(added)
    return projection


def _new(expressions: Iterable[exp.Expression]) -> Iterator[tuple[str, str]]:
    for each in expressions:
        if not each.is_star:
            yield each.alias, to_velox(each.unalias().transform(_of_join))


def _of_join(node: exp.Expression) -> exp.Expression:
    """Columns of the joined accounts have names of their own, those of the events their own."""
    if isinstance(node, exp.Column) and node.table:
        joined = node.table in (_CALLER, _OWNER)
        return exp.column(f"{node.table}_{node.name}" if joined else node.name)
    return node


def _quoted(name: str) -> str:
    return f'"{name}"'
