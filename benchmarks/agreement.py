"""Holds SQL against the evaluator, statement by statement and call by call: `python -m benchmarks.agreement`.

    python -m benchmarks.agreement [--pairs 1000000] [--seed 0]

Draws statements as real SCPs have them, and records with every oddity that real ones have; of each pair it asks DuckDB
and the evaluator whether the statement applies. Where SQL says true or false, the evaluator has to say the same. The
same seed draws the same pairs. Ends with 1, and tells of the first differences, if there are any.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any, TypeVar

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from orgctl.policy.truth import Truth
from orgctl.replay.columns import Row
from orgctl.replay.event import event_of
from orgctl.replay.facts import row_of
from tests.replay.drawn import records
from tests.replay.places import concerns
from tests.replay.sql.drawn import documents
from tests.replay.sql.engines import Compared, Difference, Engines, compare

ROWS, DOCUMENTS = 400, 60
"""So many of each are drawn for one round."""

SHOWN = 3
Drawn = TypeVar("Drawn")


@dataclass
class Found:
    """What all rounds came to; `left` pairs SQL leaves to the evaluator, who can tell."""

    pairs: int = 0
    statements: int = 0
    whole: int = 0
    left: int = 0
    outcomes: Counter[Truth] = field(default_factory=Counter)
    wrong: list[Difference] = field(default_factory=list)

    def add(self, compared: Compared) -> None:
        """Count one document."""
        self.pairs += compared.pairs
        self.statements += compared.statements
        self.whole += compared.whole
        self.left += compared.left
        self.outcomes += compared.outcomes
        self.wrong += compared.wrong


def drawn(strategy: st.SearchStrategy[Drawn], count: int, number: int) -> list[Drawn]:
    """So many values, the same ones for the same number; fewer if there are no more."""
    found: list[Drawn] = []
    quietly = settings(
        max_examples=count, database=None, deadline=None, phases=[Phase.generate], suppress_health_check=[*HealthCheck]
    )

    @quietly
    @seed(number)
    @given(strategy)
    def collect(value: Drawn) -> None:
        found.append(value)

    collect()
    return found


def rows(number: int) -> list[Row]:
    """Calls about which something can be asked."""
    several = drawn(st.lists(records(), min_size=20, max_size=20), ROWS // 10, number)
    found = (row_of(event_of(record)) for each in several for record in each)
    asked = {row.event_id: row for row in found if not row.why and concerns(row)}
    return list(asked.values())[:ROWS]


def rounds(number: int) -> Iterator[tuple[list[Row], list[dict[str, Any]]]]:
    """Calls and policies without end."""
    while True:
        yield rows(number), drawn(documents(4), DOCUMENTS, number)
        number += 1


def agreement(pairs: int, number: int) -> Found:
    """Compare at least so many pairs."""
    engines, found = Engines(), Found()
    for calls, policies in rounds(number):
        for policy in policies:
            found.add(compare(engines, policy, calls))
            if found.pairs >= pairs:
                return found
    raise AssertionError("rounds end")


def lines(found: Found, seconds: float) -> Iterator[str]:
    """What people are told."""
    yes, no, open_ = (found.outcomes[truth] for truth in (True, False, None))
    yield f"{found.pairs:,} pairs of {found.statements:,} statements in {seconds:.0f} s: {len(found.wrong)} differ"
    yield f"the evaluator: {yes:,} apply, {no:,} do not, {open_:,} cannot be told"
    share = found.left / found.pairs
    yield f"SQL leaves {found.left:,} more to it ({share:.2%}), and says {found.whole:,} statements whole"
    for each in found.wrong[:SHOWN]:
        yield f"SQL {each.by_sql}, evaluator {each.by_evaluator}: {each.statement}\n  {each.row}\n  {each.sql}"


def main() -> None:
    """Compare and tell."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=0)
    given_ = parser.parse_args()
    began = perf_counter()
    found = agreement(given_.pairs, given_.seed)
    for line in lines(found, perf_counter() - began):
        print(line)
    sys.exit(bool(found.wrong))


if __name__ == "__main__":
    main()
