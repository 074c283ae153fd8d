"""A small HTTP/1.1 server that keeps connections alive: one thread, one event loop, no dependency.

It reads what AWS's SDKs send (Content-Length or chunked bodies, `Expect: 100-continue`) and binds 127.0.0.1 only.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from http import HTTPStatus

from orgctl.sandbox.messages import Answer, Request

HOST = "127.0.0.1"
Application = Callable[[Request], Awaitable[Answer | None]]
"""Takes a request, gives an answer; None breaks the connection."""

_LIMIT = 64 * 1024
_LARGEST_BODY = 64 * 1024 * 1024
_REASONS = {status.value: status.phrase for status in HTTPStatus}


async def serve(application: Application, port: int = 0) -> asyncio.Server:
    """Listen on 127.0.0.1; port 0 takes a free one. Raises OSError if the port is taken."""

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while await _exchange(application, reader, writer):
                pass
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError):
            pass
        except asyncio.CancelledError:
            pass
        finally:
            writer.transport.abort() if writer.transport.is_closing() else writer.close()

    return await asyncio.start_server(connected, HOST, port, limit=_LIMIT, backlog=512)


async def _exchange(application: Application, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
    """One request and its answer; whether the connection stays."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return False
    method, target, headers = _parse(head)
    if headers.get("expect", "").lower() == "100-continue":
        writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
    body = await _body(reader, headers)
    answer = await application(Request(method, target, headers, body))
    if answer is None:
        writer.transport.abort()
        return False
    keep = headers.get("connection", "").lower() != "close"
    writer.write(_written(answer, keep=keep, head_only=method == "HEAD"))
    await writer.drain()
    return keep


def _parse(head: bytes) -> tuple[str, str, dict[str, str]]:
    first, *lines = head.decode("latin-1").split("\r\n")
    method, target, _ = first.split(" ", 2)
    headers: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if colon:
            headers[name.lower()] = value.strip()
    return method, target, headers


async def _body(reader: asyncio.StreamReader, headers: dict[str, str]) -> bytes:
    if headers.get("transfer-encoding", "").lower() == "chunked":
        return await _chunks(reader)
    length = int(headers.get("content-length") or 0)
    if length > _LARGEST_BODY:
        raise ValueError("the body is too large")
    return await reader.readexactly(length) if length else b""


async def _chunks(reader: asyncio.StreamReader) -> bytes:
    parts: list[bytes] = []
    while size := int((await reader.readuntil(b"\r\n")).split(b";")[0], 16):
        parts.append(await reader.readexactly(size))
        await reader.readexactly(2)
    while await reader.readuntil(b"\r\n") != b"\r\n":
        pass
    return b"".join(parts)


def _written(answer: Answer, *, keep: bool, head_only: bool) -> bytes:
    lines = [f"HTTP/1.1 {answer.status} {_REASONS.get(answer.status, 'Unknown')}"]
    lines += [f"{name}: {value}" for name, value in answer.headers]
    if not any(name.lower() == "content-length" for name, _ in answer.headers):
        lines.append(f"Content-Length: {len(answer.body)}")
    if not keep:
        lines.append("Connection: close")
    head = ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")
    return head if head_only else head + answer.body
