"""What is sent to Athena is read by grammars: queries by Trino's, the table's definition by Hive's, as Athena does."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from conformance.answers import ENVIRONMENTS
from conformance.questions import SELECTION, Questions
from orgctl.model.trail_copies import copies_layout
from orgctl.model.trail_queries import TrailQueries, copies_of
from orgctl.model.trail_table import create_table, layout_of
from orgctl.replay.athena.flattening import copied
from orgctl.replay.athena.groups import Groups
from orgctl.replay.athena.pieces import Piece

TRINO, HIVE = "trino", "hive"
PIECE = Piece(("222222222222", "333333333333"), ("eu-west-1", "us-east-1"), date(2026, 11, 1), date(2026, 11, 7))
TRAIL = TrailQueries(
    account="account:log-archive",
    region="eu-west-1",
    partition="aws",
    database="orgctl",
    table="cloudtrail",
    workgroup="orgctl",
    results="s3://example-org-trail/orgctl-athena/",
    scan_limit=10**12,
    bucket="example-org-trail",
    organization="o-exampleorgid",
    regions=("eu-west-1", "us-east-1"),
)
_PROGRAM = Path(__file__).parent / "grammar" / "parse.mjs"


@dataclass(frozen=True, slots=True)
class Text:
    """A statement of SQL, and whose grammar it has to fit."""

    name: str
    dialect: str
    sql: str


def texts(asked: Questions) -> list[Text]:
    """Everything that is parsed."""
    return list(_texts(asked))


def _texts(asked: Questions) -> Iterator[Text]:
    yield Text("the trail's table", HIVE, create_table(TRAIL.database, TRAIL.table, layout_of(TRAIL)))
    copies = create_table(TRAIL.database, copies_of(TRAIL.table), copies_layout(TRAIL))
    yield Text("the table of copies", HIVE, copies)
    yield Text("what is copied", TRINO, copied(TRAIL.qualified_table, PIECE.where))
    for statement in asked.statements:
        yield Text(f"a statement of {statement.policy}", TRINO, f"SELECT {statement.sql} FROM events")  # noqa: S608
    for query in asked.queries:
        yield Text(f"query {query.name}", TRINO, query.sql)
        if query.of_trail and query.facts and query.compiled:
            yield Text(f"query {query.name}, undecided", TRINO, query.facts.undecided(events="events"))
            groups = Groups(query.facts, query.compiled, TRAIL.qualified_table, SELECTION)
            yield Text(f"query {query.name}, of the trail's table", TRINO, groups.query(PIECE.where))


def problems(sql: list[Text], folder: Path) -> list[str]:
    """What is not by the grammar, in sentences. Raises CalledProcessError if the parser fails."""
    (folder / "grammar.json").write_text(json.dumps([asdict(each) for each in sql]))
    subprocess.run(["node", _PROGRAM, ENVIRONMENTS / "grammar", folder], check=True)  # noqa: S607 - node of the system
    found = json.loads((folder / "grammar.answers.json").read_text())
    return [f"{each.name}: {error}\n{each.sql}" for each, errors in zip(sql, found, strict=True) for error in errors]
