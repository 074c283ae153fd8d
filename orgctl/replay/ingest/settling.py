"""No event in two rows: what workers could not see of each other, and of earlier runs, is found by DuckDB.

Of several rows of an event, the one of the file with the lowest number stays; the others' files have given it up. The
same goes for files that are to be read again: their rows are taken out first.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path
from uuid import uuid4

import duckdb

from orgctl.replay.ingest.ledger import Ledger
from orgctl.replay.ingest.messages import Part

_AT_ONCE = 2_000_000
"""How many events are compared at once; more of them are taken in turns, by their hashes."""

_SETTINGS: dict[str, str | bool | int | float | list[str]] = {
    "threads": 2,
    "memory_limit": "400MB",
    "preserve_insertion_order": True,
}
_READ = "read_parquet({paths}, hive_partitioning = false, filename = true, file_row_number = true)"
_AGAIN = """
SELECT h FROM (SELECT hash(event_id) AS h FROM {fresh} WHERE hash(event_id) % {turns} = {turn})
GROUP BY h HAVING count(*) > 1
"""
_OF_BEFORE = """
UNION SELECT hash(event_id) FROM {settled} WHERE hash(event_id) IN (
    SELECT hash(event_id) FROM {fresh} WHERE hash(event_id) % {turns} = {turn})
"""
_SURPLUS = """
SELECT filename AS part, file_row_number AS place, file, first_value(file) OVER one AS winner
FROM (SELECT event_id, file, filename, file_row_number FROM {all} WHERE hash(event_id) IN (SELECT h FROM again))
WINDOW one AS (PARTITION BY event_id ORDER BY file, filename, file_row_number)
QUALIFY row_number() OVER one > 1
"""


def settle(folder: Path, ledger: Ledger) -> None:
    """Take out of a dataset's rows those of events that have another one."""
    fresh, settled = ledger.parts(settled=False), ledger.parts(settled=True)
    if not fresh:
        return
    with duckdb.connect(config={**_SETTINGS, "temp_directory": str(folder / "spilled")}) as base:
        base.execute("CREATE TABLE surplus (part VARCHAR, place BIGINT, file INTEGER, winner INTEGER)")
        sets = {"fresh": _reading(folder, fresh), "all": _reading(folder, (*fresh, *settled))}
        wanted = _AGAIN + (_OF_BEFORE if settled else "")
        sets["settled"] = _reading(folder, settled)
        turns = 1 + _count(base, f"SELECT count(*) FROM {sets['fresh']}") // _AT_ONCE  # noqa: S608 - our own paths
        for turn in range(turns):
            base.execute(f"CREATE OR REPLACE TABLE again AS {wanted.format(**sets, turn=turn, turns=turns)}")
            if _count(base, "SELECT count(*) FROM again"):
                base.execute(f"INSERT INTO surplus {_SURPLUS.format(**sets)}")
        _take_out(base, folder, ledger)


def _take_out(base: duckdb.DuckDBPyConnection, folder: Path, ledger: Ledger) -> None:
    touched = [row[0] for row in base.execute("SELECT DISTINCT part FROM surplus").fetchall()]
    left = "file_row_number NOT IN (SELECT place FROM surplus WHERE part = filename)"
    made = [_rewritten(base, Path(part), folder, left) for part in touched]
    yielded = base.execute("SELECT file, winner, count(*) FROM surplus GROUP BY ALL").fetchall()
    old = [str(Path(part).relative_to(folder)) for part in touched]
    with ledger.transaction():
        ledger.replace_parts(old, made)
        ledger.enter_yielded(yielded)
        ledger.settle()
    remove(folder, old)


def drop(folder: Path, ledger: Ledger, files: Collection[int]) -> tuple[tuple[str, ...], tuple[Part, ...]]:
    """The dataset's Parquet files that hold rows of those files, and what is to stand in their place."""
    parts = ledger.parts()
    if not parts or not files:
        return (), ()
    with duckdb.connect(config=_SETTINGS) as base:
        base.execute("CREATE TABLE dropped AS SELECT unnest(?::INTEGER[]) AS file", [list(files)])
        reading = _reading(folder, parts)
        asked = f"SELECT DISTINCT filename FROM {reading} WHERE file IN (SELECT file FROM dropped)"  # noqa: S608
        touched = [Path(row[0]) for row in base.execute(asked).fetchall()]
        left = "file NOT IN (SELECT file FROM dropped)"
        made = tuple(_rewritten(base, part, folder, left) for part in touched)
    return tuple(str(part.relative_to(folder)) for part in touched), made


def remove(folder: Path, parts: Iterable[str]) -> None:
    """Take away Parquet files that do not count any more."""
    for part in parts:
        (folder / part).unlink(missing_ok=True)


def _rewritten(base: duckdb.DuckDBPyConnection, part: Path, folder: Path, left: str) -> Part:
    """A Parquet file of those rows of another one that are left."""
    new = part.with_name(f"{part.stem.partition('.')[0]}.{uuid4().hex[:8]}.parquet")
    rows = f"SELECT * EXCLUDE (filename, file_row_number) FROM {_reading(folder, (str(part),))} WHERE {left}"  # noqa: S608
    base.execute(f"COPY ({rows}) TO {_quoted(new)} (FORMAT parquet, COMPRESSION zstd)")
    count = _count(base, f"SELECT count(*) FROM {_quoted(new)}")  # noqa: S608
    if not count:
        new.unlink()
    return Part(str(new.relative_to(folder)), count)


def _reading(folder: Path, parts: Iterable[str]) -> str:
    return _READ.format(paths="[" + ", ".join(_quoted(folder / part) for part in parts) + "]")


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


def _count(base: duckdb.DuckDBPyConnection, question: str) -> int:
    found = base.execute(question).fetchone()
    return int(found[0]) if found else 0
