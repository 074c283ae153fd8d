"""Which queries were started: kept in a folder, so that a run that was stopped goes on where it was.

A file for each query, named after what was asked: its id at Athena. Athena keeps queries and their results by itself.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

FOLDER = Path(".orgctl", "athena")
"""In the manifest's directory."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A query as it was started: `attempt` is another number each time, `id` is Athena's.

    An empty id: nobody knows whether it was started.
    """

    attempt: int = 0
    id: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """The folder of what was asked. It may be deleted at any time: then everything is asked again."""

    folder: Path

    def asked(self, key: str) -> Asked | None:
        """What is known of a query; None: nothing, or nothing that can be read."""
        try:
            found = json.loads(self._path(key).read_text("utf-8"))
            return Asked(int(found["attempt"]), str(found["id"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def keep(self, key: str, asked: Asked) -> None:
        """Keep it, wholly or not at all. A folder that cannot be written to is none: nothing is kept then."""
        path = self._path(key)
        partial = path.with_suffix(f".{os.getpid()}.partial")
        with suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            partial.write_text(json.dumps({"attempt": asked.attempt, "id": asked.id}), "utf-8")
            partial.replace(path)

    def forget(self, key: str) -> None:
        """Keep nothing of it any more."""
        with suppress(OSError):
            self._path(key).unlink(missing_ok=True)

    def _path(self, key: str) -> Path:
        return self.folder / f"{key}.json"


def key_of(*parts: str) -> str:
    """What a query is called by: 64 hexadecimal digits that hang on all that is asked, and where."""
    return sha256("\0".join(parts).encode()).hexdigest()
