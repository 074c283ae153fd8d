"""The lock of a dataset: held alone by who changes it, and shared by those who ask it."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from orgctl.errors import InvalidInputError, LockedError
from orgctl.replay.ingest.sources import reason_of


@dataclass(slots=True)
class Lock:
    """An open file, and whether its lock is held alone."""

    file: IO[str]
    is_alone: bool = False

    def take(self) -> bool:
        """Alone if it is free, else shared, if nobody has it alone. Whether that went."""
        self.is_alone = self._try(fcntl.LOCK_EX)
        return self.is_alone or self._try(fcntl.LOCK_SH)

    def share(self) -> None:
        """Let others ask, too. What was known of the dataset may be so no more: another run may come first."""
        fcntl.flock(self.file, fcntl.LOCK_SH)
        self.is_alone = False

    def _try(self, how: int) -> bool:
        try:
            fcntl.flock(self.file, how | fcntl.LOCK_NB)
        except OSError:
            return False
        return True


@contextmanager
def locked(folder: Path) -> Iterator[Lock]:
    """The lock of the dataset in a folder, which is made if there is none.

    Raises LockedError if another run changes the dataset, InvalidInputError if the folder cannot be written to.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = (folder / "lock").open("a")
    except OSError as error:
        raise InvalidInputError(f"`{folder}` cannot be written to: {reason_of(error)}") from None
    with file:
        lock = Lock(file)
        if not lock.take():
            raise LockedError(f"another run is reading events into `{folder}`", hint="wait for it to end")
        yield lock
