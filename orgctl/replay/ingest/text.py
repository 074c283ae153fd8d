"""A file's bytes as records: gzipped or plain, `{"Records": […]}`, a list, or JSON lines; whole or not.

What is broken is told, and whatever can be read around it still is.
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import cast

import msgspec
from isal import igzip_lib, isal_zlib

MOST = 1 << 28
"""How many bytes one file may unpack to in memory. Larger ones are read in pieces."""

DAMAGED = cast(type[Exception], igzip_lib.IsalError)
"""What unpacking raises. (The package's stubs take the class for an exception.)"""

_STEP = 4096
"""How many bytes of a damaged gzip are unpacked at once, as long as that goes well."""

_GZIP = b"\x1f\x8b"
_BOM = b"\xef\xbb\xbf"
_START = re.compile(r'"Records"\s*:\s*\[')
_RECORD = re.compile(r'\{\s*"eventVersion"\s*:')
_BETWEEN = re.compile(r"[\s,]*")
_END = re.compile(r"\s*\]")
_DIGEST = "digestS3Bucket"

_as_fields = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode
_as_list = msgspec.json.Decoder(list[msgspec.Raw]).decode
_as_text = msgspec.json.Decoder(str).decode
_as_value = msgspec.json.Decoder(msgspec.Raw).decode


class Problem(msgspec.Struct, frozen=True):
    """What is wrong with a file, in a sentence's end, and how many records could not be read for it."""

    reason: str
    lost: int = 0


@dataclass(slots=True)
class Content:
    """The records of a file, as JSON texts that need not be right inside, and what is wrong with it."""

    records: list[msgspec.Raw] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def content_of(data: bytes) -> Content:
    """The records of a file."""
    text, problem = unpacked(data)
    content = Content(problems=[problem] if problem else [])
    if text.strip():
        _read(text, content)
    elif not problem:
        content.problems.append(Problem("it is empty"))
    return content


def unpacked(data: bytes) -> tuple[bytes, Problem | None]:
    """The text of a file that may be gzipped, as far as it can be unpacked."""
    if not data.startswith(_GZIP):
        return data.removeprefix(_BOM), None
    pieces: list[bytes] = []
    size = 0
    while data.startswith(_GZIP):
        unpacker = isal_zlib.decompressobj(wbits=31)
        try:
            pieces.append(unpacker.decompress(data, MOST - size + 1))
        except DAMAGED:
            return b"".join((*pieces, _salvaged(data))), Problem("it is damaged: it cannot be unpacked to its end")
        size += len(pieces[-1])
        if size > MOST:
            return b"", Problem(f"it unpacks to more than {MOST >> 20} MB; unpack it first")
        if not unpacker.eof:
            return b"".join(pieces), Problem("it is cut off: it cannot be unpacked to its end")
        data = unpacker.unused_data.lstrip(b"\0")
    trailing = Problem("something else follows what is gzipped in it") if data else None
    return b"".join(pieces).removeprefix(_BOM), trailing


def _salvaged(data: bytes) -> bytes:
    """What comes before the damage: unpacked in small steps, for what is unpacked with the damage itself is lost."""
    before, unpacker = zlib.decompressobj(wbits=31), zlib.decompressobj(wbits=31)
    found: list[bytes] = []
    for start in range(0, len(data), _STEP):
        before = unpacker.copy()
        try:
            found.append(unpacker.decompress(data[start : start + _STEP]))
        except zlib.error:
            with suppress(zlib.error):
                found.extend(before.decompress(data[place : place + 1]) for place in range(start, start + _STEP))
            break
    return b"".join(found)


def _read(text: bytes, content: Content) -> None:
    """The records of a JSON text of any of the kinds, else what can be made of it."""
    try:
        _read_value(_as_value(text), content)
    except (msgspec.DecodeError, RecursionError):
        if _START.search(text[:4096].decode("utf-8", "replace")) and not _is_of_lines(text):
            _salvage(text.decode("utf-8", "replace"), content)
        else:
            _read_lines(text, content)


def _is_of_lines(text: bytes) -> bool:
    """Whether the first line that is not empty is a JSON value by itself."""
    first = text.lstrip().split(b"\n", 1)[0]
    try:
        _as_value(first)
    except (msgspec.DecodeError, RecursionError):
        return False
    return True


def _read_value(value: msgspec.Raw, content: Content) -> None:
    """A whole JSON value: a list of records, a document of them, or one."""
    first = bytes(memoryview(value)[:1])
    if first == b"[":
        content.records += _as_list(value)
    elif first == b"{":
        _read_object(value, content)
    else:
        content.problems.append(Problem("it holds neither records nor a list of them", 1))


def _read_object(value: msgspec.Raw, content: Content) -> None:
    fields = _as_fields(value)
    inner = fields.get("Records") or fields.get("Events")
    if inner is not None and bytes(memoryview(inner)[:1]) == b"[":
        content.records += (_looked_up(each) for each in _as_list(inner))
    elif "detail" in fields:
        content.records.append(fields["detail"])
    elif "eventName" in fields or "eventVersion" in fields:
        content.records.append(value)
    elif _DIGEST in fields:
        content.problems.append(Problem("it is a digest, and holds no records"))
    else:
        content.problems.append(Problem("it has no `Records`, and is no record", 1))


def _looked_up(value: msgspec.Raw) -> msgspec.Raw:
    """A record as LookupEvents gives it: as text in a text."""
    if b'"CloudTrailEvent"' not in bytes(value):
        return value
    try:
        return msgspec.Raw(_as_text(_as_fields(value)["CloudTrailEvent"]).encode())
    except (msgspec.DecodeError, KeyError):
        return value


def _read_lines(text: bytes, content: Content) -> None:
    """Each line by itself; a text without one line that can be read is broken as a whole."""
    lines = [line for line in text.splitlines() if line.strip()]
    found = Content()
    for line in lines:
        try:
            _read_value(_as_value(line), found)
        except (msgspec.DecodeError, RecursionError):
            if _START.search(line[:4096].decode("utf-8", "replace")):
                _salvage(line.decode("utf-8", "replace"), found)
            else:
                found.problems.append(Problem("a line of it is broken JSON", 1))
    if found.records:
        content.records += found.records
        content.problems += found.problems
    elif _RECORD.search(text.decode("utf-8", "replace")):
        _salvage(text.decode("utf-8", "replace"), content)
    else:
        content.problems.append(Problem("it is no JSON, and holds no record that can be read", 1))


def _salvage(text: str, content: Content) -> None:
    """The records of a broken document, one by one; after what is broken, from the next record on."""
    start = _START.search(text)
    position = start.end() if start else 0
    for record in _pieces(text, position, content):
        content.records.append(msgspec.Raw(record.encode()))


def _pieces(text: str, position: int, content: Content) -> Iterator[str]:
    scan = json.JSONDecoder().raw_decode
    while True:
        while ended := _END.match(text, position):
            following = _START.search(text, ended.end())
            if not following:
                return
            position = following.end()
        position = _past_gap(text, position)
        if position >= len(text):
            content.problems.append(Problem("it is cut off after a record"))
            return
        try:
            _, end = scan(text, position)
        except (ValueError, RecursionError):
            following = _RECORD.search(text, position + 1)
            content.problems.append(Problem("a record of it is broken, or cut off", 1))
            if not following:
                return
            position = following.start()
        else:
            yield text[position:end]
            position = end


def _past_gap(text: str, position: int) -> int:
    gap = _BETWEEN.match(text, position)
    return gap.end() if gap else position
