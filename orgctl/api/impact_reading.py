"""Events as rows, one for each distinct event, with a count of all that was read."""

from __future__ import annotations

import gzip
import json
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path

from orgctl.errors import InvalidInputError
from orgctl.replay.columns import Row
from orgctl.replay.event import event_of
from orgctl.replay.facts import row_of
from orgctl.replay.verdicts.impact import Reading, Trouble


class Rows:
    """The rows of files, folders and `-`. `reading` is complete once they have been gone through.

    Raises InvalidInputError for a path that is not there.
    """

    def __init__(self, events: tuple[str, ...]) -> None:
        self.events = events
        self._files = [file for each in events for file in _files(each)]
        self._seen: set[str] = set()
        self._records = self._duplicates = self._unreadable = 0
        self._troubles: list[Trouble] = []

    @property
    def reading(self) -> Reading:
        """What was read so far."""
        return Reading(len(self._files), self._records, self._duplicates, self._unreadable, tuple(self._troubles))

    def __iter__(self) -> Iterator[Row]:
        for file in self._files:
            for record in self._records_of(file):
                self._records += 1
                row = row_of(event_of(record)) if isinstance(record, dict) else None
                if row is None or not row.event_id or not row.name:
                    self._unreadable += 1
                elif row.event_id in self._seen:
                    self._duplicates += 1
                else:
                    self._seen.add(row.event_id)
                    yield row

    def _records_of(self, file: str) -> list[object]:
        try:
            data = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
            value = json.loads(gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data)
        except (OSError, EOFError, zlib.error) as error:
            self._troubles.append(Trouble(file, str(error)))
            return []
        except ValueError:
            self._troubles.append(Trouble(file, "it is not JSON"))
            return []
        found = value.get("Records") if isinstance(value, dict) else value
        return found if isinstance(found, list) else []


def _files(text: str) -> list[str]:
    if text == "-":
        return [text]
    path = Path(text)
    if path.is_dir():
        return sorted(str(file) for file in path.rglob("*") if file.name.endswith((".json", ".json.gz")))
    if not path.exists():
        raise InvalidInputError(f"there is no `{text}`", hint="name files or folders of CloudTrail's, or `-` for stdin")
    return [text]
