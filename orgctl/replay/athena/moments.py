"""Times in SQL, as CloudTrail writes them: `2026-11-02T09:00:00Z`, in UTC, to the second."""

from __future__ import annotations

from orgctl.replay.sql.logic import text

_WRITTEN = text(
    r"\A2[0-9]{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z\z"
)


def moment(field: str) -> str:
    """The field's time, without an offset; NULL for what is written in another way, or is no day of the calendar."""
    plain = f"concat(substr({field}, 1, 10), ' ', substr({field}, 12, 8))"
    return f"CASE WHEN regexp_like({field}, {_WRITTEN}) THEN TRY_CAST({plain} AS TIMESTAMP) END"


def moment_is_sure(field: str) -> str:
    """Whether that is all that the field tells."""
    return f"(coalesce({field}, '') = '' OR regexp_like({field}, {_WRITTEN}))"
