"""Answers the questions of a folder with Velox: `python velox.py FOLDER`, in an environment with pyvelox and no orgctl.

It reads `rows.arrow`, `calls.arrow` and `velox.json`, and writes `velox.answers.json`.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyvelox.arrow import to_arrow, to_velox
from pyvelox.plan_builder import JoinType, PlanBuilder
from pyvelox.runner import LocalRunner

AT_ONCE = 100
OF_ORGANIZATION = ("principal_member", "resource_member")
"""Columns that whole queries make themselves."""

ALIVE: list[Any] = []
"""What Velox's threads may still look at after an answer has come: to let go of it ends the process."""

LETTERS = {True: "T", False: "F", None: "-"}


def over(rows: list[Any]) -> PlanBuilder:
    """A plan that begins with the rows. Its methods give it back, but do not keep it alive: it has to have a name."""
    plan = PlanBuilder()
    plan.values(rows)
    return plan


def ran(plan: PlanBuilder) -> list[list[Any]]:
    """The columns of a plan's answer."""
    runner = LocalRunner(plan.get_plan_node())
    answer = runner.execute()
    columns: list[list[Any]] = []
    for vector in answer:
        found = values(vector)
        columns = [before + more for before, more in zip(columns, found, strict=True)] if columns else found
        ALIVE.append(vector)
    ALIVE.append((plan, answer, runner))
    return columns


def values(vector: Any) -> list[list[Any]]:
    """The columns of a vector of rows."""
    batch = pa.RecordBatch.from_struct_array(to_arrow(vector))
    return [column.to_pylist() for column in batch.columns]


def truths(rows: list[Any], expressions: list[str]) -> list[str]:
    """What the expressions are in each row, a letter for each."""
    found: list[str] = []
    for start in range(0, len(expressions), AT_ONCE):
        chosen = expressions[start : start + AT_ONCE]
        plan = over(rows)
        plan.project([f"{sql} AS s{place}" for place, sql in enumerate(chosen)])
        found += ["".join(LETTERS[value] for value in column) for column in ran(plan)]
    return found


def accounts(columns: dict[str, list[Any]], prefix: str) -> Any:
    """The relation of accounts, its columns called after the alias that the query gives it."""
    return to_velox(pa.record_batch([pa.array(each) for each in columns.values()], prefixed(columns, prefix)))


def prefixed(names: Iterable[str], prefix: str) -> list[str]:
    """What columns of a joined relation are called."""
    return [f"{prefix}_{name}" for name in names]


def joined(name: str, figure: str) -> str:
    """A figure, lists of texts as one text: lists of Velox's cannot be read safely from Python."""
    return f"array_join({name}, ' ') AS {name}" if ", " in figure else name


def answered(rows: list[Any], names: list[str], plan: dict[str, Any]) -> list[list[Any]]:
    """The rows of a whole query's answer."""
    built = over(rows)
    output = [name for name in names if name not in OF_ORGANIZATION]
    for prefix, key in (("c", "principal_account"), ("o", "resource_account")):
        side = built.new_builder()
        side.values([accounts(plan["accounts"], prefix)])
        output += prefixed(plan["accounts"], prefix)
        built.hash_join([key], [f"{prefix}_account"], side.get_plan_node(), output, join_type=JoinType.LEFT)
    built.filter(plan["where"])
    for projection in plan["projections"]:
        built.project(projection)
    if plan["figures"]:
        keys = [sql.rpartition(" AS ")[2] for sql in plan["projections"][-1] if " AS k" in sql]
        built.aggregate(keys, plan["figures"])
        built.project([*keys, *(joined(f"a{place}", sql) for place, sql in enumerate(plan["figures"]))])
    return [list(row) for row in zip(*ran(built), strict=True)]


def projected(rows: list[Any], plan: dict[str, Any]) -> list[list[Any]]:
    """The rows of an answer that is made by nothing but projections."""
    built = over(rows)
    for projection in plan["projections"]:
        built.project(projection)
    return [list(row) for row in zip(*ran(built), strict=True)]


def main(folder: Path) -> None:
    """Read the questions, write the answers."""
    table, calls = (pa.ipc.open_file(folder / f"{name}.arrow").read_all() for name in ("rows", "calls"))
    rows, of_calls = ([to_velox(batch) for batch in each.combine_chunks().to_batches()] for each in (table, calls))
    asked = json.loads((folder / "velox.json").read_text())
    queries = (
        plan and (answered(rows, table.column_names, plan) if "accounts" in plan else projected(of_calls, plan))
        for plan in asked["queries"]
    )
    answers = {"truths": truths(rows, asked["expressions"]), "queries": list(queries)}
    (folder / "velox.answers.json").write_text(json.dumps(answers, default=str))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
    os._exit(0)
