"""Where answers differ. Engines have to say the same; where SQL is NULL, the evaluator may know more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass

from conformance.answers import Answers
from conformance.questions import Questions

OPEN = "-"


@dataclass(frozen=True, slots=True)
class Difference:
    """What was asked, of which row, and what each engine says."""

    asked: str
    row: str
    answers: tuple[tuple[str, str], ...]

    def __str__(self) -> str:
        """For people, who are to find out which one is wrong."""
        said = "\n".join(f"  {engine}: {answer}" for engine, answer in self.answers)
        return f"{self.asked}\n  row: {self.row}\n{said}"


def differences(asked: Questions, duckdb: Answers, others: tuple[Answers, ...], evaluator: Answers) -> list[Difference]:
    """All of them, of statements and of queries."""
    found = [*_of_statements(asked, (duckdb, *others), evaluator)]
    for other in others:
        found += _of_queries(asked, duckdb, other)
    return [*found, *_of_decisions(asked, duckdb, evaluator)]


def left_open(duckdb: Answers, evaluator: Answers) -> int:
    """How many answers SQL leaves to the evaluator, which knows them."""
    pairs = (pair for both in zip(duckdb.truths, evaluator.truths, strict=True) for pair in zip(*both, strict=True))
    return sum(sql == OPEN != truth for sql, truth in pairs)


def _of_statements(asked: Questions, engines: tuple[Answers, ...], evaluator: Answers) -> Iterator[Difference]:
    for number, statement in enumerate(asked.statements):
        columns = [each.truths[number] for each in engines]
        truths = evaluator.truths[number]
        if all(column == truths for column in columns):
            continue
        for place, (truth, *said) in enumerate(zip(truths, *columns, strict=True)):
            if set(said) not in ({truth}, {OPEN}):
                answers = [*zip((each.engine for each in engines), said, strict=True), ("evaluator", truth)]
                words = f"statement {statement.statement.index} of {statement.policy}: {statement.sql}"
                yield Difference(words, _told(asked, place), tuple(answers))


def _told(asked: Questions, place: int) -> str:
    return str({name: value for name, value in asdict(asked.rows[place]).items() if value not in (None, "", False)})


def _of_queries(asked: Questions, duckdb: Answers, other: Answers) -> Iterator[Difference]:
    for query, ours, theirs in zip(asked.queries, duckdb.queries, other.queries, strict=True):
        if ours is None or theirs is None:
            continue
        for row in sorted(set(ours) ^ set(theirs)):
            yield Difference(
                f"query {query.name}", row, tuple(_who_says((duckdb.engine, ours), (other.engine, theirs), row))
            )
        if len(ours) != len(theirs):
            counts = ((duckdb.engine, str(len(ours))), (other.engine, str(len(theirs))))
            yield Difference(f"query {query.name}", "how many rows there are", counts)


def _who_says(
    one: tuple[str, tuple[str, ...]], two: tuple[str, tuple[str, ...]], row: str
) -> Iterator[tuple[str, str]]:
    for engine, rows in (one, two):
        yield engine, "has it" if row in rows else "has it not"


def _of_decisions(asked: Questions, duckdb: Answers, evaluator: Answers) -> Iterator[Difference]:
    """Whether each event is denied: where SQL says it is, or is not, the evaluator has to say the same."""
    for query, ours, theirs in zip(asked.queries, duckdb.queries, evaluator.queries, strict=True):
        for sql, truth in zip(ours or (), theirs or (), strict=True) if query.judged else ():
            pairs = zip(sql.split("\t"), truth.split("\t"), strict=True)
            if any(said not in ("None", known) for said, known in pairs):
                yield Difference(f"query {query.name}", sql, (("duckdb", sql), ("evaluator", truth)))
