"""A dataset: Parquet files by day, of which the ledger says which ones count."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from orgctl.replay.columns import COLUMNS
from orgctl.replay.ingest.ledger import Counts, Ledger, Trouble


@dataclass(frozen=True, slots=True)
class Dataset:
    """What was read, as of the end of a run: `parts` are the Parquet files with one row for each distinct event.

    They have the columns of `orgctl.replay.columns`, and `file`, the ledger's number of the file of the record.
    """

    folder: Path
    parts: tuple[Path, ...]
    counts: Counts
    troubles: tuple[Trouble, ...]

    @property
    def sql(self) -> str:
        """The rows, as what DuckDB can select from; a table without rows if there are none."""
        if not self.parts:
            columns = ", ".join(f"CAST(NULL AS {column.type}) AS {column.name}" for column in COLUMNS)
            return f"(SELECT {columns}, CAST(NULL AS INTEGER) AS file WHERE FALSE)"
        paths = ", ".join("'" + str(part).replace("'", "''") + "'" for part in self.parts)
        return f"read_parquet([{paths}], hive_partitioning = false)"


def dataset_of(folder: Path, ledger: Ledger) -> Dataset:
    """The dataset that a ledger tells of."""
    parts = tuple(folder / part for part in ledger.parts())
    return Dataset(folder, parts, ledger.counts(), ledger.troubles())
