"""A large file, or a stream, as pieces with whole records, which workers take one by one.

Where a record ends is guessed by what the next one begins with, and the guess is checked before a piece is let go.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO, Protocol

import msgspec
from isal import isal_zlib

from orgctl.replay.ingest.text import DAMAGED

PIECE = 6 << 20
"""About how many bytes of records are in a piece."""

_MOST = 1 << 26
"""How much is searched for the end of a record: no record is nearly as long."""

_CHUNK = 1 << 20
_HEAD = re.compile(rb'\s*(?:\{\s*"Records"\s*:\s*)?\[\s*(?=\{)')
_NEXT = re.compile(rb'\}\s*,\s*(?=\{\s*"(?:eventVersion|additionalEventData|awsRegion|apiVersion|addendum)"\s*:)')
_TAIL = re.compile(rb"\]\s*\}?\s*$")
_is_list = msgspec.json.Decoder(list[msgspec.Raw]).decode


class Readable(Protocol):
    """What bytes can be read from: a file, a pipe, the body of an answer."""

    def read(self, size: int, /) -> bytes:
        """At most so many of the next bytes; none at the end."""


def pieces(stream: Readable | BinaryIO) -> Iterator[bytes]:
    """The records of a stream, some at a time, each time as a JSON list or as JSON lines.

    Where the stream is damaged or cut off, the last piece is as broken as that.
    """
    chunks = _unpacked(stream)
    start = b""
    while len(start) < 4096 and (chunk := next(chunks, b"")):
        start += chunk
    head = _HEAD.match(start)
    if head:
        yield from _of_list(start[head.end() :], chunks)
    else:
        yield from _of_lines(start, chunks)


def _unpacked(stream: Readable | BinaryIO) -> Iterator[bytes]:
    """What the stream holds, unpacked if it is gzipped. A stream that ends too early ends in a broken record."""
    data = stream.read(_CHUNK)
    if not data.startswith(b"\x1f\x8b"):
        while data:
            yield data
            data = stream.read(_CHUNK)
        return
    unpacker = isal_zlib.decompressobj(wbits=31)
    while data:
        try:
            yield unpacker.decompress(data)
        except DAMAGED:
            yield _BROKEN
            return
        if unpacker.eof and unpacker.unused_data.startswith(b"\x1f\x8b"):
            data, unpacker = unpacker.unused_data, isal_zlib.decompressobj(wbits=31)
        else:
            data = b"" if unpacker.eof else stream.read(_CHUNK)
    if not unpacker.eof:
        yield _BROKEN


_BROKEN = b'\n{"cut off": '
"""What stands for the rest of a stream that cannot be unpacked: something that is no record."""


def _of_lines(buffer: bytes, chunks: Iterator[bytes]) -> Iterator[bytes]:
    for chunk in chunks:
        buffer += chunk
        end = buffer.rfind(b"\n") if len(buffer) >= PIECE else -1
        if end >= 0:
            yield buffer[: end + 1]
            buffer = buffer[end + 1 :]
    if buffer.strip():
        yield buffer


def _of_list(buffer: bytes, chunks: Iterator[bytes]) -> Iterator[bytes]:
    for chunk in chunks:
        buffer += chunk
        if len(buffer) >= PIECE:
            piece, buffer = _cut(buffer)
            if piece:
                yield piece
    tail = _TAIL.search(buffer)
    yield b'{"Records":[' + (buffer[: tail.start()] + b"]}" if tail else buffer)


def _cut(buffer: bytes) -> tuple[bytes, bytes]:
    """The records that are whole, as a list, and the rest; none if it is not to be seen where one ends."""
    ends = [found.span() for found in _NEXT.finditer(buffer, max(0, len(buffer) - _CHUNK))]
    for start, end in reversed(ends[-8:]):
        piece = b"[" + buffer[: start + 1] + b"]"
        try:
            _is_list(piece)
        except msgspec.DecodeError:
            continue
        return piece, buffer[end:]
    if len(buffer) > _MOST:  # something is broken: what cannot be read is told by who reads it
        return b'{"Records":[' + buffer, b""
    return b"", buffer
