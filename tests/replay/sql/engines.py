"""The same question to both engines: what a statement makes of a row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from typing import Any

import duckdb
import pyarrow as pa

from orgctl.policy.authorizer import Authorizer
from orgctl.policy.document import Document, Statement
from orgctl.policy.evaluator import Rule, RuleMaker, action_matcher
from orgctl.policy.explanation import Answer, Decision
from orgctl.policy.layers import Layer, Layers, NamedPolicy
from orgctl.policy.parser import parse
from orgctl.policy.truth import Truth, some
from orgctl.replay.columns import BOOLEAN, COLUMNS, DAY, MOMENT, TEXT, WHOLE, Row
from orgctl.replay.facts import request_of
from orgctl.replay.sql.dialect import to_duckdb
from orgctl.replay.sql.query import CompiledPolicies, compile_policies
from orgctl.replay.sql.statements import statement_sql
from orgctl.simulator import Simulator
from tests.replay.drawn import LABS, MANAGEMENT, SHOP
from tests.replay.places import ID, simulator

TYPES = {TEXT: pa.string(), BOOLEAN: pa.bool_(), MOMENT: pa.timestamp("us"), DAY: pa.date32(), WHOLE: pa.int64()}
SCHEMA = pa.schema([(column.name, TYPES[column.type]) for column in COLUMNS])
MEMBERS = ", ".join(f"'{account}'" for account in (MANAGEMENT, SHOP, LABS))
EVENTS = f"""
    SELECT *, coalesce(principal_account IN ({MEMBERS}), FALSE) AS principal_member,
    resource_account IN ({MEMBERS}) AS resource_member FROM given
"""  # noqa: S608 - no words of others


class Engines:
    """A connection to DuckDB, which takes its time to open."""

    def __init__(self) -> None:
        self.connection = duckdb.connect()
        self.connection.execute("SET threads = 1")

    def table(self, rows: Sequence[Row]) -> pa.Table:
        columns = zip(*map(astuple, rows), strict=True)
        return pa.table(
            [pa.array(values, type=field.type) for values, field in zip(columns, SCHEMA, strict=True)], schema=SCHEMA
        )

    def denied(self, rows: Sequence[Row], policies: CompiledPolicies) -> list[Truth]:
        """What DuckDB makes of the whole query: whether the policies deny, row by row."""
        self.connection.register("given", self.table(rows))
        query = to_duckdb(policies.query("event_id, denied", events="given"))
        found: dict[str, Truth] = dict(self.connection.execute(query).fetchall())
        return [found[row.event_id] for row in rows]

    def ask(self, rows: Sequence[Row], expressions: Sequence[str]) -> list[tuple[Truth, ...]]:
        """What DuckDB makes of expressions in Athena's dialect."""
        selected = ", ".join(f"{sql} AS s{number}" for number, sql in enumerate(expressions))
        query = to_duckdb(f"SELECT {selected} FROM events")  # noqa: S608
        self.connection.register("given", self.table(rows))
        self.connection.execute(f"CREATE OR REPLACE TEMP VIEW events AS {EVENTS}")
        return self.connection.execute(query).fetchall()


class Asking(Simulator):
    """One that looks at a policy whoever calls."""

    def looking_at(self, policy: NamedPolicy) -> Asking:
        self.all = Authorizer(Layers(scp=((policy,),)))
        return self

    def authorizer(self, caller_account: str, resource_account: str) -> Authorizer:
        return self.all


PLACE = simulator()


@dataclass(frozen=True)
class Difference:
    """A row of which SQL says something else than the evaluator."""

    statement: Statement
    sql: str
    row: Row
    by_sql: Truth
    by_evaluator: Truth


@dataclass
class Compared:
    """How often SQL says the same, how often it leaves to the evaluator what that can tell, and where it is wrong."""

    pairs: int
    outcomes: Counter[Truth]
    left: int
    wrong: list[Difference]
    whole: int
    statements: int


def compare(engines: Engines, document: dict[str, Any], rows: Sequence[Row]) -> Compared:
    """Every statement of a document against every row of which something can be asked."""
    parsed = parse(document)
    policy = NamedPolicy("scp/p", parsed)
    asking = Asking.__new__(Asking)
    asking.__dict__.update(PLACE.__dict__)
    asking.looking_at(policy)
    rules = list(RuleMaker({}).rules(Layer.SCP, 0, policy, 0))
    compiled = [statement_sql(rule.statement, parsed, ID) for rule in rules]
    answers = engines.ask(rows, [each.sql for each in compiled])
    found = Compared(0, Counter(), 0, [], sum(each.is_whole for each in compiled), len(compiled))
    for row, by_sql in zip(rows, answers, strict=True):
        requests = request_of(row, asking)
        for rule, each, said in zip(rules, compiled, by_sql, strict=True):
            truth = some(_truth(rule, parsed, request) for request in requests)
            found.pairs += 1
            found.outcomes[truth] += 1
            if said is None and truth is not None:
                found.left += 1
            elif said is not truth:
                found.wrong.append(Difference(rule.statement, each.sql, row, said, truth))
    return found


def _truth(rule: Rule, document: Document, request: Any) -> Truth:
    actions = rule.statement.actions
    if actions and action_matcher(actions)(request.action) is actions.negated:
        return False
    return rule.truth(request.context.get, request, frozenset(request.unknown))


def decide(simulator: Simulator, row: Row) -> Truth:
    """Whether the evaluator denies one of the requests; None if it cannot tell."""
    return some(_denied(simulator.answer(request)) for request in request_of(row, simulator))


def _denied(answer: Answer) -> Truth:
    """An explicit or an implicit deny, it does not matter which: not even if that is all that is open."""
    possible = {each.decision for each in answer.outcomes} or {answer.decision}
    if Decision.ALLOWED not in possible and Decision.UNKNOWN not in possible:
        return True
    return False if possible == {Decision.ALLOWED} else None


def compare_decisions(engines: Engines, simulator: Simulator, rows: Sequence[Row]) -> tuple[list[Any], int]:
    """The rows of which SQL says something else than the evaluator, and how many it leaves to that."""
    by_sql = engines.denied(rows, compile_policies((simulator,)))
    pairs = [(row, said, decide(simulator, row)) for row, said in zip(rows, by_sql, strict=True)]
    wrong = [pair for pair in pairs if pair[1] is not None and pair[1] is not pair[2]]
    return wrong, sum(said is None and truth is not None for _, said, truth in pairs)
