"""What the run and its workers say to each other, through pipes: a length, then MessagePack."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO, TypeVar

import msgspec

from orgctl.replay.ingest.text import Problem

EVENTS = Path("events")
"""The folder of a dataset with its Parquet files."""

M = TypeVar("M")


class Piece(msgspec.Struct, array_like=True, frozen=True):
    """A file to be read at `path`, or what is in it, or why nothing of it can be had."""

    file: int
    path: str = ""
    data: bytes | None = None
    failure: str = ""


class Task(msgspec.Struct, array_like=True, frozen=True):
    """Some pieces, to become Parquet files of the dataset in a folder, whose names begin with `name`."""

    folder: str
    name: str
    pieces: list[Piece]


class Ids(msgspec.Struct, array_like=True, frozen=True):
    """The events of a task, in order, each with its file; the run answers which came before."""

    ids: list[str]
    files: list[int]


class Known(msgspec.Struct, array_like=True, frozen=True):
    """Where in the `Ids` those events are that came before."""

    places: list[int]


class FileRead(msgspec.Struct, array_like=True):
    """What came of a file. `failed`: it could not be read at all, and is to be tried again.

    `size` and `stamp` are what it had when it was opened, -1 and empty where only the run knows.
    """

    file: int
    records: int = 0
    size: int = -1
    stamp: str = ""
    failed: bool = False
    problems: list[Problem] = msgspec.field(default_factory=list)


class Part(msgspec.Struct, array_like=True, frozen=True):
    """A Parquet file, by its path in the dataset, and how many rows are in it."""

    path: str
    rows: int


class Done(msgspec.Struct, array_like=True, frozen=True):
    """What came of a task: `yielded` counts duplicates, by their file and the one that has the event's row.

    `failure` says why the rows could not be written, if so.
    """

    files: list[FileRead]
    parts: list[Part]
    yielded: dict[tuple[int, int], int]
    failure: str = ""


def send(stream: BinaryIO, message: msgspec.Struct) -> None:
    """Write a message. Raises OSError if nobody listens any more."""
    data = msgspec.msgpack.encode(message)
    stream.write(len(data).to_bytes(8, "big"))
    stream.write(data)
    stream.flush()


def receive(stream: BinaryIO, kind: type[M]) -> M | None:
    """The next message; None if there will be no more."""
    head = stream.read(8)
    if len(head) < 8:
        return None
    data = stream.read(int.from_bytes(head, "big"))
    return msgspec.msgpack.decode(data, type=kind)
