"""What there is to be read: files, folders, objects in S3, and a stream, in the order in which they were delivered."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

from orgctl.errors import InvalidInputError
from orgctl.replay.ingest.layout import is_log

STREAM, SCHEME = "-", "s3://"
_DELIVERED = re.compile(r"_(\d{8})T\d{4}Z_[^/]*$")


@dataclass(frozen=True, slots=True)
class Source:
    """One file. `size` in bytes; `stamp` is another one when its contents are (its time of change, or its ETag)."""

    path: str
    size: int
    stamp: str

    @property
    def order(self) -> tuple[str, str]:
        """On which day it was delivered, as far as its name tells, then its name."""
        found = _DELIVERED.search(self.path)
        return found[1] if found else "", self.path


@dataclass(slots=True)
class Found:
    """The files that are to be read, each once; `passed_over` are files in folders that hold something else."""

    sources: list[Source] = field(default_factory=list)
    passed_over: int = 0


def find(paths: Iterable[str]) -> Found:
    """The files at some paths, and in the folders there. Raises InvalidInputError for a path at which nothing is."""
    found = Found()
    for path in paths:
        if Path(path).is_dir():
            _search(path, found)
        else:
            found.sources.append(_file(path))
    found.sources = sorted({each.path: each for each in found.sources}.values(), key=lambda each: each.order)
    return found


def stream() -> Source:
    """Standard input. It is read whenever it is given, for nobody can tell whether it was before."""
    return Source(f"{STREAM} {uuid4().hex[:12]}", 0, "")


def _search(folder: str, found: Found) -> None:
    for entry in _entries(os.path.abspath(folder)):  # noqa: PTH100 - as text, for there may be a million of them
        if not is_log(entry.path):
            found.passed_over += 1
            continue
        status = entry.stat()
        found.sources.append(Source(entry.path, status.st_size, str(status.st_mtime_ns)))


def _entries(folder: str) -> Iterator[os.DirEntry[str]]:
    """The files below a folder; a dangling link is none."""
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    yield from _entries(entry.path)
                elif entry.is_file():
                    yield entry
    except OSError as error:
        raise InvalidInputError(f"folder `{folder}` cannot be read: {reason_of(error)}") from None


def _file(path: str) -> Source:
    try:
        status = Path(path).stat()
    except OSError as error:
        hint = "give files, folders, `s3://bucket/prefix`, or `-` for a stream"
        raise InvalidInputError(f"`{path}` cannot be read: {reason_of(error)}", hint=hint) from None
    return Source(os.path.abspath(path), status.st_size, str(status.st_mtime_ns))  # noqa: PTH100 - without detours


def reason_of(error: OSError) -> str:
    """What the system says, as the end of a sentence."""
    return (os.strerror(error.errno) if error.errno else str(error)).lower()
