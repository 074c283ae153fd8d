"""Put the same questions to all engines, compare their answers, and parse all queries: `python -m conformance`.

The exit status is 1 if engines differ or a query is none by its grammar.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from conformance.answers import Answers, Engine, of_duckdb, of_evaluator
from conformance.comparing import differences, left_open
from conformance.parsing import Text, problems, texts
from conformance.questions import Questions, make, write

ENGINES = ("velox", "spark")
_SHOWN = 20


def main() -> int:
    """Run everything, and tell."""
    asked_for = _arguments()
    asked = make(asked_for.rows, asked_for.statements, asked_for.organizations, asked_for.seed)
    pairs = len(asked.rows) * len(asked.statements)
    print(
        f"{pairs:,} answers an engine: {len(asked.statements):,} statements about {len(asked.rows):,} calls;"
        f" and {len(asked.queries)} whole queries"
    )
    with TemporaryDirectory() as folder:
        duckdb, others, evaluator = _answers(asked, Path(folder))
        found = list(map(str, differences(asked, duckdb, others, evaluator)))
        sql = texts(asked)
        wrong = problems(sql, Path(folder))
    print(f"duckdb, {', '.join(ENGINES)} and the evaluator: {len(found):,} differences")
    print(f"of what SQL leaves open, the evaluator knows {left_open(duckdb, evaluator):,} answers")
    print(f"{_counts(sql)}: {len(wrong)} are not by the grammar")
    _tell([*found, *wrong])
    return 1 if found or wrong else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m conformance", description=__doc__)
    parser.add_argument("--rows", type=int, default=1_250, help="how many calls")
    parser.add_argument("--statements", type=int, default=500, help="how many statements, the example's among them")
    parser.add_argument("--organizations", type=int, default=12, help="how many to compare in whole queries")
    parser.add_argument("--seed", type=int, default=0, help="another seed draws others")
    return parser.parse_args()


def _answers(asked: Questions, folder: Path) -> tuple[Answers, tuple[Answers, ...], Answers]:
    write(asked, folder)
    engines = [Engine(name, folder) for name in ENGINES]
    duckdb, evaluator = of_duckdb(asked), of_evaluator(asked)
    return duckdb, tuple(each.answers() for each in engines), evaluator


def _counts(sql: list[Text]) -> str:
    dialects = [each.dialect for each in sql]
    return ", ".join(f"{dialects.count(each)} texts of {each}" for each in dict.fromkeys(dialects))


def _tell(found: list[str]) -> None:
    for each in found[:_SHOWN]:
        print(f"\n{each}", file=sys.stderr)
    if len(found) > _SHOWN:
        print(f"\n… and {len(found) - _SHOWN:,} more", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
