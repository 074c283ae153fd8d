"""Answers the questions of a folder with Spark: `python spark.py FOLDER`, in an environment with pyspark and no orgctl.

It reads `rows.parquet`, `trail.parquet` and `spark.json`, and writes `spark.answers.json`.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from pyspark.sql import DataFrame, SparkSession

AT_ONCE = 50
OF_ORGANIZATION = ("principal_member", "resource_member")
"""Columns that whole queries make themselves."""

LETTERS = {True: "T", False: "F", None: "-"}


def session() -> SparkSession:
    """Spark in this process alone, which talks to nobody, with times in UTC."""
    settings = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.memory": "2g",
        "spark.sql.jsonGenerator.ignoreNullFields": "false",  # as the others write it
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.shuffle.partitions": "1",
        "spark.sql.maxPlanStringLength": "1000",
        "spark.sql.debug.maxToStringFields": "10",
        "spark.sql.codegen.wholeStage": "false",  # compiling each question to Java takes longer than answering it
        "spark.sql.codegen.factoryMode": "NO_CODEGEN",
        "spark.log.level": "ERROR",
    }
    builder = SparkSession.builder.master("local[2]")
    for name, value in settings.items():
        builder = builder.config(name, value)
    return builder.getOrCreate()


def truths(events: DataFrame, expressions: list[str]) -> list[str]:
    """What the expressions are in each row, in the rows' order, a letter for each."""
    found: list[str] = []
    for start in range(0, len(expressions), AT_ONCE):
        chosen = [f"{sql} AS s{place}" for place, sql in enumerate(expressions[start : start + AT_ONCE])]
        rows = sorted(events.selectExpr("place", *chosen).collect())
        found += ["".join(LETTERS[value] for value in column) for column in list(zip(*rows, strict=True))[1:]]
    return found


def main(folder: Path) -> None:
    """Read the questions, write the answers."""
    spark = session()
    asked: dict[str, Any] = json.loads((folder / "spark.json").read_text())
    events = spark.read.parquet(str(folder / "rows.parquet")).cache()
    events.drop("place", *OF_ORGANIZATION).createOrReplaceTempView("events")
    spark.read.parquet(str(folder / "trail.parquet")).createOrReplaceTempView("trail")
    answers = {
        "truths": truths(events, asked["expressions"]),
        "queries": [[list(row) for row in spark.sql(query).collect()] for query in asked["queries"]],
    }
    (folder / "spark.answers.json").write_text(json.dumps(answers, default=str))
    spark.stop()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
