"""Times as CloudTrail writes them, many at once; any other is asked of `facts`, one by one."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from orgctl.replay.event import Event
from orgctl.replay.facts import when_of

_WRITTEN = r"^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ$"
_TYPE = pa.timestamp("us")


def moments(texts: Sequence[str | None]) -> tuple[pa.Array, pa.Array]:
    """The columns of the time and of its day."""
    given = pa.array(texts, pa.string())
    written = pc.match_substring_regex(given, _WRITTEN)
    try:
        if given.null_count == 0 and pc.all(written).as_py() in (True, None):
            found = given.cast(pa.timestamp("us", "UTC")).cast(_TYPE)
            return found, found.cast(pa.date32())
    except pa.ArrowInvalid:  # one of them is no time at all
        pass
    columns = {text: tuple(when_of(Event(event_time=text)).values()) for text in set(texts)}
    rows = [columns[text] for text in texts]
    return pa.array([time for time, _ in rows], _TYPE), pa.array([day for _, day in rows], pa.date32())
