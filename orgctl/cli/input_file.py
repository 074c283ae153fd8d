"""Files that commands are given to read, `-` for stdin."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from orgctl.errors import InvalidInputError

if TYPE_CHECKING:
    from contextlib import AbstractContextManager


def opened(file: Path) -> AbstractContextManager[BinaryIO]:
    """The file, to be read as bytes. Raises InvalidInputError if it cannot be."""
    if str(file) == "-":
        return nullcontext(sys.stdin.buffer)
    try:
        return file.open("rb")
    except OSError as error:
        raise InvalidInputError(f"`{file}` cannot be read: {error.strerror}") from error
