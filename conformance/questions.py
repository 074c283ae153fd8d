"""The questions to all engines, and the folder by which they are put and answered."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as parquet

from conformance.columns import COLUMNS_OF_CALLS, Columns, calls, columns_plan
from conformance.drawing import organizations, policies, rows, trail
from conformance.plans import Plan, plan_of
from conformance.translation import to_spark, to_velox
from orgctl.policy.document import Document, Statement
from orgctl.policy.evaluator import Rule, RuleMaker
from orgctl.policy.layers import Layer, NamedPolicy
from orgctl.policy.parser import parse
from orgctl.replay.athena.flattening import copied
from orgctl.replay.athena.groups import Groups
from orgctl.replay.columns import Row
from orgctl.replay.sql.query import CompiledPolicies, compile_policies
from orgctl.replay.sql.statements import statement_sql
from orgctl.replay.verdicts.facts_in_sql import Facts, facts_of
from orgctl.simulator import Simulator
from tests.replay.athena.trail import SCHEMA, row
from tests.replay.places import ID
from tests.replay.sql.engines import EVENTS, Engines

SELECTION = "principal_account <> '333333333333' AND \"time\" >= TIMESTAMP '2026-01-01 00:00:00'"
"""What is asked about, of a trail's records."""
_PLACED = "(SELECT *, '1' AS account, 'here' AS region FROM trail)"
_COPIES = f"({copied(_PLACED, 'TRUE')})"
"""The trail's records as copies of them have them."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A statement, and the expression that it compiles to."""

    policy: str
    rule: Rule
    sql: str

    @property
    def statement(self) -> Statement:
        """As the policy has it."""
        return self.rule.statement


@dataclass(frozen=True, slots=True)
class Query:
    """A whole query in Athena's dialect; without policies, it is that for the columns of calls.

    `judged` are its organizations where its answer is one row for each event.
    """

    name: str
    sql: str
    compiled: CompiledPolicies | None = None
    facts: Facts | None = None
    judged: tuple[Simulator, Simulator] | None = None
    of_trail: bool = False
    """It is over the trail's table, whose records it makes into calls first."""

    @property
    def plan(self) -> Plan | Columns | None:
        """The same for Velox; None for what has more to it than joined accounts, or joined names."""
        if self.compiled is None:
            return columns_plan()
        return None if self.of_trail else plan_of(self.sql)


@dataclass(frozen=True, slots=True)
class Questions:
    """Everything that is asked."""

    rows: tuple[Row, ...]
    records: pa.Table
    statements: tuple[Asked, ...]
    queries: tuple[Query, ...]


def make(count_of_rows: int, count_of_statements: int, count_of_organizations: int, seed: int) -> Questions:
    """So many questions, no two of them alike; the same seed makes the same ones."""
    found: dict[str, Asked] = {}
    for asked in (each for name, document in policies(seed) for each in _statements(name, parse(document))):
        found.setdefault(asked.sql, asked)
        if len(found) == count_of_statements:
            break
    queries = (each for made in organizations(count_of_organizations, seed) for each in _queries(*made))
    records = pa.Table.from_pylist([row(each) for each in trail(count_of_rows // 2, seed)], SCHEMA)
    columns = Query("the columns of calls", COLUMNS_OF_CALLS, of_trail=True)
    return Questions(tuple(rows(count_of_rows, seed)), records, tuple(found.values()), (*queries, columns))


def _statements(name: str, document: Document) -> Iterator[Asked]:
    for rule in RuleMaker({}).rules(Layer.SCP, 0, NamedPolicy(name, document), 0):
        yield Asked(name, rule, statement_sql(rule.statement, document, ID).sql)


def _queries(name: str, before: Simulator, after: Simulator) -> Iterator[Query]:
    both, compiled = compile_policies((before, after)), compile_policies((after,))
    each = both.query("event_id, denied_0, denied_1", events="events")
    facts = facts_of(before, after)
    yield Query(f"{name}, by event", each, both, facts, (before, after))
    yield Query(f"{name}, in groups", facts.decided(compiled, events="events"), compiled, facts)
    groups = Groups(facts, compiled, "trail", SELECTION, _COPIES)
    yield Query(f"{name}, over the trail's table", groups.query("TRUE"), compiled, facts, of_trail=True)
    over_copies = groups.query("TRUE", of_copies=True)
    yield Query(f"{name}, over copies of it", over_copies, compiled, facts, of_trail=True)


def write(asked: Questions, folder: Path) -> None:
    """Leave the questions for the programs that put them to the engines."""
    with duckdb.connect() as connection:
        connection.register("given", Engines().table(asked.rows))
        table = connection.sql(EVENTS).to_arrow_table()
    with pa.OSFile(str(folder / "rows.arrow"), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)
    parquet.write_table(asked.records, folder / "trail.parquet")
    joined = calls(asked.records)
    with pa.OSFile(str(folder / "calls.arrow"), "wb") as sink, pa.ipc.new_file(sink, joined.schema) as writer:
        writer.write_table(joined)
    numbered = table.append_column("place", pa.array(range(table.num_rows), pa.int64()))
    parquet.write_table(numbered, folder / "rows.parquet")
    expressions = [each.sql for each in asked.statements]
    velox = {
        "expressions": list(map(to_velox, expressions)),
        "queries": [q.plan and q.plan.as_json() for q in asked.queries],
    }
    spark = {"expressions": list(map(_expression, expressions)), "queries": [to_spark(q.sql) for q in asked.queries]}
    (folder / "velox.json").write_text(json.dumps(velox))
    (folder / "spark.json").write_text(json.dumps(spark))


def _expression(sql: str) -> str:
    return to_spark(f"SELECT {sql}").removeprefix("SELECT ")
