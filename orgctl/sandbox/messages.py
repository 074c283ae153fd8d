"""A request and an answer as plain values, and the refusal that an operation raises."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request. `target` is the path with its query as sent; header names are in lower case."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes = b""

    @property
    def path(self) -> str:
        """The path without its query, decoded."""
        return unquote(self.target.partition("?")[0])

    @property
    def query(self) -> str:
        """The query as sent, without `?`."""
        return self.target.partition("?")[2]


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer. Content-Length is the server's business."""

    status: int
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = field(default=())


class RefusalError(Exception):
    """AWS's no: an exception code of the model, its message, and its other members (`Reason`)."""

    def __init__(self, code: str, message: str, **members: object) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.members = members


class InvalidAnswerError(Exception):
    """An operation of the sandbox gave what the model does not allow: a bug of the sandbox, answered as HTTP 500."""


def constraint(reason: str, message: str) -> RefusalError:
    """A ConstraintViolationException with its reason."""
    return RefusalError("ConstraintViolationException", message, Reason=reason)


def invalid_input(reason: str, message: str) -> RefusalError:
    """An InvalidInputException with its reason."""
    return RefusalError("InvalidInputException", message, Reason=reason)
