"""The HTTP server, spoken to in bytes."""

from __future__ import annotations

import socket

import pytest

from orgctl.sandbox.embedded import Sandbox

STATUS = b"GET /_sandbox/status HTTP/1.1\r\nHost: x\r\n"


def talk(sandbox: Sandbox, *sent: bytes) -> bytes:
    """Send, end the sending, and read until the server closes."""
    with socket.create_connection(("127.0.0.1", sandbox.port), timeout=5) as connection:
        for part in sent:
            connection.sendall(part)
        connection.shutdown(socket.SHUT_WR)
        received = b""
        while chunk := connection.recv(65536):
            received += chunk
    return received


def test_connections_are_kept_alive(sandbox: Sandbox) -> None:
    """Several requests go over one connection, in one packet or in many."""
    assert talk(sandbox, STATUS + b"\r\n" + STATUS, b"\r\n").count(b"HTTP/1.1 200 OK") == 2


def test_a_connection_can_be_closed(sandbox: Sandbox) -> None:
    """`Connection: close` is honoured: what comes after it is not answered."""
    assert talk(sandbox, STATUS + b"Connection: close\r\n\r\n" + STATUS + b"\r\n").count(b"200 OK") == 1


def test_chunks_are_put_together(sandbox: Sandbox) -> None:
    """A chunked body arrives whole, its trailers are dropped."""
    body = b'5\r\n{"adv\r\nf;x=y\r\nance_seconds":1\r\n1\r\n}\r\n0\r\nx-trailer: 1\r\n\r\n'
    head = b"POST /_sandbox/clock HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert talk(sandbox, head, body).startswith(b"HTTP/1.1 200 OK")


def test_continue_is_said_when_it_is_expected(sandbox: Sandbox) -> None:
    """S3 clients wait for it before they send a body."""
    head = b"POST /_sandbox/clock HTTP/1.1\r\nContent-Length: 21\r\nExpect: 100-continue\r\n\r\n"
    received = talk(sandbox, head, b'{"advance_seconds":10}'[:21])
    assert received.startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 400")


def test_a_head_request_has_no_body(sandbox: Sandbox) -> None:
    """Only the length of what a GET would give."""
    received = talk(sandbox, b"HEAD /_sandbox/nothing HTTP/1.1\r\n\r\n")
    assert (received[:12], received.endswith(b"\r\n\r\n")) == (b"HTTP/1.1 404", True)


NONSENSE = [b"", b"hello\r\n\r\n", b"GET / HTTP/1.1\r\nContent-Length: x\r\n\r\n", b"G" * 70_000]


@pytest.mark.parametrize("sent", NONSENSE, ids=["nothing", "no request", "no length", "no end"])
def test_nonsense_ends_the_connection_only(sandbox: Sandbox, sent: bytes) -> None:
    """The server drops what it cannot read, and serves the next."""
    try:
        received = talk(sandbox, sent)
    except ConnectionError:
        received = b""
    assert (received, talk(sandbox, STATUS + b"\r\n")[:15]) == (b"", b"HTTP/1.1 200 OK")


def test_a_body_that_is_no_json(sandbox: Sandbox) -> None:
    """Organizations answers it with a SerializationException."""
    target = b"X-Amz-Target: AWSOrganizationsV20161128.ListRoots\r\nContent-Length: 1\r\n\r\n{"
    assert b"SerializationException" in talk(sandbox, b"POST / HTTP/1.1\r\n" + target)


def test_a_failure_of_the_sandbox_is_an_answer(sandbox: Sandbox) -> None:
    """Whatever breaks inside is answered with 500, and remembered."""
    del sandbox.front.services["organizations"]
    target = b"X-Amz-Target: AWSOrganizationsV20161128.ListRoots\r\nContent-Length: 2\r\n\r\n{}"
    assert talk(sandbox, b"POST / HTTP/1.1\r\n" + target).startswith(b"HTTP/1.1 500")
    assert sandbox.front.invalid_answers == ["KeyError('organizations')"]
    sandbox.front.failures.clear()
