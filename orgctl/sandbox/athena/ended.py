"""What came of a query."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Ended:
    """The state it ended in, and why; the bytes scanned; the columns' names and types, and the rows with the header.

    `manifest` is the object that names the files that were written, beside the answer.
    """

    state: str = "SUCCEEDED"
    reason: str | None = None
    scanned: int = 0
    types: list[tuple[str, str]] = field(default_factory=list)
    rows: list[list[str | None]] = field(default_factory=list)
    manifest: str = ""
