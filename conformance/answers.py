"""What the engines answered, in one form: a letter for each truth, and the rows of whole queries as sorted texts."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from conformance.questions import Query, Questions
from orgctl.policy.evaluator import Rule, action_matcher
from orgctl.policy.request import Request
from orgctl.policy.truth import Truth, some
from orgctl.replay.facts import request_of
from orgctl.replay.sql.dialect import to_duckdb
from tests.replay.places import simulator
from tests.replay.sql.engines import Engines, decide

LETTERS: dict[Truth, str] = {True: "T", False: "F", None: "-"}
ENVIRONMENTS = Path(".venv/conformance")
_PROGRAMS = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Answers:
    """Of one engine: for each statement a letter for each row, and for each query its rows, None if it was not put."""

    engine: str
    truths: tuple[str, ...]
    queries: tuple[tuple[str, ...] | None, ...]


class Engine:
    """A program that puts the questions of a folder to an engine; it runs beside this one."""

    def __init__(self, name: str, folder: Path) -> None:
        self.name = name
        self._folder = folder
        self._log = (folder / f"{name}.log").open("w+")
        command = [ENVIRONMENTS / name / "bin" / "python", _PROGRAMS / "engines" / f"{name}.py", folder]
        self._process = subprocess.Popen(command, stdout=self._log, stderr=subprocess.STDOUT)

    def answers(self) -> Answers:
        """Wait for them. Raises RuntimeError with what the program said, if it fails."""
        if self._process.wait():
            self._log.seek(0)
            raise RuntimeError(f"{self.name} failed:\n{self._log.read()[-5000:]}")
        found = json.loads((self._folder / f"{self.name}.answers.json").read_text())
        return Answers(
            self.name, tuple(found["truths"]), tuple(rows if rows is None else alike(rows) for rows in found["queries"])
        )


def alike(rows: Iterable[Sequence[Any]]) -> tuple[str, ...]:
    """The rows of an answer as texts that are the same for all engines."""
    return tuple(sorted("\t".join(map(_alike, row)) for row in rows))


def _alike(value: Any) -> str:
    if isinstance(value, list):
        return " ".join(map(str, value))
    text = value.isoformat(" ") if isinstance(value, datetime) else str(value)
    return text.removesuffix("+00:00")


def of_duckdb(asked: Questions) -> Answers:
    """DuckDB is where orgctl runs the queries itself."""
    engines = Engines()
    rows = engines.ask(asked.rows, [each.sql for each in asked.statements])
    truths = tuple("".join(LETTERS[value] for value in column) for column in zip(*rows, strict=True))
    connection: duckdb.DuckDBPyConnection = engines.connection
    connection.execute("DROP VIEW events")
    connection.register("events", engines.table(asked.rows))
    connection.register("trail", asked.records)
    queries = tuple(alike(connection.execute(to_duckdb(query.sql)).fetchall()) for query in asked.queries)
    return Answers("duckdb", truths, queries)


def of_evaluator(asked: Questions) -> Answers:
    """The evaluator, of statements and of decisions by event; it answers no groups."""
    place = simulator()
    requests = [request_of(row, place) for row in asked.rows]
    truths = tuple(
        "".join(LETTERS[some(_truth(each.rule, one) for one in several)] for several in requests)
        for each in asked.statements
    )
    return Answers("evaluator", truths, tuple(alike(_decisions(query, asked)) for query in asked.queries))


def _truth(rule: Rule, request: Request) -> Truth:
    actions = rule.statement.actions
    if actions and action_matcher(actions)(request.action) is actions.negated:
        return False
    return rule.truth(request.context.get, request, frozenset(request.unknown))


def _decisions(query: Query, asked: Questions) -> Iterator[list[Any]]:
    if query.judged:
        for row in asked.rows:
            yield [row.event_id, *(decide(each, row) for each in query.judged)]
